//! Rows with facets, and spellings of the same.

use std::fmt::Write as _;

use kit::{Cx, Refusal, Result, Shown, shown::escaped, web::Query};
use models::{
    intake::Kept,
    look::{Cell, Columns, Filter, Order},
    profile::Profile,
    value::FieldKind,
};

use super::{Seen, Sheet, View, shown};
use crate::{
    data_sets::{self, store::Part},
    said,
};

/// Rows on a page.
const PAGE: usize = 50;
/// Values shown of a facet.
const VALUES: usize = 15;
/// Rows that may be taken out at once.
const MOST: usize = 100_000;

/// The conditions of an address: `is.COLUMN`, `none.COLUMN`, `has.COLUMN`, `min.COLUMN`, `max.COLUMN`.
pub(super) fn filters(query: &Query) -> Vec<Filter> {
    let filter = |(name, value): &(String, String)| {
        let (kind, column) = name.split_once('.')?;
        let column = column.to_owned();
        match kind {
            "is" => Some(Filter::Is(column, Some(value.clone()))),
            "none" => Some(Filter::Is(column, None)),
            "has" if !value.is_empty() => Some(Filter::Contains(column, value.clone())),
            "min" if !value.is_empty() => Some(Filter::AtLeast(column, value.clone())),
            "max" if !value.is_empty() => Some(Filter::AtMost(column, value.clone())),
            _ => None,
        }
    };
    query.pairs().iter().filter_map(filter).collect()
}

fn order(query: &Query) -> Option<Order> {
    let text = query.get("sort").filter(|text| !text.is_empty())?;
    Some(match text.strip_prefix('-') {
        Some(column) => Order { column: column.to_owned(), falling: true },
        None => Order { column: text.to_owned(), falling: false },
    })
}

/// A heading; amounts are shown in yuan whatever the file had.
fn heading(kept: &Kept) -> String {
    if kept.kind == FieldKind::Money { format!("{}〔以元显示〕", kept.name) } else { kept.name.clone() }
}

fn sheet(columns: &Columns, rows: Vec<Vec<Cell>>) -> Sheet {
    Sheet {
        title: String::from("明细"),
        headings: columns.kept.iter().map(heading).collect(),
        rows: rows.into_iter().map(|row| row.into_iter().map(shown).collect()).collect(),
    }
}

pub(super) async fn everything(seen: &Seen, query: &Query) -> Result<View> {
    let filters = filters(query);
    let count = seen.columns.count(&filters).await.map_err(said)?;
    if count > MOST as u64 {
        return Err(Refusal::conflict(format!(
            "符合条件的有 {count} 行，一次最多导出 {MOST} 行；请先筛选。"
        ))
        .into());
    }
    let rows = seen.columns.rows(&filters, order(query).as_ref(), 0, MOST).await.map_err(said)?;
    Ok(View { sheets: vec![sheet(&seen.columns, rows)], ..View::default() })
}

pub(super) async fn view(cx: &Cx, seen: &Seen, query: &Query) -> Result<View> {
    let filters = filters(query);
    let page: usize = query.get("page").and_then(|page| page.parse().ok()).unwrap_or(1).clamp(1, 2_000);
    let count = seen.columns.count(&filters).await.map_err(said)?;
    let rows =
        seen.columns.rows(&filters, order(query).as_ref(), (page - 1) * PAGE, PAGE).await.map_err(said)?;
    let mut beside = String::new();
    for column in wanted(cx, seen, query)? {
        beside.push_str(&facet(seen, &column, &filters, query).await?);
    }
    Ok(View {
        above: conditions(seen, query) + &form(seen, query),
        sheets: vec![sheet(&seen.columns, rows)],
        beside,
        below: pager(seen, query, page, count),
    })
}

fn address(seen: &Seen, query: &Query) -> String {
    query.address(&format!("/{}/{}/rows", data_sets::NOUN, seen.set.id.0))
}

/// The columns whose values are counted: those asked for, else a few that divide the rows into not too many parts.
fn wanted(cx: &Cx, seen: &Seen, query: &Query) -> Result<Vec<String>> {
    let asked: Vec<String> = query
        .pairs()
        .iter()
        .filter(|(name, _)| name == "facet")
        .map(|(_, column)| column.clone())
        .take(5)
        .collect();
    if !asked.is_empty() {
        return Ok(asked);
    }
    let profile: Option<Profile> =
        data_sets::store::unseal(cx, seen.set.id, Part::Profile, &seen.set.profile_sealed)?;
    let few = |column: &&models::profile::ColumnProfile| {
        (2..=60).contains(&column.distinct) && !matches!(column.kind, FieldKind::Money | FieldKind::Person)
    };
    let columns = profile.map(|profile| profile.columns).unwrap_or_default();
    Ok(columns.iter().filter(few).take(3).map(|column| column.name.clone()).collect())
}

async fn facet(seen: &Seen, column: &str, filters: &[Filter], query: &Query) -> Result<String> {
    // A facet shows what else could be chosen: its own condition does not count.
    let own = |filter: &&Filter| !matches!(filter, Filter::Is(held, _) if held == column);
    let others: Vec<Filter> = filters.iter().filter(own).cloned().collect();
    let values = seen.columns.facet(column, &others, VALUES).await.map_err(said)?;
    let kind = seen.columns.kind(column).map_err(said)?;
    let mut html = format!("<section class=\"card\"><h2>{}</h2><ul class=\"stack\">", escaped(column));
    let (is, none) = (format!("is.{column}"), format!("none.{column}"));
    let rest = query.first_page().without(|name| name == is || name == none);
    for facet in values {
        let (label, next) = match &facet.value {
            None => (String::from("（空）"), rest.with(&none, "1")),
            Some(value) => (words(kind, value), rest.with(&is, value)),
        };
        let chosen = facet.value.as_deref().is_some_and(|value| query.get(&is) == Some(value))
            || (facet.value.is_none() && query.get(&none).is_some());
        let _ = write!(
            html,
            "<li><a href=\"{}\"{}>{}</a> <span class=\"count\">{}</span></li>",
            escaped(&address(seen, if chosen { &rest } else { &next })),
            if chosen { " aria-current=\"true\"" } else { "" },
            escaped(&label),
            facet.count
        );
    }
    Ok(html + "</ul></section>")
}

/// A value of a facet for people: money is compared in fen and read in yuan, flags are yes and no.
fn words(kind: FieldKind, value: &str) -> String {
    match (kind, value) {
        (FieldKind::Money, fen) => {
            fen.parse().map_or_else(|_| fen.to_owned(), |fen| models::value::yuan(fen) + " 元")
        }
        (FieldKind::Flag, "true") => String::from("是"),
        (FieldKind::Flag, "false") => String::from("否"),
        _ => value.to_owned(),
    }
}

/// What holds now, each with a way to take it off.
fn conditions(seen: &Seen, query: &Query) -> String {
    let mut html = String::new();
    for (name, value) in query.pairs() {
        let Some((kind, column)) = name.split_once('.') else { continue };
        let kind_of = seen.columns.kind(column).unwrap_or(FieldKind::Text);
        let text = match kind {
            "is" => format!("{column}：{}", words(kind_of, value)),
            "none" => format!("{column}：空"),
            "has" if !value.is_empty() => format!("{column} 含“{value}”"),
            "min" if !value.is_empty() => format!("{column} ≥ {value}"),
            "max" if !value.is_empty() => format!("{column} ≤ {value}"),
            _ => continue,
        };
        let rest = query.first_page().without(|held| held == name);
        let _ = write!(
            html,
            "<a class=\"tag\" href=\"{}\" title=\"去掉这个条件\">{} ×</a> ",
            escaped(&address(seen, &rest)),
            escaped(&text)
        );
    }
    if html.is_empty() { html } else { format!("<p class=\"row\">{html}</p>") }
}

fn form(seen: &Seen, query: &Query) -> String {
    let mut html = String::from(
        "<details class=\"drawer\"><summary class=\"button\">更多条件</summary><form class=\"drawer-body\" method=\"get\">",
    );
    for (name, value) in query.pairs() {
        if name.starts_with("is.") || name.starts_with("none.") || name == "facet" {
            let _ = write!(
                html,
                "<input type=\"hidden\" name=\"{}\" value=\"{}\">",
                escaped(name),
                escaped(value)
            );
        }
    }
    let held = |name: &str| escaped(query.get(name).unwrap_or_default());
    for kept in seen.columns.kept.iter().take(40) {
        let column = escaped(&kept.name);
        let ranged = matches!(
            kept.kind,
            FieldKind::Integer | FieldKind::Number | FieldKind::Money | FieldKind::Date | FieldKind::Time
        );
        if ranged {
            let (min, max) = (format!("min.{}", kept.name), format!("max.{}", kept.name));
            let kind = if matches!(kept.kind, FieldKind::Date | FieldKind::Time) { "date" } else { "text" };
            let _ = write!(
                html,
                "<div class=\"condition\"><span>{column}</span><div class=\"condition-ends\"><input type=\"{kind}\" name=\"{}\" \
                 value=\"{}\" aria-label=\"{column}不小于\"><input type=\"{kind}\" name=\"{}\" value=\"{}\" aria-label=\"{column}不大于\">\
                 </div></div>",
                escaped(&min),
                held(&min),
                escaped(&max),
                held(&max)
            );
        } else {
            let has = format!("has.{}", kept.name);
            let _ = write!(
                html,
                "<label>{column}<input name=\"{}\" value=\"{}\"></label>",
                escaped(&has),
                held(&has)
            );
        }
    }
    html.push_str("<label>排序<select name=\"sort\"><option value=\"\">按文件顺序</option>");
    for kept in &seen.columns.kept {
        for (sign, label) in [("", "升"), ("-", "降")] {
            let value = format!("{sign}{}", kept.name);
            let chosen = if query.get("sort") == Some(&value) { " selected" } else { "" };
            let _ = write!(
                html,
                "<option value=\"{0}\"{chosen}>{1}（{label}）</option>",
                escaped(&value),
                escaped(&kept.name)
            );
        }
    }
    html + "</select></label><button class=\"button button-primary\">查询</button></form></details>"
}

fn pager(seen: &Seen, query: &Query, page: usize, count: u64) -> String {
    let pages = count.div_ceil(PAGE as u64).max(1);
    let step = |to: usize, label: &str, rel: &str| {
        if to == 0 || to as u64 > pages || to == page {
            return format!("<span class=\"muted\" aria-disabled=\"true\">{label}</span>");
        }
        let next = query.with("page", &to.to_string());
        format!(
            "<a class=\"button button-small\" rel=\"{rel}\" href=\"{}\">{label}</a>",
            escaped(&address(seen, &next))
        )
    };
    format!(
        "<div class=\"list-foot\"><nav class=\"pager\" aria-label=\"翻页\"><span class=\"pager-total\">共 <b>{count}</b> 行</span>{}\
         <span class=\"pager-here\">{page} / {pages}</span>{}</nav></div>",
        step(page - 1, "上一页", "prev"),
        step(page + 1, "下一页", "next")
    )
}

/// Groups of spellings, each with a form that makes them one as a step of cleaning.
pub(super) async fn spellings(cx: &Cx, seen: &Seen, query: &Query) -> Result<View> {
    let texts: Vec<String> = seen
        .columns
        .kept
        .iter()
        .filter(|kept| matches!(kept.kind, FieldKind::Text | FieldKind::Code))
        .map(|kept| kept.name.clone())
        .collect();
    let profile: Option<Profile> =
        data_sets::store::unseal(cx, seen.set.id, Part::Profile, &seen.set.profile_sealed)?;
    let likely = profile.and_then(|profile| {
        profile.columns.into_iter().find(|column| !column.clusters.is_empty()).map(|column| column.name)
    });
    let column = query.get("column").map(str::to_owned).or(likely).or_else(|| texts.first().cloned());
    let Some(column) = column else {
        return Err(Refusal::conflict("这批数据没有文字列，没有可以合并的写法。").into());
    };
    let clusters = seen.columns.clusters(&column).await.map_err(said)?;
    let mut sheet = Sheet::new("相近写法", &["建议写法", "现有写法", "行数"]);
    let mut forms = String::new();
    let cleans = seen.set.state == data_sets::State::Ready;
    for cluster in clusters.iter().take(100) {
        for (spelling, count) in &cluster.spellings {
            let count = i64::try_from(*count).unwrap_or(i64::MAX);
            sheet.rows.push(vec![
                Shown::text(&cluster.proposed),
                Shown::text(spelling),
                Shown::Integer(count),
            ]);
        }
        if cleans {
            forms.push_str(&merge_form(seen, &column, cluster));
        }
    }
    let mut above = chooser("column", &[("column", "列", true)], &texts, &[Some(column.clone())]);
    if clusters.is_empty() {
        above.push_str("<p class=\"panel-body\">没有找到相近的写法。</p>");
    } else {
        let _ = write!(
            above,
            "<p class=\"panel-body\">列“{}”有 {} 组写法可能是同一个。合并成为清洗步骤，可以撤销。</p>",
            escaped(&column),
            clusters.len()
        );
    }
    Ok(View { above, sheets: vec![sheet], below: forms, ..View::default() })
}

/// Opens the form of cleaning with all filled in, where it is looked at once more.
fn merge_form(seen: &Seen, column: &str, cluster: &models::names::Cluster) -> String {
    let others: Vec<&str> = cluster
        .spellings
        .iter()
        .map(|(spelling, _)| spelling.as_str())
        .filter(|spelling| *spelling != cluster.proposed)
        .collect();
    let next = Query::default()
        .with("column", column)
        .with("change", "replace")
        .with("from", &others.join("\n"))
        .with("to", &cluster.proposed);
    let href = next.address(&format!("/{}/{}/clean", data_sets::NOUN, seen.set.id.0));
    format!(
        "<p class=\"row\"><a class=\"button button-small\" href=\"{}\" data-dialog>合并为“{}”</a> <span class=\"muted\">{}</span></p>",
        escaped(&href),
        escaped(&cluster.proposed),
        escaped(&others.join("、"))
    )
}

/// A form in which columns are chosen.
pub(super) fn chooser(
    id: &str,
    fields: &[(&str, &str, bool)],
    columns: &[String],
    chosen: &[Option<String>],
) -> String {
    let mut html = format!("<form class=\"panel-body row\" method=\"get\" id=\"choose-{id}\">");
    for ((name, label, required), held) in fields.iter().zip(chosen) {
        let _ = write!(html, "<label>{label} <select name=\"{name}\">");
        if !required {
            html.push_str("<option value=\"\">（不选）</option>");
        }
        for column in columns {
            let mark = if held.as_deref() == Some(column) { " selected" } else { "" };
            let _ = write!(html, "<option value=\"{0}\"{mark}>{0}</option>", escaped(column));
        }
        html.push_str("</select></label> ");
    }
    html + "<button class=\"button\">查看</button></form>"
}
