//! Dates, periods and terms as people write them in ledgers.

use chrono::{Days, Months, NaiveDate};

use super::normal::compact;

/// When something is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Due {
    /// By this day.
    On(NaiveDate),
    /// Within this period, both days included.
    Within(NaiveDate, NaiveDate),
    /// 立行立改: at once.
    Immediate,
    /// 长期坚持: without end.
    LongTerm,
}

/// A full date in text; a year alone or a month alone is none.
pub(super) fn date(text: &str) -> Option<NaiveDate> {
    match Written::parse(&compact(text))? {
        Written { year: Some(year), month: Some(month), day: Some(day), rest: "" } => {
            NaiveDate::from_ymd_opt(year, month, day)
        }
        _ => None,
    }
}

/// A deadline in text. `default_year` completes `4月底前`; without it such a text is not understood.
pub(super) fn due(text: &str, default_year: Option<i32>) -> Option<Due> {
    let text = compact(text);
    single(&text, default_year).or_else(|| span(&text, default_year)).or_else(|| term(&text))
}

fn term(text: &str) -> Option<Due> {
    const IMMEDIATE: [&str; 5] = ["立行立改", "立即", "即知即改", "立整立改", "即行即改"];
    const LONG_TERM: [&str; 4] = ["长期", "持续", "常态化", "坚持"];
    if IMMEDIATE.iter().any(|word| text.contains(word)) {
        Some(Due::Immediate)
    } else if LONG_TERM.iter().any(|word| text.contains(word)) {
        Some(Due::LongTerm)
    } else {
        None
    }
}

/// `2023年4月至6月`, `2023.4.6—2023.5.6`.
fn span(text: &str, default_year: Option<i32>) -> Option<Due> {
    let (from, to) = ["至", "—", "–", "~", "到"].iter().find_map(|mark| text.split_once(mark))?;
    let (from, to) = (Written::parse(from)?, Written::parse(to.trim_start_matches(['—', '–', '~']))?);
    let year = from.year.or(default_year);
    let first = first_day(from.due(year)?);
    let month = if to.month.is_none() && to.year.is_none() && to.day.is_none() { return None } else { to };
    let last = last_day(month.due(month.year.or(year))?);
    (first <= last).then_some(Due::Within(first, last))
}

fn single(text: &str, default_year: Option<i32>) -> Option<Due> {
    let written = Written::parse(text)?;
    written.due(written.year.or(default_year))
}

fn first_day(due: Due) -> NaiveDate {
    match due {
        Due::On(day) | Due::Within(day, _) => day,
        Due::Immediate | Due::LongTerm => NaiveDate::MAX,
    }
}

fn last_day(due: Due) -> NaiveDate {
    match due {
        Due::On(day) | Due::Within(_, day) => day,
        Due::Immediate | Due::LongTerm => NaiveDate::MIN,
    }
}

/// The numbers at the start of a text and what follows them.
struct Written<'a> {
    year: Option<i32>,
    month: Option<u32>,
    day: Option<u32>,
    rest: &'a str,
}

impl<'a> Written<'a> {
    fn parse(text: &'a str) -> Option<Self> {
        Self::run_together(text).or_else(|| Self::chinese(text)).or_else(|| Self::separated(text))
    }

    /// `20230406`.
    fn run_together(text: &'a str) -> Option<Self> {
        let (digits, rest) = text.split_at_checked(8)?;
        if !digits.bytes().all(|b| b.is_ascii_digit()) || rest.starts_with(|c: char| c.is_ascii_digit()) {
            return None;
        }
        let number: u32 = digits.parse().ok()?;
        let (year, month, day) = (number / 10_000, number / 100 % 100, number % 100);
        Self { year: year.try_into().ok(), month: Some(month), day: Some(day), rest }.plausible()
    }

    /// `2023年4月6日`, `2023年4月底前`, `2023年底`, `4月6日`, `年底前`.
    fn chinese(text: &'a str) -> Option<Self> {
        let (year, rest) = match text.split_once('年') {
            Some(("", rest)) if rest.starts_with('底') => (None, rest),
            Some((year, rest)) => (Some(year_of(year)?), rest),
            None if text.contains('月') => (None, text),
            None => return None,
        };
        let (month, rest) = match rest.split_once('月') {
            Some((month, rest)) => match small(month) {
                Some(month) => (Some(month), rest),
                None => return None,
            },
            None => (None, rest),
        };
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let (day, rest) = rest.split_at_checked(digits)?;
        if month.is_none() && digits > 0 {
            return None;
        }
        let day = if day.is_empty() { None } else { Some(small(day)?) };
        let rest = if day.is_some() { rest.trim_start_matches(['日', '号']) } else { rest };
        Self { year, month, day, rest }.plausible()
    }

    /// `2023.4.6`, `2023-04-06`, `2023/4`, also with a time of day behind.
    fn separated(text: &'a str) -> Option<Self> {
        let end =
            text.find(|c: char| !c.is_ascii_digit() && !matches!(c, '.' | '-' | '/')).unwrap_or(text.len());
        let (numbers, rest) = text.split_at_checked(end)?;
        let numbers = numbers.trim_end_matches('.');
        let separator = numbers.chars().find(|c| !c.is_ascii_digit())?;
        let mut parts = numbers.split(separator);
        let year = year_of(parts.next()?)?;
        let month = small(parts.next()?)?;
        let (day, rest) = match parts.next() {
            Some(day) => with_time(day, rest)?,
            None => (None, rest),
        };
        if parts.next().is_some() {
            return None;
        }
        Self { year: Some(year), month: Some(month), day, rest }.plausible()
    }

    fn plausible(self) -> Option<Self> {
        let year = self.year.is_none_or(|year| (1900..=2199).contains(&year));
        let month = self.month.is_none_or(|month| (1..=12).contains(&month));
        let day = self.day.is_none_or(|day| (1..=31).contains(&day));
        (year && month && day).then_some(self)
    }

    /// What the numbers and the words behind them mean. Unknown words make it meaningless.
    fn due(&self, year: Option<i32>) -> Option<Due> {
        let year = year?;
        match (self.month, self.day) {
            (Some(month), Some(day)) => {
                is_filler(self.rest).then_some(())?;
                NaiveDate::from_ymd_opt(year, month, day).map(Due::On)
            }
            (Some(month), None) => month_due(NaiveDate::from_ymd_opt(year, month, 1)?, self.rest),
            (None, _) => year_due(year, self.rest),
        }
    }
}

/// White space is gone by now, so `2023-04-06 08:00` arrives as `2023-04-0608:00`.
fn with_time<'a>(day: &str, rest: &'a str) -> Option<(Option<u32>, &'a str)> {
    if day.len() == 4 && rest.starts_with(':') {
        return Some((Some(small(day.get(..2)?)?), ""));
    }
    if let Some(time) = rest.strip_prefix('T')
        && time.bytes().all(|b| b.is_ascii_digit() || b == b':' || b == b'.' || b == b'Z')
    {
        return Some((Some(small(day)?), ""));
    }
    Some((Some(small(day)?), rest))
}

fn month_due(first: NaiveDate, rest: &str) -> Option<Due> {
    let next = first.checked_add_months(Months::new(1))?;
    let last = next.checked_sub_days(Days::new(1))?;
    let tenth = |day: u64| first.checked_add_days(Days::new(day - 1));
    let (word, filler) = ["月底", "月末", "底", "末", "上旬", "中旬", "下旬", "份"]
        .iter()
        .find_map(|word| rest.strip_prefix(word).map(|filler| (*word, filler)))
        .unwrap_or(("", rest));
    is_filler(filler).then_some(())?;
    match word {
        "上旬" => Some(Due::Within(first, tenth(10)?)),
        "中旬" => Some(Due::Within(tenth(11)?, tenth(20)?)),
        "下旬" => Some(Due::Within(tenth(21)?, last)),
        "" | "份" if !filler.contains('前') => Some(Due::Within(first, last)),
        // 4月前 may mean before it begins or before it ends.
        "" | "份" => None,
        _ => Some(Due::On(last)),
    }
}

fn year_due(year: i32, rest: &str) -> Option<Due> {
    const PARTS: [(&str, u32, u32); 12] = [
        ("上半年", 1, 6),
        ("下半年", 7, 12),
        ("第一季度", 1, 3),
        ("第二季度", 4, 6),
        ("第三季度", 7, 9),
        ("第四季度", 10, 12),
        ("一季度", 1, 3),
        ("二季度", 4, 6),
        ("三季度", 7, 9),
        ("四季度", 10, 12),
        ("度", 1, 12),
        ("", 1, 12),
    ];
    let year_end = NaiveDate::from_ymd_opt(year, 12, 31)?;
    if let Some(filler) = rest.strip_prefix('底').or_else(|| rest.strip_prefix('末')) {
        return is_filler(filler).then_some(Due::On(year_end));
    }
    let (from, to, filler) = PARTS
        .iter()
        .find_map(|(word, from, to)| rest.strip_prefix(word).map(|filler| (*from, *to, filler)))?;
    is_filler(filler).then_some(())?;
    let first = NaiveDate::from_ymd_opt(year, from, 1)?;
    let last = NaiveDate::from_ymd_opt(year, to, 1)?
        .checked_add_months(Months::new(1))?
        .checked_sub_days(Days::new(1))?;
    Some(Due::Within(first, last))
}

/// Words behind a date that do not change it.
fn is_filler(text: &str) -> bool {
    const FILLERS: [&str; 16] = [
        "之前",
        "以前",
        "前",
        "完成",
        "整改",
        "到位",
        "销号",
        "并",
        "长期坚持",
        "持续推进",
        "坚持",
        "持续",
        "长期",
        "立行立改",
        "内",
        "已",
    ];
    let mut rest = text.trim_matches(|c| matches!(c, '、' | ',' | '，' | '。' | ';' | '；' | '(' | ')'));
    while !rest.is_empty() {
        match FILLERS.iter().find_map(|word| rest.strip_prefix(word)) {
            Some(shorter) => rest = shorter.trim_start_matches(['、', ',', '，', '。', ';', '；', '(', ')']),
            None => return false,
        }
    }
    true
}

fn year_of(text: &str) -> Option<i32> {
    (text.len() == 4 && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok()).flatten()
}

/// A month or day of one or two digits.
fn small(text: &str) -> Option<u32> {
    (matches!(text.len(), 1 | 2) && text.bytes().all(|b| b.is_ascii_digit()))
        .then(|| text.parse().ok())
        .flatten()
}

/// The date of a stored number: a day number from 1954 to 2119, or digits such as 20230406.
pub(super) fn from_number(number: i64) -> Option<NaiveDate> {
    match number {
        20_000..=80_000 => {
            NaiveDate::from_ymd_opt(1899, 12, 30)?.checked_add_days(Days::new(u64::try_from(number).ok()?))
        }
        19_000_101..=21_991_231 => date(&number.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).unwrap()
    }

    #[test]
    fn full_dates_in_every_dress_are_the_same_day() {
        for text in [
            "2023.4.6",
            "2023-4-6",
            "2023/04/06",
            "2023年4月6日",
            "20230406",
            "２０２３年４月６日",
            " 2023 年 4 月 6 日 ",
            "2023-04-06 08:30",
            "2023-04-06T00:00:00",
            "2023.4.6.",
            "2023年4月6号",
        ] {
            assert_eq!(date(text), Some(day(2023, 4, 6)), "{text}");
        }
        for text in [
            "2023年4月",
            "2023",
            "4月6日",
            "2023.13.1",
            "2023.2.30",
            "20231340",
            "长期坚持",
            "2023.4.6.7",
            "约2023.4.6",
        ] {
            assert_eq!(date(text), None, "{text}");
        }
    }

    #[test]
    fn deadlines_become_days_periods_or_terms() {
        let month = Due::Within(day(2023, 4, 1), day(2023, 4, 30));
        for (text, expected) in [
            ("2023.4.6", Due::On(day(2023, 4, 6))),
            ("2023年4月6日前完成", Due::On(day(2023, 4, 6))),
            ("2023年4月", month),
            ("2023.4", month),
            ("2023-04", month),
            ("4月底前", Due::On(day(2023, 4, 30))),
            ("2023年2月底", Due::On(day(2023, 2, 28))),
            ("4月6日前", Due::On(day(2023, 4, 6))),
            ("年底前", Due::On(day(2023, 12, 31))),
            ("2024年底前", Due::On(day(2024, 12, 31))),
            ("2023年上半年", Due::Within(day(2023, 1, 1), day(2023, 6, 30))),
            ("2023年第二季度", Due::Within(day(2023, 4, 1), day(2023, 6, 30))),
            ("2023年4月中旬", Due::Within(day(2023, 4, 11), day(2023, 4, 20))),
            ("2023年4月至6月", Due::Within(day(2023, 4, 1), day(2023, 6, 30))),
            ("2023.4.6-2023.5.6".replace('-', "—").as_str(), Due::Within(day(2023, 4, 6), day(2023, 5, 6))),
            ("2023年12月底前完成并长期坚持", Due::On(day(2023, 12, 31))),
            ("立行立改", Due::Immediate),
            ("立即整改", Due::Immediate),
            ("长期坚持", Due::LongTerm),
            ("持续推进", Due::LongTerm),
        ] {
            assert_eq!(due(text, Some(2023)), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_is_ambiguous_stays_unread() {
        for text in ["4月前", "尽快", "2023年13月", "已完成", "", "第三次会议", "2023年4月会议后"]
        {
            assert_eq!(due(text, Some(2023)), None, "{text}");
        }
        assert_eq!(due("4月底前", None), None);
    }

    #[test]
    fn day_numbers_of_spreadsheets_are_dates() {
        assert_eq!(from_number(45_022), Some(day(2023, 4, 6)));
        assert_eq!(from_number(20_230_406), Some(day(2023, 4, 6)));
        assert_eq!(from_number(2023), None);
    }
}
