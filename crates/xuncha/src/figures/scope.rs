//! Who may read which figures (domain.md 3.5, row 统计): the office, the leading group and the committee
//! everything, some others what they may see anyway, the rest nothing.

use kit::{Actor, Cx, Labelled as _, Pred, Role};

use super::formula::Set;

/// Roles for which figures count everything.
const ALL: [Role; 4] = [Role::CommitteeLeader, Role::LeadingGroup, Role::OfficeDirector, Role::OfficeLiaison];
/// Roles for which figures count what they may see.
const PART: [Role; 5] =
    [Role::TeamHead, Role::Discipline, Role::OrganisationDepartment, Role::Audit, Role::DistrictOffice];

/// Whether figures are offered to `actor` at all.
pub fn may_read(actor: &Actor) -> bool {
    reads_all(actor) || actor.is_any(&PART)
}

/// Whether figures count everything for `actor`.
pub fn reads_all(actor: &Actor) -> bool {
    actor.program || actor.is_any(&ALL)
}

/// What figures count for the person.
pub(super) fn counted(cx: &Cx, set: &Set) -> Pred {
    counted_in(cx, set.owner.0)
}

/// What figures count of `table` for the person.
pub(super) fn counted_in(cx: &Cx, table: &str) -> Pred {
    if reads_all(&cx.actor) { cx.actor.bars.beyond(table) } else { visible(cx, table) }
}

/// What of `table` may be listed for the person. The office counts by these rows every day; a
/// committee leader may know how many leads there are without seeing one.
pub(super) fn listed(cx: &Cx, set: &Set) -> Pred {
    let table = set.owner.0;
    if cx.actor.is_office() { cx.actor.bars.beyond(table) } else { visible(cx, table) }
}

fn visible(cx: &Cx, table: &str) -> Pred {
    if !may_read(&cx.actor) {
        return Pred::Nothing;
    }
    let services = &cx.app().registry().services;
    services
        .iter()
        .find(|service| service.table == table)
        .map_or(Pred::Nothing, |service| service.scope(&cx.actor))
}

/// The part of a key under which answers for the person are remembered.
pub(super) fn key(actor: &Actor) -> String {
    if reads_all(actor) && actor.bars.is_empty() {
        // Which lists a figure opens depends on the roles.
        let mut roles: Vec<&str> = actor.posts.iter().map(|post| post.role.code()).collect();
        roles.sort_unstable();
        roles.dedup();
        return format!("all/{}", roles.join("+"));
    }
    let barred = (&actor.bars.organisations, &actor.bars.inspections);
    format!("{:?}/{:?}/{barred:?}", actor.account, actor.posts)
}
