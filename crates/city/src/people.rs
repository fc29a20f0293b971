//! People, the posts they hold, the roles their accounts have, and the inspection teams of each round.

use chrono::NaiveDate;

use crate::keys::{OrganisationKey, PersonKey, RoundKey, TeamKey};

/// What an account may be used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    /// 市委领导.
    CommitteeLeader,
    /// 巡察工作领导小组成员.
    LeadingGroup,
    /// 巡察办主任、副主任.
    OfficeDirector,
    /// 巡察办处室联络人.
    OfficeLiaison,
    /// 巡察组组长.
    TeamHead,
    /// 巡察组副组长及成员.
    TeamMember,
    /// 被巡察单位联络员.
    OrganisationLiaison,
    /// 纪检监察机关.
    Discipline,
    /// 组织部门.
    OrganisationDepartment,
    /// 审计机关.
    Audit,
    /// 其他职能部门.
    FunctionalDepartment,
    /// 区委巡察办.
    DistrictOffice,
    /// 系统管理员.
    SystemAdministrator,
    /// 安全保密管理员.
    SecurityAdministrator,
    /// 安全审计员.
    SecurityAuditor,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 15] = [
        Self::CommitteeLeader,
        Self::LeadingGroup,
        Self::OfficeDirector,
        Self::OfficeLiaison,
        Self::TeamHead,
        Self::TeamMember,
        Self::OrganisationLiaison,
        Self::Discipline,
        Self::OrganisationDepartment,
        Self::Audit,
        Self::FunctionalDepartment,
        Self::DistrictOffice,
        Self::SystemAdministrator,
        Self::SecurityAdministrator,
        Self::SecurityAuditor,
    ];

    /// The name the product knows the role by.
    pub const fn code(self) -> &'static str {
        match self {
            Self::CommitteeLeader => "committee_leader",
            Self::LeadingGroup => "leading_group",
            Self::OfficeDirector => "office_director",
            Self::OfficeLiaison => "office_liaison",
            Self::TeamHead => "team_head",
            Self::TeamMember => "team_member",
            Self::OrganisationLiaison => "organisation_liaison",
            Self::Discipline => "discipline",
            Self::OrganisationDepartment => "organisation_department",
            Self::Audit => "audit",
            Self::FunctionalDepartment => "functional_department",
            Self::DistrictOffice => "district_office",
            Self::SystemAdministrator => "system_administrator",
            Self::SecurityAdministrator => "security_administrator",
            Self::SecurityAuditor => "security_auditor",
        }
    }
}

/// One invented person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Its own key.
    pub key: PersonKey,
    /// Name.
    pub name: String,
    /// Unique login in lower-case letters and two or more digits; `None` for people without an account.
    pub login: Option<String>,
    /// Year of birth.
    pub born: i32,
    /// What the person is good at, for the talent pool (人才库).
    pub speciality: &'static str,
}

/// A post held for a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Post {
    /// Who holds it.
    pub person: PersonKey,
    /// Where.
    pub organisation: OrganisationKey,
    /// Its title.
    pub title: String,
    /// The role the account has through the post; `None` for posts without an account.
    pub role: Option<Role>,
    /// First day.
    pub from: NaiveDate,
    /// Last day; `None` while it lasts.
    pub to: Option<NaiveDate>,
}

/// Whether a team stands all through the term.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TeamKind {
    /// One of the five municipal teams (市委第几巡察组).
    Standing,
    /// Set up for a round and dissolved after it.
    Temporary,
}

/// An inspection team.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Team {
    /// Its own key.
    pub key: TeamKey,
    /// Number in draft numbers.
    pub number: u32,
    /// Name.
    pub name: &'static str,
    /// Standing or temporary.
    pub kind: TeamKind,
}

/// A team as authorised for one round (一轮一授权).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoundTeam {
    /// The round.
    pub round: RoundKey,
    /// The team.
    pub team: TeamKey,
    /// 组长.
    pub head: PersonKey,
    /// 副组长, two.
    pub deputies: Vec<PersonKey>,
    /// Members, four to six, not the same in every round.
    pub members: Vec<PersonKey>,
    /// The named contact in the office (专人对接).
    pub office_liaison: PersonKey,
    /// Day of the authorisation.
    pub authorised_on: NaiveDate,
    /// Day on which the authorisation ends.
    pub expires_on: NaiveDate,
}
