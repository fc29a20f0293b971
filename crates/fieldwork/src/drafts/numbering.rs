//! The official number: one series per year, round and team, without gaps, given with the approval.

use chrono::{Datelike as _, NaiveDate};
use db::Sql;
use kit::{Result, WriteCx, numbers};

use super::Draft;

/// An official number and its place in its series.
pub(super) struct Official {
    pub(super) series: String,
    pub(super) serial: i64,
}

impl Official {
    /// `〔2023〕第五轮-第一巡察组-012`.
    pub(super) fn text(&self) -> String {
        format!("{}-{:03}", self.series, self.serial)
    }
}

/// The next official number for `draft`, approved on `day`.
pub(super) async fn next(cx: &mut WriteCx, draft: &Draft, day: NaiveDate) -> Result<Official> {
    let mut sql = Sql::new(
        "select i.team, coalesce(r.name, '') from inspection i left join round r on r.id = i.round_id where i.id = ",
    );
    sql.bind(draft.inspection_id);
    let rows = cx.rows(sql).await?;
    let (team, round): (String, String) = match rows.first() {
        Some(row) => (row.try_get_by_index(0)?, row.try_get_by_index(1)?),
        None => Default::default(),
    };
    let series = series(day.year(), &round, &team);
    let mut highest = Sql::new("select coalesce(max(serial), 0) from draft where series = ");
    highest.bind(series.as_str());
    let stored = cx.number(highest).await?;
    let serial = numbers::next(cx, &format!("draft/{series}"), stored).await?;
    Ok(Official { series, serial })
}

fn series(year: i32, round: &str, team: &str) -> String {
    // Inspections outside the rounds count by team alone.
    let round = if round.is_empty() { "专项" } else { round };
    let team = if team.is_empty() { "巡察组" } else { team };
    format!("〔{year}〕{round}-{team}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_names_year_round_and_team() {
        let official = Official { series: series(2023, "第五轮", "第一巡察组"), serial: 12 };
        assert_eq!(official.text(), "〔2023〕第五轮-第一巡察组-012");
        assert_eq!(series(2023, "", "第一巡察组"), "〔2023〕专项-第一巡察组");
    }
}
