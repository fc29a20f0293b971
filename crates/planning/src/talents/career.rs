//! Posts held and relatives, as people write them: one to a line, `2015.03—2019.06 市教育局 副科长`. Pure.

use chrono::NaiveDate;

/// A post as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// First day, the first of the month when only that is known.
    pub from: Option<NaiveDate>,
    /// Last day; none while it is held.
    pub to: Option<NaiveDate>,
    /// Where.
    pub place: String,
    /// As what.
    pub title: String,
}

/// The posts in `text`, one to a line or between semicolons.
///
/// # Errors
/// A sentence about the first line that cannot be understood.
pub fn posts(text: &str) -> Result<Vec<Line>, String> {
    lines(text).map(post).collect()
}

/// Where relatives work: `配偶 张某 市财政局 科长` names the organisation third.
///
/// # Errors
/// A sentence about the first line that cannot be understood.
pub fn relatives(text: &str) -> Result<Vec<String>, String> {
    lines(text)
        .map(|line| {
            let place = line.split_whitespace().nth(2);
            place
                .map(str::to_owned)
                .ok_or_else(|| format!("“{line}”应写成“关系 姓名 工作单位 职务”，中间用空格隔开"))
        })
        .collect()
}

fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.split(['\n', '；', ';']).map(str::trim).filter(|line| !line.is_empty())
}

fn post(line: &str) -> Result<Line, String> {
    let unclear = || format!("“{line}”应写成“起止年月 单位 职务”，如“2015.03—2019.06 市教育局 副科长”");
    let mut words = line.split_whitespace();
    let period = words.next().ok_or_else(unclear)?;
    let place = words.next().ok_or_else(unclear)?.to_owned();
    let title = words.collect::<Vec<_>>().join(" ");
    let (from, to) = period.split_once(['—', '至', '~', '～', '－', '–']).ok_or_else(unclear)?;
    let from = month(from).ok_or_else(unclear)?;
    let to = to.trim_matches(['—', '－', '–']);
    let to = if matches!(to, "" | "今" | "至今" | "现在") {
        None
    } else {
        Some(last_of_month(month(to).ok_or_else(unclear)?))
    };
    if to.is_some_and(|to| to < from) {
        return Err(format!("“{line}”的终止年月早于起始年月"));
    }
    Ok(Line { from: Some(from), to, place, title })
}

/// The first day of `2015.03`, `2015-03`, `2015年3月` or `201503`.
fn month(text: &str) -> Option<NaiveDate> {
    let text = text.trim().trim_end_matches('月');
    let (year, month) =
        text.split_once(['.', '-', '/', '年']).or_else(|| Some((text.get(..4)?, text.get(4..)?)))?;
    NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, 1)
}

fn last_of_month(first: NaiveDate) -> NaiveDate {
    let next = first.checked_add_months(chrono::Months::new(1));
    next.and_then(|next| next.pred_opt()).unwrap_or(first)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn several_posts_in_one_cell_are_read_with_their_months() {
        let read = posts(
            "2009.07—2015.02 市审计局 科员；2015年3月至2019年6月 市教育局 财务科 副科长\n2019.07—今 市财政局 科长",
        );
        let read = read.unwrap();
        assert_eq!((read[0].from, read[0].to), (Some(day("2009-07-01")), Some(day("2015-02-28"))));
        assert_eq!((read[1].place.as_str(), read[1].title.as_str()), ("市教育局", "财务科 副科长"));
        assert_eq!(read[2].to, None);
    }

    #[test]
    fn what_cannot_be_understood_is_named() {
        assert!(posts("市教育局 科长").unwrap_err().contains("市教育局 科长"));
        assert!(posts("2019.07—2015.01 市教育局 科长").unwrap_err().contains("早于"));
        assert!(posts("2019.13—今 市教育局 科长").is_err());
        assert!(relatives("配偶 张某").is_err());
        assert_eq!(relatives("配偶 张某 市财政局 科长").unwrap(), ["市财政局"]);
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "\\PC{0,80}") {
            let _ = (posts(&text), relatives(&text));
        }
    }
}
