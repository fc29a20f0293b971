//! 单位画像: what is known of an organisation on one page that can be printed, and the page from which a team
//! opens the profiles of its units.

use askama::Template;
use axum::{extract::Path, response::Response, routing::get};
use kit::{
    Cx, Labelled as _, Refusal, Result, Secrecy, Shown,
    service::{Group, Page},
    shown::chip_class,
    web::{Query, Viewer, parse_id, respond, shell},
};
use preparation::{
    focus_items,
    profile::{self, Current, Focus, Profile},
    shared,
};
use registry::organisations::{self, OrganisationId};

/// Most organisations found by a word.
const FOUND: u64 = 30;

pub(super) fn pages() -> Vec<Page> {
    vec![
        Page {
            method: "GET",
            path: "/profiles",
            label: "单位画像",
            group: Some(Group::Prepare),
            icon: "id",
            offered: profile::offered,
            public: false,
            handler: get(index),
        },
        Page {
            method: "GET",
            path: "/profiles/{id}",
            label: "",
            group: None,
            icon: "id",
            offered: profile::offered,
            public: false,
            handler: get(show),
        },
    ]
}

struct UnitLine {
    href: String,
    organisation: String,
    inspection: String,
    team: String,
    stage: &'static str,
    chip: &'static str,
    points: i64,
    settled: i64,
}

#[derive(Template)]
#[template(path = "profiles.html")]
struct IndexTemplate {
    words: String,
    /// Whether any organisation can be looked up.
    any: bool,
    found: Vec<(String, String)>,
    units: Vec<UnitLine>,
}

async fn index(viewer: Viewer) -> Response {
    respond::answer(&viewer, async {
        let cx = viewer.read();
        if !profile::offered(&viewer.actor) {
            return Err(Refusal::not_found().into());
        }
        let query = Query::parse(viewer.query.as_deref())?;
        let words = query.get("q").unwrap_or_default().trim().to_owned();
        let content = index_template(&cx, words).await?.render()?;
        shell::page(&viewer, shell::Sheet::new("单位画像", content).crumb("单位画像", "")).await
    })
    .await
}

async fn index_template(cx: &Cx, words: String) -> Result<IndexTemplate> {
    if words.chars().count() > 60 || words.contains('\0') {
        return Err(Refusal::bad_request("查找内容最多 60 个字，请重新填写。").into());
    }
    let any = shared::overseen(&cx.actor) == kit::Pred::All;
    let mut found = Vec::new();
    if any && !words.is_empty() {
        let options = kit::lookup::options(cx, organisations::NOUN, &words, FOUND).await?;
        found = options.into_iter().map(|(id, name)| (format!("/profiles/{id}"), name)).collect();
    }
    let units = profile::current(cx).await?.into_iter().map(unit_line).collect();
    Ok(IndexTemplate { words, any, found, units })
}

fn unit_line(unit: Current) -> UnitLine {
    UnitLine {
        href: format!("/profiles/{}", unit.organisation_id),
        organisation: unit.organisation,
        inspection: unit.inspection,
        team: unit.team,
        stage: unit.state.label(),
        chip: chip_class(unit.state.choice().tone),
        points: unit.points,
        settled: unit.settled,
    }
}

struct Fact {
    label: &'static str,
    value: String,
}

struct Card {
    label: &'static str,
    value: String,
    unit: &'static str,
    note: String,
}

struct Bar {
    label: String,
    count: i64,
}

struct PointLine {
    href: String,
    text: String,
    basis: String,
    state: &'static str,
    chip: &'static str,
    by: String,
}

struct Checklist {
    href: String,
    board: String,
    settled: i64,
    total: i64,
    points: Vec<PointLine>,
}

/// Address, first cell, the others with their headings.
type RowLine = (String, String, Vec<(&'static str, String)>);

struct TableBlock {
    key: &'static str,
    label: &'static str,
    total: i64,
    headings: Vec<&'static str>,
    rows: Vec<RowLine>,
    all: Option<String>,
    more: bool,
}

#[derive(Template)]
#[template(path = "profile.html")]
struct ProfileTemplate {
    name: String,
    code: String,
    kind: &'static str,
    facts: Vec<Fact>,
    cards: Vec<Card>,
    leadership: Vec<(String, String)>,
    duties: Vec<(String, bool, String)>,
    most: i64,
    bars: Vec<Bar>,
    checklist: Option<Checklist>,
    blocks: Vec<TableBlock>,
    today: String,
}

async fn show(viewer: Viewer, Path(id): Path<String>) -> Response {
    respond::answer(&viewer, async {
        let cx = viewer.read();
        let organisation = OrganisationId(parse_id(&id)?);
        let profile = profile::of(&cx, organisation).await?;
        let name = profile.organisation.name.clone();
        let content = template(&cx, profile).await?.render()?;
        let sheet = shell::Sheet::new(format!("{name}单位画像"), content)
            .crumb("单位画像", "/profiles")
            .crumb(name, "")
            .secrecy(Secrecy::Sensitive);
        shell::page(&viewer, sheet).await
    })
    .await
}

async fn template(cx: &Cx, profile: Profile) -> Result<ProfileTemplate> {
    let cards = cards(&profile);
    let facts = facts(&profile);
    let checklist = match profile.focus {
        Some(focus) => Some(checklist(cx, focus).await?),
        None => None,
    };
    let bars: Vec<Bar> =
        profile.classes.into_iter().map(|class| Bar { label: class.label, count: class.count }).collect();
    Ok(ProfileTemplate {
        name: profile.organisation.name,
        code: profile.organisation.code,
        kind: profile.organisation.kind.label(),
        facts,
        cards,
        leadership: profile.leadership,
        duties: profile.duties.into_iter().map(|duty| (duty.text, duty.core, duty.basis)).collect(),
        most: bars.iter().map(|bar| bar.count).max().unwrap_or(1),
        bars,
        checklist,
        blocks: profile.blocks.into_iter().map(table_block).collect(),
        today: cx.today().to_string(),
    })
}

fn facts(profile: &Profile) -> Vec<Fact> {
    let leader = profile.leader.as_ref().map(|(name, title)| format!("{name}（{title}）"));
    let since = profile.organisation.valid_from.to_string();
    [
        ("上级单位", profile.parent.clone()),
        ("分管市领导", leader),
        ("设立日期", Some(since)),
        ("备注", Some(profile.organisation.note.clone()).filter(|note| !note.is_empty())),
    ]
    .into_iter()
    .filter_map(|(label, value)| Some(Fact { label, value: value? }))
    .collect()
}

fn cards(profile: &Profile) -> Vec<Card> {
    let mut cards = Vec::new();
    let card = |label, value: i64, note: String| Card { label, value: value.to_string(), unit: "个", note };
    if let Some(problems) = profile.problems {
        let closed = kit::units::ratio(problems.closed.saturating_mul(100), problems.fed_back, 2);
        let rate = if problems.fed_back > 0 { format!("销号率 {closed}%") } else { String::new() };
        cards.push(card("发现问题", problems.found, format!("已反馈 {}", problems.fed_back)));
        cards.push(card("已销号", problems.closed, rate));
        cards.push(card("尚未办结", problems.open, format!("其中逾期 {}", problems.overdue)));
        if let Some(amount) = problems.amount_fen {
            let value = kit::units::ratio(amount.0, 1_000_000, 2);
            cards.push(Card { label: "涉及金额", value, unit: "万元", note: String::new() });
        }
    }
    if let Some(leads) = profile.leads {
        let note = String::from("只显示数量");
        cards.push(Card { label: "问题线索", value: leads.to_string(), unit: "条", note });
    }
    if let Some(pieces) = profile.pieces {
        let note = String::from("只显示数量");
        cards.push(Card { label: "带件", value: pieces.to_string(), unit: "件", note });
    }
    if let Some(focus) = &profile.focus {
        let settled = focus.progress.covered + focus.progress.left_out;
        let note = format!("共 {} 条", focus.progress.total());
        cards.push(Card { label: "已覆盖监督重点", value: settled.to_string(), unit: "条", note });
    }
    cards
}

async fn checklist(cx: &Cx, focus: Focus) -> Result<Checklist> {
    let mut points = Vec::with_capacity(focus.points.len());
    for point in focus.points {
        let named =
            preparation::reference::shown(cx, &point.target_noun, point.target_id, &point.reference).await?;
        let by = match named {
            Shown::Empty => point.note,
            named => named.plain(),
        };
        points.push(PointLine {
            href: format!("/{}/{}", focus_items::NOUN, point.id),
            text: point.text,
            basis: point.basis,
            state: point.state.label(),
            chip: chip_class(point.state.choice().tone),
            by,
        });
    }
    let list = focus.list.id;
    Ok(Checklist {
        href: format!("/{}/{list}", preparation::focus_lists::NOUN),
        board: format!("/{}?f.list={list}&size=200", focus_items::NOUN),
        settled: focus.progress.covered + focus.progress.left_out,
        total: focus.progress.total(),
        points,
    })
}

fn table_block(block: profile::Block) -> TableBlock {
    let shown = i64::try_from(block.rows.len()).unwrap_or(i64::MAX);
    let headings = block.headings.clone();
    let rows = block.rows.into_iter().map(|(href, cells)| {
        let first = cells.first().map(Shown::plain).unwrap_or_default();
        let rest = headings.iter().copied().zip(cells.iter().map(cell)).skip(1).collect();
        (href, first, rest)
    });
    TableBlock {
        key: block.key,
        label: block.label,
        total: block.total,
        headings: block.headings,
        rows: rows.collect(),
        all: block.all,
        more: block.total > shown,
    }
}

fn cell(shown: &Shown) -> String {
    let mut html = String::new();
    shown.html(&mut html);
    html
}
