//! The plan of the city as the loader reads it: its rows with their identities, and who did what in it.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use chrono::{Datelike as _, NaiveDate};
use city::{
    City,
    inspections::{InspectedUnit, Inspection, Stage},
    keys::{
        AssetKey, BatchKey, InspectedUnitKey, InspectionKey, OrganisationKey, PersonKey, ProblemKey,
        RoundKey, TopicKey,
    },
    organisations::{Organisation, OrganisationKind},
    people::{Role, RoundTeam},
};
use uuid::Uuid;

use super::{chronicle::Doer, ids::Ids};

/// The city with the identities of its rows.
pub(super) struct Plan<'a> {
    pub(super) city: &'a City,
    pub(super) ids: Ids,
    names: HashMap<PersonKey, Arc<str>>,
    /// Who speaks for a body: its liaison, its handler, its district office.
    speakers: HashMap<OrganisationKey, PersonKey>,
    director: PersonKey,
    group_member: PersonKey,
    office: Vec<PersonKey>,
    inspection_numbers: HashMap<InspectionKey, String>,
}

impl<'a> Plan<'a> {
    pub(super) fn new(city: &'a City, seed: u64) -> Self {
        let holders = |role: Role| -> Vec<PersonKey> {
            city.posts.iter().filter(|post| post.role == Some(role)).map(|post| post.person).collect()
        };
        let first = |role| holders(role).first().copied().unwrap_or(PersonKey(0));
        let mut plan = Self {
            city,
            ids: Ids::new(seed),
            names: city.people.iter().map(|person| (person.key, person.name.as_str().into())).collect(),
            speakers: HashMap::new(),
            director: first(Role::OfficeDirector),
            group_member: first(Role::LeadingGroup),
            office: holders(Role::OfficeLiaison),
            inspection_numbers: inspection_numbers(city),
        };
        plan.find_speakers();
        plan
    }

    /// A body's handler first, its liaison when it has both; streets and villages speak through their district.
    fn find_speakers(&mut self) {
        for post in self.city.posts.iter().rev().filter(|post| post.role.is_some_and(speaks)) {
            self.speakers.insert(post.organisation, post.person);
        }
        for post in self.city.posts.iter().filter(|post| post.role == Some(Role::OrganisationLiaison)) {
            self.speakers.insert(post.organisation, post.person);
        }
    }

    pub(super) fn organisation(&self, key: OrganisationKey) -> Uuid {
        self.ids.of("organisation", key.0)
    }

    pub(super) fn person(&self, key: PersonKey) -> Uuid {
        self.ids.of("person", key.0)
    }

    pub(super) fn account(&self, key: PersonKey) -> Uuid {
        self.ids.of("account", key.0)
    }

    pub(super) fn term(&self) -> Uuid {
        self.ids.of("term", self.city.term.number as usize)
    }

    pub(super) fn round(&self, key: RoundKey) -> Uuid {
        self.ids.of("round", key.0)
    }

    pub(super) fn batch(&self, key: BatchKey) -> Uuid {
        self.ids.of("batch", key.0)
    }

    pub(super) fn topic(&self, key: TopicKey) -> Uuid {
        self.ids.of("topic", key.0)
    }

    pub(super) fn inspection(&self, key: InspectionKey) -> Uuid {
        self.ids.of("inspection", key.0)
    }

    pub(super) fn unit(&self, key: InspectedUnitKey) -> Uuid {
        self.ids.of("inspection_unit", key.0)
    }

    pub(super) fn problem(&self, key: ProblemKey) -> Uuid {
        self.ids.of("problem", key.0)
    }

    pub(super) fn rect_plan(&self, key: InspectedUnitKey) -> Uuid {
        self.ids.of("rect_plan", key.0)
    }

    pub(super) fn asset(&self, key: AssetKey) -> Uuid {
        self.ids.of("asset", key.0)
    }

    /// `巡〔2023〕005号`.
    pub(super) fn inspection_number(&self, key: InspectionKey) -> &str {
        self.inspection_numbers.get(&key).map_or("", String::as_str)
    }

    /// The body with a short name.
    pub(super) fn body(&self, short_name: &str) -> Option<OrganisationKey> {
        let found = self.city.organisations.iter().find(|body| body.short_name == short_name)?;
        Some(found.key)
    }

    /// Name of a person.
    pub(super) fn name(&self, key: PersonKey) -> &str {
        self.names.get(&key).map_or("", AsRef::as_ref)
    }

    pub(super) fn doer(&self, key: PersonKey) -> Doer {
        let name = self.names.get(&key).cloned().unwrap_or_else(|| "".into());
        Doer { account: Some(self.account(key)), name }
    }

    pub(super) fn director(&self) -> Doer {
        self.doer(self.director)
    }

    pub(super) fn group_member(&self) -> Doer {
        self.doer(self.group_member)
    }

    /// The officer who is in contact with the team of an inspected unit (专人对接).
    pub(super) fn officer(&self, unit: &InspectedUnit) -> Doer {
        let named = self.round_team(unit).map(|team| team.office_liaison);
        self.doer(named.or_else(|| self.office.first().copied()).unwrap_or(self.director))
    }

    /// An officer other than the first, who prepares papers of the office.
    pub(super) fn clerk(&self, number: usize) -> Doer {
        let chosen = number.checked_rem(self.office.len()).and_then(|place| self.office.get(place));
        self.doer(chosen.copied().unwrap_or(self.director))
    }

    /// The head of the team of an inspected unit.
    pub(super) fn head(&self, unit: &InspectedUnit) -> Doer {
        self.doer(self.round_team(unit).map_or(self.director, |team| team.head))
    }

    /// A member of the team of an inspected unit.
    pub(super) fn member(&self, unit: &InspectedUnit, number: usize) -> Doer {
        let team = self.round_team(unit);
        let members = team.map_or(&[][..], |team| &team.members);
        let chosen = number.checked_rem(members.len()).and_then(|place| members.get(place));
        self.doer(chosen.copied().or(team.map(|team| team.head)).unwrap_or(self.director))
    }

    /// Who speaks for a body.
    pub(super) fn speaker(&self, organisation: OrganisationKey) -> Doer {
        let mut at = Some(organisation);
        while let Some(key) = at {
            if let Some(person) = self.speakers.get(&key) {
                return self.doer(*person);
            }
            if let Some(office) = self.district_office(key) {
                return self.doer(office);
            }
            at = self.city[key].parent;
        }
        self.director()
    }

    /// The district a street, a village or a district's office lies in.
    pub(super) fn district_of(&self, organisation: &Organisation) -> Option<OrganisationKey> {
        let mut at = organisation.parent;
        while let Some(parent) = at {
            if self.city[parent].kind == OrganisationKind::District {
                return Some(parent);
            }
            at = self.city[parent].parent;
        }
        None
    }

    fn district_office(&self, district: OrganisationKey) -> Option<PersonKey> {
        let office = self.city.of_kind(city::organisations::OrganisationKind::DistrictOffice);
        let office = office.into_iter().find(|office| office.parent == Some(district))?;
        self.speakers.get(&office.key).copied()
    }

    /// Who acts in a role on matters of an inspected unit.
    pub(super) fn in_role(&self, role: Role, unit: &InspectedUnit, number: usize) -> Doer {
        match role {
            Role::OrganisationLiaison => self.speaker(unit.organisation),
            Role::OfficeLiaison => self.officer(unit),
            Role::TeamHead => self.head(unit),
            Role::TeamMember => self.member(unit, number),
            _ => self.director(),
        }
    }

    pub(super) fn round_team(&self, unit: &InspectedUnit) -> Option<&'a RoundTeam> {
        self.city.round_team(self.city[unit.inspection].round, unit.team)
    }

    /// Names of the teams of an inspection.
    pub(super) fn teams_of(&self, inspection: &Inspection) -> String {
        let mut names: Vec<&str> =
            self.city.units_of(inspection.key).map(|unit| self.city[unit.team].name).collect();
        names.dedup();
        names.join("、")
    }
}

/// Numbers of the inspections by the year in which the work on site begins.
fn inspection_numbers(city: &City) -> HashMap<InspectionKey, String> {
    let mut serials = Serials::default();
    let numbered = city.inspections.iter().map(|inspection| {
        let entered = city.units_of(inspection.key).filter_map(|unit| unit.reached(Stage::OnSite)).min();
        let year = entered.unwrap_or(inspection.announced_on).year();
        (inspection.key, format!("巡〔{year}〕{:03}号", serials.next(year)))
    });
    numbered.collect()
}

/// Counts on by year.
#[derive(Default)]
pub(super) struct Serials(BTreeMap<i32, i64>);

impl Serials {
    /// The next number of a year.
    pub(super) fn next(&mut self, year: i32) -> i64 {
        let serial = self.0.entry(year).or_insert(0);
        *serial += 1;
        *serial
    }

    /// The last number given in one year.
    pub(super) fn held(&self, year: i32) -> i64 {
        self.0.get(&year).copied().unwrap_or(0)
    }

    /// The last number given in each year.
    pub(super) fn last(self) -> impl Iterator<Item = (i32, i64)> {
        self.0.into_iter()
    }
}

/// A last day so many months after a day, with the text it rests on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Period {
    months: i64,
    /// The text.
    pub(super) basis: &'static str,
}

impl Period {
    /// 报送整改方案.
    pub(super) const RECT_PLAN: Self = Self {
        months: 1,
        basis: "反馈后1个月内，依2024年修订的巡视工作条例转述，条文待核",
    };
    /// 集中整改.
    pub(super) const RECT_REPORT: Self = Self {
        months: 6,
        basis: "集中整改6个月，依2024年修订的巡视工作条例转述；2017年修订第二十七条为2个月，条文待核",
    };
    /// 线索处置意见.
    pub(super) const LEAD_DISPOSAL: Self = Self {
        months: 1,
        basis: "收到线索后1个月内提出处置意见，监督执纪工作规则口径，待核",
    };
    /// 线索办理结果.
    pub(super) const LEAD_RESULT: Self = Self {
        months: 3,
        basis: "巡视工作条例（2017年修订）第二十九条：3个月内反馈办理情况",
    };
    /// 巡察建议、可疑项目、共性问题的办理结果.
    pub(super) const OTHER_RESULT: Self =
        Self { months: 3, basis: "比照移交事项3个月反馈，本地建议值，待核" };

    /// The last day when it begins on `from`.
    pub(super) fn end(self, from: NaiveDate) -> NaiveDate {
        registry::policies::months_after(from, self.months)
    }
}

/// Roles whose holders act in the name of a body.
fn speaks(role: Role) -> bool {
    matches!(
        role,
        Role::Discipline
            | Role::OrganisationDepartment
            | Role::Audit
            | Role::FunctionalDepartment
            | Role::DistrictOffice
    )
}
