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

/// Signs and words that people put between the ends of a period.
const BETWEEN: [char; 12] = ['-', '‐', '–', '—', '―', '−', '－', '~', '～', '〜', '至', '到'];

fn post(line: &str) -> Result<Line, String> {
    let unclear = || {
        format!(
            "“{line}”应写成“起止年月 单位 职务”，如“2015.03—2019.06 市教育局 副科长”，仍在任的写“2019.07至今”"
        )
    };
    let (from, to, rest) = period(line).ok_or_else(unclear)?;
    let mut words = rest.split_whitespace();
    let place = words.next().ok_or_else(unclear)?.to_owned();
    let title = words.collect::<Vec<_>>().join(" ");
    if to.is_some_and(|to| to < from) {
        return Err(format!("“{line}”的终止年月早于起始年月"));
    }
    Ok(Line { from: Some(from), to, place, title })
}

/// The period a line begins with, and what follows it: `2015.03—2019.06`, `2015年3月 至 2019年6月`, `2019.07-至今`,
/// `2019.07—` and what else people write.
fn period(line: &str) -> Option<(NaiveDate, Option<NaiveDate>, &str)> {
    let (from, rest) = month(line)?;
    let rest = rest.trim_start();
    let tail = rest.trim_start_matches(BETWEEN);
    if tail.len() == rest.len() {
        return None;
    }
    let (to, rest) = end(tail.trim_start()).or_else(|| open_end(tail))?;
    rest.starts_with(char::is_whitespace).then_some((from, to, rest))
}

/// The end of a period, and what follows it; no day while the post is held.
fn end(text: &str) -> Option<(Option<NaiveDate>, &str)> {
    let text = text.trim_start_matches(BETWEEN);
    if let Some((first, rest)) = month(text) {
        return Some((Some(last_of_month(first)), rest));
    }
    let rest = ["今", "现在", "目前"].into_iter().find_map(|word| text.strip_prefix(word))?;
    rest.starts_with(char::is_whitespace).then_some((None, rest))
}

/// A period whose end was left out; a figure there is an end that was mistyped.
fn open_end(tail: &str) -> Option<(Option<NaiveDate>, &str)> {
    let left_out = tail.starts_with(char::is_whitespace) && !tail.trim_start().starts_with(is_figure);
    left_out.then_some((None, tail))
}

fn is_figure(c: char) -> bool {
    c.is_ascii_digit()
}

/// The first day of the month a text begins with (`2015.03`, `2015-03`, `2015年3月` or `201503`), and what follows.
fn month(text: &str) -> Option<(NaiveDate, &str)> {
    let (year, rest) = text.split_at_checked(4).filter(|(year, _)| year.chars().all(is_figure))?;
    let told = rest.strip_prefix(['.', '．', '-', '/', '年']);
    let rest = told.unwrap_or(rest);
    let most = rest.find(|c| !is_figure(c)).unwrap_or(rest.len()).min(2);
    let (month, rest) =
        rest.split_at_checked(most).filter(|(month, _)| told.is_some() || month.len() == 2)?;
    let first = NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, 1)?;
    Some((first, rest.strip_prefix('月').unwrap_or(rest)))
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
    fn a_period_is_read_with_whatever_sign_stands_between_its_months() {
        let read = |period: &str| {
            let line = posts(&format!("{period} 市教育局 科长")).unwrap().remove(0);
            assert_eq!((line.place.as_str(), line.title.as_str()), ("市教育局", "科长"), "{period}");
            (line.from.unwrap(), line.to)
        };
        let (from, to) = (day("2015-01-01"), Some(day("2019-06-30")));
        for between in ["—", "——", "-", "--", "–", "－", "~", "～", "至", "到", " - ", " — ", " 至 "]
        {
            assert_eq!(read(&format!("2015.01{between}2019.06")), (from, to), "{between}");
            assert_eq!(read(&format!("2015年1月{between}2019年6月")), (from, to), "{between}");
            assert_eq!(read(&format!("201501{between}201906")), (from, to), "{between}");
        }
        for written in ["2015-01-2019-06", "2015-1—2019-6", "2015/01-2019/06", "2015．01－2019．06"] {
            assert_eq!(read(written), (from, to), "{written}");
        }
        for held in
            ["-今", "-至今", "—今", "—至今", "至今", "–至今", "~今", " - 至今", "－现在", "-目前", "—", "-"]
        {
            assert_eq!(read(&format!("2015.01{held}")), (from, None), "{held}");
        }
    }

    #[test]
    fn a_post_still_held_may_be_at_a_place_whose_name_begins_like_the_word_for_today() {
        assert_eq!(posts("2019.07— 今日传媒集团 编辑").unwrap()[0].place, "今日传媒集团");
    }

    #[test]
    fn what_cannot_be_understood_is_named() {
        assert!(posts("市教育局 科长").unwrap_err().contains("市教育局 科长"));
        assert!(posts("2019.07—2015.01 市教育局 科长").unwrap_err().contains("早于"));
        for wrong in [
            "2019.13—今",
            "2019.07—2020.13",
            "2019.07 - 20",
            "2019.07",
            "2019—2021",
            "-2019.07",
            "2019.07-不详",
        ] {
            assert!(posts(&format!("{wrong} 市教育局 科长")).is_err(), "{wrong}");
        }
        assert!(posts("2019.07—今市教育局 科长").is_err());
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
