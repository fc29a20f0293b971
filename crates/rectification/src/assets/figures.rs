//! Figures of the ledger as of a day or over a period, within what the asker may see. Always built
//! from dated entries, so that a figure of the past comes out again (domain.md 1.2, 1.3).

use chrono::NaiveDate;
use db::Sql;
use kit::{Area, Cx, Fen, Result, Shown, sea_orm, units::ratio};
use registry::organisations::{self, OrganisationId};
use sea_orm::FromQueryResult;

use super::visible;
use crate::html::Grid;

/// Activated area of the stock found idle (盘活去化率). Numerator and denominator stay beside the
/// percentage.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rate {
    /// Area activated.
    pub activated: Area,
    /// Stock found idle, with corrections.
    pub stock: Area,
}

impl Rate {
    /// Percent with two places, rounded half up: `92.91`.
    pub fn percent(self) -> String {
        ratio(self.activated.0.saturating_mul(100), self.stock.0, 2)
    }

    /// Still idle.
    pub fn remaining(self) -> Area {
        Area(self.stock.0 - self.activated.0)
    }

    /// The rate as pages show it.
    pub fn shown(self) -> Shown {
        Shown::Rate { numerator: self.activated.0, denominator: self.stock.0 }
    }
}

/// A period's part in the cumulative area.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Period {
    /// Activated before the first day.
    pub opening: Area,
    /// Activated from the first to the last day.
    pub increment: Area,
}

impl Period {
    /// Activated up to the last day.
    pub fn cumulative(self) -> Area {
        Area(self.opening.0 + self.increment.0)
    }
}

/// One organisation in the table.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct OrganisationLine {
    /// The organisation.
    pub organisation_id: OrganisationId,
    /// Its name.
    pub name: String,
    /// Number of properties.
    pub properties: i64,
    /// Stock found idle, with corrections.
    pub stock: Area,
    /// Area activated.
    pub activated: Area,
    /// Income from it.
    pub income: Fen,
}

impl OrganisationLine {
    /// Its rate.
    pub fn rate(&self) -> Rate {
        Rate { activated: self.activated, stock: self.stock }
    }
}

/// The stock found idle up to the end of `day`, with the corrections up to then.
pub async fn stock_as_of(cx: &Cx, day: NaiveDate) -> Result<Area> {
    let mut sql = Sql::new("select cast(coalesce(sum(a.area_cm2 + coalesce((select sum(c.area_cm2) ");
    sql.push("from asset_correction c where c.asset_id = a.id and c.on_day <= ").bind(day);
    sql.push("), 0)), 0) as bigint) from asset a where a.found_on <= ").bind(day).push(" and ");
    kit::store::scope::<super::store::Entity>(&cx.actor, visible(&cx.actor)).write("a", &mut sql);
    cx.number(sql).await.map(Area)
}

/// Area activated up to the end of `day`.
pub async fn activated_as_of(cx: &Cx, day: NaiveDate) -> Result<Area> {
    moved(cx, "area_cm2", None, Some(day)).await.map(Area)
}

/// Area activated from the first to the last of these days, both counted.
pub async fn activated_between(cx: &Cx, from: NaiveDate, to: NaiveDate) -> Result<Area> {
    moved(cx, "area_cm2", Some(from), Some(to)).await.map(Area)
}

/// Income from management and use of the properties up to the end of `day`.
pub async fn income_as_of(cx: &Cx, day: NaiveDate) -> Result<Fen> {
    moved(cx, "income_fen", None, Some(day)).await.map(Fen)
}

/// What the period from `from` to `to` added to the cumulative area.
pub async fn period(cx: &Cx, from: NaiveDate, to: NaiveDate) -> Result<Period> {
    let opening = match from.pred_opt() {
        Some(eve) => activated_as_of(cx, eve).await?,
        None => Area(0),
    };
    Ok(Period { opening, increment: activated_between(cx, from, to).await? })
}

/// The rate of activation at the end of `day`.
pub async fn rate_as_of(cx: &Cx, day: NaiveDate) -> Result<Rate> {
    Ok(Rate { activated: activated_as_of(cx, day).await?, stock: stock_as_of(cx, day).await? })
}

/// Sums `column` (a constant of this module) of the movements between two days.
async fn moved(cx: &Cx, column: &'static str, from: Option<NaiveDate>, to: Option<NaiveDate>) -> Result<i64> {
    let mut sql = Sql::new("select cast(coalesce(sum(m.");
    sql.push(column).push("), 0) as bigint) from asset_movement m join asset a on a.id = m.asset_id where ");
    kit::store::scope::<super::store::Entity>(&cx.actor, visible(&cx.actor)).write("a", &mut sql);
    if let Some(from) = from {
        sql.push(" and m.on_day >= ").bind(from);
    }
    if let Some(to) = to {
        sql.push(" and m.on_day <= ").bind(to);
    }
    cx.number(sql).await
}

/// The ledger by holding organisation at the end of `day`, in the order of their codes.
pub async fn by_organisation(cx: &Cx, day: NaiveDate) -> Result<Vec<OrganisationLine>> {
    let mut sql = Sql::new(
        "select o.id as organisation_id, o.name, count(*) as properties, cast(sum(a.area_cm2 + \
         coalesce((select sum(c.area_cm2) from asset_correction c where c.asset_id = a.id and c.on_day <= ",
    );
    sql.bind(day);
    sql.push("), 0)) as bigint) as stock, cast(sum(coalesce((select sum(m.area_cm2) from asset_movement m ");
    sql.push("where m.asset_id = a.id and m.on_day <= ").bind(day);
    sql.push(
        "), 0)) as bigint) as activated, cast(sum(coalesce((select sum(m.income_fen) from asset_movement m ",
    );
    sql.push("where m.asset_id = a.id and m.on_day <= ").bind(day);
    sql.push("), 0)) as bigint) as income from asset a join organisation o on o.id = a.organisation_id ");
    sql.push("where a.found_on <= ").bind(day).push(" and ");
    kit::store::scope::<super::store::Entity>(&cx.actor, visible(&cx.actor)).write("a", &mut sql);
    sql.push(" group by o.id, o.code, o.name order by o.code, o.id");
    cx.all(sql).await
}

/// One place in the list of locations.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct PlaceLine {
    /// Street or quarter; empty when it was not entered.
    pub place: String,
    /// Number of properties.
    pub properties: i64,
    /// Stock found idle, with corrections.
    pub stock: Area,
    /// Area activated.
    pub activated: Area,
    /// Income from it.
    pub income: Fen,
}

/// The ledger by place at the end of `day`.
pub async fn by_place(cx: &Cx, day: NaiveDate) -> Result<Vec<PlaceLine>> {
    let mut sql = Sql::new(
        "select a.place, count(*) as properties, cast(sum(a.area_cm2 + \
         coalesce((select sum(c.area_cm2) from asset_correction c where c.asset_id = a.id and c.on_day <= ",
    );
    sql.bind(day);
    sql.push("), 0)) as bigint) as stock, cast(sum(coalesce((select sum(m.area_cm2) from asset_movement m ");
    sql.push("where m.asset_id = a.id and m.on_day <= ").bind(day);
    sql.push(
        "), 0)) as bigint) as activated, cast(sum(coalesce((select sum(m.income_fen) from asset_movement m ",
    );
    sql.push("where m.asset_id = a.id and m.on_day <= ").bind(day);
    sql.push("), 0)) as bigint) as income from asset a where a.found_on <= ").bind(day).push(" and ");
    kit::store::scope::<super::store::Entity>(&cx.actor, visible(&cx.actor)).write("a", &mut sql);
    sql.push(" group by a.place order by a.place");
    cx.all(sql).await
}

/// What one day added.
#[derive(Clone, Copy, Debug, PartialEq, Eq, FromQueryResult)]
pub struct DayLine {
    /// The day.
    pub on_day: NaiveDate,
    /// Area activated, less what was taken back.
    pub area: Area,
    /// Income.
    pub income: Fen,
}

/// What each day from `from` to `to` added.
pub async fn by_day(cx: &Cx, from: NaiveDate, to: NaiveDate) -> Result<Vec<DayLine>> {
    let mut sql = Sql::new(
        "select m.on_day, cast(sum(m.area_cm2) as bigint) as area, cast(sum(m.income_fen) as bigint) as income \
         from asset_movement m join asset a on a.id = m.asset_id where m.on_day >= ",
    );
    sql.bind(from).push(" and m.on_day <= ").bind(to).push(" and ");
    kit::store::scope::<super::store::Entity>(&cx.actor, visible(&cx.actor)).write("a", &mut sql);
    sql.push(" group by m.on_day order by m.on_day");
    cx.all(sql).await
}

/// The table by organisation at the end of `day`.
pub(crate) async fn by_organisation_html(cx: &Cx, day: NaiveDate) -> Result<String> {
    let mut grid = Grid::new(&[
        "资产持有单位",
        "资产数",
        "闲置存量（㎡）",
        "已盘活（㎡）",
        "未盘活（㎡）",
        "盘活去化率",
        "盘活收入（元）",
    ]);
    for line in by_organisation(cx, day).await? {
        let rate = line.rate();
        grid.row(&[
            Shown::link(organisations::NOUN, Some(line.organisation_id.0), line.name),
            Shown::Integer(line.properties),
            Shown::Area(line.stock),
            Shown::Area(line.activated),
            Shown::Area(rate.remaining()),
            rate.shown(),
            Shown::Money(line.income),
        ]);
    }
    Ok(grid.finish())
}

#[cfg(test)]
mod tests {
    use super::*;
    use kit::units::CM2_PER_WAN_M2;

    #[test]
    fn the_published_rate_and_sum_come_out_in_exact_integers() {
        let wan = |hundredths: i64| Area(hundredths * CM2_PER_WAN_M2 / 100);
        assert_eq!(Rate { activated: wan(72_713), stock: wan(78_262) }.percent(), "92.91");
        assert_eq!(Period { opening: wan(45_050), increment: wan(27_663) }.cumulative(), wan(72_713));
    }

    #[test]
    fn a_rate_of_nothing_is_no_number() {
        assert_eq!(Rate::default().percent(), "—");
    }
}
