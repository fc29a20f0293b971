//! Who acts, with which posts, and the small language in which slices say what is visible.
//!
//! A [`Pred`] is read in two ways: as SQL, where it limits every query, and against a record in
//! memory, where it answers for one. A property test holds the two readings equal.

use std::{collections::HashMap, sync::Arc};

use chrono::NaiveDate;
use db::Sql;
use sea_orm::{ModelTrait, Value};
use uuid::Uuid;

use crate::{Labelled as _, labelled, store};

labelled! {
    /// What somebody is appointed to do. The order is that of the permission table.
    pub enum Role: "岗位角色" {
        /// Member of the municipal committee, its secretary, a city leader in charge.
        CommitteeLeader = "committee_leader" => "市委领导", Grey;
        /// Member of the inspection leading group.
        LeadingGroup = "leading_group" => "领导小组成员", Grey;
        /// Director or deputy director of the inspection office.
        OfficeDirector = "office_director" => "巡察办主任", Grey;
        /// Officer of a division of the inspection office.
        OfficeLiaison = "office_liaison" => "巡察办联络员", Grey;
        /// Head or deputy head of an inspection team, for one inspection.
        TeamHead = "team_head" => "巡察组组长", Grey;
        /// Member of an inspection team, for one inspection.
        TeamMember = "team_member" => "巡察组组员", Grey;
        /// Liaison of an inspected organisation.
        OrganisationLiaison = "organisation_liaison" => "被巡察单位联络员", Grey;
        /// Discipline inspection and supervision.
        Discipline = "discipline" => "纪检监察机关", Grey;
        /// Organisation department.
        OrganisationDepartment = "organisation_department" => "组织部门", Grey;
        /// Audit bureau.
        Audit = "audit" => "审计机关", Grey;
        /// Competent or functional department.
        FunctionalDepartment = "functional_department" => "职能部门", Grey;
        /// Inspection office of a district.
        DistrictOffice = "district_office" => "区委巡察办", Grey;
        /// Accounts and running of the system; no business rights.
        SystemAdministrator = "system_administrator" => "系统管理员", Grey;
        /// Approval of rights and policies; no business rights.
        SecurityAdministrator = "security_administrator" => "安全管理员", Grey;
        /// Reading of the audit log; no business rights.
        SecurityAuditor = "security_auditor" => "安全审计员", Grey;
    }
}

impl Role {
    /// The three administrators (三员): mutually exclusive, without business rights.
    pub fn is_administrator(self) -> bool {
        matches!(self, Self::SystemAdministrator | Self::SecurityAdministrator | Self::SecurityAuditor)
    }

    /// Staff of the inspection office.
    pub fn is_office(self) -> bool {
        matches!(self, Self::OfficeDirector | Self::OfficeLiaison)
    }

    /// Member of an inspection team.
    pub fn is_team(self) -> bool {
        matches!(self, Self::TeamHead | Self::TeamMember)
    }
}

/// A district, as far as its office has to do with it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct District {
    /// The district in the register; its office is a body of its own.
    pub organisation: Uuid,
    /// The inspections that are held by the district or in it.
    pub inspections: Vec<Uuid>,
}

/// One appointment: a role, where it is held, and from when to when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Post {
    /// What the person is appointed to do.
    pub role: Role,
    /// The organisation the post belongs to (a liaison's unit, a handler's body, a district or its office).
    pub organisation: Option<Uuid>,
    /// The district that organisation is the office of, for posts of a district's office.
    pub district: Option<District>,
    /// The problems in whose rectification that organisation helps, for posts of a functional department.
    pub problems: Vec<Uuid>,
    /// The inspection a team post is authorised for.
    pub inspection: Option<Uuid>,
    /// First day of the appointment.
    pub from: NaiveDate,
    /// Last day, when there is one.
    pub to: Option<NaiveDate>,
}

impl Post {
    /// An appointment as `role` that has always held and is for no place yet.
    pub fn of(role: Role) -> Self {
        Self {
            role,
            organisation: None,
            district: None,
            problems: Vec::new(),
            inspection: None,
            from: NaiveDate::MIN,
            to: None,
        }
    }

    /// Whether the appointment holds on `day`.
    pub fn holds_on(&self, day: NaiveDate) -> bool {
        self.from <= day && self.to.is_none_or(|to| day <= to)
    }

    /// The organisations the post speaks for: its own and, for the office of a district, the district. The
    /// records of a district name the district and never its office.
    pub fn organisations(&self) -> impl Iterator<Item = Uuid> + use<> {
        let district = self.of_district().map(|district| district.organisation);
        self.organisation.into_iter().chain(district.filter(|&district| self.organisation != Some(district)))
    }

    /// The inspections the post has to do with: the one of a team and, for the office of a district, those
    /// of the district.
    pub fn inspections(&self) -> impl Iterator<Item = Uuid> {
        let of_district = self.of_district().map(|district| district.inspections.as_slice());
        self.inspection.into_iter().chain(of_district.unwrap_or_default().iter().copied())
    }

    fn of_district(&self) -> Option<&District> {
        self.district.as_ref().filter(|_| self.role == Role::DistrictOffice)
    }
}

/// Which columns say what a row of a table is about; read from the database itself, so that no table
/// is forgotten.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reach {
    columns: HashMap<String, Vec<&'static str>>,
}

/// Column that names the organisation a row is about.
const OF_ORGANISATION: &str = "organisation_id";
/// Column that names the inspection a row belongs to.
const OF_INSPECTION: &str = "inspection_id";
/// The table of inspections, whose rows are what the others name.
const INSPECTIONS: &str = "inspection";

impl Reach {
    /// From every `(table, column)` of the database. In the tables of `directory` an organisation is
    /// only an address, such as where a person works: knowing it tells nothing of an inspection.
    pub fn new(schema: Vec<(String, String)>, directory: &[&str]) -> Self {
        let mut reach = Self::default();
        for (table, column) in schema {
            let named = match column.as_str() {
                OF_INSPECTION => OF_INSPECTION,
                OF_ORGANISATION if !directory.contains(&table.as_str()) => OF_ORGANISATION,
                "id" if table == INSPECTIONS => "id",
                _ => continue,
            };
            reach.columns.entry(table).or_default().push(named);
        }
        for columns in reach.columns.values_mut() {
            columns.sort_unstable();
        }
        reach
    }

    /// The columns of `table` by which a bar takes hold of its rows; none when none can.
    pub fn columns(&self, table: &str) -> &[&'static str] {
        self.columns.get(table).map_or(&[], Vec::as_slice)
    }
}

/// Organisations and inspections a person must not have to do with. A bar beats every right: what is
/// about them does not exist for the person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bars {
    /// Nothing about these organisations.
    pub organisations: Vec<Uuid>,
    /// Nothing of these inspections.
    pub inspections: Vec<Uuid>,
    /// By which columns tables say what they are about.
    pub reach: Arc<Reach>,
}

impl Bars {
    /// Whether nothing is barred, as for nearly everybody.
    pub fn is_empty(&self) -> bool {
        self.organisations.is_empty() && self.inspections.is_empty()
    }

    /// The rows of `table` that no bar takes hold of.
    pub fn beyond(&self, table: &str) -> Pred {
        if self.is_empty() {
            return Pred::All;
        }
        self.reach.columns(table).iter().fold(Pred::All, |pred, &column| {
            let barred = if column == OF_ORGANISATION { &self.organisations } else { &self.inspections };
            pred.and(Pred::outside(column, barred))
        })
    }
}

/// Who acts: a person with the posts that hold today, or the program itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// Account, absent for the program.
    pub account: Option<Uuid>,
    /// Name as it is shown in histories.
    pub name: String,
    /// Posts that hold today.
    pub posts: Vec<Post>,
    /// What the person must not have to do with, whatever the posts say.
    pub bars: Arc<Bars>,
    /// Set for the command line, imports at start-up and jobs: acts with the office's rights.
    pub program: bool,
    /// Network address the request came from, or the command.
    pub origin: String,
    /// Number of the request, repeated in logs, errors and audit.
    pub request: String,
}

impl Actor {
    /// The program acting by itself, named after what it does (`命令行导入`).
    pub fn program(name: &str) -> Self {
        Self {
            account: None,
            name: name.to_owned(),
            posts: Vec::new(),
            bars: Arc::default(),
            program: true,
            origin: String::from("local"),
            request: String::new(),
        }
    }

    /// The person of `account` with one post, as the tables of rights are worked out for.
    pub fn holding(account: Uuid, post: Post) -> Self {
        Self { account: Some(account), posts: vec![post], program: false, ..Self::program("岗位") }
    }

    /// Whether the person holds `role` anywhere. The program counts as office director.
    pub fn is(&self, role: Role) -> bool {
        (self.program && role == Role::OfficeDirector) || self.posts.iter().any(|post| post.role == role)
    }

    /// Whether the person holds any of `roles`.
    pub fn is_any(&self, roles: &[Role]) -> bool {
        roles.iter().any(|&role| self.is(role))
    }

    /// Whether the person works in the inspection office.
    pub fn is_office(&self) -> bool {
        self.is_any(&[Role::OfficeDirector, Role::OfficeLiaison])
    }

    /// Organisations for which the person holds `role`, as [`Post::organisations`] says.
    pub fn organisations(&self, role: Role) -> Vec<Uuid> {
        self.posts.iter().filter(|post| post.role == role).flat_map(Post::organisations).collect()
    }

    /// Inspections for which the person holds `role`, as [`Post::inspections`] says.
    pub fn inspections(&self, role: Role) -> Vec<Uuid> {
        self.posts.iter().filter(|post| post.role == role).flat_map(Post::inspections).collect()
    }

    /// Whether the person holds `role` for `organisation`, as [`Post::organisations`] says.
    pub fn is_at(&self, role: Role, organisation: Uuid) -> bool {
        self.posts.iter().any(|post| post.role == role && post.organisations().any(|own| own == organisation))
    }

    /// Whether the person holds `role` for `inspection`, as [`Post::inspections`] says.
    pub fn is_for(&self, role: Role, inspection: Uuid) -> bool {
        self.posts.iter().any(|post| post.role == role && post.inspections().any(|own| own == inspection))
    }

    /// Whether the person belongs to the team of `inspection`.
    pub fn in_team(&self, inspection: Uuid) -> bool {
        self.is_for(Role::TeamHead, inspection) || self.is_for(Role::TeamMember, inspection)
    }

    /// Everything that any of the person's roles opens: the union of `rules`.
    pub fn reach<const N: usize>(&self, rules: [(Role, Pred); N]) -> Pred {
        Pred::any(rules.into_iter().filter(|(role, _)| self.is(*role)).map(|(_, pred)| pred).collect())
    }

    /// Records of the inspections the person works for as `role` (column `inspection_id`).
    pub fn own_inspections(&self, role: Role) -> Pred {
        let inspections = self.inspections(role);
        if role == Role::DistrictOffice && self.is(role) {
            // Before the first inspection of a district its lists are empty; they exist all the same.
            return Pred::OneOf("inspection_id", inspections.into_iter().map(Value::from).collect());
        }
        Pred::within("inspection_id", inspections)
    }

    /// Records of the organisations where the person holds `role`, by `column`.
    pub fn own_organisations(&self, role: Role, column: &'static str) -> Pred {
        Pred::within(column, self.organisations(role))
    }

    /// The problems with which the person's department helps, by `column`.
    pub fn own_problems(&self, column: &'static str) -> Pred {
        let departments = self.posts.iter().filter(|post| post.role == Role::FunctionalDepartment);
        Pred::within(column, departments.flat_map(|post| post.problems.iter().copied()).collect())
    }

    /// The labels of the person's roles, for the head of the page.
    pub fn role_labels(&self) -> String {
        let mut labels: Vec<&str> = self.posts.iter().map(|post| post.role.label()).collect();
        labels.dedup();
        labels.join("、")
    }
}

/// A condition on the columns of one table.
#[derive(Clone, Debug, PartialEq)]
pub enum Pred {
    /// Everything.
    All,
    /// Nothing.
    Nothing,
    /// Every one of them.
    And(Vec<Pred>),
    /// At least one of them.
    Or(Vec<Pred>),
    /// The column equals the value.
    Is(&'static str, Value),
    /// The column is one of these texts or numbers.
    OneOf(&'static str, Vec<Value>),
    /// The column holds something.
    Present(&'static str),
    /// The column holds nothing.
    Absent(&'static str),
    /// The column is at least the value (dates, numbers).
    AtLeast(&'static str, Value),
    /// The column is at most the value (dates, numbers).
    AtMost(&'static str, Value),
    /// The column holds nothing, or none of these.
    Outside(&'static str, Vec<Value>),
}

impl Pred {
    /// The column is one of `ids`.
    pub fn within(column: &'static str, ids: Vec<Uuid>) -> Self {
        if ids.is_empty() {
            Self::Nothing
        } else {
            Self::OneOf(column, ids.into_iter().map(Value::from).collect())
        }
    }

    /// The column equals `value`.
    pub fn is(column: &'static str, value: impl Into<Value>) -> Self {
        Self::Is(column, value.into())
    }

    /// The column is one of `values`.
    pub fn one_of<V: Into<Value>>(column: &'static str, values: impl IntoIterator<Item = V>) -> Self {
        let values: Vec<Value> = values.into_iter().map(Into::into).collect();
        if values.is_empty() { Self::Nothing } else { Self::OneOf(column, values) }
    }

    /// The column holds nothing, or none of `ids`.
    pub fn outside(column: &'static str, ids: &[Uuid]) -> Self {
        if ids.is_empty() {
            Self::All
        } else {
            Self::Outside(column, ids.iter().copied().map(Value::from).collect())
        }
    }

    /// At least one of `preds`, simplified.
    pub fn any(preds: Vec<Pred>) -> Self {
        if preds.contains(&Self::All) {
            return Self::All;
        }
        let mut kept: Vec<Pred> = preds.into_iter().filter(|pred| *pred != Self::Nothing).collect();
        match kept.len() {
            0 => Self::Nothing,
            1 => kept.swap_remove(0),
            _ => Self::Or(kept),
        }
    }

    /// Both `self` and `other`, simplified.
    #[must_use]
    pub fn and(self, other: Pred) -> Self {
        match (self, other) {
            (Self::Nothing, _) | (_, Self::Nothing) => Self::Nothing,
            (Self::All, pred) | (pred, Self::All) => pred,
            (Self::And(mut preds), pred) => {
                preds.push(pred);
                Self::And(preds)
            }
            (first, second) => Self::And(vec![first, second]),
        }
    }

    /// Appends the condition to `sql`; `alias` is the table's name in the statement.
    pub fn write(&self, alias: &str, sql: &mut Sql) {
        let column = |sql: &mut Sql, name: &str| {
            if !alias.is_empty() {
                sql.push(alias).push(".");
            }
            sql.push(name);
        };
        match self {
            Self::All => {
                sql.push("1 = 1");
            }
            Self::Nothing => {
                sql.push("1 = 0");
            }
            Self::And(preds) => Self::write_joined(preds, " and ", alias, sql),
            Self::Or(preds) => Self::write_joined(preds, " or ", alias, sql),
            Self::Is(name, value) => {
                column(sql, name);
                sql.push(" = ").bind(value.clone());
            }
            Self::OneOf(name, values) => {
                column(sql, name);
                sql.push(" in ").bind_list(values.iter().cloned());
            }
            Self::Present(name) => {
                column(sql, name);
                sql.push(" is not null");
            }
            Self::Absent(name) => {
                column(sql, name);
                sql.push(" is null");
            }
            Self::AtLeast(name, value) => {
                column(sql, name);
                sql.push(" >= ").bind(value.clone());
            }
            Self::AtMost(name, value) => {
                column(sql, name);
                sql.push(" <= ").bind(value.clone());
            }
            Self::Outside(name, values) => {
                sql.push("(");
                column(sql, name);
                sql.push(" is null or ");
                column(sql, name);
                sql.push(" not in ").bind_list(values.iter().cloned()).push(")");
            }
        }
    }

    fn write_joined(preds: &[Pred], joint: &str, alias: &str, sql: &mut Sql) {
        sql.push("(");
        for (at, pred) in preds.iter().enumerate() {
            if at > 0 {
                sql.push(joint);
            }
            pred.write(alias, sql);
        }
        sql.push(")");
    }

    /// Whether `record` fulfils the condition; a column the record does not have fulfils nothing.
    pub fn holds<M: ModelTrait>(&self, record: &M) -> bool {
        self.eval(&|name| store::value(record, name))
    }

    fn eval(&self, value_of: &dyn Fn(&str) -> Option<Value>) -> bool {
        match self {
            Self::All => true,
            Self::Nothing => false,
            Self::And(preds) => preds.iter().all(|pred| pred.eval(value_of)),
            Self::Or(preds) => preds.iter().any(|pred| pred.eval(value_of)),
            Self::Is(name, value) => value_of(name).is_some_and(|held| same(&held, value)),
            Self::OneOf(name, values) => {
                value_of(name).is_some_and(|held| values.iter().any(|value| same(&held, value)))
            }
            Self::Present(name) => value_of(name).is_some_and(|held| !is_null(&held)),
            Self::Absent(name) => value_of(name).is_some_and(|held| is_null(&held)),
            Self::AtLeast(name, value) => {
                value_of(name).and_then(|held| order(&held, value)).is_some_and(std::cmp::Ordering::is_ge)
            }
            Self::AtMost(name, value) => {
                value_of(name).and_then(|held| order(&held, value)).is_some_and(std::cmp::Ordering::is_le)
            }
            Self::Outside(name, values) => {
                value_of(name).is_some_and(|held| is_null(&held) || !values.contains(&held))
            }
        }
    }
}

fn is_null(value: &Value) -> bool {
    *value == value.as_null()
}

fn same(held: &Value, wanted: &Value) -> bool {
    !is_null(held) && held == wanted
}

fn order(held: &Value, wanted: &Value) -> Option<std::cmp::Ordering> {
    match (held, wanted) {
        (Value::ChronoDate(Some(a)), Value::ChronoDate(Some(b))) => Some(a.cmp(b)),
        (Value::ChronoDateTimeUtc(Some(a)), Value::ChronoDateTimeUtc(Some(b))) => Some(a.cmp(b)),
        (Value::BigInt(Some(a)), Value::BigInt(Some(b))) => Some(a.cmp(b)),
        (Value::String(Some(a)), Value::String(Some(b))) => Some(a.cmp(b)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OFFICE: Uuid = Uuid::from_u128(1);
    const DISTRICT: Uuid = Uuid::from_u128(2);
    const INSPECTION: Uuid = Uuid::from_u128(3);
    const PROBLEM: Uuid = Uuid::from_u128(4);

    fn holding(role: Role, organisation: Uuid) -> Actor {
        let post = Post {
            organisation: Some(organisation),
            district: Some(District { organisation: DISTRICT, inspections: vec![INSPECTION] }),
            problems: vec![PROBLEM],
            ..Post::of(role)
        };
        Actor::holding(Uuid::nil(), post)
    }

    #[test]
    fn the_office_of_a_district_speaks_for_the_district_and_has_to_do_with_its_inspections() {
        let office = holding(Role::DistrictOffice, OFFICE);
        assert_eq!(office.organisations(Role::DistrictOffice), [OFFICE, DISTRICT]);
        assert_eq!(office.inspections(Role::DistrictOffice), [INSPECTION]);
        assert!([OFFICE, DISTRICT].iter().all(|&own| office.is_at(Role::DistrictOffice, own)));
        assert!(office.is_for(Role::DistrictOffice, INSPECTION));
        assert!(!office.is_at(Role::DistrictOffice, Uuid::from_u128(9)));
        assert!(!office.in_team(INSPECTION));
    }

    #[test]
    fn a_district_without_inspections_has_lists_with_nothing_in_them() {
        let mut office = holding(Role::DistrictOffice, OFFICE);
        office.posts[0].district = Some(District { organisation: DISTRICT, inspections: Vec::new() });
        let own = office.own_inspections(Role::DistrictOffice);
        assert_ne!(own, Pred::Nothing);
        assert!(!own.eval(&|_| Some(Value::from(INSPECTION))));
        assert_eq!(office.own_inspections(Role::TeamHead), Pred::Nothing);
    }

    #[test]
    fn another_body_in_a_district_does_not_speak_for_the_district() {
        let street = holding(Role::OrganisationLiaison, OFFICE);
        assert_eq!(street.organisations(Role::OrganisationLiaison), [OFFICE]);
        assert!(!street.is_at(Role::OrganisationLiaison, DISTRICT));
        assert!(street.inspections(Role::OrganisationLiaison).is_empty());
    }

    #[test]
    fn only_a_department_reads_the_problems_it_helps_with() {
        let own = |role| holding(role, OFFICE).own_problems("id");
        assert_eq!(own(Role::FunctionalDepartment), Pred::within("id", vec![PROBLEM]));
        assert_eq!(own(Role::OrganisationLiaison), Pred::Nothing);
    }

    #[test]
    fn a_post_on_the_district_itself_names_it_once() {
        assert_eq!(holding(Role::DistrictOffice, DISTRICT).organisations(Role::DistrictOffice), [DISTRICT]);
    }
}
