//! Who reads and who keeps what belongs to rectification (domain.md 3.5), and the sample people from
//! which the permission tables are printed.

use kit::{Actor, Post, Pred, Role};
use registry::organisations::OrganisationId;
use uuid::Uuid;

/// Who reads plans, reports and rules built: by the columns `inspection_id` and `organisation_id`. The office of a
/// district reads what belongs to inspections of its own.
pub(crate) fn readers(actor: &Actor) -> Pred {
    let district = (Role::DistrictOffice, actor.own_inspections(Role::DistrictOffice));
    Pred::any(vec![readers_of_instructions(actor), actor.reach([district])])
}

/// Who reads the instructions of leaders: those of the city, and the organisation that follows them.
pub(crate) fn readers_of_instructions(actor: &Actor) -> Pred {
    actor.reach([
        (Role::CommitteeLeader, Pred::All),
        (Role::LeadingGroup, Pred::All),
        (Role::OfficeDirector, Pred::All),
        (Role::OfficeLiaison, Pred::All),
        (Role::TeamHead, actor.own_inspections(Role::TeamHead)),
        (Role::TeamMember, actor.own_inspections(Role::TeamMember)),
        (Role::OrganisationLiaison, actor.own_organisations(Role::OrganisationLiaison, "organisation_id")),
        (Role::Discipline, Pred::All),
        (Role::OrganisationDepartment, Pred::All),
    ])
}

/// Who reads problems that were fed back and their measures, which the column `problem` names: the audit bureau besides
/// what it found together with the inspection, by the column `audit_linked`; a department what it helps with.
pub(crate) fn readers_of_measures(actor: &Actor, problem: &'static str) -> Pred {
    let part = actor.reach([
        (Role::Audit, Pred::is("audit_linked", true)),
        (Role::FunctionalDepartment, actor.own_problems(problem)),
    ]);
    Pred::any(vec![readers(actor), part])
}

/// Who knows of drawings among closed problems and of doubts: nobody who could warn an organisation.
pub(crate) fn watchers(actor: &Actor) -> Pred {
    actor.reach([
        (Role::LeadingGroup, Pred::All),
        (Role::OfficeDirector, Pred::All),
        (Role::OfficeLiaison, Pred::All),
        (Role::Discipline, Pred::All),
    ])
}

/// Who reads the ledger of idle assets. The finance and state-assets authorities are functional
/// departments; they keep the stock of the whole city and therefore read all of it.
pub(crate) fn asset_readers(actor: &Actor) -> Pred {
    actor.reach([
        (Role::CommitteeLeader, Pred::All),
        (Role::LeadingGroup, Pred::All),
        (Role::OfficeDirector, Pred::All),
        (Role::OfficeLiaison, Pred::All),
        (Role::TeamHead, actor.own_inspections(Role::TeamHead)),
        (Role::TeamMember, actor.own_inspections(Role::TeamMember)),
        (Role::OrganisationLiaison, actor.own_organisations(Role::OrganisationLiaison, "organisation_id")),
        (Role::Discipline, Pred::All),
        (Role::Audit, Pred::All),
        (Role::FunctionalDepartment, Pred::All),
    ])
}

/// Who reads what is kept from the inspected organisation: the opinions of single parties, checks and doubts.
pub(crate) fn reviewers(actor: &Actor) -> Pred {
    actor.reach([
        (Role::LeadingGroup, Pred::All),
        (Role::OfficeDirector, Pred::All),
        (Role::OfficeLiaison, Pred::All),
        (Role::TeamHead, actor.own_inspections(Role::TeamHead)),
        (Role::TeamMember, actor.own_inspections(Role::TeamMember)),
        (Role::Discipline, Pred::All),
        (Role::OrganisationDepartment, Pred::All),
    ])
}

/// Whether `actor` is the liaison of `organisation`.
pub(crate) fn is_liaison_of(actor: &Actor, organisation: OrganisationId) -> bool {
    actor.is_at(Role::OrganisationLiaison, organisation.0)
}

/// Whether `actor` keeps what belongs to `organisation`: its liaison, or the office.
pub(crate) fn keeps(actor: &Actor, organisation: OrganisationId) -> bool {
    actor.is_office() || is_liaison_of(actor, organisation)
}

/// Whether `actor` may begin something new: any liaison, or the office.
pub(crate) fn may_begin(actor: &Actor) -> bool {
    actor.is_office() || actor.is(Role::OrganisationLiaison)
}

/// Whether `actor` may review what `submitted_by` handed in: the office, never the submitter. A
/// program never reviews what a program submitted, since both have no account.
pub(crate) fn reviews(actor: &Actor, submitted_by: Option<Uuid>) -> bool {
    actor.is_office() && actor.account != submitted_by
}

/// The inspection of the sample records.
pub(crate) const SAMPLE_INSPECTION: Uuid = Uuid::from_u128(1);
/// The organisation of the sample records.
pub(crate) const SAMPLE_ORGANISATION: OrganisationId = OrganisationId(Uuid::from_u128(2));
/// The problem of the sample records.
pub(crate) const SAMPLE_PROBLEM: Uuid = Uuid::from_u128(101);
/// Who submitted the sample records.
pub(crate) const SAMPLE_SUBMITTER: Uuid = Uuid::from_u128(3);

/// Somebody with `role` who is concerned with the sample records.
pub(crate) fn concerned(role: Role) -> Actor {
    let mut somebody = somebody(role, SAMPLE_ORGANISATION.0, SAMPLE_INSPECTION);
    for post in &mut somebody.posts {
        post.problems.push(SAMPLE_PROBLEM);
    }
    somebody
}

/// Somebody with `role` at another organisation and inspection.
pub(crate) fn stranger(role: Role) -> Actor {
    somebody(role, Uuid::from_u128(12), Uuid::from_u128(11))
}

fn somebody(role: Role, organisation: Uuid, inspection: Uuid) -> Actor {
    let post = Post { organisation: Some(organisation), inspection: Some(inspection), ..Post::of(role) };
    Actor {
        account: Some(Uuid::from_u128(21)),
        name: String::new(),
        posts: vec![post],
        bars: std::sync::Arc::default(),
        program: false,
        origin: String::new(),
        request: String::new(),
    }
}
