//! The audit log as the security auditor reads it.

use askama::Template;
use axum::{response::Response, routing::get};
use db::Sql;
use kit::{
    Actor, Cx, Labelled as _, Refusal, Result, Role, Secrecy,
    audit::Outcome,
    clock::{office_time, parse_day},
    service::{Group, Page, Registry},
    shown::chip_class,
    web::{Query, Viewer, parse_id, respond, shell},
};
use registry::audit_log::{self, Filter};

/// Entries on a page.
const SIZE: u64 = 100;

/// What stands in the log when a page or a record did not open.
const OPEN: &str = "open";
/// The same, of what is sealed.
const OPEN_SEALED: &str = "打开密封内容";

/// Kinds of things in the log that have no service of their own.
const OTHER_NOUNS: [(&str, &str); 6] = [
    ("audit_entries", "审计日志"),
    ("sessions", "登录会话"),
    ("installation", "系统"),
    ("files", "文件"),
    ("figures", "统计指标"),
    ("intake", "网上来信"),
];

/// Deeds in the log that are not deeds of a service.
const OTHER_DEEDS: [(&str, &str); 30] = [
    ("sign_in", "登录"),
    ("sign_out", "退出登录"),
    ("change_password", "修改密码"),
    ("end_session", "结束登录"),
    ("enrol_factor", "启用第二因素"),
    ("drop_factor", "停用第二因素"),
    ("use_recovery_code", "使用恢复码"),
    ("renew_recovery_codes", "更换恢复码"),
    ("open_sealed", "查看密封内容"),
    ("order", "排入任务"),
    ("start", "开始执行任务"),
    ("finish", "任务完成"),
    ("fail", "任务失败"),
    ("postpone", "任务稍后再试"),
    ("stop", "任务按要求停止"),
    ("read", "查阅"),
    (OPEN, "打开页面或记录"),
    (OPEN, OPEN_SEALED),
    ("export", "导出"),
    ("save_view", "保存视图"),
    ("rename_view", "修改视图"),
    ("remove_view", "删除视图"),
    ("establish", "安装"),
    ("load_demonstration", "装入演示数据"),
    ("end_authorisations", "授权到期"),
    ("import", "导入"),
    ("refuse_package", "拒收来信包"),
    ("trust", "登记收件机"),
    ("publish", "写出公告包"),
    ("new_intake_key", "启用来信公钥"),
];

pub(super) fn pages() -> Vec<Page> {
    vec![Page {
        method: "GET",
        path: "/audit-log",
        label: "审计日志",
        group: Some(Group::Admin),
        icon: "shield-lock",
        offered,
        public: false,
        handler: get(show),
    }]
}

fn offered(actor: &Actor) -> bool {
    actor.is(Role::SecurityAuditor)
}

struct Line {
    seq: i64,
    at: String,
    who: String,
    deed: String,
    noun: String,
    record: String,
    outcome: &'static str,
    chip: &'static str,
    origin: String,
    request: String,
}

#[derive(Template)]
#[template(path = "audit_log.html")]
struct LogTemplate {
    login: String,
    deed: String,
    record: String,
    from: String,
    to: String,
    nouns: Vec<(String, String, bool)>,
    outcomes: Vec<(&'static str, &'static str, bool)>,
    lines: Vec<Line>,
    next: Option<String>,
    later: bool,
}

async fn show(viewer: Viewer) -> Response {
    respond::answer(&viewer, async {
        if !offered(&viewer.actor) {
            return Err(Refusal::not_found().into());
        }
        let cx = viewer.read();
        let query = Query::parse(viewer.query.as_deref())?;
        let content = template(&cx, &query).await?.render()?;
        shell::page(&viewer, shell::Sheet::new("审计日志", content).crumb("审计日志", "")).await
    })
    .await
}

fn filled<'a>(query: &'a Query, name: &str) -> Option<&'a str> {
    query.get(name).map(str::trim).filter(|text| !text.is_empty())
}

async fn template(cx: &Cx, query: &Query) -> Result<LogTemplate> {
    let registry = cx.app().registry();
    let filter = read_filter(cx, query).await?;
    let found = audit_log::page(cx, &filter).await?;
    let full = u64::try_from(found.len()).unwrap_or(0) == SIZE;
    let last = found.last().filter(|_| full).map(|line| line.entry.seq);
    let held = |name: &str| filled(query, name).unwrap_or_default().to_owned();
    let chosen = held("outcome");
    Ok(LogTemplate {
        login: held("who"),
        deed: held("deed"),
        record: held("record"),
        from: held("from"),
        to: held("to"),
        nouns: nouns(registry, &held("noun")),
        outcomes: Outcome::ALL.iter().map(|one| (one.code(), one.label(), one.code() == chosen)).collect(),
        lines: found.into_iter().map(|line| shown(registry, line)).collect(),
        next: last.map(|seq| query.with("before", &seq.to_string()).address("/audit-log")),
        later: filter.before.is_some(),
    })
}

async fn read_filter(cx: &Cx, query: &Query) -> Result<Filter> {
    let day = |name: &str, words: &str| {
        let bad = || Refusal::bad_request(format!("{words}不是有效的日期，请重新选择。"));
        filled(query, name).map(|text| parse_day(text).ok_or_else(bad)).transpose()
    };
    let outcome = filled(query, "outcome")
        .map(|code| Outcome::parse(code).ok_or_else(|| Refusal::bad_request("地址中的结果不正确。")))
        .transpose()?;
    let before = filled(query, "before")
        .map(|text| text.parse::<i64>().map_err(|_| Refusal::bad_request("地址中的翻页位置不正确。")))
        .transpose()?;
    let actor = match filled(query, "who") {
        Some(who) => Some(account_of(cx, who).await?),
        None => None,
    };
    Ok(Filter {
        actor,
        deed: filled(query, "deed").map(|text| deed_code(cx.app().registry(), text)),
        noun: filled(query, "noun").map(str::to_owned),
        record: filled(query, "record").map(parse_id).transpose()?,
        outcome,
        from: day("from", "起始日期")?,
        to: day("to", "截止日期")?,
        before,
        limit: SIZE,
    })
}

/// The account with a login name; what stands in the chain for everything else.
async fn account_of(cx: &Cx, who: &str) -> Result<String> {
    let mut sql = Sql::new("select id from account where login = ");
    sql.bind(who);
    let rows = cx.rows(sql).await?;
    let id: Option<uuid::Uuid> = rows.first().map(|row| row.try_get_by_index(0)).transpose()?;
    Ok(id.map_or_else(|| who.to_owned(), |id| id.to_string()))
}

/// The code of a deed that is written as code or as label.
fn deed_code(registry: &Registry, text: &str) -> String {
    let other = OTHER_DEEDS.iter().find(|(_, label)| *label == text).map(|(code, _)| *code);
    let of_service =
        || registry.services.iter().flat_map(|service| &service.deeds).find(|deed| deed.label == text);
    other.or_else(|| of_service().map(|deed| deed.key)).unwrap_or(text).to_owned()
}

fn nouns(registry: &Registry, chosen: &str) -> Vec<(String, String, bool)> {
    let own = registry.services.iter().map(|service| (service.noun, service.label));
    own.chain(OTHER_NOUNS).map(|(noun, label)| (noun.to_owned(), label.to_owned(), noun == chosen)).collect()
}

/// The page whose address begins with `noun`.
fn page_label(registry: &Registry, noun: &str) -> Option<String> {
    let first = |path: &'static str| path.trim_start_matches('/').split('/').next();
    let page = registry.pages.iter().find(|page| !page.label.is_empty() && first(page.path) == Some(noun));
    page.map(|page| page.label.to_owned())
}

/// Who acted, in words: a person, a part of the program, or somebody who tried to sign in under a name that nobody has.
fn who(actor: &str) -> String {
    let Some(program) = actor.strip_prefix("program:") else { return actor.to_owned() };
    match program.strip_prefix("sign-in") {
        Some("") => String::from("未登录的人"),
        Some(tried) => format!("未登录的人（所填登录名“{}”）", tried.trim_start_matches(':')),
        None => format!("程序：{program}"),
    }
}

fn shown(registry: &Registry, line: audit_log::Line) -> Line {
    let entry = line.entry;
    let service = registry.service(&entry.noun);
    let other = |table: &[(&str, &str)], code: &str| {
        table
            .iter()
            .find(|(held, _)| *held == code)
            .map_or_else(|| code.to_owned(), |(_, label)| (*label).to_owned())
    };
    // A page that did not open names no record; a deed of the same code does.
    let opening = entry.deed == OPEN && entry.outcome == Outcome::Refused && entry.record_id.is_none();
    let deed = match service {
        Some(service) if opening && service.secrecy == Secrecy::Sealed => Some(OPEN_SEALED.to_owned()),
        Some(service) if !opening => service.deed(&entry.deed).map(|deed| deed.label.to_owned()),
        _ => None,
    };
    let noun = service.map(|service| service.label.to_owned()).or_else(|| page_label(registry, &entry.noun));
    Line {
        seq: entry.seq,
        at: office_time(entry.at),
        who: who(&line.actor_name),
        deed: deed.unwrap_or_else(|| other(&OTHER_DEEDS, &entry.deed)),
        noun: noun.unwrap_or_else(|| other(&OTHER_NOUNS, &entry.noun)),
        record: entry.record_id.map(|id| id.to_string()).unwrap_or_default(),
        outcome: entry.outcome.label(),
        chip: chip_class(entry.outcome.choice().tone),
        origin: entry.origin,
        request: entry.request,
    }
}
