//! Data come in, are cleaned, looked at, run over, sampled, and leave or end only by decision.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test stops where it cannot go on")]

#[path = "../../fieldwork/tests/support/mod.rs"]
mod support;

use std::sync::Arc;

use analysis::{
    data_sets::{self, DataSet, DataSetId, Handover, State, actions::Entry},
    look,
};
use kit::{
    Actor, Refusal, Role,
    error::Reason,
    files::{self, Upload},
    jobs,
    testing::actor,
    web::Query,
};
use support::{City, day, refused, strangers};
use uuid::Uuid;

/// Two tenders; in the first two bidders come from one address, and one firm is written in two ways.
const BIDS: &str = "标段编号,投标单位,报价（万元）,IP,中标,法人身份证号\n\
                    T1,甲建设有限公司,100,36.1.1.1,是,11010519491231002X\n\
                    T1,乙建设有限公司,101,36.1.1.1,否,\n\
                    T1,丙建设有限公司,130,36.1.1.9,否,\n\
                    T2,甲建设 有限公司,200,36.1.1.2,否,\n\
                    T2,丁建设有限公司,面议,36.1.1.3,是,\n\
                    T2,残\n";

struct World {
    city: City,
    program: Arc<Actor>,
}

impl World {
    async fn new() -> Self {
        let mut services = fieldwork::services();
        services.extend(analysis::services());
        Self {
            city: City::with_jobs(services, analysis::jobs()).await,
            program: Arc::new(Actor::program("test")),
        }
    }

    /// Data as they are handed over, not yet taken in.
    async fn received(&self, text: &str) -> DataSetId {
        let app = &self.city.test.app;
        let upload = Upload::of_bytes(app, "投标.csv", text.as_bytes()).await.unwrap();
        let (unit, entry) = (self.city.unit, entry());
        let made = app.write(&self.program, |cx| {
            Box::pin(async move { data_sets::actions::create(cx, unit, entry, String::new(), &upload).await })
        });
        made.await.unwrap().0
    }

    async fn work(&self) {
        jobs::run_due(&self.city.test.app).await.unwrap();
    }

    async fn taken_in(&self) -> DataSet {
        let id = self.received(BIDS).await;
        self.work().await;
        self.set(id).await
    }

    async fn set(&self, id: DataSetId) -> DataSet {
        data_sets::find(&self.city.test.app.read(&self.program), id).await.unwrap()
    }

    async fn deed(
        &self,
        who: &Arc<Actor>,
        id: DataSetId,
        deed: &str,
        entries: &[(&str, &str)],
    ) -> kit::Result<Uuid> {
        let done = self.city.perform(who, data_sets::NOUN, Some(id.0), deed, entries).await;
        done.map(|outcome| outcome.id)
    }

    async fn view(
        &self,
        who: &Arc<Actor>,
        id: DataSetId,
        name: &str,
        query: &str,
    ) -> kit::Result<look::View> {
        let cx = self.city.test.app.read(who);
        let seen = look::open(&cx, id.0).await?;
        look::view(&cx, &seen, name, &Query::parse(Some(query)).unwrap()).await
    }

    async fn count(&self, noun: &str) -> i64 {
        self.city.list(&self.city.director, noun).await.1
    }
}

fn entry() -> Entry {
    Entry {
        name: String::from("投标明细"),
        purpose: String::from("比对投标人关联"),
        provider: String::from("交易中心"),
        system_name: String::new(),
        received_on: day("2023-05-20"),
        received_by: String::from("王某某"),
        handover: Handover::Disc,
        receipt: String::from("3 号"),
        retain_until: day("2023-11-20"),
        retain_basis: String::from("本地规定"),
    }
}

fn plain(view: &look::View) -> String {
    let cells = view.sheets.iter().flat_map(|sheet| sheet.rows.iter().flatten());
    cells.map(kit::Shown::plain).collect::<Vec<_>>().join("|")
}

fn conflict(result: kit::Result<impl std::fmt::Debug>) -> Refusal {
    let refusal = refused(result);
    assert_eq!(refusal.reason, Reason::Conflict, "{}", refusal.message);
    refusal
}

#[tokio::test]
async fn a_file_is_taken_in_with_every_odd_cell_told_and_no_identity_number_kept() {
    let world = World::new().await;
    let set = world.taken_in().await;
    assert_eq!((set.state, set.taken, set.ragged), (State::Ready, 5, 1));
    let money = [("column", "报价（万元）"), ("change", "money_wan")];
    world.deed(&world.program, set.id, "clean", &money).await.unwrap();
    world.work().await;
    let page =
        format!("{:?}", world.city.show(&world.city.member, data_sets::NOUN, set.id.0).await.unwrap().tabs);
    assert!(page.contains("类型不符") && page.contains("面议"), "the odd price is told");
    let rows = world.view(&world.city.member, set.id, "rows", "").await.unwrap();
    assert!(plain(&rows).contains("甲建设有限公司"));
    assert!(!plain(&rows).contains("11010519491231002X") && !page.contains("11010519491231002X"));
}

#[tokio::test]
async fn steps_are_replayed_from_the_file_and_taking_one_back_gives_the_former_digest() {
    let world = World::new().await;
    let before = world.taken_in().await;
    let merge = [
        ("column", "投标单位"),
        ("change", "replace"),
        ("from", "甲建设 有限公司"),
        ("to", "甲建设有限公司"),
    ];
    world.deed(&world.program, before.id, "clean", &merge).await.unwrap();
    world.work().await;
    let cleaned = world.set(before.id).await;
    assert_ne!(cleaned.digest, before.digest);
    let parts = world.view(&world.program, before.id, "concentration", "group=投标单位").await.unwrap();
    assert!(plain(&parts).contains("甲建设有限公司|2"), "{}", plain(&parts));
    world.deed(&world.program, before.id, "undo", &[]).await.unwrap();
    world.work().await;
    assert_eq!(world.set(before.id).await.digest, before.digest);
    let unknown = [("column", "不存在"), ("change", "trim")];
    assert!(world.deed(&world.program, before.id, "clean", &unknown).await.is_err());
}

#[tokio::test]
async fn any_step_in_force_can_be_taken_back_and_the_others_stay() {
    let world = World::new().await;
    let before = world.taken_in().await;
    let merge = [
        ("column", "投标单位"),
        ("change", "replace"),
        ("from", "甲建设 有限公司"),
        ("to", "甲建设有限公司"),
    ];
    world.deed(&world.program, before.id, "clean", &merge).await.unwrap();
    world.work().await;
    let merged = world.set(before.id).await.digest;
    let leave = [("column", "投标单位"), ("change", "leave"), ("from", "甲建设有限公司")];
    world.deed(&world.program, before.id, "clean", &leave).await.unwrap();
    world.work().await;
    let cx = world.city.test.app.read(&world.program);
    let steps = data_sets::steps_of(&cx, before.id).await.unwrap();
    let [first, second] = [0, 1].map(|at: usize| steps[at].0.id.to_string());
    world.deed(&world.program, before.id, "undo", &[("step", &first)]).await.unwrap();
    world.work().await;
    let left = world.set(before.id).await;
    assert_eq!(left.step_count, 1, "the second step stays");
    assert!(left.digest != before.digest && left.digest != merged);
    let again = world.deed(&world.program, before.id, "undo", &[("step", &first)]).await;
    assert!(again.is_err(), "it is taken back already");
    world.deed(&world.program, before.id, "undo", &[("step", &second)]).await.unwrap();
    world.work().await;
    assert_eq!(world.set(before.id).await.digest, before.digest);
}

#[tokio::test]
async fn two_spellings_of_one_firm_are_proposed_to_be_made_one() {
    let world = World::new().await;
    let set = world.taken_in().await;
    let found = world.view(&world.city.member, set.id, "spellings", "column=投标单位").await.unwrap();
    assert!(plain(&found).contains("甲建设 有限公司"));
    assert!(found.below.contains("/clean?"), "each group leads to a step of cleaning");
}

#[tokio::test]
async fn nobody_but_the_director_and_the_own_team_knows_of_data() {
    let world = World::new().await;
    let set = world.taken_in().await;
    assert_eq!(world.city.list(&world.city.member, data_sets::NOUN).await.1, 1);
    for who in [&world.city.liaison, &world.city.group, &world.city.clerk, &world.city.discipline] {
        assert_eq!(world.city.list(who, data_sets::NOUN).await.1, 0, "{}", who.name);
        for (view, ..) in look::VIEWS {
            let refusal = refused(world.view(who, set.id, view, "").await.map(|_| ()));
            assert_eq!(refusal.reason, Reason::NotFound, "{view} {}", who.name);
        }
    }
    for who in strangers() {
        let sees = who.is(Role::OfficeDirector);
        assert_eq!(world.city.list(&who, data_sets::NOUN).await.1 > 0, sees, "{}", who.name);
    }
    let cx = world.city.test.app.read(&world.city.director);
    for id in set.original_id.into_iter().chain(set.columns_id) {
        assert!(files::find(&cx, id).await.is_err(), "the files have no address of their own");
    }
}

#[tokio::test]
async fn a_run_over_data_raises_doubts_and_the_same_run_again_gives_the_same_and_no_more() {
    let world = World::new().await;
    let set = world.taken_in().await;
    let run = [("model", "same-ip")];
    world.deed(&world.program, set.id, "run", &run).await.unwrap();
    world.work().await;
    assert_eq!((world.count("model_runs").await, world.count("doubts").await), (1, 1));
    world.deed(&world.program, set.id, "run", &run).await.unwrap();
    world.work().await;
    assert_eq!((world.count("model_runs").await, world.count("doubts").await), (1, 1));
    let other = [("model", "same-ip"), ("parameters", "least=3")];
    world.deed(&world.program, set.id, "run", &other).await.unwrap();
    world.work().await;
    assert_eq!((world.count("model_runs").await, world.count("doubts").await), (2, 1));
    let wrong = [("model", "same-ip"), ("parameters", "nobody=3")];
    let refusal = refused(world.deed(&world.program, set.id, "run", &wrong).await);
    assert!(refusal.fields.iter().any(|(name, _)| name == "parameters"));
    // Whoever may not see the data still sees the doubts, but not which data they came from.
    let runs = world.city.list(&world.city.group, "model_runs").await.1;
    assert_eq!(runs, 2);
}

#[tokio::test]
async fn a_model_whose_fields_are_missing_is_refused_until_a_mapping_is_saved() {
    let world = World::new().await;
    let set = world.received("项目,企业,地址\nT1,甲,36.1.1.1\nT1,乙,36.1.1.1\nT2,丙,36.1.1.2\n").await;
    world.work().await;
    world.deed(&world.program, set, "run", &[("model", "same-ip")]).await.unwrap();
    world.work().await;
    assert_eq!(world.count("model_runs").await, 0);
    let saved = [
        ("name", "旧平台"),
        ("table", "bidding/bids"),
        ("mapping", "tender=项目\n投标人=企业\nip=地址\n"),
        ("note", ""),
    ];
    let recipe =
        world.city.perform(&world.city.member, "data_recipes", None, "create", &saved).await.unwrap();
    let recipe = recipe.id.to_string();
    world.deed(&world.program, set, "run", &[("model", "same-ip"), ("recipes", &recipe)]).await.unwrap();
    world.work().await;
    assert_eq!((world.count("model_runs").await, world.count("doubts").await), (1, 1));
    let wrong = [("name", "错"), ("table", "bidding/bids"), ("mapping", "没有的字段=项目"), ("note", "")];
    assert!(world.city.perform(&world.city.member, "data_recipes", None, "create", &wrong).await.is_err());
}

#[tokio::test]
async fn rows_leave_the_task_only_while_a_second_persons_decision_holds() {
    let world = World::new().await;
    let set = world.taken_in().await;
    let query = Query::default();
    let app = &world.city.test.app;
    let taken = async |who: &Arc<Actor>| {
        let cx = app.read(who);
        let seen = look::open(&cx, set.id.0).await?;
        look::everything(&cx, &seen, &query).await
    };
    conflict(taken(&world.city.head).await);
    let ask = [("to", "司法鉴定机构"), ("reason", "委托鉴定")];
    world.deed(&world.city.head, set.id, "ask_leave", &ask).await.unwrap();
    let allow = [("until", "2023-06-30"), ("opinion", "同意")];
    assert_eq!(
        refused(world.deed(&world.city.head, set.id, "allow_leave", &allow).await).reason,
        Reason::Forbidden
    );
    world.deed(&world.city.director, set.id, "allow_leave", &allow).await.unwrap();
    assert_eq!(taken(&world.city.head).await.unwrap().sheets[0].rows.len(), 5);
    let later = chrono::DateTime::parse_from_rfc3339("2023-07-02T09:00:00+08:00").unwrap().to_utc();
    world.city.test.set_clock(later);
    conflict(taken(&world.city.head).await);
}

#[tokio::test]
async fn two_people_destroy_data_and_nothing_of_them_can_be_opened_any_more() {
    let world = World::new().await;
    let set = world.taken_in().await;
    world.deed(&world.program, set.id, "run", &[("model", "same-ip")]).await.unwrap();
    world.work().await;
    let folder = world.city.test.app.folder();
    let kept: Vec<_> =
        set.original_id.into_iter().chain(set.columns_id).map(|id| files::kept_path(folder, id)).collect();
    assert!(kept.iter().all(|path| path.exists()));
    let ask = [("reason", "任务结束"), ("way", "光盘已粉碎")];
    world.deed(&world.city.head, set.id, "ask_destroy", &ask).await.unwrap();
    let sure = [("sure", "1")];
    assert_eq!(
        refused(world.deed(&world.city.head, set.id, "destroy", &sure).await).reason,
        Reason::Forbidden
    );
    world.deed(&world.city.director, set.id, "destroy", &sure).await.unwrap();
    let destroyed = world.set(set.id).await;
    assert_eq!(
        (destroyed.state, destroyed.columns_id, destroyed.profile_sealed.as_str()),
        (State::Destroyed, None, "")
    );
    conflict(world.view(&world.city.head, set.id, "rows", "").await.map(|_| ()));
    assert_eq!((world.count("model_runs").await, world.count("doubts").await), (1, 1));
    assert!(world.city.show(&world.city.head, data_sets::NOUN, set.id.0).await.is_ok());
}

#[tokio::test]
async fn a_sample_drawn_again_is_the_same() {
    let world = World::new().await;
    let set = world.taken_in().await;
    let member = &world.city.member;
    let order =
        [("purpose", "抽查原件"), ("method", "simple"), ("count", "2"), ("key", "标段编号"), ("seed", "7")];
    let sample = world.deed(member, set.id, "sample", &order).await.unwrap();
    world.city.perform(member, "data_samples", Some(sample), "redraw", &[]).await.unwrap();
    let page = world.city.show(member, "data_samples", sample).await.unwrap();
    assert!(format!("{:?}", page.tabs).contains("建设有限公司"), "the rows are shown");
    let stratified = [("purpose", "x"), ("method", "stratified"), ("count", "2"), ("key", "标段编号")];
    let refusal = refused(world.deed(member, set.id, "sample", &stratified).await);
    assert!(refusal.fields.iter().any(|(name, _)| name == "stratum"));
    assert_eq!(world.city.list(&world.city.liaison, "data_samples").await.1, 0);
}

#[tokio::test]
async fn a_tender_shows_its_bids_screens_and_who_met_whom() {
    let world = World::new().await;
    let set = world.taken_in().await;
    let all = world.view(&world.city.head, set.id, "tenders", "").await.unwrap();
    assert!(plain(&all).contains("T1"));
    let one = world.view(&world.city.head, set.id, "tenders", "tender=T1").await.unwrap();
    assert!(one.above.contains("<svg") && one.sheets.len() == 3);
    assert!(plain(&one).contains("变异系数"));
    world.view(&world.city.head, set.id, "network", "").await.unwrap();
    let none = world.view(&world.city.head, set.id, "tenders", "tender=T9").await.map(|_| ());
    assert_eq!(refused(none).reason, Reason::NotFound);
    conflict(world.view(&world.city.head, set.id, "stock", "").await.map(|_| ()));
}

#[tokio::test]
async fn a_data_set_offers_only_the_views_that_show_something_of_it() {
    let world = World::new().await;
    let set = world.taken_in().await;
    let tabs = format!("{:?}", world.city.show(&world.city.head, "data_sets", set.id.0).await.unwrap().tabs);
    assert!(tabs.contains("/tenders") && tabs.contains("/network") && tabs.contains("/rows"), "{tabs}");
    assert!(!tabs.contains("/stock"), "there is no column of days: {tabs}");
}

const MODEL: &[(&str, &str)] = &[
    ("name", "同一法人"),
    ("domain", "bidding"),
    ("level", "yellow"),
    ("nature", "weak"),
    ("means", "同一标段两家以上投标人来自同一地址。"),
    ("basis", "招标投标法实施条例第四十条，须核实。"),
    ("false_positives", "同一写字楼共用出口。"),
    ("verify", "调取上传日志并询问经办人。"),
    ("keys", "tender"),
    ("explain", "标段{tender}有{bidders}家来自{ip}。"),
    ("needs", "bids: tender, bidder, ip"),
    ("parameters", "least | 最少家数 | 整数 | 2 | 2 | 50 | 家"),
    (
        "query",
        "select tender, ip, count(distinct bidder) as bidders from bids group by tender, ip having count(distinct bidder) >= $least",
    ),
    ("fixtures", "[bids]\ntender,bidder,ip\nT1,甲,1.1.1.1\nT1,乙,1.1.1.1\nT2,甲,1.1.1.1\n"),
    ("expected", "tender,bidders\nT1,2\n"),
];

fn written<'a>(change: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut entries: Vec<(&str, &str)> = MODEL.to_vec();
    for (name, value) in change {
        match entries.iter_mut().find(|(held, _)| held == name) {
            Some(held) => held.1 = value,
            None => entries.push((name, value)),
        }
    }
    entries
}

#[tokio::test]
async fn a_model_of_the_office_is_used_once_it_is_proved_and_a_second_person_has_adopted_it() {
    let world = World::new().await;
    let (set, city) = (world.taken_in().await, &world.city);
    let new = written(&[("code", "one-address")]);
    let model = city.perform(&city.member, "office_models", None, "create", &new).await.unwrap().id;
    let deed = async |who: &Arc<Actor>, deed: &str, entries: &[(&str, &str)]| {
        city.perform(who, "office_models", Some(model), deed, entries).await.map(|_| ())
    };
    let agree = [("opinion", "同意")];
    conflict(deed(&city.director, "adopt", &agree).await);
    deed(&city.member, "test", &[]).await.unwrap();
    deed(&city.member, "edit", &written(&[("expected", "tender,bidders\nT1,3\n")])).await.unwrap();
    conflict(deed(&city.director, "adopt", &agree).await);
    deed(&city.member, "test", &[]).await.unwrap();
    conflict(deed(&city.director, "adopt", &agree).await);
    deed(&city.member, "edit", &written(&[])).await.unwrap();
    deed(&city.member, "test", &[]).await.unwrap();
    assert_eq!(refused(deed(&city.member, "adopt", &agree).await).reason, Reason::Forbidden);
    let early = refused(world.deed(&world.program, set.id, "run", &[("model", "own-one-address")]).await);
    assert!(early.fields.iter().any(|(name, _)| name == "model"));
    deed(&city.director, "adopt", &agree).await.unwrap();
    world.deed(&world.program, set.id, "run", &[("model", "own-one-address")]).await.unwrap();
    world.work().await;
    assert_eq!((world.count("model_runs").await, world.count("doubts").await), (1, 1));
    assert_eq!(city.list(&city.liaison, "office_models").await.1, 0);
}

#[tokio::test]
async fn a_model_that_reaches_for_anything_but_its_tables_does_not_pass() {
    let world = World::new().await;
    let city = &world.city;
    for (at, query) in [
        "select tender, tender as ip, 2 as bidders from prices where $least > 0",
        "select '1' as tender, '1' as ip, 2 as bidders from '/etc/passwd' where $least > 0",
        "select '1' as tender, '1' as ip, value as bidders from range(1, 3) where $least > 0",
        "copy (select $least) to '/tmp/out.csv'",
    ]
    .into_iter()
    .enumerate()
    {
        let code = format!("reach-{at}");
        let new = written(&[("code", code.as_str()), ("query", query)]);
        let model = city.perform(&city.member, "office_models", None, "create", &new).await.unwrap().id;
        city.perform(&city.member, "office_models", Some(model), "test", &[]).await.unwrap();
        let page = city.show(&city.member, "office_models", model).await.unwrap();
        assert!(format!("{:?}", page.facts).contains("没有通过"), "{query}");
    }
    let _ = actor(Role::TeamMember, None, None);
}
