//! A part of what a figure counted: what stands behind one cell of a break-down of the annual review.

use chrono::{Datelike as _, Months, NaiveDate};
use db::Sql;
use kit::{Cx, Labelled as _, Refusal, Result, dictionary, labelled, web::Query};
use planning::inspections::InspectionKind;
use registry::{
    organisations::OrganisationKind,
    transfers::{Disposal, ResultKind},
};
use uuid::Uuid;

use super::{Frame, formula::Set};

labelled! {
    /// By what a figure is cut.
    pub enum By: "划分" {
        /// The team that found a problem.
        Team = "team" => "巡察组", Grey;
        /// The kind of inspection it was found by.
        InspectionKind = "inspection_kind" => "巡察类型", Grey;
        /// Its field.
        Field = "field" => "领域", Grey;
        /// Its category.
        Category = "category" => "问题类别", Grey;
        /// The kind of organisation it was fed back to.
        OrganisationKind = "organisation_kind" => "单位类别", Grey;
        /// The district of that organisation.
        District = "district" => "所在区", Grey;
        /// The calendar month of the day by which it counts.
        Month = "month" => "月份", Grey;
        /// Whether it is, or was, closed on the day asked for.
        Closing = "closing" => "销号情况", Grey;
        /// How long it had been open then.
        Age = "age" => "反馈以来", Grey;
        /// How a lead was disposed of.
        Disposal = "disposal" => "处置方式", Grey;
        /// What came of it.
        Result = "result" => "办理结果", Grey;
        /// The year for which a unit of the list is planned.
        Planned = "planned" => "计划年度", Grey;
        /// The year in which it was completed first.
        Completed = "completed" => "完成年度", Grey;
        /// By the end of which it was completed.
        Until = "completed_by" => "截至年度", Grey;
    }
}

labelled! {
    /// How a problem stood on the day asked for.
    pub enum Closing: "销号情况" {
        /// Closed.
        Closed = "closed" => "目前销号", Grey;
        /// Closed at some time, perhaps open again.
        Ever = "ever" => "曾经销号", Grey;
        /// Not closed.
        Open = "open" => "尚未销号", Grey;
        /// Not closed and past its day.
        Late = "late" => "超过整改期限", Grey;
    }
}

labelled! {
    /// For how long a problem had been fed back.
    pub enum Age: "反馈以来" {
        /// Up to three months.
        Three = "3" => "3个月以内", Grey;
        /// Up to six.
        Six = "6" => "3至6个月", Grey;
        /// Up to twelve.
        Twelve = "12" => "6至12个月", Grey;
        /// Longer.
        More = "more" => "12个月以上", Grey;
    }
}

impl Age {
    /// More than so many months before the day, and not more than so many.
    pub(super) fn months(self) -> (Option<u32>, Option<u32>) {
        match self {
            Self::Three => (None, Some(3)),
            Self::Six => (Some(3), Some(6)),
            Self::Twelve => (Some(6), Some(12)),
            Self::More => (Some(12), None),
        }
    }
}

/// Months before `day`.
pub(super) fn before(day: NaiveDate, months: u32) -> NaiveDate {
    day.checked_sub_months(Months::new(months)).unwrap_or(day)
}

/// The value that stands for rows of which nothing is registered.
pub(super) const NONE: &str = "none";

/// Conditions on the rows of a figure, all of which hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cut(Vec<(By, String)>);

impl Cut {
    /// Of one kind.
    pub fn by(by: By, value: impl Into<String>) -> Self {
        Self(vec![(by, value.into())])
    }

    /// And of another.
    #[must_use]
    pub fn and(mut self, by: By, value: impl Into<String>) -> Self {
        self.0.push((by, value.into()));
        self
    }

    /// Whether everything counts.
    pub fn is_all(&self) -> bool {
        self.0.is_empty()
    }

    /// Reads the conditions `by.…` of an address.
    ///
    /// # Errors
    /// A refusal for conditions that make no sense.
    pub fn parse(query: &Query) -> Result<Self> {
        let mut cut = Self::default();
        for (name, value) in query.pairs() {
            let Some(code) = name.strip_prefix("by.") else { continue };
            let by = By::parse(code).filter(|by| sensible(*by, value)).ok_or_else(nonsense)?;
            if cut.0.iter().any(|(held, _)| *held == by) {
                return Err(nonsense().into());
            }
            cut.0.push((by, value.clone()));
        }
        Ok(cut)
    }

    /// The conditions behind those of an address.
    #[must_use]
    pub fn added_to(&self, query: Query) -> Query {
        self.0.iter().fold(query, |query, (by, value)| query.and(&format!("by.{}", by.code()), value))
    }

    /// Appends the conditions on the rows of `set`.
    ///
    /// # Errors
    /// A refusal when the rows of `set` know nothing of them.
    pub(super) fn write(&self, frame: &Frame, set: &Set, sql: &mut Sql) -> Result<()> {
        for (by, value) in &self.0 {
            if !fits(*by, set) {
                return Err(nonsense().into());
            }
            write(*by, value, frame, set, sql);
        }
        Ok(())
    }

    /// The conditions in words.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn words(&self, cx: &Cx) -> Result<Vec<String>> {
        let mut words = Vec::new();
        for (by, value) in &self.0 {
            words.push(format!("{}：{}", by.label(), called(cx, *by, value).await?));
        }
        Ok(words)
    }
}

fn nonsense() -> Refusal {
    Refusal::bad_request("地址中的划分条件不正确，请从年度综述重新选择。")
}

fn sensible(by: By, value: &str) -> bool {
    let year = || value.parse::<i32>().is_ok_and(|year| (1990..=2199).contains(&year));
    match by {
        By::Team | By::Field | By::Category => !value.contains('\0') && value.len() <= 400,
        By::InspectionKind => InspectionKind::parse(value).is_some(),
        By::OrganisationKind => OrganisationKind::parse(value).is_some(),
        By::District => value == NONE || Uuid::parse_str(value).is_ok(),
        By::Month => month(value).is_some(),
        By::Closing => Closing::parse(value).is_some(),
        By::Age => Age::parse(value).is_some(),
        By::Disposal => value == NONE || Disposal::parse(value).is_some(),
        By::Result => value == NONE || ResultKind::parse(value).is_some(),
        By::Planned | By::Completed | By::Until => year(),
    }
}

/// First and last day of a month written 2023-04.
fn month(text: &str) -> Option<(NaiveDate, NaiveDate)> {
    let (year, month) = text.split_once('-')?;
    let first = NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, 1)?;
    (1990..=2199).contains(&first.year()).then_some(())?;
    Some((first, first.checked_add_months(Months::new(1))?.pred_opt()?))
}

/// Whether the rows of `set` can be cut like this.
fn fits(by: By, set: &Set) -> bool {
    match by {
        By::Month => true,
        By::Team
        | By::InspectionKind
        | By::Field
        | By::Category
        | By::OrganisationKind
        | By::District
        | By::Closing
        | By::Age => set.from == "problem p",
        By::Disposal | By::Result => set.from == "lead l",
        By::Planned => set.from == "coverage_item ci",
        By::Completed | By::Until => set.from.starts_with("coverage_item ci join inspection_unit u"),
    }
}

fn write(by: By, value: &str, frame: &Frame, set: &Set, sql: &mut Sql) {
    let as_of = frame.ask.as_of;
    match by {
        By::Team => equal("p.team", value, sql),
        By::InspectionKind => equal("p.inspection_kind", value, sql),
        By::Field => equal("p.field", value, sql),
        By::Category => equal("p.category_1", value, sql),
        By::OrganisationKind => {
            sql.push(" and p.organisation_id in (select id from organisation where kind = ");
            sql.bind(value).push(")");
        }
        By::District => {
            sql.push(" and p.organisation_id in (select id from organisation where district_id ");
            match Uuid::parse_str(value) {
                Ok(district) => sql.push("= ").bind(district).push(")"),
                Err(_) => sql.push("is null)"),
            };
        }
        By::Month => {
            if let Some((first, last)) = month(value) {
                sql.push(" and ").push(set.day).push(" >= ").bind(first);
                sql.push(" and ").push(set.day).push(" <= ").bind(last);
            }
        }
        By::Closing => write_closing(Closing::parse(value), frame, sql),
        By::Age => {
            let (more, most) = Age::parse(value).map(Age::months).unwrap_or_default();
            if let Some(more) = more {
                sql.push(" and p.fed_back_on <= ").bind(before(as_of, more));
            }
            if let Some(most) = most {
                sql.push(" and p.fed_back_on > ").bind(before(as_of, most));
            }
        }
        By::Disposal => write_transfer("disposal", value, frame, sql),
        By::Result => write_transfer("result", value, frame, sql),
        By::Planned => {
            sql.push(" and ci.planned_year = ").bind(value.parse::<i64>().unwrap_or_default());
        }
        By::Completed => {
            let year = value.parse().unwrap_or_default();
            write_left_until(year, sql);
            sql.push(" and ci.organisation_id not in (select e.organisation_id from inspection_unit e");
            sql.push(" join inspection ei on ei.id = e.inspection_id");
            sql.push(" where ei.kind = 'regular' and ei.level = 'city'");
            frame.in_term("ei.term_id", sql);
            sql.push(" and e.left_on < ").bind(NaiveDate::from_ymd_opt(year, 1, 1)).push(")");
        }
        By::Until => write_left_until(value.parse().unwrap_or_default(), sql),
    }
}

fn equal(column: &str, value: &str, sql: &mut Sql) {
    sql.push(" and ").push(column).push(" = ").bind(value);
}

fn write_left_until(year: i32, sql: &mut Sql) {
    sql.push(" and u.left_on <= ").bind(NaiveDate::from_ymd_opt(year, 12, 31));
}

/// Closed is a problem of which a closing holds on the day.
fn write_closing(closing: Option<Closing>, frame: &Frame, sql: &mut Sql) {
    let open = matches!(closing, Some(Closing::Open | Closing::Late));
    sql.push(if open { " and p.id not in (" } else { " and p.id in (" });
    sql.push("select c.problem_id from closure c where 1 = 1");
    frame.until("c.closed_on", sql);
    if closing != Some(Closing::Ever) {
        sql.push(" and (c.reopened_on is null or c.reopened_on > ").bind(frame.ask.as_of).push(")");
    }
    sql.push(")");
    if closing == Some(Closing::Late) {
        sql.push(" and p.due_on < ").bind(frame.ask.as_of);
    }
}

/// Leads whose transfer says `value` in `column` by the day asked for, or nothing.
fn write_transfer(column: &str, value: &str, frame: &Frame, sql: &mut Sql) {
    let none = value == NONE;
    sql.push(if none {
        " and (l.transfer_id is null or l.transfer_id not in ("
    } else {
        " and l.transfer_id in ("
    });
    sql.push("select t.id from transfer t where t.").push(column);
    if none {
        sql.push(" <> ''");
    } else {
        sql.push(" = ").bind(value);
    }
    frame.until(&format!("t.{column}_on"), sql);
    sql.push(if none { "))" } else { ")" });
}

async fn called(cx: &Cx, by: By, value: &str) -> Result<String> {
    let named = |label: Option<&'static str>| label.unwrap_or_default().to_owned();
    Ok(match by {
        By::Team if value.is_empty() => String::from("未登记"),
        By::Field | By::Category if value.is_empty() => String::from("未归类"),
        By::Team | By::Month => value.to_owned(),
        By::Field => dictionary::shown(cx, "field", value).await?.plain(),
        By::Category => dictionary::shown(cx, "category_1", value).await?.plain(),
        By::InspectionKind => named(InspectionKind::parse(value).map(InspectionKind::label)),
        By::OrganisationKind => named(OrganisationKind::parse(value).map(OrganisationKind::label)),
        By::District => match Uuid::parse_str(value) {
            Ok(id) => {
                let mut sql = Sql::new("select name from organisation where id = ");
                sql.bind(id);
                let rows = cx.rows(sql).await?;
                rows.first().map(|row| row.try_get_by_index(0)).transpose()?.unwrap_or_default()
            }
            Err(_) => String::from("市本级"),
        },
        By::Closing => named(Closing::parse(value).map(Closing::label)),
        By::Age => named(Age::parse(value).map(Age::label)),
        By::Disposal if value == NONE => String::from("未确定处置方式"),
        By::Result if value == NONE => String::from("未反馈结果"),
        By::Disposal => named(Disposal::parse(value).map(Disposal::label)),
        By::Result => named(ResultKind::parse(value).map(ResultKind::label)),
        By::Planned | By::Completed | By::Until => format!("{value}年"),
    })
}
