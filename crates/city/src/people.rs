//! People, the posts they hold, the roles their accounts have, and the inspection teams of each round.

use chrono::NaiveDate;

use crate::City;
use crate::calendar::{day, days_after};
use crate::dice::Dice;
use crate::keys::{OrganisationKey, PersonKey, RoundKey, TeamKey};
use crate::names::Names;
use crate::organisations::{LeaderInCharge, OrganisationKind};
use crate::targets;

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

const TERM_BEGINS: NaiveDate = day(2021, 9, 20);

/// When the vice mayor for construction changed.
const CHANGE_OF_LEADER: NaiveDate = day(2023, 1, 16);

const SPECIALITIES: [&str; 8] =
    ["党建", "纪检监察", "组织人事", "财务审计", "工程建设", "法律", "信息技术", "综合文字"];

/// Team number, name, standing or not.
const TEAMS: [(u32, &str, TeamKind); 8] = [
    (1, "市委第一巡察组", TeamKind::Standing),
    (2, "市委第二巡察组", TeamKind::Standing),
    (3, "市委第三巡察组", TeamKind::Standing),
    (4, "市委第四巡察组", TeamKind::Standing),
    (5, "市委第五巡察组", TeamKind::Standing),
    (6, "市委专项巡察组", TeamKind::Temporary),
    (7, "市委机动巡察组", TeamKind::Temporary),
    (8, "市委联合巡察组", TeamKind::Temporary),
];

/// Numbers of the temporary teams authorised in rounds 1, 2, 3, …
const TEMPORARY_IN_ROUND: [&[u32]; 6] = [&[], &[6], &[6, 8], &[6, 8], &[8], &[7]];

const CITY_LEADERS: [&str; 11] = [
    "市委书记",
    "市长",
    "市委专职副书记",
    "市纪委书记、市监委主任",
    "市委组织部部长",
    "市委宣传部部长",
    "市委政法委书记",
    "常务副市长",
    "副市长（分管教育卫生）",
    "副市长（分管城建交通）",
    "副市长（分管农业农村和商务）",
];

/// Body, title of its handlers, role, number of accounts.
const HANDLERS: [(&str, &str, Role, usize); 15] = [
    ("市纪委监委", "案件监督管理室干部", Role::Discipline, 3),
    ("市委组织部", "干部监督处干部", Role::OrganisationDepartment, 2),
    ("市审计局", "经济责任审计处干部", Role::Audit, 2),
    ("市财政局", "监督评价处干部", Role::FunctionalDepartment, 2),
    ("市国资委", "产权管理处干部", Role::FunctionalDepartment, 2),
    ("市信访局", "办信处干部", Role::FunctionalDepartment, 1),
    ("市委政法委", "执法监督处干部", Role::FunctionalDepartment, 1),
    ("市委宣传部", "理论教育处干部", Role::FunctionalDepartment, 1),
    ("市统计局", "综合处干部", Role::FunctionalDepartment, 1),
    ("市住房建设局", "建筑市场管理处干部", Role::FunctionalDepartment, 1),
    ("市教育局", "财务审计处干部", Role::FunctionalDepartment, 1),
    ("市卫健委", "体制改革处干部", Role::FunctionalDepartment, 1),
    ("市农业农村局", "农村经济指导处干部", Role::FunctionalDepartment, 1),
    ("市民政局", "社会救助处干部", Role::FunctionalDepartment, 1),
    ("市科技局", "规划与政策处干部", Role::FunctionalDepartment, 1),
];

/// Makes people and their posts.
struct Register<'a> {
    city: &'a mut City,
    names: Names,
    dice: &'a mut Dice,
}

impl Register<'_> {
    fn appoint(&mut self, organisation: OrganisationKey, title: &str, role: Option<Role>) -> PersonKey {
        self.appoint_from(organisation, title, role, TERM_BEGINS)
    }

    fn appoint_from(
        &mut self,
        organisation: OrganisationKey,
        title: &str,
        role: Option<Role>,
        from: NaiveDate,
    ) -> PersonKey {
        let key = PersonKey(self.city.people.len());
        let (name, login) = self.names.unique(self.dice);
        self.city.people.push(Person {
            key,
            name,
            login: role.map(|_| login),
            born: self.dice.between(1966, 1992) as i32,
            speciality: self.dice.pick(&SPECIALITIES),
        });
        let title = title.to_owned();
        self.city.posts.push(Post { person: key, organisation, title, role, from, to: None });
        key
    }

    fn appoint_many(
        &mut self,
        organisation: OrganisationKey,
        title: &str,
        role: Role,
        count: usize,
    ) -> Vec<PersonKey> {
        (0..count).map(|_| self.appoint(organisation, title, Some(role))).collect()
    }
}

/// The people whom other parts of the plan need to name.
#[derive(Debug)]
pub(crate) struct Staff {
    pub(crate) secretary: PersonKey,
    pub(crate) director: PersonKey,
    pub(crate) office_liaisons: Vec<PersonKey>,
    /// Heads in the order of the teams.
    pub(crate) heads: Vec<PersonKey>,
    /// Experts at division level kept free to be sent to the districts.
    pub(crate) experts: Vec<PersonKey>,
    /// District cadres who come for training, by district.
    pub(crate) trainees: Vec<(OrganisationKey, PersonKey)>,
    deputies: Vec<PersonKey>,
    members: Vec<PersonKey>,
}

/// Accounts of every role, and the posts they come from.
pub(crate) fn fill(city: &mut City, dice: &mut Dice) -> Staff {
    city.teams = (0..)
        .zip(TEAMS)
        .map(|(place, (number, name, kind))| Team { key: TeamKey(place), number, name, kind })
        .collect();
    let mut register = Register { city, names: Names::new(), dice };
    let leaders = fill_leaders(&mut register);
    let staff = fill_office(&mut register, &leaders);
    fill_bodies(&mut register);
    let Register { city, dice, .. } = register;
    assign_leaders(city, dice, &leaders);
    staff
}

fn fill_leaders(register: &mut Register<'_>) -> Vec<PersonKey> {
    let committee = register.city.body("市委");
    let group = register.city.body("市委巡察工作领导小组");
    let mut leaders: Vec<_> = CITY_LEADERS
        .iter()
        .map(|title| register.appoint(committee, title, Some(Role::CommitteeLeader)))
        .collect();
    let successor = register.appoint_from(
        committee,
        "副市长（分管城建交通）",
        Some(Role::CommitteeLeader),
        CHANGE_OF_LEADER,
    );
    leaders.push(successor);
    for title in ["领导小组副组长", "领导小组成员", "领导小组成员", "领导小组成员"] {
        register.appoint(group, title, Some(Role::LeadingGroup));
    }
    leaders
}

fn fill_office(register: &mut Register<'_>, leaders: &[PersonKey]) -> Staff {
    let office = register.city.body("市委巡察办");
    let director = register.appoint(office, "市委巡察办主任", Some(Role::OfficeDirector));
    register.appoint_many(office, "市委巡察办副主任", Role::OfficeDirector, 2);
    let office_liaisons = register.appoint_many(office, "市委巡察办联络员", Role::OfficeLiaison, TEAMS.len());
    let heads: Vec<_> = TEAMS
        .iter()
        .map(|(_, name, _)| register.appoint(office, &format!("{name}组长"), Some(Role::TeamHead)))
        .collect();
    let deputies = register.appoint_many(office, "巡察组副组长", Role::TeamMember, 2 * TEAMS.len());
    let experts =
        register.appoint_many(office, "处级巡察专员", Role::TeamMember, targets::DEPUTIES_SENT_2023);
    let members = register.appoint_many(office, "巡察组成员", Role::TeamMember, 6 * TEAMS.len() + 4);
    register.appoint(office, "系统管理员", Some(Role::SystemAdministrator));
    register.appoint(office, "安全保密管理员", Some(Role::SecurityAdministrator));
    register.appoint(office, "安全审计员", Some(Role::SecurityAuditor));
    let trainees = fill_district_offices(register);
    let secretary = leaders.first().copied().unwrap_or(director);
    Staff { secretary, director, office_liaisons, heads, experts, trainees, deputies, members }
}

fn fill_district_offices(register: &mut Register<'_>) -> Vec<(OrganisationKey, PersonKey)> {
    let offices: Vec<_> = register
        .city
        .of_kind(OrganisationKind::DistrictOffice)
        .map(|office| (office.key, office.parent))
        .collect();
    let mut trainees = Vec::new();
    for (office, district) in offices {
        register.appoint(office, "区委巡察办主任", Some(Role::DistrictOffice));
        register.appoint(office, "区委巡察办干部", Some(Role::DistrictOffice));
        for _ in 0..3 {
            let cadre = register.appoint(office, "区委巡察办干部（上挂锻炼）", None);
            trainees.extend(district.map(|district| (district, cadre)));
        }
    }
    trainees
}

fn fill_bodies(register: &mut Register<'_>) {
    for (body, title, role, count) in HANDLERS {
        let body = register.city.body(body);
        register.appoint_many(body, title, role, count);
    }
    for unit in register.city.listable() {
        let founded = register.city[unit].valid_from;
        register.appoint_from(
            unit,
            "巡察整改联络员",
            Some(Role::OrganisationLiaison),
            founded.max(TERM_BEGINS),
        );
    }
}

/// A liaison for each unit of a scaled city; their names may repeat, their logins do not.
pub(crate) fn add_extra_liaisons(city: &mut City, dice: &mut Dice, units: &[OrganisationKey]) {
    let names = Names::new();
    for (number, unit) in (1..).zip(units) {
        let key = PersonKey(city.people.len());
        city.people.push(Person {
            key,
            name: names.any(dice),
            login: Some(format!("liaison{number:06}")),
            born: dice.between(1966, 1992) as i32,
            speciality: dice.pick(&SPECIALITIES),
        });
        city.posts.push(Post {
            person: key,
            organisation: *unit,
            title: "巡察整改联络员".to_owned(),
            role: Some(Role::OrganisationLiaison),
            from: TERM_BEGINS,
            to: None,
        });
    }
}

/// Gives every unit its city leader in charge; one portfolio changed hands.
fn assign_leaders(city: &mut City, dice: &mut Dice, leaders: &[PersonKey]) {
    use crate::problems::Field;
    let leader = |title: usize| leaders.get(title).copied();
    let (construction, successor) = (leader(9), leader(11));
    for unit in city.listable() {
        let organisation = &city[unit];
        let portfolio = match organisation.focus {
            Some(Field::Bidding | Field::StateAssets) => 9,
            Some(Field::Medical | Field::Education) => 8,
            Some(Field::RuralRevival | Field::Welfare) => 10,
            Some(Field::SpecialFunds | Field::InnovationBase) => 7,
            None => dice.count(2, 7),
        };
        let from = organisation.valid_from.max(TERM_BEGINS);
        let Some(person) = leader(portfolio) else { continue };
        let changes = Some(person) == construction;
        let to = changes.then(|| CHANGE_OF_LEADER - chrono::Days::new(1));
        city.leaders_in_charge.push(LeaderInCharge { organisation: unit, leader: person, from, to });
        if let Some(next) = successor.filter(|_| changes) {
            let from = CHANGE_OF_LEADER;
            city.leaders_in_charge.push(LeaderInCharge { organisation: unit, leader: next, from, to: None });
        }
    }
}

/// Authorises the teams of every round with members drawn anew, nobody in two teams of a round.
pub(crate) fn authorise_teams(city: &mut City, staff: &Staff, dice: &mut Dice) {
    for (round, temporary) in city.rounds.iter().zip(TEMPORARY_IN_ROUND) {
        let (mut deputies, mut members) = (staff.deputies.clone(), staff.members.clone());
        dice.shuffle(&mut deputies);
        dice.shuffle(&mut members);
        let people = city.teams.iter().zip(staff.heads.iter().zip(&staff.office_liaisons));
        for (team, (head, office_liaison)) in people {
            if team.kind == TeamKind::Temporary && !temporary.contains(&team.number) {
                continue;
            }
            let size = dice.count(4, 6);
            city.round_teams.push(RoundTeam {
                round: round.key,
                team: team.key,
                head: *head,
                deputies: deputies.drain(..2.min(deputies.len())).collect(),
                members: members.drain(..size.min(members.len())).collect(),
                office_liaison: *office_liaison,
                authorised_on: round.authorised_on,
                expires_on: days_after(round.ends_on, 110),
            });
        }
    }
}

impl City {
    /// The city leader in charge of a unit on a day.
    pub fn leader_in_charge(&self, unit: OrganisationKey, on: NaiveDate) -> Option<PersonKey> {
        self.leaders_in_charge
            .iter()
            .find(|charge| {
                charge.organisation == unit && charge.from <= on && charge.to.is_none_or(|to| on <= to)
            })
            .map(|charge| charge.leader)
    }

    /// The team as authorised in a round.
    pub fn round_team(&self, round: RoundKey, team: TeamKey) -> Option<&RoundTeam> {
        self.round_teams.iter().find(|row| row.round == round && row.team == team)
    }
}

/// The leaders and departments of a unit as they appear in its rectification plans.
#[derive(Debug, Clone)]
pub(crate) struct Roster {
    /// Names of the leadership, the secretary first.
    pub(crate) leaders: Vec<String>,
    /// Departments with the name of the one in charge.
    pub(crate) departments: Vec<(&'static str, String)>,
}

const DEPARTMENTS: [&str; 12] = [
    "办公室",
    "人事处",
    "计划财务处",
    "机关党委",
    "纪检监察室",
    "法规处",
    "项目建设处",
    "资产管理处",
    "审计处",
    "综合业务处",
    "规划发展处",
    "信息中心",
];

impl Roster {
    pub(crate) fn draw(dice: &mut Dice) -> Self {
        let names = Names::new();
        let leaders = (0..5).map(|_| names.any(dice)).collect();
        let departments = DEPARTMENTS.iter().map(|department| (*department, names.any(dice))).collect();
        Self { leaders, departments }
    }
}
