//! Who may do what, in which state, and what follows: printed from the code into snapshots, which show
//! a changed right as one changed line, and into two pages of the handbook, for people.
//!
//! `XUNCHA_REGENERATE=1` writes the pages anew.

use std::{fmt::Write as _, fs, path::PathBuf};

use kit::{
    Actor, Choice, Labelled as _, Post, Pred, Role, Service,
    lifecycle::{Governed, Permission},
};
use uuid::Uuid;
use xuncha::assemble;

const PRINTED: &str =
    "<!-- 本页由程序生成，不要手工修改：XUNCHA_REGENERATE=1 cargo test -p xuncha --test it tables -->";

/// Compares a page of the handbook with `text`, or writes it when asked to.
fn hold(name: &str, text: &str) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/handbook/src").join(name);
    if std::env::var_os("XUNCHA_REGENERATE").is_some() {
        fs::create_dir_all(path.parent().expect("a folder")).expect("the folder of the handbook");
        fs::write(&path, text).expect("a page");
    }
    let held = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        held == text,
        "docs/handbook/src/{name} says something else than the program; XUNCHA_REGENERATE=1 writes it anew"
    );
}

fn services() -> Vec<Service> {
    assemble::registry().services
}

fn governed(services: &[Service]) -> impl Iterator<Item = &Governed> {
    services.iter().filter_map(|service| service.governed.as_ref())
}

/// The roles that may, among the lines of one state and deed.
fn roles(lines: &[&Permission], may: impl Fn(&Permission) -> bool) -> String {
    let labels: Vec<&str> = lines.iter().filter(|line| may(line)).map(|line| line.role.label()).collect();
    if labels.is_empty() { String::from("—") } else { labels.join("、") }
}

/// One line of the printed permission table: a state, a deed, and who may: concerned or of the role at all.
struct Right {
    state: Choice,
    deed: Choice,
    own: String,
    other: String,
}

/// The permission table of a noun, in the order deed, state.
fn rights(governed: &Governed) -> Vec<Right> {
    let lines = (governed.permissions)();
    let mut keys: Vec<(Choice, Choice)> = Vec::new();
    for line in &lines {
        if !keys.contains(&(line.deed, line.state)) {
            keys.push((line.deed, line.state));
        }
    }
    let mut deeds: Vec<Choice> = Vec::new();
    for (deed, _) in &keys {
        if !deeds.contains(deed) {
            deeds.push(*deed);
        }
    }
    keys.sort_by_key(|(deed, _)| deeds.iter().position(|known| known == deed));
    keys.into_iter()
        .map(|(deed, state)| {
            let of: Vec<&Permission> =
                lines.iter().filter(|line| line.deed == deed && line.state == state).collect();
            Right { state, deed, own: roles(&of, |line| line.own), other: roles(&of, |line| line.other) }
        })
        .collect()
}

#[test]
fn every_right_in_every_state_is_as_it_was_agreed() {
    let mut out = String::new();
    for governed in governed(&services()) {
        for right in rights(governed) {
            let _ = writeln!(
                out,
                "{}·{}·{}：{}；不相关的：{}",
                governed.label, right.state.label, right.deed.label, right.own, right.other
            );
        }
    }
    insta::assert_snapshot!("permissions", out);
}

#[test]
fn every_transition_is_as_it_was_agreed() {
    let mut out = String::new();
    for governed in governed(&services()) {
        for (state, deed, after) in (governed.transitions)() {
            let _ = writeln!(out, "{}：{} —{}→ {}", governed.label, state.label, deed.label, after.label);
        }
    }
    insta::assert_snapshot!("transitions", out);
}

/// Somebody of `role` with a place in an organisation and an inspection, neither known to anybody.
fn holder(role: Role) -> Actor {
    let place = Uuid::from_u128(7);
    Actor::holding(place, Post { organisation: Some(place), inspection: Some(place), ..Post::of(role) })
}

#[test]
fn what_every_role_sees_of_every_noun_is_as_it_was_agreed() {
    let mut out = String::new();
    for service in &services() {
        for &role in Role::ALL {
            let mut sql = db::Sql::default();
            (service.visible)(&holder(role)).write("", &mut sql);
            let condition = match sql.text() {
                "1 = 1" => "全部",
                "1 = 0" => continue,
                text => text,
            };
            let values: Vec<String> = sql
                .values()
                .iter()
                .map(|value| match value {
                    db::Value::String(Some(text)) => text.clone(),
                    db::Value::Uuid(Some(id)) if *id == Uuid::from_u128(7) => String::from("本人所在"),
                    other => format!("{other:?}"),
                })
                .collect();
            let _ = writeln!(out, "{}·{}：{condition} [{}]", service.label, role.label(), values.join(", "));
        }
    }
    insta::assert_snapshot!("visible", out);
}

#[tokio::test]
async fn an_avoidance_takes_hold_of_every_noun_by_these_columns() {
    let database = db::testing::TestDb::new().await.expect("a test database");
    let schema = database.db.columns().await.expect("a schema");
    let reach = kit::access::Reach::new(schema, assemble::registry().directory);
    let mut out = String::new();
    for service in &services() {
        let _ = writeln!(out, "{}：{}", service.label, reach.columns(service.table).join("、"));
    }
    insta::assert_snapshot!("avoidance", out);
}

#[test]
fn the_page_of_permissions_says_what_the_program_allows() {
    let services = services();
    let mut out = format!("# 权限表\n\n{PRINTED}\n\n");
    out.push_str(
        "“有关人员”指与这条记录有关的人：本巡察组、本单位、收件单位、本人经办；“该岗位所有人”不论是否有关都能办。\
         没有写出的岗位都不能办；看不到的记录，对他就是不存在。账号和任职授权的“有关人员”是本人。提交和审核不能是同一个人，表中不再重复。\
         状态见[状态流转表](transitions.md)。\n\n## 能看到什么\n\n\
         “部分”指只看得到与自己有关的记录，或到了某个状态才看得到。\n\n",
    );
    visible_table(&mut out, &services);
    for governed in governed(&services) {
        let _ = writeln!(out, "\n## {} {{#{}}}\n", governed.label, governed.noun);
        out.push_str("| 办理 | 状态 | 有关人员 | 该岗位所有人 |\n| --- | --- | --- | --- |\n");
        for (deed, states, own, other) in merged(rights(governed)) {
            let _ = writeln!(out, "| {deed} | {} | {own} | {other} |", states.join("、"));
        }
    }
    hold("permissions.md", &out);
}

/// Neighbouring states with the same rights in one line.
fn merged(rights: Vec<Right>) -> Vec<(&'static str, Vec<&'static str>, String, String)> {
    let mut lines: Vec<(&str, Vec<&str>, String, String)> = Vec::new();
    for right in rights {
        match lines.last_mut() {
            Some((deed, states, own, other))
                if *deed == right.deed.label && *own == right.own && *other == right.other =>
            {
                states.push(right.state.label);
            }
            _ => lines.push((right.deed.label, vec![right.state.label], right.own, right.other)),
        }
    }
    lines
}

/// One line for each noun: which roles see all of it, which a part.
fn visible_table(out: &mut String, services: &[Service]) {
    out.push_str("| 台账 | 全部 | 部分 |\n| --- | --- | --- |\n");
    for service in services {
        let (mut all, mut part) = (Vec::new(), Vec::new());
        for &role in Role::ALL {
            match (service.visible)(&holder(role)) {
                Pred::All => all.push(role.label()),
                Pred::Nothing => {}
                _ => part.push(role.label()),
            }
        }
        let cell =
            |labels: Vec<&str>| if labels.is_empty() { String::from("—") } else { labels.join("、") };
        let _ = writeln!(out, "| {} | {} | {} |", service.label, cell(all), cell(part));
    }
}

#[test]
fn the_page_of_transitions_says_what_the_program_does() {
    let services = services();
    let mut out = format!("# 状态流转表\n\n{PRINTED}\n\n");
    out.push_str(
        "每一行是一步：在这个状态下可以办什么，办了以后到什么状态。没有写出的办理，在这个状态下办不了。\
                  谁能办，见[权限表](permissions.md)。\n",
    );
    for governed in governed(&services) {
        let _ = writeln!(out, "\n## {} {{#{}}}\n", governed.label, governed.noun);
        out.push_str("| 状态 | 办理 | 办后状态 |\n| --- | --- | --- |\n");
        for (state, deed, after) in (governed.transitions)() {
            let after = if after == state { "不变" } else { after.label };
            let _ = writeln!(out, "| {} | {} | {after} |", state.label, deed.label);
        }
    }
    hold("transitions.md", &out);
}

#[test]
fn whatever_has_states_is_governed_by_a_table() {
    for service in &services() {
        // Its states are those of three other nouns, which have tables of their own; it has no deeds.
        let shows_others = service.noun == "result_uses";
        let has_states = service.list.column("state").is_some() && !shows_others;
        assert_eq!(has_states, service.governed.is_some(), "{}", service.noun);
        if let Some(governed) = &service.governed {
            assert_eq!((governed.noun, governed.label), (service.noun, service.label));
        }
    }
}

#[test]
fn every_deed_of_a_table_is_offered_and_only_those() {
    for service in &services() {
        let Some(governed) = &service.governed else { continue };
        let transitions = (governed.transitions)();
        for (_, deed, _) in &transitions {
            assert!(service.deed(deed.code).is_some(), "{} does not offer {}", service.noun, deed.code);
        }
        // Files may hang on a record in any state; who adds them is a rule of their own.
        let of_states =
            |deed: &&kit::Deed| deed.at == kit::service::At::Record && deed.key != kit::files::ATTACH;
        for deed in service.deeds.iter().filter(of_states) {
            assert!(
                transitions.iter().any(|(_, known, _)| known.code == deed.key),
                "{} offers {}, which no state allows",
                service.noun,
                deed.key
            );
        }
    }
}

#[test]
fn the_three_administrators_have_no_deed_on_business_and_the_others_none_on_accounts() {
    // A job is everybody's own, whatever the person's role.
    for governed in governed(&services()).filter(|governed| governed.noun != "jobs") {
        let administration = ["accounts", "posts", "job_schedules"].contains(&governed.noun);
        for line in (governed.permissions)() {
            if line.own || line.other {
                assert_eq!(
                    line.role.is_administrator(),
                    administration,
                    "{} {} {}",
                    governed.noun,
                    line.role.label(),
                    line.deed.label
                );
            }
        }
    }
}
