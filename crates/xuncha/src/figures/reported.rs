//! Values reported by others (上报数据): shown beside the figures with who reported them, never mixed with them.

use chrono::NaiveDate;
use db::Sql;
use kit::{
    Cx, Labelled as _, Result, sea_orm,
    units::{CM2_PER_WAN_M2, FEN_PER_YI, ratio},
};

use results::reported_values::ValueUnit;

use super::{Ask, Unit, scope};

/// The newest reported value of one figure.
#[derive(Clone, Debug, PartialEq, Eq, sea_orm::FromQueryResult)]
pub struct Reported {
    /// Code of the figure it is reported for, or a code of its own.
    pub figure: String,
    /// What it says it is.
    pub label: String,
    /// The day it is about.
    pub on_day: NaiveDate,
    /// In the smallest unit.
    pub value: i64,
    /// In what it was entered.
    pub unit: ValueUnit,
    /// Who reported it.
    pub reporter: String,
    /// In which document.
    pub document: String,
}

impl Reported {
    /// Value and unit as printed.
    pub fn printed(&self) -> (String, &'static str) {
        match self.unit {
            ValueUnit::Yuan => (ratio(self.value, FEN_PER_YI, 2), Unit::YiYuan.label()),
            ValueUnit::SquareMetre => (ratio(self.value, CM2_PER_WAN_M2, 2), Unit::WanSquareMetres.label()),
            ValueUnit::Percent => (ratio(self.value, 100, 2), Unit::Percent.label()),
            ValueUnit::Count => (self.value.to_string(), Unit::Count.label()),
        }
    }
}

/// The newest value reported for each figure up to the day asked for.
pub async fn reported(cx: &Cx, ask: &Ask) -> Result<Vec<Reported>> {
    if !scope::may_read(&cx.actor) {
        return Ok(Vec::new());
    }
    let mut sql = Sql::new(
        "select r.figure, r.label, r.on_day, r.value, r.unit, r.reporter, r.document from reported_value r where r.on_day <= ",
    );
    sql.bind(ask.as_of).push(" and ");
    scope::counted_in(cx, "reported_value").write("r", &mut sql);
    sql.push(
        " and not exists (select 1 from reported_value n where n.figure = r.figure and n.on_day > r.on_day and n.on_day <= ",
    );
    sql.bind(ask.as_of).push(") order by r.figure, r.on_day, r.id");
    cx.all(sql).await
}
