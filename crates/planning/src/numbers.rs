//! Numbers by rule, one series and year each: `巡〔2023〕005号`.

use db::Sql;
use kit::{Result, WriteCx};

/// A series of numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Series {
    /// Inspections.
    Inspection,
    /// Topics named by the committee.
    Topic,
}

impl Series {
    fn code(self) -> &'static str {
        match self {
            Self::Inspection => "inspection",
            Self::Topic => "topic",
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Inspection => "巡",
            Self::Topic => "点题",
        }
    }

    fn taken(self) -> &'static str {
        match self {
            Self::Inspection => "select count(*) from inspection where number = ",
            Self::Topic => "select count(*) from topic where number = ",
        }
    }
}

/// `巡〔2023〕005号`.
pub(crate) fn written(series: Series, year: i64, at: i64) -> String {
    format!("{}〔{year}〕{at:03}号", series.word())
}

/// The next free number; numbers that came in with older records are passed over.
pub(crate) async fn next(cx: &mut WriteCx, series: Series, year: i64) -> Result<String> {
    loop {
        let number = written(series, year, step(cx, series, year).await?);
        let mut taken = Sql::new(series.taken());
        taken.bind(number.as_str());
        if cx.number(taken).await? == 0 {
            return Ok(number);
        }
    }
}

async fn step(cx: &mut WriteCx, series: Series, year: i64) -> Result<i64> {
    kit::numbers::next(cx, &format!("{}-{year}", series.code()), 0).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_the_office_writes_them() {
        assert_eq!(written(Series::Inspection, 2023, 5), "巡〔2023〕005号");
        assert_eq!(written(Series::Topic, 2023, 1234), "点题〔2023〕1234号");
    }
}
