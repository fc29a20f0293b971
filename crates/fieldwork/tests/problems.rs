//! Problems from finding to closing, as people do it; and as an import does it, which holds new ones back.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test stops where it cannot go on")]

mod support;

use fieldwork::{
    closures,
    problems::{self, ProblemId},
};
use kit::{Error, Form, Result, Role, WriteCx, error::Reason, perform, testing::actor};
use proptest::prelude::*;
use support::{City, day, problem_entries, refused, strangers};
use uuid::Uuid;

async fn city() -> City {
    City::new(fieldwork::services()).await
}

const FEED_BACK: [(&str, &str); 1] = [("fed_back_on", "2023-05-10")];
const CLOSE: [(&str, &str); 2] = [("closed_on", "2023-06-01"), ("opinion", "已查验凭证，资金全部盘活")];

/// A problem whose closing was asked for by the unit.
async fn submitted(city: &City, title: &str) -> uuid::Uuid {
    let id = city.problem(title).await;
    city.perform(&city.clerk, "problems", Some(id), "feed_back", &FEED_BACK).await.unwrap();
    city.perform(&city.liaison, "problems", Some(id), "begin", &[]).await.unwrap();
    city.measure(id, "closed").await;
    let statement = [("statement", "资金已收回")];
    city.perform(&city.liaison, "problems", Some(id), "submit", &statement).await.unwrap();
    id
}

#[tokio::test]
async fn a_problem_goes_from_finding_to_closing_and_is_opened_again() {
    let city = city().await;
    let id = submitted(&city, "专项资金沉淀").await;
    city.perform(&city.director, "problems", Some(id), "close", &CLOSE).await.unwrap();
    assert_eq!(city.state("problems", id).await, "closed");
    let reopen = [("reopened_on", "2023-06-01"), ("reason", "回头看发现资金又沉淀")];
    city.perform(&city.director, "problems", Some(id), "reopen", &reopen).await.unwrap();
    assert_eq!(city.state("problems", id).await, "rectifying");
    let (rows, total) = city.list(&city.liaison, "closures").await;
    assert_eq!(total, 1);
    assert!(rows.contains("回头看发现资金又沉淀"));
}

#[tokio::test]
async fn feedback_speaks_the_words_of_the_title_and_sets_the_last_day_with_its_basis() {
    let city = city().await;
    let id = city.problem("专项资金沉淀").await;
    city.perform(&city.clerk, "problems", Some(id), "feed_back", &FEED_BACK).await.unwrap();
    let cx = city.test.app.read(&city.liaison);
    let problem = problems::find(&cx, ProblemId(id)).await.unwrap();
    assert_eq!(problem.feedback_text, "专项资金沉淀");
    assert_eq!(problem.due_on, Some(day("2023-11-10")));
    assert_eq!(problem.due_basis, "依据");
}

#[tokio::test]
async fn the_unit_cannot_learn_of_a_problem_before_feedback() {
    let city = city().await;
    let id = city.problem("土地出让金未入库").await;
    assert_eq!(city.list(&city.liaison, "problems").await.1, 0);
    assert_eq!(city.search(&city.liaison, "problems", "土地出让金").await.1, 0);
    assert_eq!(refused(city.show(&city.liaison, "problems", id).await).reason, Reason::NotFound);
    let cx = city.test.app.read(&city.liaison);
    for name in [id.to_string().as_str(), "土地出让金未入库", "WT-2023-0001"] {
        assert!(kit::lookup::record(&cx, "problems", name).await.unwrap().is_err(), "{name}");
    }
    assert!(kit::lookup::options(&cx, "problems", "", 10).await.unwrap().is_empty());
    for deed in ["begin", "submit", "edit", "close"] {
        let refusal = refused(city.perform(&city.liaison, "problems", Some(id), deed, &[]).await);
        assert_eq!(refusal.reason, Reason::NotFound, "{deed}");
    }
    assert_eq!(city.search(&city.head, "problems", "土地出让金").await.1, 1);
}

#[tokio::test]
async fn the_unit_never_learns_how_a_problem_became_known() {
    let city = city().await;
    let id = city.problem("专项资金沉淀").await;
    city.perform(&city.clerk, "problems", Some(id), "feed_back", &FEED_BACK).await.unwrap();
    let keys = |view: kit::RecordView| view.facts.iter().map(|fact| fact.key).collect::<Vec<_>>();
    assert!(!keys(city.show(&city.liaison, "problems", id).await.unwrap()).contains(&"source"));
    assert!(keys(city.show(&city.head, "problems", id).await.unwrap()).contains(&"source"));
    assert!(!city.list(&city.liaison, "problems").await.0.contains("petition"));
}

#[tokio::test]
async fn who_asked_for_the_closing_cannot_close_or_return_even_with_a_post_in_the_office() {
    let city = city().await;
    let id = submitted(&city, "专项资金沉淀").await;
    let mut both = (*city.liaison).clone();
    both.posts.extend(city.director.posts.clone());
    let both = std::sync::Arc::new(both);
    for (deed, entries) in [("close", &CLOSE[..]), ("return", &[("opinion", "补充凭证")][..])] {
        let refusal = refused(city.perform(&both, "problems", Some(id), deed, entries).await);
        assert_eq!(refusal.reason, Reason::Conflict, "{deed}");
    }
    assert_eq!(city.state("problems", id).await, "submitted");
}

#[tokio::test]
async fn a_closing_is_not_asked_for_while_a_measure_is_open_or_none_exists() {
    let city = city().await;
    let id = city.problem("专项资金沉淀").await;
    city.perform(&city.clerk, "problems", Some(id), "feed_back", &FEED_BACK).await.unwrap();
    city.perform(&city.liaison, "problems", Some(id), "begin", &[]).await.unwrap();
    let submit =
        async || city.perform(&city.liaison, "problems", Some(id), "submit", &[("statement", "完成")]).await;
    assert_eq!(refused(submit().await).reason, Reason::Conflict);
    city.measure(id, "in_progress").await;
    assert!(refused(submit().await).message.contains("1 条"));
}

#[tokio::test]
async fn long_term_measures_do_not_stand_against_the_closing() {
    let city = city().await;
    let id = city.problem("专项资金沉淀").await;
    city.perform(&city.clerk, "problems", Some(id), "feed_back", &FEED_BACK).await.unwrap();
    city.perform(&city.liaison, "problems", Some(id), "begin", &[]).await.unwrap();
    city.measure(id, "long_term").await;
    let reason = [("reason", "须长期坚持")];
    city.perform(&city.clerk, "problems", Some(id), "make_long_term", &reason).await.unwrap();
    city.perform(&city.liaison, "problems", Some(id), "submit", &[("statement", "完成")]).await.unwrap();
    city.perform(&city.clerk, "problems", Some(id), "close", &CLOSE).await.unwrap();
}

#[tokio::test]
async fn days_that_lie_in_the_future_or_before_their_cause_are_refused() {
    let city = city().await;
    let id = city.problem("专项资金沉淀").await;
    for wrong in ["2023-06-02", "2023-02-28"] {
        let result =
            city.perform(&city.clerk, "problems", Some(id), "feed_back", &[("fed_back_on", wrong)]).await;
        assert_eq!(refused(result).fields[0].0, "fed_back_on", "{wrong}");
    }
    let id = submitted(&city, "公务接待超标").await;
    let early = [("closed_on", "2023-05-09"), ("opinion", "同意")];
    assert!(city.perform(&city.director, "problems", Some(id), "close", &early).await.is_err());
}

#[tokio::test]
async fn two_levels_of_the_framework_must_belong_together() {
    let city = city().await;
    let unit = city.unit.to_string();
    let entries = [
        ("unit", unit.as_str()),
        ("title", "一把手履责不力"),
        ("text", "未专题研究"),
        ("nature", "individual"),
        ("framework_1", "F2"),
        ("framework_2", "F1.1"),
        ("found_on", "2023-03-01"),
    ];
    let refusal = refused(city.perform(&city.clerk, "problems", None, "create", &entries).await);
    assert_eq!(refusal.fields[0].0, "framework_2");
}

#[tokio::test]
async fn after_feedback_only_the_office_corrects_and_gives_its_reason() {
    let city = city().await;
    let id = city.problem("专项资金沉淀").await;
    let entries = |reason| {
        vec![
            ("title", "专项资金长期沉淀"),
            ("text", "更正"),
            ("nature", "individual"),
            ("found_on", "2023-03-02"),
            ("reason", reason),
        ]
    };
    let before: Vec<_> = entries("").into_iter().filter(|(name, _)| *name != "reason").collect();
    city.perform(&city.member, "problems", Some(id), "edit", &before).await.unwrap();
    city.perform(&city.clerk, "problems", Some(id), "feed_back", &FEED_BACK).await.unwrap();
    let team = city.perform(&city.member, "problems", Some(id), "edit", &entries("笔误")).await;
    assert_eq!(refused(team).reason, Reason::Forbidden);
    let without = city.perform(&city.clerk, "problems", Some(id), "edit", &entries("")).await;
    assert_eq!(refused(without).fields[0].0, "reason");
    city.perform(&city.clerk, "problems", Some(id), "edit", &entries("笔误")).await.unwrap();
}

#[tokio::test]
async fn an_edit_of_an_older_version_is_refused() {
    let city = city().await;
    let id = city.problem("专项资金沉淀").await;
    let entries = [
        ("title", "改一"),
        ("text", "更正"),
        ("nature", "individual"),
        ("found_on", "2023-03-02"),
        ("version", "1"),
    ];
    city.perform(&city.head, "problems", Some(id), "edit", &entries).await.unwrap();
    let second = city.perform(&city.head, "problems", Some(id), "edit", &entries).await;
    assert_eq!(refused(second).reason, Reason::Stale);
}

#[tokio::test]
async fn nobody_without_part_in_the_inspection_enters_a_problem() {
    let city = city().await;
    let unit = city.unit.to_string();
    let entries = [
        ("unit", unit.as_str()),
        ("title", "题"),
        ("text", "文"),
        ("nature", "individual"),
        ("found_on", "2023-03-01"),
    ];
    for who in strangers().iter().filter(|who| !who.is_office()) {
        let result = city.perform(who, "problems", None, "create", &entries).await;
        assert_eq!(refused(result).reason, Reason::Forbidden, "{}", who.name);
    }
}

#[tokio::test]
async fn a_stranger_sees_neither_found_problem_nor_closure() {
    let city = city().await;
    city.problem("专项资金沉淀").await;
    for who in strangers() {
        let seen = city.list(&who, "problems").await.1;
        let all = who.is_any(&[Role::OfficeDirector, Role::OfficeLiaison, Role::LeadingGroup]);
        assert_eq!(seen == 1, all, "{}", who.name);
        assert_eq!(city.list(&who, "closures").await.1, 0);
    }
}

#[tokio::test]
async fn audit_sees_only_what_was_found_together_and_fed_back() {
    let city = city().await;
    let audit = actor(Role::Audit, Some(city.second), None);
    let unit = city.unit.to_string();
    for linked in ["1", ""] {
        let entries = [
            ("unit", unit.as_str()),
            ("title", "补助资金审核不严"),
            ("text", "文"),
            ("nature", "individual"),
            ("audit_linked", linked),
            ("found_on", "2023-03-01"),
        ];
        let id = city.perform(&city.clerk, "problems", None, "create", &entries).await.unwrap().id;
        assert_eq!(city.list(&audit, "problems").await.1, i64::from(linked.is_empty()));
        city.perform(&city.clerk, "problems", Some(id), "feed_back", &FEED_BACK).await.unwrap();
        assert_eq!(city.list(&audit, "problems").await.1, 1);
    }
}

#[tokio::test]
async fn a_measure_that_starts_starts_its_problem_once() {
    let city = city().await;
    let id = city.problem("专项资金沉淀").await;
    city.perform(&city.clerk, "problems", Some(id), "feed_back", &FEED_BACK).await.unwrap();
    for _ in 0..2 {
        let begun = city.test.app.write(&city.liaison, |cx| {
            Box::pin(async move { problems::actions::begin_if_needed(cx, ProblemId(id)).await })
        });
        begun.await.unwrap();
        assert_eq!(city.state("problems", id).await, "rectifying");
    }
}

#[tokio::test]
async fn people_who_save_at_once_get_different_numbers() {
    let city = city().await;
    let ids = futures_util::future::join_all((0..12).map(|_| city.problem("专项资金沉淀"))).await;
    let cx = city.test.app.read(&city.director);
    let mut numbers = Vec::new();
    for id in ids {
        numbers.push(problems::find(&cx, ProblemId(id)).await.unwrap().number);
    }
    numbers.sort();
    numbers.dedup();
    assert_eq!(numbers.len(), 12);
    assert_eq!(numbers.last().unwrap(), "WT-2023-0012");
}

#[tokio::test]
async fn numbers_go_on_after_those_a_loader_brought() {
    let city = city().await;
    let id = city.problem("专项资金沉淀").await;
    let forget = city.test.app.write(&city.director, |cx| {
        Box::pin(async move {
            let mut sql = db::Sql::new("update problem set number = 'WT-2023-10000' where id = ");
            sql.bind(id);
            cx.execute(sql).await?;
            cx.execute(db::Sql::new("delete from number_series")).await
        })
    });
    forget.await.unwrap();
    let next = city.problem("公务接待超标").await;
    let cx = city.test.app.read(&city.director);
    assert_eq!(problems::find(&cx, ProblemId(next)).await.unwrap().number, "WT-2023-10001");
}

/// What may be tried with a problem, and how many days pass before.
#[derive(Clone, Copy, Debug)]
enum Try {
    Submit,
    Close,
    Return,
    LongTerm,
    Reopen,
}

fn tries() -> impl Strategy<Value = Vec<(Try, u64)>> {
    let one = prop_oneof![
        3 => Just(Try::Submit),
        3 => Just(Try::Close),
        1 => Just(Try::Return),
        1 => Just(Try::LongTerm),
        3 => Just(Try::Reopen),
    ];
    proptest::collection::vec((one, 0..3u64), 1..24)
}

async fn attempt(city: &City, id: uuid::Uuid, what: Try, today: &str) -> bool {
    let (who, deed, entries) = match what {
        Try::Submit => (&city.liaison, "submit", vec![("statement", "完成")]),
        Try::Close => (&city.director, "close", vec![("closed_on", today), ("opinion", "同意")]),
        Try::Return => (&city.director, "return", vec![("opinion", "不到位")]),
        Try::LongTerm => (&city.director, "make_long_term", vec![("reason", "长期")]),
        Try::Reopen => (&city.director, "reopen", vec![("reopened_on", today), ("reason", "反弹")]),
    };
    match city.perform(who, "problems", Some(id), deed, &entries).await {
        Ok(_) => true,
        Err(Error::Refusal(_)) => false,
        Err(fault) => panic!("{fault}"),
    }
}

/// Plays `sequence` and compares, for every day, what was seen in its evening with what the closure
/// rows say afterwards.
async fn play(city: &City, sequence: Vec<(Try, u64)>) {
    let start = day("2023-06-01");
    city.at("2023-06-01");
    let id = city.problem("专项资金沉淀").await;
    city.perform(&city.clerk, "problems", Some(id), "feed_back", &FEED_BACK).await.unwrap();
    city.perform(&city.liaison, "problems", Some(id), "begin", &[]).await.unwrap();
    city.measure(id, "closed").await;
    let mut today = start;
    let mut evenings = Vec::new();
    for (what, days) in sequence {
        for _ in 0..days {
            evenings.push((today, city.state("problems", id).await == "closed"));
            today = kit::clock::days_after(today, 1);
        }
        city.at(&today.to_string());
        attempt(city, id, what, &today.to_string()).await;
    }
    evenings.push((today, city.state("problems", id).await == "closed"));
    let cx = city.test.app.read(&city.director);
    let rows = closures::of_problem(&cx, ProblemId(id)).await.unwrap();
    for (evening, was_closed) in evenings {
        assert_eq!(closures::closed_on(&rows, evening), was_closed, "{evening} in {rows:?}");
    }
}

#[test]
fn closures_give_the_state_as_of_any_day() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let city = runtime.block_on(city());
    let config = ProptestConfig { cases: 16, max_shrink_iters: 40, ..ProptestConfig::default() };
    proptest!(config, |(sequence in tries())| {
        runtime.block_on(play(&city, sequence));
    });
}

/// Does a deed on problems inside the unit of work at hand.
async fn deed(cx: &mut WriteCx, id: Option<Uuid>, deed: &str, entries: &[(&str, &str)]) -> Result<Uuid> {
    let mut form = Form::default();
    for (name, text) in entries {
        form.put(name, *text);
    }
    let request = perform::Request {
        noun: String::from("problems"),
        id,
        deed: String::from(deed),
        form,
        key: None,
        strict: true,
    };
    Ok(perform::perform_in(cx, request).await?.id)
}

/// Enters a problem of `unit` inside the unit of work at hand.
async fn enter(cx: &mut WriteCx, unit: Uuid, title: &str) -> Result<Uuid> {
    deed(cx, None, "create", &problem_entries(&unit.to_string(), title)).await
}

async fn numbers(city: &City) -> Vec<String> {
    let cx = city.test.app.read(&city.director);
    let rows = cx.rows(db::Sql::new("select number || state from problem order by number")).await.unwrap();
    rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
}

#[tokio::test]
async fn records_held_back_are_found_and_changed_and_stored_like_others() {
    let city = city().await;
    let unit = city.unit;
    let work = city.test.app.write(&city.clerk, |cx| {
        Box::pin(async move {
            cx.hold_back();
            for title in ["甲", "乙", "丙"] {
                cx.begin_step().await?;
                let id = enter(cx, unit, title).await?;
                deed(cx, Some(id), "feed_back", &FEED_BACK).await?;
            }
            enter(cx, unit, "丁").await
        })
    });
    work.await.unwrap();
    assert_eq!(
        numbers(&city).await,
        ["WT-2023-0001fed_back", "WT-2023-0002fed_back", "WT-2023-0003fed_back", "WT-2023-0004found"]
    );
    city.problem("戊").await;
    assert_eq!(numbers(&city).await.last().unwrap(), "WT-2023-0005found", "the series was written down");
    assert_eq!(city.list(&city.liaison, "problems").await.1, 3, "the unit sees what it was told");
    let notices = city.test.app.read(&city.director);
    assert_eq!(notices.number(db::Sql::new("select count(*) from notice")).await.unwrap(), 3);
}

#[tokio::test]
async fn a_statement_in_between_sees_everything_that_was_held_back() {
    let city = city().await;
    let unit = city.unit;
    let work = city.test.app.write(&city.clerk, |cx| {
        Box::pin(async move {
            cx.hold_back();
            let id = enter(cx, unit, "甲").await?;
            let count = db::Sql::new("select count(*) from problem");
            assert_eq!(cx.number(count).await?, 1);
            deed(cx, Some(id), "feed_back", &FEED_BACK).await
        })
    });
    work.await.unwrap();
    assert_eq!(numbers(&city).await, ["WT-2023-0001fed_back"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn records_stored_while_others_are_entered_are_found_told_of_and_numbered_without_a_gap() {
    const MANY: usize = 300;
    let city = city().await;
    let unit = city.unit;
    let work = city.test.app.write(&city.clerk, |cx| {
        Box::pin(async move {
            cx.hold_back();
            let mut first = None;
            for at in 0..MANY {
                cx.begin_step().await?;
                let id = enter(cx, unit, &format!("第{at}个问题")).await?;
                deed(cx, Some(id), "feed_back", &FEED_BACK).await?;
                first = first.or(Some(id));
                if at % 100 == 99 {
                    cx.undo_step().await?;
                }
            }
            // It was stored long ago, and is found like one that waits.
            deed(cx, first, "begin", &[]).await
        })
    });
    work.await.unwrap();
    let kept = MANY - 3;
    let expected = (2..=kept).map(|number| format!("WT-2023-{number:04}fed_back"));
    let expected: Vec<String> =
        std::iter::once(String::from("WT-2023-0001rectifying")).chain(expected).collect();
    assert_eq!(numbers(&city).await, expected);
    let cx = city.test.app.read(&city.director);
    for (told, times) in [
        ("select count(*) from search_entry where noun = 'problems'", kept),
        ("select count(distinct record_id) from search_entry where noun = 'problems'", kept),
        ("select count(*) from notice", kept + 1),
        ("select count(*) from history where noun = 'problems'", 2 * kept + 1),
    ] {
        assert_eq!(cx.number(db::Sql::new(told)).await.unwrap(), i64::try_from(times).unwrap(), "{told}");
    }
    assert_eq!(kit::audit::verify(city.test.app.db()).await.unwrap().first_bad, None);
}

/// Enters one problem, and in a step of its own tells the unit of it and enters another; then takes the step back.
/// When `asks`, a statement between the two has everything stored.
async fn step_taken_back(city: &City, asks: bool) {
    let unit = city.unit;
    let work = city.test.app.write(&city.clerk, |cx| {
        Box::pin(async move {
            cx.hold_back();
            cx.begin_step().await?;
            let first = enter(cx, unit, "甲").await?;
            cx.begin_step().await?;
            let second = enter(cx, unit, "乙").await?;
            if asks {
                cx.number(db::Sql::new("select count(*) from problem")).await?;
            }
            deed(cx, Some(first), "feed_back", &FEED_BACK).await?;
            deed(cx, Some(second), "feed_back", &FEED_BACK).await?;
            cx.undo_step().await?;
            let gone = refused(deed(cx, Some(second), "feed_back", &FEED_BACK).await);
            assert_eq!(gone.reason, Reason::NotFound);
            enter(cx, unit, "丙").await
        })
    });
    work.await.unwrap();
    assert_eq!(numbers(city).await, ["WT-2023-0001found", "WT-2023-0002found"], "the number is given again");
    let told = db::Sql::new("select count(*) from history where noun = 'problems'");
    assert_eq!(
        city.test.app.read(&city.director).number(told).await.unwrap(),
        2,
        "histories go with the step"
    );
}

#[tokio::test]
async fn a_step_taken_back_leaves_nothing_and_what_came_before_it_stays_as_it_was() {
    step_taken_back(&city().await, false).await;
}

#[tokio::test]
async fn a_step_is_taken_back_from_the_database_too_once_a_statement_had_it_stored() {
    step_taken_back(&city().await, true).await;
}
