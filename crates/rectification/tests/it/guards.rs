//! Guards against sham rectification: drawings, look-backs, doubts.

use std::sync::Arc;

use db::Sql;
use kit::{Role, error::Reason, jobs::Progress, testing::actor};
use rectification::doubts::watch::{Seen, look};
use uuid::Uuid;

use crate::support::{World, day, refused};

const STATEMENT: &str = "我单位对照反馈意见逐条整改，修订资产管理办法，清理闲置店面三处并收回欠租，公开招租两处，租金全部缴入专户，并建立季度核查制度防止反弹。";

async fn closed(world: &World, problem: Uuid, on: &str) {
    let mut sql = Sql::new("update problem set state = 'closed', closed_on = ");
    sql.bind(day(on)).push(" where id = ").bind(problem);
    world.execute(sql).await;
    world.close_problem(problem, on, None).await;
}

async fn watch(world: &World) -> Seen {
    look(&world.test.app, &Progress::unwatched()).await.unwrap()
}

async fn doubts(world: &World, kind: &str) -> Vec<Uuid> {
    let mut sql = Sql::new("select id from rect_doubt where kind = ");
    sql.bind(kind);
    world.ids(sql).await
}

#[tokio::test]
async fn a_drawing_can_be_repeated_and_what_was_drawn_is_checked_and_opened_again() {
    let world = World::new().await;
    closed(&world, world.problems[0], "2023-05-20").await;
    closed(&world, world.problems[1], "2023-05-25").await;
    let entries =
        [("title", "第一轮抽查"), ("closed_from", "2023-05-01"), ("closed_to", "2023-06-01"), ("draws", "1")];
    let id = world.create(&world.officer, "rechecks", &entries).await.unwrap().id;
    let numbers = [("witness", "某人"), ("nonce", "2718")];
    let own = refused(world.on(&world.officer, "rechecks", id, "draw", &numbers).await);
    assert_eq!(own.reason, Reason::Forbidden, "who fixed the list does not draw");
    world.on(&world.director, "rechecks", id, "draw", &numbers).await.unwrap();
    let cx = world.test.app.read(&world.director);
    let held = rectification::rechecks::find(&cx, id.into()).await.unwrap();
    let lines: Vec<&str> = held.list.lines().collect();
    let seed = planning::draws::lot::seed(&planning::draws::lot::list_digest(&lines), "2718");
    assert_eq!(held.seed, seed);
    assert_eq!(planning::draws::lot::draw(&lines, &seed, 1).join("\n"), held.picked, "anybody gets the same");
    let check = world.ids(Sql::new("select id from verification where way = 'drawn'")).await[0];
    let found = [("checked_on", "2023-06-01"), ("text", "现场仍然空置")];
    world.on(&world.officer, "verifications", check, "fail", &found).await.unwrap();
    world.on(&world.director, "verifications", check, "reopen", &[("reason", "整改未落实")]).await.unwrap();
    let again = Sql::new("select count(*) from problem where state = 'rectifying'");
    assert_eq!(world.number(again).await, 1);
    let ended = Sql::new("select count(*) from closure where reopened_on is not null");
    assert_eq!(world.number(ended).await, 1, "its closing counts no longer");
    for who in [&world.liaison, &world.foreign] {
        let refusal = refused(world.on(who, "verifications", check, "redo", &[("reason", "x")]).await);
        assert_eq!(refusal.reason, Reason::NotFound);
    }
}

#[tokio::test]
async fn a_look_back_inherits_what_its_parent_found_and_its_own_team_checks_it() {
    let world = World::new().await;
    let later = kit::ids::random();
    world
        .insert(
            "inspection (id, version, number, name, term_id, kind, modes, field, level, team, year, starts_on, state, parent_id)",
            vec![
                later.into(), 1i64.into(), "X2023-09".into(), "回头看".into(), world.term.into(), "look_back".into(), "".into(),
                "".into(), "city".into(), "二组".into(), 2023i64.into(), day("2023-05-20").into(), "running".into(),
                world.inspection.into(),
            ],
        )
        .await;
    world
        .insert(
            "inspection_unit (id, version, inspection_id, organisation_id, kind, state, planned_on)",
            vec![
                kit::ids::random().into(),
                1i64.into(),
                later.into(),
                world.own.into(),
                "look_back".into(),
                "on_site".into(),
                day("2023-05-20").into(),
            ],
        )
        .await;
    let head = actor(Role::TeamHead, None, Some(later));
    let (wrong, right) = (world.inspection.to_string(), later.to_string());
    let refusal = refused(world.create(&head, "verifications", &[("inspection", wrong.as_str())]).await);
    assert!(matches!(refusal.reason, Reason::Forbidden | Reason::Invalid | Reason::NotFound), "{refusal:?}");
    world.create(&head, "verifications", &[("inspection", right.as_str())]).await.unwrap();
    let count = "select count(*) from verification where way = 'look_back'";
    assert_eq!(
        world.number(Sql::new(count)).await,
        2,
        "of the organisation that is looked back at, and fed back"
    );
    let twice = refused(world.create(&head, "verifications", &[("inspection", right.as_str())]).await);
    assert_eq!(twice.reason, Reason::Conflict);
    let check = world.ids(Sql::new("select id from verification")).await[0];
    let found = [("checked_on", "2023-06-01"), ("text", "已核实")];
    world.on(&head, "verifications", check, "hold", &found).await.unwrap();
    let reopen = [("reason", "不能重开")];
    assert_eq!(
        refused(world.on(&head, "verifications", check, "reopen", &reopen).await).reason,
        Reason::Forbidden
    );
    let parents = actor(Role::TeamHead, None, Some(world.inspection));
    let stranger = refused(world.on(&parents, "verifications", check, "redo", &[("reason", "x")]).await);
    assert_eq!(stranger.reason, Reason::NotFound, "the team that is looked back at");
}

#[tokio::test]
async fn the_same_file_and_a_like_text_elsewhere_are_doubts_and_the_same_file_twice_for_one_problem_is_none()
{
    let world = World::new().await;
    let [first, second] = [world.measure(world.problems[0]).await, world.measure(world.problems[1]).await];
    let third = world.measure(world.problems[0]).await;
    world.file(first, "说明.txt", STATEMENT.as_bytes()).await;
    world.file(third, "说明（同一问题）.txt", STATEMENT.as_bytes()).await;
    assert_eq!(watch(&world).await, Seen { files: 2, noted: 0 });
    world.file(second, "说明.txt", STATEMENT.as_bytes()).await;
    let renamed = STATEMENT.replace("三处", "5 处 ");
    world.file(second, "情况.txt", renamed.as_bytes()).await;
    world.file(second, "无关.txt", "本次会议学习传达上级文件精神，研究部署年度工作任务，明确各科室分工和完成时间要求，会后印发会议纪要。".as_bytes()).await;
    assert_eq!(watch(&world).await, Seen { files: 3, noted: 2 });
    assert_eq!(doubts(&world, "same_file").await.len(), 1);
    assert_eq!(doubts(&world, "like_text").await.len(), 1);
    assert_eq!(watch(&world).await, Seen { files: 0, noted: 0 }, "nothing is noted twice");
}

/// A statement as an official document, with a watermark that names who took it out.
fn document(title: &str, text: &str, number: &str) -> Vec<u8> {
    let trace = papers::Trace {
        person: String::from("周维岳"),
        organisation: String::from("市甲局"),
        at: String::from("2023-06-01 09:00"),
        number: number.to_owned(),
    };
    let paper = papers::Paper {
        title: title.to_owned(),
        body: vec![papers::Block::paragraph(text)],
        trace: Some(trace),
        ..papers::Paper::default()
    };
    let at = chrono::DateTime::UNIX_EPOCH;
    papers::Typesetter::new(&[]).unwrap().set(&paper, at).unwrap().pdf().unwrap()
}

#[tokio::test]
async fn a_pdf_is_known_by_its_words_and_one_that_cannot_be_read_by_its_digest_alone() {
    let world = World::new().await;
    let [first, second] = [world.measure(world.problems[0]).await, world.measure(world.problems[1]).await];
    // Long enough that the title and the watermark of a document are a small part of it.
    let long = format!(
        "{STATEMENT}针对工程管理薄弱的问题，重新梳理招标流程，明确经办科室、复核人员和审批权限，对近三年完工项目逐个复审，追回多付工程款。\
         针对作风不实的问题，领导班子成员带队走访企业和村居，收集意见建议并逐件答复，公开办理结果，接受群众监督。\
         针对干部选任程序不规范的问题，补齐考察材料，修订任用规程，开展专题培训，凡提必核，确保全程纪实。"
    );
    world.file(first, "报告.pdf", &document("整改情况的报告", &long, "DC-1")).await;
    let broken: Vec<u8> = document("整改情况的报告", &long, "DC-2").into_iter().take(2_000).collect();
    world.file(first, "打不开.pdf", &broken).await;
    assert_eq!(watch(&world).await, Seen { files: 2, noted: 0 });
    world.file(second, "另一份.PDF", &document("整改情况的汇报", &long, "DC-3")).await;
    // Text is compared with text, whatever file it stands in.
    world.file(second, "同样的话.txt", long.as_bytes()).await;
    let other = "本次会议学习传达上级文件精神，研究部署年度工作任务，明确各科室分工和完成时间要求，会后印发会议纪要并报送备案。";
    world.file(second, "无关.pdf", &document("会议纪要", other, "DC-4")).await;
    assert_eq!(watch(&world).await, Seen { files: 3, noted: 2 });
    assert_eq!(doubts(&world, "like_text").await.len(), 2);
}

#[tokio::test]
async fn a_doubt_is_decided_by_the_office_with_a_reason_and_unknown_to_everybody_else() {
    let world = World::new().await;
    for (problem, on) in [(world.problems[0], "2023-11-09"), (world.problems[1], "2023-11-10")] {
        closed(&world, problem, on).await;
    }
    world.go_to("2023-12-01");
    watch(&world).await;
    let doubt = doubts(&world, "bunched").await[0];
    for who in [
        Arc::clone(&world.liaison),
        actor(Role::TeamHead, None, Some(world.inspection)),
        actor(Role::OrganisationDepartment, None, None),
    ] {
        let refusal = refused(world.on(&who, "rect_doubts", doubt, "dismiss", &[("reason", "x")]).await);
        assert_eq!(refusal.reason, Reason::NotFound, "{}", who.name);
    }
    let bare = refused(world.on(&world.officer, "rect_doubts", doubt, "dismiss", &[]).await);
    assert_eq!(bare.reason, Reason::Invalid);
    world.on(&world.officer, "rect_doubts", doubt, "dismiss", &[("reason", "期限前统一验收")]).await.unwrap();
    watch(&world).await;
    assert_eq!(doubts(&world, "bunched").await.len(), 1, "what was dismissed is not raised again");
}

#[tokio::test]
async fn closings_that_did_not_hold_and_the_same_finding_again_are_doubts() {
    let world = World::new().await;
    closed(&world, world.problems[0], "2023-05-12").await;
    world.close_problem(world.problems[1], "2023-05-11", Some("2023-05-20")).await;
    let mut sql = Sql::new("update problem set title = ");
    sql.bind("公务接待超标准，未执行一函三单制度").push(" where id = ").bind(world.problems[0]);
    world.execute(sql).await;
    let later = kit::ids::random();
    let mut copy = Sql::new(
        "insert into inspection (id, version, number, name, term_id, kind, modes, field, level, team, year, starts_on, state) values (",
    );
    copy.bind(later).push(", 1, 'X2024-01', '下一轮', ").bind(world.term);
    copy.push(", 'regular', '', '', 'city', '三组', 2024, ").bind(day("2023-05-25")).push(", 'running')");
    world.execute(copy).await;
    let mut found = Sql::new("update problem set title = ");
    found.bind("仍有公务接待超标准，未执行一函三单").push(", inspection_id = ").bind(later);
    found.push(", found_on = ").bind(day("2023-05-30")).push(" where id = ").bind(world.problems[3]);
    world.execute(found).await;
    watch(&world).await;
    assert_eq!(doubts(&world, "reopened").await.len(), 1);
    assert_eq!(doubts(&world, "repeated").await.len(), 1);
}
