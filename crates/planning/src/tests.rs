//! The stories of planning, told through the deeds as people do them, on a real database.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate};
use db::Sql;
use kit::{
    Actor, Error, Outcome, Pred, RecordView, Result, Role, Service, Shown,
    error::Reason,
    table::{self, Ask},
    testing::{TestApp, actor},
};
use registry::organisations::OrganisationId;
use uuid::Uuid;

use crate::{board, calendar, coverage, inspection_units, services, teams};

mod authorisation;
mod avoidance;
mod selection;

struct City {
    app: TestApp,
    office: Arc<Actor>,
    director: Arc<Actor>,
    leader: Arc<Actor>,
}

fn day(text: &str) -> NaiveDate {
    kit::clock::parse_day(text).unwrap()
}

fn reason<T: std::fmt::Debug>(outcome: Result<T>) -> Reason {
    match outcome {
        Err(Error::Refusal(refusal)) => refusal.reason,
        other => panic!("expected a refusal, not {other:?}"),
    }
}

fn refused_field<T: std::fmt::Debug>(outcome: Result<T>) -> String {
    match outcome {
        Err(Error::Refusal(refusal)) => {
            refusal.fields.first().map(|(name, _)| name.clone()).unwrap_or_default()
        }
        other => panic!("expected a refusal, not {other:?}"),
    }
}

fn fact(view: &RecordView, key: &str) -> Option<Shown> {
    view.facts.iter().find(|fact| fact.key == key).map(|fact| fact.value.clone())
}

impl City {
    async fn new() -> Self {
        let mut all = registry::services();
        all.extend(services());
        let app = TestApp::new(all).await;
        let program = Arc::new(Actor::program("测试"));
        app.app.write(&program, |cx| Box::pin(registry::seed(cx))).await.unwrap();
        let city = Self {
            app,
            office: actor(Role::OfficeLiaison, None, None),
            director: actor(Role::OfficeDirector, None, None),
            leader: actor(Role::LeadingGroup, None, None),
        };
        city.today("2023-12-31");
        city
    }

    fn today(&self, day: &str) {
        let instant = DateTime::parse_from_rfc3339(&format!("{day}T09:00:00+08:00")).unwrap();
        self.app.set_clock(instant.to_utc());
    }

    fn service(&self, noun: &str) -> &Service {
        self.app.app.registry().service(noun).unwrap()
    }

    async fn does(
        &self,
        actor: &Arc<Actor>,
        noun: &str,
        id: Uuid,
        deed: &str,
        entries: &[(&str, &str)],
    ) -> Result<Outcome> {
        self.app.perform(actor, noun, Some(id), deed, entries).await
    }

    /// A deed of the office on a record, which must succeed.
    async fn office(&self, noun: &str, id: Uuid, deed: &str, entries: &[(&str, &str)]) -> Uuid {
        self.does(&self.office, noun, id, deed, entries).await.unwrap().id
    }

    async fn create(&self, noun: &str, entries: &[(&str, &str)]) -> Result<Uuid> {
        Ok(self.app.perform(&self.office, noun, None, "create", entries).await?.id)
    }

    async fn show(&self, actor: &Arc<Actor>, noun: &str, id: Uuid) -> Result<RecordView> {
        let service = self.service(noun);
        let cx = self.app.app.read(actor);
        if !kit::service::can_see(&cx, noun, id).await? {
            return Err(kit::Refusal::not_found().into());
        }
        (service.show)(&cx, id).await
    }

    async fn count(&self, actor: &Arc<Actor>, noun: &str) -> i64 {
        let service = self.service(noun);
        let cx = self.app.app.read(actor);
        let ask = Ask::usual(&service.list).unwrap();
        table::exact_total(&cx, noun, &service.list, &service.scope(actor), &Pred::All, &ask).await.unwrap()
    }

    async fn execute(&self, sql: Sql) {
        self.app.app.write(&self.office, |cx| Box::pin(async move { cx.execute(sql).await })).await.unwrap();
    }

    async fn organisation(&self, code: &str) -> Uuid {
        let name = format!("市某局{code}");
        let entries =
            [("code", code), ("name", &name), ("kind", "city_department"), ("valid_from", "2000-01-01")];
        self.create("organisations", &entries).await.unwrap()
    }

    async fn account(&self, login: &str) -> Uuid {
        let id = kit::ids::random();
        let mut sql = Sql::new(
            "insert into account (id, version, login, name, password_hash, state, password_changed_at, \
             password_initial) values (",
        );
        sql.bind(id).push(", 1, ").bind(login).push(", ").bind(format!("组员{login}"));
        sql.push(", '', 'active', ").bind(self.app.clock.now()).push(", false)");
        self.execute(sql).await;
        id
    }

    /// Signs what waits for the signature of `account`, with nothing to declare; who that is.
    async fn declares(&self, account: Uuid) -> Arc<Actor> {
        let person = self.signed_in(account).await;
        for id in self.declarations(&person).await {
            self.does(&person, "declarations", id, "sign", &[("truthful", "true")]).await.unwrap();
        }
        person
    }

    /// The declarations that wait for `person`.
    async fn declarations(&self, person: &Arc<Actor>) -> Vec<Uuid> {
        let mut sql = Sql::new("select id from declaration where state = 'requested' and account_id = ");
        sql.bind(person.account);
        let rows = self.app.app.read(person).rows(sql).await.unwrap();
        rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
    }

    /// Somebody who signed in with `account`: no posts, but what he must keep away from.
    async fn signed_in(&self, account: Uuid) -> Arc<Actor> {
        let bars = crate::avoidances::bars_of(&self.app.app.read(&self.office), account).await.unwrap();
        let person = Actor { account: Some(account), program: false, ..Actor::program("组员") };
        Arc::new(Actor { bars: Arc::new(bars), ..person })
    }

    async fn term(&self) -> Uuid {
        let entries =
            [("number", "13"), ("name", "第十三届"), ("committee", "澜江市委"), ("starts_on", "2021-09-01")];
        self.create("terms", &entries).await.unwrap()
    }

    async fn inspection(&self, term: Uuid, more: &[(&str, &str)]) -> Uuid {
        let term = term.to_string();
        let usual = [
            ("name", "常规巡察"),
            ("kind", "regular"),
            ("term", term.as_str()),
            ("team", "市委第一巡察组"),
            ("starts_on", "2023-02-01"),
            ("level", "city"),
        ];
        let kept = usual.iter().filter(|(name, _)| more.iter().all(|(other, _)| other != name));
        let entries: Vec<(&str, &str)> = kept.chain(more).copied().collect();
        self.create("inspections", &entries).await.unwrap()
    }

    /// An inspection that runs, with one organisation in it.
    async fn running(&self, term: Uuid, organisation: Uuid, more: &[(&str, &str)]) -> (Uuid, Uuid) {
        let inspection = self.inspection(term, more).await;
        let entries = [("organisations", &*organisation.to_string()), ("planned_on", "2023-03-01")];
        self.office("inspections", inspection, "add_units", &entries).await;
        self.office("inspections", inspection, "start", &[("on", "2023-02-01")]).await;
        (inspection, self.unit(inspection, organisation).await)
    }

    async fn unit(&self, inspection: Uuid, organisation: Uuid) -> Uuid {
        let cx = self.app.app.read(&self.office);
        let units = inspection_units::of_inspection(&cx, inspection.into()).await.unwrap();
        units.iter().find(|unit| unit.organisation_id == OrganisationId(organisation)).unwrap().id.0
    }

    async fn held(&self, unit: Uuid) -> inspection_units::InspectionUnit {
        inspection_units::find(&self.app.app.read(&self.office), unit.into()).await.unwrap()
    }

    /// Does the deeds one after another, each on its day.
    async fn steps(&self, unit: Uuid, steps: &[(&str, &str)]) {
        for (deed, on) in steps {
            let who = if *deed == "authorise" { &self.leader } else { &self.office };
            self.does(who, "inspection_units", unit, deed, &[("on", on)]).await.unwrap();
        }
    }

    async fn approved_list(&self, term: Uuid, organisations: &[Uuid], on: &str) -> Uuid {
        let entries = [("term", &*term.to_string()), ("basis", "领导小组会议纪要")];
        let list = self.create("coverage_lists", &entries).await.unwrap();
        let ids: Vec<String> = organisations.iter().map(Uuid::to_string).collect();
        let mut entries: Vec<(&str, &str)> = ids.iter().map(|id| ("organisations", id.as_str())).collect();
        entries.push(("planned_year", "2023"));
        self.office("coverage_lists", list, "add_items", &entries).await;
        self.today(on);
        self.office("coverage_lists", list, "submit", &[]).await;
        self.does(&self.leader, "coverage_lists", list, "approve", &[("on", on)]).await.unwrap();
        self.today("2023-12-31");
        list
    }
}

const TO_DECISION: [(&str, &str); 7] = [
    ("authorise", "2023-02-02"),
    ("notify", "2023-02-10"),
    ("enter", "2023-03-01"),
    ("leave", "2023-04-10"),
    ("report", "2023-05-04"),
    ("hear", "2023-05-20"),
    ("decide", "2023-06-01"),
];

#[tokio::test]
async fn an_approved_list_is_frozen_and_its_successor_begins_as_a_copy() {
    let city = City::new().await;
    let term = city.term().await;
    let organisations = [city.organisation("A1").await, city.organisation("A2").await];
    let list = city.approved_list(term, &organisations, "2022-01-10").await;
    let frozen = city.does(&city.office, "coverage_lists", list, "edit", &[("basis", "改")]).await;
    assert_eq!(reason(frozen), Reason::Conflict);
    let third = city.organisation("A3").await.to_string();
    let add = [("organisations", third.as_str())];
    let frozen = city.does(&city.office, "coverage_lists", list, "add_items", &add).await;
    assert_eq!(reason(frozen), Reason::Conflict);

    let next = city.office("coverage_lists", list, "renew", &[("basis", "机构改革方案")]).await;
    assert_ne!(next, list);
    let cx = city.app.app.read(&city.office);
    let copied = crate::coverage_items::of_list(&cx, next.into()).await.unwrap();
    assert_eq!(copied.len(), 2);
    let again = city.create("coverage_lists", &[("term", &term.to_string()), ("basis", "x")]).await;
    assert_eq!(reason(again), Reason::Conflict, "one open edition at a time");

    let edit = [("exempt_reason", "已撤并")];
    let old = crate::coverage_items::of_list(&cx, list.into()).await.unwrap();
    let frozen = city.does(&city.office, "coverage_items", old[0].id.0, "edit", &edit).await;
    assert_eq!(reason(frozen), Reason::Conflict);
    city.office("coverage_items", copied[0].id.0, "edit", &edit).await;
    let answered = city.office("coverage_items", copied[1].id.0, "remove", &[]).await;
    assert_eq!(answered, next);
    let cx = city.app.app.read(&city.office);
    let page = coverage::page(&cx, Some(term.into()), day("2023-12-31")).await.unwrap().unwrap();
    assert_eq!((page.list.id.0, page.total.counted()), (list, 2), "the draft is not in force");
}

#[tokio::test]
async fn a_list_is_submitted_only_when_every_organisation_has_a_year_or_a_reason() {
    let city = City::new().await;
    let term = city.term().await;
    let list =
        city.create("coverage_lists", &[("term", &term.to_string()), ("basis", "规划")]).await.unwrap();
    let submit = async || city.does(&city.office, "coverage_lists", list, "submit", &[]).await;
    assert_eq!(reason(submit().await), Reason::Conflict, "nothing is on it");
    let organisation = city.organisation("B1").await.to_string();
    let outside = [("organisations", organisation.as_str()), ("planned_year", "2019")];
    let add = async |entries: &[(&str, &str)]| {
        city.does(&city.office, "coverage_lists", list, "add_items", entries).await
    };
    assert_eq!(refused_field(add(&outside).await), "planned_year");
    add(&outside[..1]).await.unwrap();
    assert_eq!(refused_field(add(&outside[..1]).await), "organisations", "nothing is listed twice");
    assert_eq!(reason(submit().await), Reason::Conflict, "neither year nor reason");
}

#[tokio::test]
async fn whoever_prepared_a_plan_does_not_approve_it() {
    let city = City::new().await;
    let term = city.term().await.to_string();
    let mut both = (*actor(Role::OfficeDirector, None, None)).clone();
    both.posts.extend(city.leader.posts.clone());
    let both = Arc::new(both);
    let entries = [("term", term.as_str()), ("year", "2023"), ("title", "2023年计划"), ("text", "一年三轮")];
    let plan = city.app.perform(&both, "year_plans", None, "create", &entries).await.unwrap().id;
    city.does(&both, "year_plans", plan, "submit", &[]).await.unwrap();
    let approve = [("on", "2023-12-31")];
    assert_eq!(reason(city.does(&both, "year_plans", plan, "approve", &approve).await), Reason::Forbidden);
    assert_eq!(
        reason(city.does(&city.office, "year_plans", plan, "approve", &approve).await),
        Reason::Forbidden
    );
    city.does(&city.leader, "year_plans", plan, "return", &[("opinion", "补充力量安排")]).await.unwrap();
    city.does(&both, "year_plans", plan, "reopen", &[]).await.unwrap();
    city.does(&both, "year_plans", plan, "submit", &[]).await.unwrap();
    let early = [("on", "2023-12-30")];
    assert_eq!(refused_field(city.does(&city.leader, "year_plans", plan, "approve", &early).await), "on");
    city.does(&city.leader, "year_plans", plan, "approve", &approve).await.unwrap();
    assert_eq!(reason(city.does(&both, "year_plans", plan, "edit", &entries).await), Reason::Conflict);
}

#[tokio::test]
async fn an_edit_of_an_older_version_is_refused_with_both_texts() {
    let city = City::new().await;
    let term = city.term().await;
    let entries = |name: &'static str| {
        [
            ("number", "13"),
            ("name", name),
            ("committee", "市委"),
            ("starts_on", "2021-09-01"),
            ("version", "1"),
        ]
    };
    city.office("terms", term, "edit", &entries("十三届")).await;
    let older = city.does(&city.office, "terms", term, "edit", &entries("13届")).await;
    let Err(Error::Refusal(refusal)) = older else { panic!("an older version was stored") };
    assert_eq!(refusal.reason, Reason::Stale);
    assert!(refusal.differences.iter().any(|both| both.mine == "13届" && both.stored == "十三届"));
}

#[tokio::test]
async fn coverage_on_any_day_counts_those_left_by_then_once_each() {
    let city = City::new().await;
    let term = city.term().await;
    let mut organisations = Vec::new();
    for code in ["C1", "C2", "C3"] {
        organisations.push(city.organisation(code).await);
    }
    city.approved_list(term, &organisations, "2022-01-10").await;
    for _ in 0..2 {
        let (_, unit) = city.running(term, organisations[0], &[]).await;
        city.steps(unit, &TO_DECISION).await;
    }
    let (_, special) = city.running(term, organisations[1], &[("kind", "special")]).await;
    city.steps(special, &TO_DECISION).await;
    let cx = city.app.app.read(&city.leader);
    let on = async |day| coverage::page(&cx, None, day).await.unwrap();
    let before = on(day("2023-04-09")).await.unwrap();
    assert_eq!((before.total.done, before.total.under_way), (0, 1));
    let after = on(day("2023-04-10")).await.unwrap();
    assert_eq!((after.total.done, after.total.rate()), (1, String::from("33.33")));
    assert_eq!(after.by_year.iter().map(|year| year.done).sum::<i64>(), 1);
    assert_eq!(after.by_kind.len(), 1);
    assert!(on(day("2021-12-31")).await.is_none(), "no edition was in force yet");
    let auditor = actor(Role::Audit, None, None);
    let cx = city.app.app.read(&auditor);
    assert!(coverage::page(&cx, None, day("2023-04-10")).await.unwrap().is_none());
}

#[tokio::test]
async fn a_named_topic_becomes_an_inspection_and_is_answered() {
    let city = City::new().await;
    let term = city.term().await;
    let entries = [
        ("term", &*term.to_string()),
        ("giver", "市委常委会会议"),
        ("named_on", "2023-11-20"),
        ("text", "职业教育补助资金"),
        ("priority", "urgent"),
    ];
    let topic = city.create("topics", &entries).await.unwrap();
    let result = [("result", "已办结"), ("on", "2023-12-30")];
    assert_eq!(reason(city.does(&city.office, "topics", topic, "report", &result).await), Reason::Conflict);
    let convert = [("name", "职教资金机动巡察"), ("kind", "mobile"), ("starts_on", "2023-12-05")];
    let inspection = city.office("topics", topic, "convert", &convert).await;
    let view = city.show(&city.office, "inspections", inspection).await.unwrap();
    assert_eq!(view.number, "巡〔2023〕001号");
    assert_eq!(fact(&view, "topic").unwrap().plain(), "点题〔2023〕001号");
    let other = city.inspection(term, &[]).await.to_string();
    city.office("topics", topic, "assign", &[("inspection", &other)]).await;
    let early = [("result", "已办结"), ("on", "2023-11-19")];
    assert_eq!(refused_field(city.does(&city.office, "topics", topic, "report", &early).await), "on");
    city.office("topics", topic, "report", &result).await;
    assert_eq!(reason(city.does(&city.office, "topics", topic, "edit", &entries).await), Reason::Conflict);
}

#[tokio::test]
async fn rounds_and_batches_start_and_end_in_order() {
    let city = City::new().await;
    let term = city.term().await.to_string();
    let entries = [
        ("term", &*term),
        ("year", "2023"),
        ("number", "5"),
        ("name", "第五轮"),
        ("starts_on", "2023-02-01"),
    ];
    let round = city.create("rounds", &entries).await.unwrap();
    let round_text = round.to_string();
    let entries = [("round", &*round_text), ("number", "1"), ("name", "第一批"), ("starts_on", "2023-02-01")];
    let batch = city.create("batches", &entries).await.unwrap();
    assert_eq!(reason(city.create("batches", &entries).await), Reason::Conflict, "one number, one batch");
    let does = async |noun, id, deed, on| city.does(&city.office, noun, id, deed, &[("on", on)]).await;
    assert_eq!(reason(does("batches", batch, "start", "2023-02-01").await), Reason::Conflict);
    does("rounds", round, "start", "2023-02-01").await.unwrap();
    does("batches", batch, "start", "2023-02-01").await.unwrap();
    let organisation = city.organisation("D1").await;
    let term = term.parse().unwrap();
    let (inspection, unit) = city.running(term, organisation, &[("batch", &batch.to_string())]).await;
    let view = city.show(&city.office, "inspections", inspection).await.unwrap();
    assert_eq!(fact(&view, "round").unwrap().plain(), "第五轮", "the batch brings its round");
    for (noun, id) in [("inspections", inspection), ("batches", batch), ("rounds", round)] {
        assert_eq!(reason(does(noun, id, "finish", "2023-12-01").await), Reason::Conflict, "{noun}");
    }
    city.steps(unit, &TO_DECISION).await;
    for (noun, id) in [("inspections", inspection), ("batches", batch), ("rounds", round)] {
        does(noun, id, "finish", "2023-12-01").await.unwrap();
    }
    let late = [entries[0], ("number", "2"), entries[2], entries[3]];
    assert_eq!(refused_field(city.create("batches", &late).await), "round", "the round is over");
}

#[tokio::test]
async fn numbers_run_by_year_and_pass_over_those_that_came_in_otherwise() {
    let city = City::new().await;
    let term = city.term().await;
    let number = async |id| city.show(&city.office, "inspections", id).await.unwrap().number;
    let first = city.inspection(term, &[]).await;
    let older = city.inspection(term, &[("starts_on", "2022-03-01")]).await;
    assert_eq!(number(first).await, "巡〔2023〕001号");
    assert_eq!(number(older).await, "巡〔2022〕001号");
    let mut sql = Sql::new("update inspection set number = '巡〔2023〕002号' where id = ");
    sql.bind(older);
    city.execute(sql).await;
    assert_eq!(number(city.inspection(term, &[]).await).await, "巡〔2023〕003号");
}

#[tokio::test]
async fn an_organisation_goes_through_every_stage_with_its_deadlines() {
    let city = City::new().await;
    let term = city.term().await;
    let organisation = city.organisation("E1").await;
    let (_, unit) = city.running(term, organisation, &[]).await;
    let step = async |deed: &'static str, on: &'static str| {
        city.does(&city.office, "inspection_units", unit, deed, &[("on", on)]).await
    };
    let due = async || city.held(unit).await.due_on;
    assert_eq!(
        reason(step("authorise", "2023-02-02").await),
        Reason::Forbidden,
        "not for the office's liaison"
    );
    assert_eq!(reason(step("leave", "2023-03-01").await), Reason::Conflict);
    city.steps(unit, &[("authorise", "2023-02-02")]).await;
    assert_eq!(due().await, Some(day("2023-02-15")), "ten working days before 1 March");
    assert_eq!(reason(step("enter", "2023-03-01").await), Reason::Forbidden, "notice comes first");
    assert_eq!(refused_field(step("notify", "2023-02-01").await), "on");
    assert_eq!(refused_field(step("notify", "2024-01-01").await), "on");
    step("notify", "2023-02-10").await.unwrap();
    step("enter", "2023-03-01").await.unwrap();
    step("pause", "2023-03-10").await.unwrap();
    assert_eq!(refused_field(step("resume", "2023-03-10").await), "on");
    step("resume", "2023-03-20").await.unwrap();
    assert_eq!(refused_field(step("leave", "2023-03-19").await), "on");
    step("leave", "2023-04-10").await.unwrap();
    assert_eq!(due().await, Some(day("2023-05-01")), "fifteen working days after 10 April");
    step("report", "2023-04-28").await.unwrap();
    step("hear", "2023-05-20").await.unwrap();
    assert_eq!(due().await, None);
    step("decide", "2023-06-01").await.unwrap();
    step("feed_back", "2023-06-15").await.unwrap();
    assert_eq!(due().await, Some(day("2023-07-15")));
    step("rectify", "2023-07-10").await.unwrap();
    step("evaluate", "2023-12-20").await.unwrap();
    step("close", "2023-12-25").await.unwrap();
    step("look_back", "2023-12-31").await.unwrap();
    let cx = city.app.app.read(&city.office);
    let times = inspection_units::intervals(&cx, unit.into()).await.unwrap();
    let times: Vec<_> = times.iter().map(|time| (time.from_on, time.to_on)).collect();
    let expected =
        [(day("2023-03-01"), Some(day("2023-03-10"))), (day("2023-03-20"), Some(day("2023-04-10")))];
    assert_eq!(times, expected);
    assert_eq!(city.held(unit).await.stage_on(day("2023-06-14")), inspection_units::Stage::Decided);
}

#[tokio::test]
async fn an_organisation_follows_the_decisions_on_its_report_once_and_never_ahead_of_its_team() {
    use inspection_units::{Deed, Stage, actions::follow_report};
    let city = City::new().await;
    let term = city.term().await;
    let organisation = city.organisation("E3").await;
    let (_, unit) = city.running(term, organisation, &[]).await;
    // Whoever decided on the report need not be somebody who keeps the stages.
    let follow = async |days: [&str; 3]| {
        let deeds = [Deed::Report, Deed::Hear, Deed::Decide];
        let reached: Vec<_> = deeds.into_iter().zip(days.map(day)).collect();
        let done = city.app.app.write(&city.leader, |cx| {
            Box::pin(async move { follow_report(cx, unit.into(), &reached).await })
        });
        done.await.unwrap()
    };
    city.steps(unit, &TO_DECISION[..3]).await;
    assert!(!follow(["2023-04-28", "2023-05-20", "2023-06-01"]).await, "the team is still there");
    assert_eq!(city.held(unit).await.state, Stage::OnSite);
    city.office("inspection_units", unit, "leave", &[("on", "2023-04-30")]).await;
    assert!(follow(["2023-04-28", "2023-05-20", "2023-06-01"]).await);
    let held = city.held(unit).await;
    assert_eq!(held.state, Stage::Decided);
    let days = [held.reported_on, held.heard_on, held.decided_on];
    assert_eq!(days, ["2023-04-30", "2023-05-20", "2023-06-01"].map(|on| Some(day(on))));
    assert!(held.due_on.is_some(), "the clock of the feedback runs");
    assert!(follow(["2023-07-01", "2023-07-02", "2023-07-03"]).await);
    assert_eq!(city.held(unit).await, held, "a second time it stays as it is");
    city.office("inspection_units", unit, "feed_back", &[("on", "2023-06-15")]).await;
    assert!(!follow(["2023-07-01", "2023-07-02", "2023-07-03"]).await, "it is further already");
    assert_eq!(city.held(unit).await.state, Stage::FedBack);
}

#[tokio::test]
async fn an_organisation_cannot_be_entered_before_its_inspection_runs() {
    let city = City::new().await;
    let inspection = city.inspection(city.term().await, &[]).await;
    let organisation = city.organisation("E2").await;
    let entries = [("organisations", &*organisation.to_string()), ("planned_on", "2023-03-01")];
    let start =
        async || city.does(&city.office, "inspections", inspection, "start", &[("on", "2023-02-01")]).await;
    assert_eq!(reason(start().await), Reason::Conflict, "nothing to inspect");
    city.office("inspections", inspection, "add_units", &entries).await;
    let unit = city.unit(inspection, organisation).await;
    city.steps(unit, &TO_DECISION[..2]).await;
    let enter =
        async || city.does(&city.office, "inspection_units", unit, "enter", &[("on", "2023-03-01")]).await;
    assert_eq!(reason(enter().await), Reason::Conflict);
    start().await.unwrap();
    enter().await.unwrap();
}

#[tokio::test]
async fn a_wrong_day_is_corrected_within_its_neighbours_and_times_on_site_follow() {
    let city = City::new().await;
    let term = city.term().await;
    let organisation = city.organisation("F1").await;
    let (_, unit) = city.running(term, organisation, &[]).await;
    city.steps(unit, &TO_DECISION[..4]).await;
    let edit = async |entered: &'static str, left: &'static str| {
        let entries = [
            ("planned_on", "2023-03-01"),
            ("authorised_on", "2023-02-02"),
            ("notified_on", "2023-02-10"),
            ("entered_on", entered),
            ("left_on", left),
        ];
        city.does(&city.office, "inspection_units", unit, "edit", &entries).await
    };
    assert_eq!(refused_field(edit("2023-02-09", "2023-04-10").await), "entered_on");
    assert_eq!(refused_field(edit("2023-03-02", "2023-03-01").await), "left_on");
    edit("2023-03-02", "2023-04-12").await.unwrap();
    let cx = city.app.app.read(&city.office);
    let times = inspection_units::intervals(&cx, unit.into()).await.unwrap();
    assert_eq!((times[0].from_on, times[0].to_on), (day("2023-03-02"), Some(day("2023-04-12"))));
    assert!(city.held(unit).await.due_on > Some(day("2023-05-01")), "the deadline follows its first day");
}

#[tokio::test]
async fn the_liaison_sees_the_own_unit_once_notified_and_nothing_else() {
    let city = City::new().await;
    let term = city.term().await;
    let organisation = city.organisation("G1").await;
    let liaison = actor(Role::OrganisationLiaison, Some(organisation), None);
    let stranger = actor(Role::OrganisationLiaison, Some(city.organisation("G2").await), None);
    let (inspection, unit) = city.running(term, organisation, &[]).await;
    assert_eq!(reason(city.show(&liaison, "inspection_units", unit).await), Reason::NotFound);
    city.steps(unit, &TO_DECISION).await;
    let view = city.show(&liaison, "inspection_units", unit).await.unwrap();
    assert!(fact(&view, "entered_on").is_some());
    for inner in ["reported_on", "heard_on", "decided_on", "authorised_on", "due_basis"] {
        assert!(fact(&view, inner).is_none(), "{inner} stays inside");
    }
    assert!(view.deeds.is_empty());
    assert!(matches!(fact(&view, "inspection"), Some(Shown::Text(_))), "no link to what cannot be opened");
    assert_eq!(reason(city.show(&liaison, "inspections", inspection).await), Reason::NotFound);
    assert_eq!(reason(city.show(&stranger, "inspection_units", unit).await), Reason::NotFound);
    for service in services() {
        let expected = i64::from(service.noun == "inspection_units");
        assert_eq!(city.count(&liaison, service.noun).await, expected, "{}", service.noun);
        assert_eq!(city.count(&stranger, service.noun).await, 0, "{}", service.noun);
    }
    let read = city.app.app.read(&liaison);
    let may = calendar::month(&read, 2023, 5).await.unwrap();
    assert!(may.is_empty(), "reports and hearings are not in the organisation's calendar: {may:?}");
    assert_eq!(calendar::month(&read, 2023, 3).await.unwrap().len(), 1);
}

#[tokio::test]
async fn administrators_and_functional_departments_see_nothing_of_planning() {
    let city = City::new().await;
    let term = city.term().await;
    let organisation = city.organisation("H1").await;
    let (inspection, unit) = city.running(term, organisation, &[]).await;
    city.steps(unit, &TO_DECISION).await;
    for role in [
        Role::SystemAdministrator,
        Role::SecurityAdministrator,
        Role::SecurityAuditor,
        Role::FunctionalDepartment,
    ] {
        let person = actor(role, Some(organisation), Some(inspection));
        for service in services() {
            assert_eq!(city.count(&person, service.noun).await, 0, "{role:?} {}", service.noun);
            assert!(!(service.creates)(&person));
        }
        let cx = city.app.app.read(&person);
        assert!(board::timeline(&cx, None).await.unwrap().is_empty());
        assert!(calendar::month(&cx, 2023, 3).await.unwrap().is_empty());
        let refused =
            city.does(&person, "inspection_units", unit, "feed_back", &[("on", "2023-06-15")]).await;
        assert_eq!(reason(refused), Reason::NotFound);
    }
}

#[tokio::test]
async fn audit_teams_and_districts_see_the_inspections_they_have_to_do_with() {
    let city = City::new().await;
    let term = city.term().await;
    let district = city.organisation("J0").await;
    let plain = city.inspection(term, &[]).await;
    let linked = city.inspection(term, &[("mode_audit", "1"), ("mode_discipline", "1")]).await;
    let local = city.inspection(term, &[("level", "district"), ("district", &district.to_string())]).await;
    let audit = actor(Role::Audit, None, None);
    assert_eq!(city.count(&audit, "inspections").await, 1);
    let view = city.show(&audit, "inspections", linked).await.unwrap();
    assert_eq!(fact(&view, "modes").unwrap().plain(), "巡审联动、巡纪联动");
    city.office("inspections", plain, "announce", &[("on", "2023-03-01"), ("place", "澜江日报")]).await;
    assert_eq!(city.count(&audit, "inspections").await, 2);
    let office = actor(Role::DistrictOffice, Some(district), None);
    assert_eq!(city.count(&office, "inspections").await, 1);
    assert!(city.show(&office, "inspections", local).await.is_ok());
    let member = actor(Role::TeamMember, None, Some(plain));
    assert_eq!(city.count(&member, "inspections").await, 1);
    assert_eq!(reason(city.show(&member, "inspections", linked).await), Reason::NotFound);
    let start = [("on", "2023-02-01")];
    assert_eq!(reason(city.does(&member, "inspections", plain, "start", &start).await), Reason::Forbidden);
    assert_eq!(reason(city.does(&member, "inspections", linked, "start", &start).await), Reason::NotFound);
}

#[tokio::test]
async fn a_link_is_seen_from_both_sides_and_joins_regular_with_special() {
    let city = City::new().await;
    let term = city.term().await;
    let regular = city.inspection(term, &[]).await;
    let special = city.inspection(term, &[("kind", "special")]).await;
    let second = city.inspection(term, &[]).await;
    let link = async |from, other: Uuid| {
        let entries = [("other", &*other.to_string()), ("kind", "regular_special")];
        city.does(&city.office, "inspections", from, "link", &entries).await
    };
    assert_eq!(refused_field(link(regular, second).await), "kind");
    assert_eq!(refused_field(link(regular, regular).await), "other");
    link(special, regular).await.unwrap();
    assert_eq!(refused_field(link(regular, special).await), "other", "the same link the other way round");
    let cx = city.app.app.read(&city.office);
    for (one, other) in [(regular, special), (special, regular)] {
        let linked = crate::inspections::linked(&cx, one.into()).await.unwrap();
        assert_eq!(linked.iter().map(|(id, _)| id.0).collect::<Vec<_>>(), [other]);
    }
    city.office("inspections", regular, "unlink", &[("other", &special.to_string())]).await;
    let cx = city.app.app.read(&city.office);
    assert!(crate::inspections::linked(&cx, special.into()).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_look_back_takes_only_organisations_of_the_inspection_it_looks_back_at() {
    let city = City::new().await;
    let term = city.term().await;
    let (inside, outside) = (city.organisation("K1").await, city.organisation("K2").await);
    let (parent, _) = city.running(term, inside, &[]).await;
    let look_back = city.inspection(term, &[("kind", "look_back"), ("parent", &parent.to_string())]).await;
    let add = async |organisation: Uuid| {
        let entries = [("organisations", &*organisation.to_string()), ("planned_on", "2023-06-01")];
        city.does(&city.office, "inspections", look_back, "add_units", &entries).await
    };
    assert_eq!(refused_field(add(outside).await), "organisations");
    add(inside).await.unwrap();
    assert_eq!(refused_field(add(inside).await), "organisations", "nothing is put in twice");
    let unit = city.unit(look_back, inside).await;
    city.office("inspections", look_back, "remove_unit", &[("unit", &unit.to_string())]).await;
    assert_eq!(reason(city.show(&city.office, "inspection_units", unit).await), Reason::NotFound);
}

#[tokio::test]
async fn when_an_inspection_changes_its_kind_its_organisations_follow() {
    let city = City::new().await;
    let term = city.term().await;
    let (inspection, unit) = city.running(term, city.organisation("L1").await, &[]).await;
    let entries = [
        ("name", "机动巡察"),
        ("kind", "mobile"),
        ("term", &*term.to_string()),
        ("starts_on", "2023-02-01"),
        ("level", "city"),
    ];
    city.office("inspections", inspection, "edit", &entries).await;
    city.steps(unit, &[("authorise", "2023-02-02"), ("enter", "2023-02-03")]).await;
    let held = city.held(unit).await;
    assert_eq!(held.notified_on, held.entered_on, "a mobile inspection gives notice when it enters");
}

#[tokio::test]
async fn a_place_in_a_team_is_proposed_by_one_and_approved_by_another() {
    let city = City::new().await;
    let term = city.term().await;
    let organisation = city.organisation("M1").await;
    let (inspection, unit) = city.running(term, organisation, &[("ends_on", "2023-12-31")]).await;
    let account = city.account("zhang").await.to_string();
    let inspection_text = inspection.to_string();
    let propose = [
        ("inspection", &*inspection_text),
        ("account", &*account),
        ("role", "team_head"),
        ("basis", "澜委巡〔2023〕1号"),
    ];
    let place = city.app.perform(&city.director, "teams", None, "create", &propose).await.unwrap().id;
    assert_eq!(refused_field(city.create("teams", &propose).await), "account", "already proposed");
    assert_eq!(reason(city.does(&city.director, "teams", place, "approve", &[]).await), Reason::Forbidden);
    assert_eq!(reason(city.does(&city.office, "teams", place, "approve", &[]).await), Reason::Forbidden);
    let members = async || {
        let cx = city.app.app.read(&city.office);
        teams::members_on(&cx, inspection.into(), day("2023-03-01")).await.unwrap().len()
    };
    assert_eq!(members().await, 0, "a proposal opens nothing");
    let other = actor(Role::OfficeDirector, None, None);
    city.declares(account.parse().unwrap()).await;
    city.does(&other, "teams", place, "approve", &[]).await.unwrap();
    let cx = city.app.app.read(&city.office);
    let held = teams::find(&cx, place.into()).await.unwrap();
    assert_eq!((held.from_on, held.to_on), (day("2023-02-01"), Some(day("2023-12-31"))));
    assert_eq!(members().await, 1);
    city.steps(unit, &TO_DECISION[..3]).await;
    let liaison = actor(Role::OrganisationLiaison, Some(organisation), None);
    let view = city.show(&liaison, "inspection_units", unit).await.unwrap();
    assert_eq!(view.people, [(String::from("组员zhang"), "组长（副组长）")]);
    assert_eq!(city.count(&liaison, "teams").await, 0);
    city.office("teams", place, "end", &[("on", "2023-06-30"), ("reason", "工作调整")]).await;
    assert_eq!(city.count(&city.leader, "teams").await, 1, "what has ended is kept");
}

#[tokio::test]
async fn administrators_cannot_be_put_into_a_team() {
    let city = City::new().await;
    let term = city.term().await;
    let inspection = city.inspection(term, &[]).await.to_string();
    let account = city.account("admin").await;
    let mut sql = Sql::new(
        "insert into post (id, version, account_id, role, from_on, state, basis, decision) values (",
    );
    sql.bind(kit::ids::random()).push(", 1, ").bind(account).push(", ").bind(Role::SecurityAuditor);
    sql.push(", ").bind(day("2023-01-01")).push(", 'approved', '', '')");
    city.execute(sql).await;
    let entries = [("inspection", &*inspection), ("account", &*account.to_string()), ("role", "team_member")];
    assert_eq!(refused_field(city.create("teams", &entries).await), "account");
    assert_eq!(city.count(&city.office, "teams").await, 0, "posts of other kinds are not places in teams");
}

#[tokio::test]
async fn the_board_shows_listed_and_inspected_organisations_with_their_stage() {
    let city = City::new().await;
    let term = city.term().await;
    let organisations = [city.organisation("N1").await, city.organisation("N2").await];
    city.approved_list(term, &organisations, "2022-01-10").await;
    let (_, unit) = city.running(term, organisations[0], &[]).await;
    city.steps(unit, &TO_DECISION).await;
    let cx = city.app.app.read(&city.leader);
    let rows = board::timeline_on(&cx, Some(2023), day("2023-04-09")).await.unwrap();
    assert_eq!(rows.len(), 2);
    let cells: Vec<_> = rows.iter().flat_map(|row| &row.cells).map(|cell| cell.stage).collect();
    assert_eq!(cells, [inspection_units::Stage::OnSite]);
    let now = board::timeline(&cx, None).await.unwrap();
    assert_eq!(now[0].cells[0].stage, inspection_units::Stage::Decided);
    assert_eq!(board::years(&cx).await.unwrap(), [2023]);
    let liaison = actor(Role::OrganisationLiaison, Some(organisations[0]), None);
    let cx = city.app.app.read(&liaison);
    let own = board::timeline(&cx, None).await.unwrap();
    assert_eq!(own.len(), 1, "the own organisation, not the list");
    assert_eq!(own[0].cells[0].stage, inspection_units::Stage::Left, "what is inside stays inside");
}

#[tokio::test]
async fn the_calendar_holds_stages_deadlines_and_beginnings_of_the_month() {
    let city = City::new().await;
    let term = city.term().await;
    let organisation = city.organisation("P1").await;
    let (inspection, unit) = city.running(term, organisation, &[]).await;
    city.steps(unit, &TO_DECISION[..4]).await;
    let cx = city.app.app.read(&city.office);
    let february = calendar::month(&cx, 2023, 2).await.unwrap();
    assert!(february.iter().any(|item| item.href == format!("/inspections/{inspection}")));
    assert!(february.is_sorted_by_key(|item| item.day));
    let may = calendar::month(&cx, 2023, 5).await.unwrap();
    assert_eq!(may.len(), 1);
    assert_eq!((may[0].day, may[0].alarm), (day("2023-05-01"), Some(kit::shown::Alarm::Red)));
    assert_eq!(reason(calendar::month(&cx, 2023, 13).await), Reason::BadRequest);
}

#[tokio::test]
async fn every_list_answers_with_all_its_columns_in_every_order_for_every_role() {
    use kit::Labelled as _;
    let city = City::new().await;
    let term = city.term().await;
    let organisation = city.organisation("Q1").await;
    city.approved_list(term, &[organisation], "2022-01-10").await;
    let (inspection, unit) = city.running(term, organisation, &[]).await;
    city.steps(unit, &TO_DECISION).await;
    for service in services() {
        for &role in Role::ALL {
            let person = actor(role, Some(organisation), Some(inspection));
            let cx = city.app.app.read(&person);
            let visible = (service.visible)(&person);
            for column in service.list.columns.iter().filter(|column| column.sortable) {
                let mut ask = Ask::usual(&service.list).unwrap();
                ask.columns = service.list.columns.iter().collect();
                ask.order = (column, true);
                table::run(&cx, service.noun, &service.list, &visible, &Pred::All, &ask).await.unwrap();
            }
            for waiting in &service.waiting {
                let condition = (waiting.condition)(&person, cx.today());
                let ask = Ask::usual(&service.list).unwrap();
                table::total(&cx, service.noun, &service.list, &visible, &condition, &ask).await.unwrap();
            }
        }
    }
}

#[tokio::test]
async fn every_deed_describes_its_form_without_a_record() {
    let city = City::new().await;
    let cx = city.app.app.read(&city.office);
    for service in services() {
        for deed in &service.deeds {
            let fields = (deed.fields)(&cx, None).await.unwrap();
            let mut names: Vec<&str> = fields.iter().map(|field| field.name).collect();
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), fields.len(), "{} {}", service.noun, deed.key);
        }
    }
}

#[test]
fn every_deed_of_a_state_machine_is_offered_and_nothing_else() {
    for service in services() {
        let Some(governed) = &service.governed else { continue };
        let possible: Vec<&str> =
            (governed.transitions)().into_iter().map(|(_, deed, _)| deed.code).collect();
        for deed in &possible {
            assert!(service.deed(deed).is_some(), "{} has no deed {deed}", service.noun);
        }
        for deed in service.deeds.iter().filter(|deed| !["create", kit::files::ATTACH].contains(&deed.key)) {
            assert!(possible.contains(&deed.key), "{} offers {} in no state", service.noun, deed.key);
        }
        assert!((governed.permissions)().iter().all(|row| row.own || !row.other), "{}", service.noun);
    }
}

#[tokio::test]
async fn the_list_tells_the_inspected_organisation_only_the_stages_it_knows_of() {
    let city = City::new().await;
    let term = city.term().await;
    let organisation = city.organisation("R1").await;
    let (_, unit) = city.running(term, organisation, &[]).await;
    city.steps(unit, &TO_DECISION).await;
    let service = services().into_iter().find(|service| service.noun == inspection_units::NOUN).unwrap();
    let liaison = actor(Role::OrganisationLiaison, Some(organisation), None);
    for (name, value) in [
        ("col", "state"),
        ("f.state", "decided"),
        ("sort", "due"),
        ("f.due.from", "2023-01-01"),
        ("col", "due"),
    ] {
        let pairs = [(name.to_owned(), value.to_owned())];
        assert!(Ask::parse(&service.list, &city.office, &pairs).is_ok(), "{name}");
        assert!(Ask::parse(&service.list, &liaison, &pairs).is_err(), "{name}");
    }
    let cx = city.app.app.read(&liaison);
    let mut ask = Ask::usual(&service.list).unwrap();
    ask.columns = service.list.columns.iter().collect();
    let visible = (service.visible)(&liaison);
    let answer = table::run(&cx, service.noun, &service.list, &visible, &Pred::All, &ask).await.unwrap();
    let seen = |key: &str| answer.columns.iter().position(|column| column.key == key);
    assert_eq!((seen("state"), seen("due")), (None, None));
    let known = &answer.rows[0].cells[seen("known_state").unwrap()];
    assert_eq!(known.plain(), "已撤点", "report, hearing and decision are not told");
    let due = &answer.rows[0].cells[seen("own_due").unwrap()];
    assert_eq!(*due, kit::Shown::Empty);
}
