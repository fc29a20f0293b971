//! Tenders and their bidders: screens of one tender, who meets whom, who only ever loses.

use std::{collections::BTreeMap, fmt::Write as _};

use kit::{Cx, Refusal, Result, Shown, shown::escaped, web::Query};
use models::look::{Cell, literal};
use screens::{
    Prices,
    network::{Network, Participation, Settings},
};

use super::{
    Seen, Sheet, View, as_table,
    chart::{self, Dot},
    money, telling,
};
use crate::{data_sets, said};

pub(super) const TABLE: (&str, &str) = ("bidding", "bids");
/// What the view of tenders cannot do without.
pub(super) const OF_TENDERS: &[&str] = &["tender", "bidder", "bid"];
/// What the network cannot do without.
pub(super) const OF_NETWORK: &[&str] = &["tender", "bidder"];
/// Tenders on a page.
const PAGE: usize = 50;
/// Bids that a network is made of.
const MOST_BIDS: usize = 3_000_000;
/// Firms in the picture.
const DRAWN: usize = 40;

fn address(seen: &Seen, name: &str, query: &Query) -> String {
    query.address(&format!("/{}/{}/{name}", data_sets::NOUN, seen.set.id.0))
}

/// The tenders, those with the least scattered prices first; or one of them.
pub(super) async fn tenders(cx: &Cx, seen: &Seen, query: &Query) -> Result<View> {
    let with = as_table(cx, seen, TABLE, OF_TENDERS, query).await?;
    if let Some(tender) = query.get("tender").filter(|tender| !tender.is_empty()) {
        return tender_view(seen, &with, tender, query).await;
    }
    let page: usize = query.get("page").and_then(|page| page.parse().ok()).unwrap_or(1).clamp(1, 10_000);
    let sql = format!(
        "{with}, each as (select tender, bidder, min(bid) as bid, max(title) as title, max(control_price) as ceiling, \
         max(case when winner then 1 else 0 end) as won from bids where tender is not null and bidder is not null and bid > 0 \
         and coalesce(valid, true) group by tender, bidder) \
         select tender, max(title), count(*), min(bid), max(bid), max(ceiling), \
         stddev_samp(cast(bid as double)) / avg(cast(bid as double)) as cv, max(case when won = 1 then bidder end) \
         from each group by tender order by case when count(*) >= 3 then 0 else 1 end, cv asc nulls last, tender \
         limit {} offset {}",
        PAGE + 1,
        (page - 1) * PAGE
    );
    let mut rows = seen.columns.ask(sql).await.map_err(said)?;
    let more = rows.len() > PAGE;
    rows.truncate(PAGE);
    let mut sheet = Sheet::new(
        "标段",
        &["标段", "项目", "投标人", "最低价（元）", "最高价（元）", "限价（元）", "变异系数", "中标人"],
    );
    for row in rows {
        let Ok([tender, title, count, least, most, ceiling, cv, winner]) = <[Cell; 8]>::try_from(row) else {
            continue;
        };
        let called = tender.text();
        let href = address(seen, "tenders", &query.first_page().with("tender", &called));
        sheet.rows.push(vec![
            Shown::Link { label: called, href },
            Shown::text(title.text()),
            count.integer().map_or(Shown::Empty, Shown::Integer),
            least.number().map_or(Shown::Empty, money),
            most.number().map_or(Shown::Empty, money),
            ceiling.number().map_or(Shown::Empty, money),
            Shown::text(cv.number().map(telling).unwrap_or_default()),
            Shown::text(winner.text()),
        ]);
    }
    let mut below = String::new();
    for (to, label, there) in [(page.saturating_sub(1), "上一页", page > 1), (page + 1, "下一页", more)]
    {
        if there {
            let href = address(seen, "tenders", &query.with("page", &to.to_string()));
            let _ =
                write!(below, "<a class=\"button button-small\" href=\"{}\">{label}</a> ", escaped(&href));
        }
    }
    Ok(View {
        above: String::from(
            "<p class=\"panel-body\">按报价变异系数从小到大排列：报价越接近越靠前。离散度低只是线索，没有固定门槛，须在同类标段中比较。</p>",
        ),
        sheets: vec![sheet],
        below,
        ..View::default()
    })
}

struct Bid {
    bidder: String,
    fen: Option<f64>,
    won: bool,
    valid: bool,
}

async fn tender_view(seen: &Seen, with: &str, tender: &str, query: &Query) -> Result<View> {
    let sql = format!(
        "{with} select bidder, bid, coalesce(winner, false), coalesce(valid, true), title, owner, control_price from bids \
         where tender = {} order by bid nulls last, bidder limit 500",
        literal(tender)
    );
    let rows = seen.columns.ask(sql).await.map_err(said)?;
    if rows.is_empty() {
        return Err(Refusal::not_found().into());
    }
    let text =
        |at: usize| rows.iter().filter_map(|row| row.get(at)).map(Cell::text).find(|text| !text.is_empty());
    let (title, owner) = (text(4).unwrap_or_default(), text(5).unwrap_or_default());
    let ceiling = rows.iter().filter_map(|row| row.get(6)?.number()).find(|ceiling| *ceiling > 0.0);
    let bids: Vec<Bid> = rows
        .iter()
        .map(|row| Bid {
            bidder: row.first().map(Cell::text).unwrap_or_default(),
            fen: row.get(1).and_then(Cell::number).filter(|bid| *bid > 0.0),
            won: row.get(2) == Some(&Cell::Flag(true)),
            valid: row.get(3) != Some(&Cell::Flag(false)),
        })
        .collect();
    let mut above = format!(
        "<p class=\"panel-body\"><b>{}</b> {} {}</p>",
        escaped(tender),
        escaped(&title),
        if owner.is_empty() { String::new() } else { format!("招标人：{}", escaped(&owner)) }
    );
    let dots: Vec<Dot> = bids
        .iter()
        .filter_map(|bid| Some(Dot { name: bid.bidder.clone(), value: bid.fen? / 100.0, marked: bid.won }))
        .collect();
    let line = ceiling.map(|ceiling| ("最高投标限价", ceiling / 100.0));
    above.push_str(&chart::scatter(
        "各投标人报价（元），红点为中标人",
        &dots,
        line,
        |value| format!("{value:.0}"),
    ));
    let met = meetings(seen, with, tender).await?;
    let back = address(seen, "tenders", &query.without(|name| name == "tender"));
    Ok(View {
        above,
        sheets: vec![listed(&bids), screened(&bids, ceiling), met],
        below: format!("<p><a href=\"{}\">返回标段列表</a></p>", escaped(&back)),
        ..View::default()
    })
}

fn listed(bids: &[Bid]) -> Sheet {
    let mut sheet = Sheet::new("报价", &["名次", "投标人", "报价（元）", "高于最低", "是否有效", "是否中标"]);
    let least = bids.iter().find_map(|bid| bid.fen);
    for (at, bid) in bids.iter().enumerate() {
        let above = match (bid.fen, least) {
            (Some(bid), Some(least)) => format!("{:.2}%", (bid / least - 1.0) * 100.0),
            _ => String::new(),
        };
        sheet.rows.push(vec![
            Shown::Integer(at as i64 + 1),
            Shown::text(&bid.bidder),
            bid.fen.map_or_else(|| Shown::text("无有效报价"), money),
            Shown::text(above),
            Shown::Flag(bid.valid),
            Shown::Flag(bid.won),
        ]);
    }
    sheet
}

/// The screens of one tender; what cannot be computed says why.
fn screened(bids: &[Bid], ceiling: Option<f64>) -> Sheet {
    let mut sheet = Sheet::new("筛查指标", &["指标", "值", "说明"]);
    // One price for each bidder: a bidder named twice counts once.
    let mut by_bidder: BTreeMap<&str, f64> = BTreeMap::new();
    for bid in bids.iter().filter(|bid| bid.valid) {
        if let Some(amount) = bid.fen {
            let held = by_bidder.entry(&bid.bidder).or_insert(amount);
            *held = held.min(amount);
        }
    }
    let prices = Prices::new(by_bidder.values().map(|fen| fen / 100.0));
    for (screen, value) in prices.screens().each() {
        let (value, note) = match value {
            Ok(value) => (telling(value), String::new()),
            Err(why) => (String::from("不可计算"), why.label().to_owned()),
        };
        sheet.rows.push(vec![Shown::text(screen.label()), Shown::text(value), Shown::text(note)]);
    }
    for (label, found) in [("等差", prices.arithmetic(0.02)), ("等比", prices.geometric(0.02))] {
        let there = if found.present() { "报价呈规律性差异" } else { "未见" };
        sheet.rows.push(vec![Shown::text(label), Shown::text(there), Shown::text("容差 2%，至少 4 家")]);
    }
    let level = match (prices.lowest(), ceiling) {
        (Some(lowest), Some(ceiling)) => (format!("{:.2}%", lowest * 10_000.0 / ceiling), String::new()),
        _ => (String::from("不可计算"), String::from("没有限价或没有有效报价")),
    };
    sheet.rows.push(vec![Shown::text("最低价占限价"), Shown::text(level.0), Shown::text(level.1)]);
    sheet
}

/// How often the bidders of a tender met elsewhere.
async fn meetings(seen: &Seen, with: &str, tender: &str) -> Result<Sheet> {
    let sql = format!(
        "{with}, here as (select distinct bidder from bids where tender = {0} and bidder is not null), \
         each as (select tender, bidder, max(case when winner then 1 else 0 end) as won from bids \
         where bidder in (select bidder from here) and tender is not null group by tender, bidder) \
         select a.bidder, b.bidder, count(*), sum(a.won), sum(b.won) from each a join each b on a.tender = b.tender \
         and a.bidder < b.bidder where a.tender <> {0} group by a.bidder, b.bidder order by count(*) desc, a.bidder, b.bidder limit 100",
        literal(tender)
    );
    let mut sheet = Sheet::new("谁与谁在别处同场", &["投标人", "投标人", "另外同场", "前者中标", "后者中标"]);
    for row in seen.columns.ask(sql).await.map_err(said)? {
        sheet.rows.push(row.into_iter().map(super::shown).collect());
    }
    Ok(sheet)
}

/// Who meets whom more often than chance allows.
pub(super) async fn network(cx: &Cx, seen: &Seen, query: &Query) -> Result<View> {
    let with = as_table(cx, seen, TABLE, OF_NETWORK, query).await?;
    let sql = format!(
        "{with} select tender, bidder, coalesce(winner, false), opened_on from bids \
         where tender is not null and bidder is not null order by opened_on nulls last, tender, bidder"
    );
    let rows = seen.columns.ask_many(sql, MOST_BIDS).await.map_err(said)?;
    let working = tokio::task::spawn_blocking(move || networked(rows));
    let network =
        working.await.map_err(|error| kit::Error::Fault(format!("a network of bidders: {error}")))?;
    Ok(network_view(&network))
}

fn networked(rows: Vec<Vec<Cell>>) -> Network {
    let mut participation = Participation::default();
    for row in rows {
        let Ok([tender, bidder, won, day]) = <[Cell; 4]>::try_from(row) else { continue };
        let tender = tender.text();
        participation.bid(&tender, &bidder.text(), won == Cell::Flag(true));
        if let Cell::Date(day) = day {
            participation.day(&tender, day);
        }
    }
    participation.network(&Settings::default())
}

fn network_view(network: &Network) -> View {
    let settings = Settings::default();
    let mut telling_pairs: Vec<_> = network
        .pairs
        .iter()
        .filter(|pair| pair.joint >= settings.least_joint && pair.discovery_rate <= settings.discovery_rate)
        .collect();
    telling_pairs.sort_by(|one, other| {
        one.discovery_rate.total_cmp(&other.discovery_rate).then_with(|| other.joint.cmp(&one.joint))
    });
    let mut pairs = Sheet::new(
        "同场超出偶然的企业",
        &["企业", "企业", "同场", "前者投标", "后者投标", "偶然概率（校正后）", "说明"],
    );
    for pair in telling_pairs.iter().take(200) {
        pairs.rows.push(vec![
            Shown::text(network.name(pair.one)),
            Shown::text(network.name(pair.other)),
            Shown::Integer(i64::from(pair.joint)),
            Shown::Integer(i64::from(network.attended(pair.one))),
            Shown::Integer(i64::from(network.attended(pair.other))),
            Shown::text(format!("{:.2e}", pair.discovery_rate)),
            Shown::text(network.explain_pair(pair)),
        ]);
    }
    let mut groups = Sheet::new("群体", &["成员数", "同场标段", "成员中标", "说明"]);
    for group in &network.groups {
        groups.rows.push(vec![
            Shown::Integer(group.members.len() as i64),
            Shown::Integer(group.tenders.len() as i64),
            Shown::Integer(group.won as i64),
            Shown::text(network.explain_group(group)),
        ]);
    }
    let mut companions = Sheet::new("从不中标的陪标者", &["企业", "投标", "总是输给", "说明"]);
    for companion in &network.companions {
        companions.rows.push(vec![
            Shown::text(network.name(companion.firm)),
            Shown::Integer(i64::from(companion.attended)),
            Shown::text(network.name(companion.winner)),
            Shown::text(network.explain_companion(companion)),
        ]);
    }
    let above = format!(
        "<p class=\"panel-body\">比较了 {} 个标段。线越粗同场越多；红色为从不中标的企业。同场多只说明值得核对，不等于串通。</p>{}",
        network.tenders,
        picture(network, &telling_pairs)
    );
    View { above, sheets: vec![pairs, groups, companions], ..View::default() }
}

/// The firms of the groups, else of the most telling pairs.
fn picture(network: &Network, pairs: &[&screens::network::Pair]) -> String {
    let mut firms: Vec<u32> = Vec::new();
    let grouped = network.groups.iter().flat_map(|group| group.members.iter().copied());
    for firm in grouped.chain(pairs.iter().flat_map(|pair| [pair.one, pair.other])) {
        if firms.len() < DRAWN && !firms.contains(&firm) {
            firms.push(firm);
        }
    }
    let place = |firm: u32| firms.iter().position(|held| *held == firm);
    let ties: Vec<(usize, usize, u32)> = network
        .pairs
        .iter()
        .filter_map(|pair| Some((place(pair.one)?, place(pair.other)?, pair.joint)))
        .collect();
    let names: Vec<String> = firms.iter().map(|firm| network.name(*firm).to_owned()).collect();
    let losers: Vec<bool> = firms.iter().map(|firm| network.won(*firm) == 0).collect();
    if names.is_empty() {
        return String::from("<p class=\"panel-body\">没有同场次数超出偶然的企业。</p>");
    }
    chart::network("投标人网络", &names, &losers, &ties)
}
