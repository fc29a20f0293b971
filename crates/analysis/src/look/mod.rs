//! Looking at data sets: rows with facets, spellings, tenders, the network of bidders, concentration, series, stock and flow.
//! Every view is tables that can be exported, with a picture above where people would rather look than read.

mod bidding;
mod chart;
mod pages;
mod rows;
mod sums;
mod tried;

use kit::{Cx, Fen, Refusal, Result, Shown, web::Query};
use models::{
    intake::Kept,
    library,
    load::propose,
    look::{Cell, Columns},
    value::FieldKind,
};
use uuid::Uuid;

use crate::{
    data_recipes::{self, RecipeId},
    data_sets::{self, DataSet, DataSetId},
    said,
};
use kit::grid::Grid;

pub use pages::pages;

/// A table of a view.
#[derive(Clone, Debug)]
pub struct Sheet {
    /// What it is called.
    pub title: String,
    /// Its headings.
    pub headings: Vec<String>,
    /// Its rows.
    pub rows: Vec<Vec<Shown>>,
}

impl Sheet {
    pub(crate) fn new(title: &str, headings: &[&str]) -> Self {
        let headings = headings.iter().map(|heading| (*heading).to_owned()).collect();
        Self { title: title.to_owned(), headings, rows: Vec::new() }
    }

    fn html(&self) -> String {
        let headings: Vec<&str> = self.headings.iter().map(String::as_str).collect();
        Grid::of(&headings, &self.rows)
    }
}

/// What a view shows.
#[derive(Clone, Debug, Default)]
pub struct View {
    /// Markup above the tables.
    pub above: String,
    /// The tables.
    pub sheets: Vec<Sheet>,
    /// Markup beside the tables.
    pub beside: String,
    /// Markup below the tables.
    pub below: String,
}

/// The last part of the address, what the view is called, and the whole address.
macro_rules! views {
    ($($name:literal: $label:literal,)*) => { [$(($name, $label, concat!("/data_sets/{id}/", $name)),)*] };
}

/// The views by the last part of their address, each with its label and the path of its page.
pub const VIEWS: [(&str, &str, &str); 7] = views![
    "rows": "明细和分面",
    "spellings": "相近写法",
    "tenders": "标段",
    "network": "投标人网络",
    "concentration": "集中度",
    "series": "时间序列",
    "stock": "资产存量和流量",
];

/// What the view `name` is called.
pub fn label(name: &str) -> Option<&'static str> {
    VIEWS.iter().find(|(held, ..)| *held == name).map(|(_, label, _)| *label)
}

/// A data set that is looked at.
pub struct Seen {
    /// The data set.
    pub set: DataSet,
    /// Its columns.
    pub columns: Columns,
}

/// Opens a data set for looking; that it was looked at is recorded.
///
/// # Errors
/// "Not found" for whoever may not see it, a sentence when it has no columns (any more).
pub async fn open(cx: &Cx, id: Uuid) -> Result<Seen> {
    let set = data_sets::find(cx, DataSetId(id)).await?;
    let columns = data_sets::columns(cx, &set).await?;
    cx.record_read(data_sets::NOUN, id).await;
    Ok(Seen { set, columns })
}

/// What the view `name` shows for `query`.
///
/// # Errors
/// "Not found" for a view that does not exist, a sentence when the data do not fit it.
pub async fn view(cx: &Cx, seen: &Seen, name: &str, query: &Query) -> Result<View> {
    match name {
        "rows" => rows::view(cx, seen, query).await,
        "spellings" => rows::spellings(cx, seen, query).await,
        "tenders" => bidding::tenders(cx, seen, query).await,
        "network" => bidding::network(cx, seen, query).await,
        "concentration" => sums::concentration(seen, query).await,
        "series" => sums::series(seen, query).await,
        "stock" => sums::stock(seen, query).await,
        _ => Err(Refusal::not_found().into()),
    }
}

/// All rows of a data set that fulfil the query, for whoever may take them out of the task.
///
/// # Errors
/// A sentence when nobody has allowed that, or they are too many.
pub async fn everything(cx: &Cx, seen: &Seen, query: &Query) -> Result<View> {
    if !seen.set.may_leave(cx.today()) {
        return Err(Refusal::conflict(
            "明细数据不能带出任务：没有有效的带出决定。请由组长申请带出，主任批准后在有效期内导出。",
        )
        .into());
    }
    rows::everything(seen, query).await
}

/// Whether the view `name` shows anything of columns like these, without a mapping that somebody has saved.
pub fn fits(name: &str, kept: &[Kept]) -> bool {
    let any = |fits: fn(FieldKind) -> bool| kept.iter().any(|column| fits(column.kind));
    let word = |kind| matches!(kind, FieldKind::Text | FieldKind::Code);
    match name {
        "tenders" => knows(kept, bidding::TABLE, bidding::OF_TENDERS),
        "network" => knows(kept, bidding::TABLE, bidding::OF_NETWORK),
        "concentration" => any(|kind| kind != FieldKind::Person),
        "series" => any(sums::is_period) && any(sums::is_number) && any(word),
        "stock" => any(sums::is_day),
        _ => true,
    }
}

/// Whether the headings name the fields `needed` of a table.
fn knows(kept: &[Kept], (domain, table): (&str, &str), needed: &[&str]) -> bool {
    let Ok(library) = library::built_in() else { return false };
    let Some(known) = library.domain(domain).and_then(|domain| domain.tables.get(table)) else {
        return false;
    };
    let headings: Vec<String> = kept.iter().map(|kept| kept.name.clone()).collect();
    let mapping = propose(known, &headings);
    needed.iter().all(|field| mapping.get(*field).is_some_and(|column| headings.contains(column)))
}

/// A cell as pages show it.
pub(crate) fn shown(cell: Cell) -> Shown {
    match cell {
        Cell::Empty => Shown::Empty,
        Cell::Text(text) => Shown::text(text),
        Cell::Integer(number) => Shown::Integer(number),
        Cell::Number(number) => Shown::text(telling(number)),
        Cell::Money(fen) => Shown::Money(Fen(fen)),
        Cell::Date(day) => Shown::Date(day),
        Cell::Flag(flag) => Shown::Flag(flag),
    }
}

/// A number with four telling digits behind the point at most.
pub(crate) fn telling(number: f64) -> String {
    let text = format!("{number:.4}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

/// Fen of a sum, as money.
pub(crate) fn money(fen: f64) -> Shown {
    Shown::Money(Fen(fen.round() as i64))
}

/// The columns as the table `table` of `domain`: the select of a query, by the mapping that `recipe` in the query names or
/// by the headings.
pub(crate) async fn as_table(
    cx: &Cx,
    seen: &Seen,
    (domain, table): (&str, &str),
    needed: &[&str],
    query: &Query,
) -> Result<String> {
    let library = library::built_in().map_err(said)?;
    let known = library.domain(domain).and_then(|domain| domain.tables.get(table));
    let known = known.ok_or_else(Refusal::not_found)?;
    let headings: Vec<String> = seen.columns.kept.iter().map(|kept| kept.name.clone()).collect();
    let mut mapping = propose(known, &headings);
    if let Some(id) = query.get("recipe").filter(|id| !id.is_empty()) {
        let id = Uuid::parse_str(id).map_err(|_| Refusal::not_found())?;
        mapping.extend(data_recipes::find(cx, RecipeId(id)).await?.mapping()?);
    }
    mapping.retain(|_, column| headings.contains(column));
    let missing: Vec<&str> = needed
        .iter()
        .filter(|field| !mapping.contains_key(**field))
        .filter_map(|field| known.fields.get(*field).map(|held| held.label.as_str()))
        .collect();
    if !missing.is_empty() {
        return Err(Refusal::conflict(format!(
            "这批数据不能当作“{}”看：没有认出“{}”所在的列。请在数据集页面核对并保存字段对应，再从保存的字段对应打开。",
            known.label,
            missing.join("”“")
        ))
        .into());
    }
    Ok(format!("with {table} as (select {} from data)", seen.columns.fields(known, &mapping)))
}
