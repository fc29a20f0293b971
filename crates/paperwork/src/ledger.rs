//! The ledger of document numbers (文号登记): every number of a series in a year, what it was given to, and which are gaps:
//! void documents, whose numbers stay taken, and numbers that no document carries. Only the office sees it; everybody
//! else sees the numbers of his own documents and cannot tell what lies between them.

use std::{collections::HashMap, fmt::Write as _};

use axum::{response::Response, routing::get};
use chrono::Datelike as _;
use db::Sql;
use kit::{
    Cx, Labelled as _, Lifecycle as _, Refusal, Result,
    service::{Group, Page},
    shown::{chip_class, escaped},
    web::{Query, Viewer, respond, shell},
};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::documents::{self, Document, State, document_number};

/// Numbers on one page.
const MOST: i64 = 2_000;

pub(crate) fn page() -> Page {
    Page {
        method: "GET",
        path: "/document-numbers",
        label: "文号登记",
        group: Some(Group::Archive),
        icon: "clipboard-list",
        offered: kit::Actor::is_office,
        public: false,
        handler: get(show),
    }
}

/// A document that carries a number.
#[derive(Debug, FromQueryResult)]
struct Carrier {
    id: Uuid,
    document_number: String,
    title: String,
    state: State,
    signed_by: String,
}

/// One number of a series.
#[derive(Debug, PartialEq, Eq)]
enum Place<'a> {
    /// A document carries it.
    Taken(&'a str),
    /// It was given to a document that became void.
    Void(&'a str),
    /// Nobody knows a document with it.
    Missing,
}

async fn show(viewer: Viewer) -> Response {
    respond::answer(&viewer, async {
        if !viewer.actor.is_office() {
            return Err(Refusal::not_found().into());
        }
        let cx = viewer.read();
        let query = Query::parse(viewer.query.as_deref())?;
        let all = series(&cx).await?;
        let asked = query.get("series").unwrap_or_default();
        let chosen = all.iter().find(|one| one.name == asked).or(all.first());
        let content = content(&cx, &all, chosen).await?;
        let sheet = shell::Sheet::new("文号登记", content)
            .crumb("公文", format!("/{}", documents::NOUN))
            .crumb("文号登记", "");
        shell::page(&viewer, sheet).await
    })
    .await
}

/// A series in a year, as it is counted: `巡办发/2023`.
#[derive(Debug, FromQueryResult)]
struct Series {
    name: String,
    last: i64,
}

impl Series {
    fn parts(&self) -> Option<(&str, i32)> {
        let (mark, year) = self.name.rsplit_once('/')?;
        Some((mark, year.parse().ok()?))
    }
}

/// The series that documents are numbered in, this year's first.
async fn series(cx: &Cx) -> Result<Vec<Series>> {
    let mut all: Vec<Series> =
        cx.all(Sql::new("select series as name, last from number_series where series like '%/%'")).await?;
    let known: Vec<String> = cx
        .rows(Sql::new("select distinct series from document where series <> ''"))
        .await?
        .iter()
        .map(|row| Ok(row.try_get_by_index(0)?))
        .collect::<Result<_>>()?;
    all.retain(|one| one.parts().is_some_and(|(mark, _)| known.iter().any(|series| series == mark)));
    all.sort_by(|a, b| b.parts().map(|one| one.1).cmp(&a.parts().map(|one| one.1)).then(a.name.cmp(&b.name)));
    Ok(all)
}

async fn content(cx: &Cx, all: &[Series], chosen: Option<&Series>) -> Result<String> {
    let mut html = String::from(
        "<header class=\"title\"><div class=\"title-text\"><h1>文号登记</h1><p class=\"title-sub\">每个机关代字每年编了哪些号，给了哪份公文；作废的号不重用，没有公文的号在这里列出。</p></div></header>",
    );
    let Some((chosen, (mark, year))) = chosen.and_then(|one| one.parts().map(|parts| (one, parts))) else {
        let this = cx.today().year();
        let _ = write!(
            html,
            "<div class=\"empty\"><h2>{this}年还没有编过号</h2><p>公文签发后编号，编过的号列在这里。</p></div>"
        );
        return Ok(html);
    };
    html.push_str("<nav class=\"tabs\" aria-label=\"机关代字和年度\">");
    for one in all {
        let Some((mark, year)) = one.parts() else { continue };
        let here = if one.name == chosen.name { " aria-current=\"page\"" } else { "" };
        let address = Query::default().and("series", &one.name).address("/document-numbers");
        let _ = write!(html, "<a href=\"{}\"{here}>{}〔{year}〕</a>", escaped(&address), escaped(mark));
    }
    html.push_str("</nav>");
    let carriers = carriers(cx, mark, year).await?;
    let reasons = reasons(cx, &carriers).await?;
    let places = places(mark, year, chosen.last.min(MOST), &carriers);
    summary(&places, &mut html);
    table(mark, year, &places, &carriers, &reasons, &mut html);
    Ok(html)
}

async fn carriers(cx: &Cx, mark: &str, year: i32) -> Result<Vec<Carrier>> {
    let mut sql =
        Sql::new("select d.id, d.document_number, d.title, d.state, d.signed_by from document d where ");
    Document::scope(&cx.actor).write("d", &mut sql);
    sql.push(" and d.series = ")
        .bind(mark)
        .push(" and d.document_number like ")
        .bind(format!("{mark}〔{year}〕%"));
    sql.push(" order by d.document_number, d.id limit ").bind(MOST);
    cx.all(sql).await
}

/// Why documents became void, by document.
async fn reasons(cx: &Cx, carriers: &[Carrier]) -> Result<HashMap<Uuid, String>> {
    let void: Vec<Uuid> = carriers.iter().filter(|one| one.state == State::Void).map(|one| one.id).collect();
    if void.is_empty() {
        return Ok(HashMap::new());
    }
    let mut sql = Sql::new("select record_id, note from history where noun = ");
    sql.bind(documents::NOUN).push(" and deed = 'cancel' and record_id in ");
    sql.bind_list(void);
    let rows = cx.rows(sql).await?;
    rows.iter().map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?))).collect()
}

/// What became of each number from 1 to `last`.
fn places<'a>(mark: &str, year: i32, last: i64, carriers: &'a [Carrier]) -> Vec<Place<'a>> {
    let by_number: HashMap<&str, &Carrier> =
        carriers.iter().map(|one| (one.document_number.as_str(), one)).collect();
    (1..=last)
        .map(|serial| match by_number.get(document_number(mark, year, serial).as_str()) {
            Some(one) if one.state == State::Void => Place::Void(&one.document_number),
            Some(one) => Place::Taken(&one.document_number),
            None => Place::Missing,
        })
        .collect()
}

fn summary(places: &[Place<'_>], html: &mut String) {
    let count = |wanted: fn(&Place<'_>) -> bool| places.iter().filter(|place| wanted(place)).count();
    let void = count(|place| matches!(place, Place::Void(_)));
    let missing = count(|place| *place == Place::Missing);
    let _ = write!(
        html,
        "<p class=\"panel-body\">已编到第 {} 号；作废 {void} 个，缺号 {missing} 个。</p>",
        places.len()
    );
}

fn table(
    mark: &str,
    year: i32,
    places: &[Place<'_>],
    carriers: &[Carrier],
    reasons: &HashMap<Uuid, String>,
    html: &mut String,
) {
    html.push_str(
        "<div class=\"table-wrap\"><table class=\"data\"><thead><tr><th scope=\"col\">文号</th><th scope=\"col\">公文</th>\
         <th scope=\"col\">状态</th><th scope=\"col\">签发人</th><th scope=\"col\">说明</th></tr></thead><tbody>",
    );
    for (serial, place) in (1..).zip(places) {
        let number = document_number(mark, year, serial);
        let carrier = carriers.iter().find(|one| one.document_number == number);
        let _ = write!(html, "<tr><td class=\"nowrap\">{}</td>", escaped(&number));
        let Some(one) = carrier.filter(|_| *place != Place::Missing) else {
            let _ = write!(
                html,
                "<td></td><td><span class=\"chip {}\">缺号</span></td><td></td>\
                 <td class=\"cell-text\">没有可以查看的公文使用这个号；如果不是因为回避，请查明原因。</td></tr>",
                chip_class(kit::Tone::Red)
            );
            continue;
        };
        let _ = write!(
            html,
            "<td class=\"cell-text\"><a href=\"/{}/{}\">{}</a></td><td><span class=\"chip {}\">{}</span></td><td>{}</td><td class=\"cell-text\">{}</td></tr>",
            documents::NOUN,
            one.id,
            escaped(&one.title.replace('\n', "")),
            chip_class(one.state.choice().tone),
            one.state.label(),
            escaped(&one.signed_by),
            escaped(reasons.get(&one.id).map_or("", String::as_str)),
        );
    }
    html.push_str("</tbody></table></div>");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn carrier(number: &str, state: State) -> Carrier {
        Carrier {
            id: Uuid::from_u128(1),
            document_number: number.to_owned(),
            title: String::new(),
            state,
            signed_by: String::new(),
        }
    }

    #[test]
    fn void_and_missing_numbers_are_told_apart() {
        let held = [carrier("巡办发〔2023〕1号", State::Archived), carrier("巡办发〔2023〕3号", State::Void)];
        let places = places("巡办发", 2023, 4, &held);
        assert_eq!(
            places,
            [
                Place::Taken("巡办发〔2023〕1号"),
                Place::Missing,
                Place::Void("巡办发〔2023〕3号"),
                Place::Missing
            ]
        );
    }

    #[test]
    fn a_series_is_read_from_what_is_counted() {
        let series = Series { name: String::from("巡办发/2023"), last: 4 };
        assert_eq!(series.parts(), Some(("巡办发", 2023)));
        assert_eq!(Series { name: String::from("DC-20230601"), last: 1 }.parts(), None);
    }
}
