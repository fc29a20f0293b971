//! Working drafts from the first saving to the problem that rests on them, as people do it.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test stops where it cannot go on"
)]

mod support;

use std::sync::Arc;

use fieldwork::drafts::{self, DraftId};
use kit::{Actor, Role, error::Reason, testing::actor};
use support::{City, refused, strangers};
use uuid::Uuid;

/// A team of four: who writes, a second officer, a deputy head, the head.
struct Team {
    city: City,
    author: Arc<Actor>,
    officer: Arc<Actor>,
    deputy: Arc<Actor>,
    head: Arc<Actor>,
    officer_place: Uuid,
    deputy_place: Uuid,
}

impl Team {
    async fn new() -> Self {
        let mut services = fieldwork::services();
        services.push(planning::teams::service());
        services.push(preparation::briefing_items::service());
        let city = City::new(services).await;
        let of = |role| actor(role, None, Some(city.inspection));
        let (officer, deputy) = (of(Role::TeamMember), of(Role::TeamHead));
        let (author, head) = (Arc::clone(&city.member), Arc::clone(&city.head));
        city.place(&author, "编写人", "team_member").await;
        city.place(&head, "组长", "team_head").await;
        let officer_place = city.place(&officer, "第二承办人", "team_member").await;
        let deputy_place = city.place(&deputy, "副组长", "team_head").await;
        Self { city, author, officer, deputy, head, officer_place, deputy_place }
    }

    fn entries(&self) -> Vec<(&'static str, String)> {
        let mut entries: Vec<(&'static str, String)> = [
            ("title", "专项资金沉淀闲置"),
            ("found_on", "2023-03-01"),
            ("source", "petition"),
            ("learnt", "查阅2021年至2022年专项资金明细账了解"),
            ("overview", "2021年以来专项资金滞留账户"),
            ("facts", "2021年3月收到专项资金1200万元，截至2022年12月仅支出280万元。"),
            ("period_from", "2021-03-01"),
            ("period_to", "2022-12-31"),
            ("amount", "9200000"),
            ("phenomenon", "专项资金滞留账户920万元"),
            ("qualification", "违反专项资金管理的有关规定"),
            ("bases.0.rule", "某某市专项资金管理办法"),
            ("bases.0.article", "第十二条"),
            ("responsibility", "局党组履行主体责任不力"),
            ("bodies.0.kind", "principal"),
            ("bodies.0.name", "局党组"),
            ("frameworks", "F1.1"),
            ("fields", "special_funds"),
            ("effect", "项目未能按期实施"),
            ("exchange", "2023年3月10日与局长交换意见，对方认可"),
        ]
        .map(|(name, value)| (name, value.to_owned()))
        .into();
        entries.push(("officers", self.officer_place.to_string()));
        entries
    }

    async fn perform(
        &self,
        who: &Arc<Actor>,
        id: Uuid,
        deed: &str,
        entries: &[(&str, &str)],
    ) -> kit::Result<kit::Outcome> {
        self.city.perform(who, "drafts", Some(id), deed, entries).await
    }

    async fn create_with(&self, extra: &[(&'static str, String)]) -> kit::Result<Uuid> {
        let mut entries = self.entries();
        entries.retain(|(name, _)| extra.iter().all(|(held, _)| held != name));
        entries.push(("unit", self.city.unit.to_string()));
        entries.extend(extra.iter().cloned());
        let entries: Vec<(&str, &str)> =
            entries.iter().map(|(name, value)| (*name, value.as_str())).collect();
        Ok(self.city.perform(&self.author, "drafts", None, "create", &entries).await?.id)
    }

    async fn draft(&self) -> Uuid {
        let id = self.create_with(&[]).await.unwrap();
        self.evidence(id, "专项资金明细账").await;
        id
    }

    async fn evidence(&self, draft: Uuid, title: &str) -> Uuid {
        let draft = draft.to_string();
        let entries = [
            ("draft", draft.as_str()),
            ("title", title),
            ("kind", "account"),
            ("form", "copy"),
            ("pages", "6"),
            ("method", "copied"),
            ("obtained_on", "2023-03-02"),
            ("obtained_by", "编写人、第二承办人"),
            ("provider", "局财务科"),
            ("holder", "编写人"),
        ];
        self.city.perform(&self.author, "evidence", None, "create", &entries).await.unwrap();
        let cx = self.city.test.app.read(&self.author);
        kit::lookup::options(&cx, "evidence", title, 1).await.unwrap().first().expect("evidence").0
    }

    /// A draft that two officers and the deputy have signed.
    async fn reviewed(&self) -> Uuid {
        let id = self.draft().await;
        self.perform(&self.author, id, "submit", &[]).await.unwrap();
        self.perform(&self.officer, id, "co_sign", &[]).await.unwrap();
        self.perform(&self.deputy, id, "review", &[("opinion", "事实清楚")]).await.unwrap();
        id
    }

    async fn approved(&self) -> Uuid {
        let id = self.reviewed().await;
        self.perform(&self.head, id, "approve", &[]).await.unwrap();
        id
    }

    async fn held(&self, id: Uuid) -> drafts::Draft {
        drafts::find(&self.city.test.app.read(&self.author), DraftId(id)).await.unwrap()
    }

    async fn signature_page(&self, id: Uuid) -> String {
        let view = self.city.show(&self.head, "drafts", id).await.unwrap();
        let html = view.tabs.into_iter().find_map(|tab| match tab {
            kit::Tab::Html { key: "signatures", html, .. } => Some(html),
            _ => None,
        });
        html.expect("the signatures")
    }
}

const PROBLEM: [(&str, &str); 4] = [
    ("title", "专项资金沉淀闲置"),
    ("text", "专项资金滞留账户920万元"),
    ("found_on", "2023-03-01"),
    ("nature", "individual"),
];

#[tokio::test]
async fn a_draft_is_signed_by_two_officers_the_reviewer_and_the_head_and_becomes_a_problem() {
    let team = Team::new().await;
    let id = team.approved().await;
    let draft = team.held(id).await;
    assert_eq!(draft.number, "YB-2023-0001");
    assert_eq!(draft.official_number.as_deref(), Some("〔2023〕专项-第一巡察组-001"));
    let problem = team.perform(&team.author, id, "make_problem", &PROBLEM).await.unwrap().id;
    assert_eq!(team.city.state("drafts", id).await, "used");
    let view = team.city.show(&team.head, "problems", problem).await.unwrap();
    let fact = |key| view.facts.iter().find(|fact| fact.key == key).unwrap().value.plain();
    assert_eq!(fact("origin"), "底稿形成");
    assert_eq!(fact("draft_number"), "〔2023〕专项-第一巡察组-001");
    assert_eq!(team.held(id).await.problem_id.map(Uuid::from), Some(problem));
    let page = team.signature_page(id).await;
    assert_eq!(page.matches("与现在一致").count(), 4);
}

#[tokio::test]
async fn an_incomplete_draft_is_not_accepted_and_everything_missing_is_named() {
    let team = Team::new().await;
    let id = team.create_with(&[("officers", String::new()), ("effect", String::new())]).await.unwrap();
    let refusal = refused(team.perform(&team.author, id, "submit", &[]).await);
    assert_eq!(refusal.reason, Reason::Conflict);
    for gap in ["承办人不足两名", "没有写明造成的影响或后果", "没有佐证材料"] {
        assert!(refusal.message.contains(gap), "{}", refusal.message);
    }
    assert!(!refusal.message.contains("定性依据"));
}

#[tokio::test]
async fn nobody_signs_twice() {
    let team = Team::new().await;
    let id = team.draft().await;
    let own_review = [("reviewer", team.officer_place.to_string())];
    let own_review: Vec<(&str, &str)> = own_review.iter().map(|(n, v)| (*n, v.as_str())).collect();
    assert!(
        refused(team.perform(&team.author, id, "submit", &own_review).await)
            .message
            .contains("承办人不能审核")
    );
    team.perform(&team.author, id, "submit", &[]).await.unwrap();
    // The author has signed; the second signature is the other officer's.
    assert_eq!(refused(team.perform(&team.author, id, "co_sign", &[]).await).reason, Reason::Forbidden);
    team.perform(&team.officer, id, "co_sign", &[]).await.unwrap();
    team.perform(&team.deputy, id, "review", &[]).await.unwrap();
    assert_eq!(refused(team.perform(&team.deputy, id, "approve", &[]).await).reason, Reason::Forbidden);
    team.perform(&team.head, id, "approve", &[]).await.unwrap();
}

#[tokio::test]
async fn a_head_who_is_an_officer_neither_reviews_nor_approves() {
    let team = Team::new().await;
    let id = team.create_with(&[("officers", team.deputy_place.to_string())]).await.unwrap();
    team.evidence(id, "账册").await;
    team.perform(&team.author, id, "submit", &[]).await.unwrap();
    team.perform(&team.deputy, id, "co_sign", &[]).await.unwrap();
    let refusal = refused(team.perform(&team.deputy, id, "review", &[]).await);
    assert!(refusal.message.contains("承办人不能审核"), "{}", refusal.message);
}

#[tokio::test]
async fn a_named_reviewer_alone_reviews() {
    let team = Team::new().await;
    let id = team.draft().await;
    let place = team.deputy_place.to_string();
    team.perform(&team.author, id, "submit", &[("reviewer", &place)]).await.unwrap();
    team.perform(&team.officer, id, "co_sign", &[]).await.unwrap();
    assert_eq!(refused(team.perform(&team.head, id, "review", &[]).await).reason, Reason::Forbidden);
    team.perform(&team.deputy, id, "review", &[]).await.unwrap();
    team.perform(&team.head, id, "approve", &[]).await.unwrap();
}

#[tokio::test]
async fn only_the_author_changes_a_draft_and_nobody_while_it_is_being_signed() {
    let team = Team::new().await;
    let id = team.draft().await;
    let entries = team.entries();
    let entries: Vec<(&str, &str)> = entries.iter().map(|(name, value)| (*name, value.as_str())).collect();
    assert_eq!(refused(team.perform(&team.officer, id, "edit", &entries).await).reason, Reason::Forbidden);
    team.perform(&team.author, id, "edit", &entries).await.unwrap();
    team.perform(&team.author, id, "submit", &[]).await.unwrap();
    assert_eq!(refused(team.perform(&team.author, id, "edit", &entries).await).reason, Reason::Conflict);
}

#[tokio::test]
async fn a_return_ends_all_signatures_and_the_draft_is_signed_anew() {
    let team = Team::new().await;
    let id = team.reviewed().await;
    team.perform(&team.head, id, "return", &[("opinion", "补充会议记录")]).await.unwrap();
    assert_eq!(team.city.state("drafts", id).await, "returned");
    assert_eq!(team.signature_page(id).await.matches("已失效").count(), 3);
    team.evidence(id, "会议记录").await;
    team.perform(&team.author, id, "submit", &[]).await.unwrap();
    team.perform(&team.officer, id, "co_sign", &[]).await.unwrap();
    team.perform(&team.deputy, id, "review", &[]).await.unwrap();
    team.perform(&team.head, id, "approve", &[]).await.unwrap();
}

#[tokio::test]
async fn evidence_added_after_a_signature_shows_and_stops_the_next_signature_and_the_problem() {
    let team = Team::new().await;
    let id = team.reviewed().await;
    team.evidence(id, "后补的材料").await;
    assert_eq!(
        team.signature_page(id).await.matches("<span class=\"chip chip-stop\">签名后有改动").count(),
        3
    );
    let refusal = refused(team.perform(&team.head, id, "approve", &[]).await);
    assert!(refusal.message.contains("签名之后有改动"), "{}", refusal.message);
    let approved = team.approved().await;
    team.evidence(approved, "审批后补的材料").await;
    assert_eq!(
        refused(team.perform(&team.author, approved, "make_problem", &PROBLEM).await).reason,
        Reason::Conflict
    );
}

#[tokio::test]
async fn a_draft_that_is_not_approved_makes_no_problem_and_a_team_enters_none_without_draft() {
    let team = Team::new().await;
    let id = team.reviewed().await;
    assert_eq!(
        refused(team.perform(&team.author, id, "make_problem", &PROBLEM).await).reason,
        Reason::Conflict
    );
    let unit = team.city.unit.to_string();
    let mut entries = PROBLEM.to_vec();
    entries.push(("unit", &unit));
    let direct = team.city.perform(&team.head, "problems", None, "create", &entries).await;
    assert_eq!(refused(direct).reason, Reason::Forbidden);
    team.city.perform(&team.city.clerk, "problems", None, "create", &entries).await.unwrap();
}

#[tokio::test]
async fn several_drafts_support_one_problem_as_long_as_it_is_not_fed_back() {
    let team = Team::new().await;
    let (first, second, third) = (team.approved().await, team.approved().await, team.approved().await);
    let problem = team.perform(&team.head, first, "make_problem", &PROBLEM).await.unwrap().id;
    let text = problem.to_string();
    team.perform(&team.head, second, "join_problem", &[("problem", &text)]).await.unwrap();
    let view = team.city.show(&team.head, "problems", problem).await.unwrap();
    let numbers = view.facts.iter().find(|fact| fact.key == "draft_number").unwrap().value.plain();
    assert_eq!(numbers, "〔2023〕专项-第一巡察组-001、〔2023〕专项-第一巡察组-002");
    let fed_back = [("fed_back_on", "2023-05-10")];
    team.city.perform(&team.city.clerk, "problems", Some(problem), "feed_back", &fed_back).await.unwrap();
    let late = team.perform(&team.head, third, "join_problem", &[("problem", &text)]).await;
    assert!(refused(late).message.contains("已经反馈"));
}

#[tokio::test]
async fn a_withdrawn_draft_keeps_its_official_number_and_the_series_has_no_gap() {
    let team = Team::new().await;
    let first = team.approved().await;
    team.perform(&team.head, first, "withdraw", &[("opinion", "并入另案")]).await.unwrap();
    let second = team.approved().await;
    assert_eq!(team.held(first).await.serial, Some(1));
    assert_eq!(team.held(second).await.serial, Some(2));
}

#[tokio::test]
async fn a_draft_started_from_a_record_is_linked_to_it_and_takes_its_words_over() {
    let team = Team::new().await;
    let source = team.city.problem("上次巡察未整改的专项资金问题").await;
    let cx = team.city.test.app.read(&team.author);
    let service = team.city.test.app.registry().service("drafts").unwrap();
    let query = kit::web::Query::parse(Some(&format!("source_noun=problems&source_id={source}"))).unwrap();
    let filled = service.deed("create").unwrap().fill.unwrap()(&cx, &query).await.unwrap();
    let value = |name| filled.iter().find(|(held, _)| *held == name).map(|(_, value)| value.clone());
    assert_eq!(value("overview").as_deref(), Some("2021年至2022年沉淀专项资金"));
    assert_eq!(value("unit"), Some(team.city.unit.to_string()));
    drop(cx);
    let link = [("source_noun", "problems".to_owned()), ("source_id", source.to_string())];
    let id = team.create_with(&link).await.unwrap();
    let (rows, total) = team.city.list(&team.head, "draft_sources").await;
    assert_eq!(total, 1);
    assert!(rows.contains("问题") && rows.contains("专项资金沉淀闲置"), "{rows}");
    assert!(team.held(id).await.author_id.is_some());
    let unknown = [("source_noun", "problems".to_owned()), ("source_id", Uuid::from_u128(9).to_string())];
    assert_eq!(refused(team.create_with(&unknown).await).reason, Reason::Invalid);
}

#[tokio::test]
async fn custody_is_told_and_what_is_out_must_come_back_first() {
    let team = Team::new().await;
    let draft = team.draft().await;
    let id = team.evidence(draft, "原始凭证").await;
    let perform = async |deed: &str, entries: &[(&str, &str)]| {
        team.city.perform(&team.officer, "evidence", Some(id), deed, entries).await
    };
    let handing = [("moved_on", "2023-03-20"), ("other", "局财务科 某某"), ("note", "归还原件")];
    perform("hand_over", &handing).await.unwrap();
    assert_eq!(refused(perform("void", &[("reason", "重复")]).await).reason, Reason::Conflict);
    perform("take_back", &[("moved_on", "2023-03-25"), ("other", "局财务科 某某")]).await.unwrap();
    let early = [("moved_on", "2023-03-01"), ("other", "某某"), ("note", "早于取得")];
    assert_eq!(refused(perform("hand_over", &early).await).reason, Reason::Invalid);
    let view = team.city.show(&team.head, "evidence", id).await.unwrap();
    let custody = view.tabs.iter().any(|tab| {
        matches!(tab, kit::Tab::Html { html, .. } if html.contains("归还原件") && html.contains("收回"))
    });
    assert!(custody);
}

#[tokio::test]
async fn strangers_and_the_unit_see_no_draft_no_source_and_no_evidence() {
    let team = Team::new().await;
    let id = team.approved().await;
    let mut others = strangers();
    others.retain(|who| !who.is_office() && !who.is(Role::LeadingGroup));
    others.push(Arc::clone(&team.city.liaison));
    others.push(Arc::clone(&team.city.discipline));
    for who in others {
        for noun in ["drafts", "evidence", "draft_sources"] {
            assert_eq!(team.city.list(&who, noun).await.1, 0, "{noun} {}", who.name);
        }
        assert_eq!(refused(team.city.show(&who, "drafts", id).await).reason, Reason::NotFound);
        assert_eq!(refused(team.perform(&who, id, "attach", &[]).await).reason, Reason::NotFound);
    }
    assert_eq!(team.city.list(&team.city.director, "drafts").await.1, 1);
    assert_eq!(refused(team.perform(&team.city.director, id, "attach", &[]).await).reason, Reason::Invalid);
}

/// An item that a department has told the team about the unit, signed for by the team.
async fn told(team: &Team, number: &str) -> Uuid {
    let city = &team.city;
    let day = chrono::NaiveDate::from_ymd_opt(2023, 2, 1).expect("a day");
    let [round, letter, briefing, item] = [(); 4].map(|()| kit::ids::random());
    let (unit, inspection) = (city.unit, city.inspection);
    let (organisation, department) = (city.organisation, city.recipient);
    let number = number.to_owned();
    let program = Arc::new(Actor::program("建立"));
    let work = city.test.app.write(&program, |cx| {
        Box::pin(async move {
            let mut sql = db::Sql::new("select term_id from inspection where id = ");
            sql.bind(inspection);
            let term: Uuid = cx.rows(sql).await?[0].try_get_by_index(0)?;
            let mut sql = db::Sql::new(
                "insert into round (id, version, term_id, year, number, name, starts_on, state) values (",
            );
            sql.bind(round).push(", 1, ").bind(term).push(", 2023, 9, '第九轮', ").bind(day);
            sql.push(", 'planned')");
            cx.execute(sql).await?;
            let mut sql = db::Sql::new("insert into briefing_letter (id, version, round_id, edition, title, text, state) values (");
            sql.bind(letter).push(", 1, ").bind(round).push(", 1, '函', '', 'issued')");
            cx.execute(sql).await?;
            let mut sql = db::Sql::new(
                "insert into briefing (id, version, number, letter_id, inspection_id, unit_id, organisation_id, department_id, \
                 state, sent_on, due_on, due_basis, statement, received_by, return_reason, urges) values (",
            );
            sql.bind(briefing).push(", 1, 'TB-2023-001', ").bind(letter).push(", ").bind(inspection);
            sql.push(", ").bind(unit).push(", ").bind(organisation).push(", ").bind(department);
            sql.push(", 'received', ").bind(day).push(", ").bind(day).push(", '', '', '', '', 0)");
            cx.execute(sql).await?;
            let sealed = preparation::briefing_items::seal(cx, item.into(), "remark", "")?;
            let mut sql = db::Sql::new(
                "insert into briefing_item (id, version, number, briefing_id, inspection_id, unit_id, organisation_id, \
                 department_id, kind, secrecy, summary, summary_sealed, document, handed_on, state, remark_sealed, reference) values (",
            );
            sql.bind(item).push(", 1, ").bind(number).push(", ").bind(briefing).push(", ").bind(inspection);
            sql.push(", ").bind(unit).push(", ").bind(organisation).push(", ").bind(department);
            sql.push(", 'problem', 'internal', '资金沉淀', '', '', ").bind(day).push(", 'received', ");
            sql.bind(sealed).push(", '')");
            cx.execute(sql).await?;
            Ok(())
        })
    });
    work.await.unwrap();
    item
}

#[tokio::test]
async fn a_briefing_item_learns_by_itself_that_an_approved_draft_rests_on_it() {
    let team = Team::new().await;
    let item = told(&team, "TB-2023-001-01").await;
    let source = [("source_noun", String::from("briefing_items")), ("source_id", item.to_string())];
    let id = team.create_with(&source).await.unwrap();
    team.evidence(id, "专项资金明细账").await;
    team.perform(&team.author, id, "submit", &[]).await.unwrap();
    team.perform(&team.officer, id, "co_sign", &[]).await.unwrap();
    team.perform(&team.deputy, id, "review", &[]).await.unwrap();
    let state = || team.city.state("briefing_items", item);
    assert_eq!(state().await, "received");
    team.perform(&team.head, id, "approve", &[]).await.unwrap();
    assert_eq!(state().await, "settled");
    let cx = team.city.test.app.read(&team.head);
    let held = preparation::briefing_items::find(&cx, item.into()).await.unwrap();
    assert_eq!(held.outcome, Some(preparation::briefing_items::Outcome::UsedInDraft));
    let official = team.held(id).await.official_number.expect("a number");
    assert_eq!(held.reference, official);
}
