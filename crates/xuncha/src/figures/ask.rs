//! What a figure is asked for: a day, a year, the kinds of inspections that count.

use chrono::{Datelike as _, Months, NaiveDate};
use db::Sql;
use kit::{Cx, Labelled as _, Result};
use planning::inspections::InspectionKind;
use uuid::Uuid;

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    /// The day the figures are counted on; what happened later does not count.
    pub as_of: NaiveDate,
    /// The calendar year of the yearly figures.
    pub year: i32,
    /// Kinds of inspections that count; none named means all.
    pub kinds: Vec<InspectionKind>,
}

impl Ask {
    /// What is known of `year` on `as_of`, with all kinds of inspections.
    pub fn new(as_of: NaiveDate, year: i32) -> Self {
        Self { as_of, year, kinds: Vec::new() }
    }

    /// The same for the year of the day.
    pub fn on(as_of: NaiveDate) -> Self {
        Self::new(as_of, as_of.year())
    }

    /// The same question a year earlier.
    #[must_use]
    pub fn year_before(&self) -> Self {
        let as_of = self.as_of.checked_sub_months(Months::new(12)).unwrap_or(self.as_of);
        Self { as_of, year: self.year - 1, kinds: self.kinds.clone() }
    }

    /// First day of the year.
    pub fn first(&self) -> NaiveDate {
        NaiveDate::from_ymd_opt(self.year, 1, 1).unwrap_or(self.as_of)
    }

    /// Last day of the year that counts.
    pub fn last(&self) -> NaiveDate {
        NaiveDate::from_ymd_opt(self.year, 12, 31).map_or(self.as_of, |end| end.min(self.as_of))
    }

    /// Which kinds of inspections count, in words for pages and prints.
    pub fn inclusion_text(&self) -> String {
        if self.kinds.is_empty() {
            return String::from("含全部巡察类型");
        }
        let labels: Vec<&str> = self.kinds.iter().map(|kind| kind.label()).collect();
        format!("只含{}", labels.join("、"))
    }

    /// The question as the query of an address.
    pub fn query(&self) -> String {
        let mut query = format!("as_of={}&year={}", self.as_of, self.year);
        for kind in &self.kinds {
            query.push_str("&kind=");
            query.push_str(kind.code());
        }
        query
    }
}

/// The question together with what it rests on: the term and the coverage list of that day.
#[derive(Clone, Debug)]
pub struct Frame {
    /// The question.
    pub ask: Ask,
    /// The term that runs on the day; the nil id, which no record has, when none does.
    pub term: Uuid,
    /// The coverage list in force on the day, likewise.
    pub list: Uuid,
    /// Whether inspections of the district level are on record, which municipal figures leave out.
    pub(super) with_districts: bool,
}

impl Frame {
    /// Finds term and coverage list.
    pub async fn of(cx: &Cx, ask: Ask) -> Result<Self> {
        let mut sql = Sql::new("select id from term where starts_on <= ");
        sql.bind(ask.as_of).push(" order by starts_on desc limit 1");
        let term = first_id(cx, sql).await?;
        let mut sql = Sql::new("select id from coverage_list where term_id = ");
        sql.bind(term).push(" and approved_on <= ").bind(ask.as_of);
        sql.push(" order by approved_on desc, edition desc limit 1");
        let list = first_id(cx, sql).await?;
        let sql = Sql::new(
            "select count(*) from (select 1 as one from inspection where level <> 'city' limit 1) d",
        );
        let with_districts = cx.number(sql).await? > 0;
        Ok(Self { ask, term, list, with_districts })
    }

    /// `column` is a day up to the day asked for.
    pub fn until(&self, column: &str, sql: &mut Sql) {
        sql.push(" and ").push(column).push(" <= ").bind(self.ask.as_of);
    }

    /// `column` is a day of the year, up to the day asked for.
    pub fn in_year(&self, column: &str, sql: &mut Sql) {
        sql.push(" and ").push(column).push(" >= ").bind(self.ask.first());
        sql.push(" and ").push(column).push(" <= ").bind(self.ask.last());
    }

    /// `column` holds the year.
    pub fn is_year(&self, column: &str, sql: &mut Sql) {
        sql.push(" and ").push(column).push(" = ").bind(i64::from(self.ask.year));
    }

    /// `column` is the term.
    pub fn in_term(&self, column: &str, sql: &mut Sql) {
        sql.push(" and ").push(column).push(" = ").bind(self.term);
    }

    /// `column` holds a kind that counts.
    pub fn kinds(&self, column: &str, sql: &mut Sql) {
        if !self.ask.kinds.is_empty() {
            sql.push(" and ")
                .push(column)
                .push(" in ")
                .bind_list(self.ask.kinds.iter().map(|kind| kind.code()));
        }
    }

    /// `column` is a municipal inspection; costs nothing where no others are on record.
    pub fn municipal(&self, column: &str, sql: &mut Sql) {
        if self.with_districts {
            sql.push(" and ").push(column).push(" in (select id from inspection where level = 'city')");
        }
    }

    /// The inspection `i` is told of by itself: announced in the year, municipal, not regular.
    pub fn told_by_itself(&self, sql: &mut Sql) {
        sql.push(" and i.level = 'city' and i.kind <> 'regular'");
        self.in_year("coalesce(i.announced_on, i.starts_on)", sql);
    }

    /// `column` is a municipal inspection of a kind that counts.
    pub fn counted_inspection(&self, column: &str, sql: &mut Sql) {
        if self.ask.kinds.is_empty() {
            return self.municipal(column, sql);
        }
        sql.push(" and ")
            .push(column)
            .push(" in (select id from inspection where level = 'city' and kind in ");
        sql.bind_list(self.ask.kinds.iter().map(|kind| kind.code())).push(")");
    }
}

async fn first_id(cx: &Cx, sql: Sql) -> Result<Uuid> {
    match cx.rows(sql).await?.first() {
        Some(row) => Ok(row.try_get_by_index(0)?),
        None => Ok(Uuid::nil()),
    }
}
