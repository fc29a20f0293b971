//! Inspections (巡察任务): what one team is authorised to look into, in which organisations, when.
//!
//! Kind and mode are two axes: a raised-level inspection may also be linked with audit (domain.md 5).

pub mod actions;
mod modes;
mod service;
mod store;

use kit::{Actor, Lifecycle, Pred, Refusal, Result, Role, labelled};

use crate::{progress::State, rights};

pub use modes::{Mode, Modes};
pub use service::service;
pub use store::{Entity, LinkModel as InspectionLink, Model as Inspection, find, linked};

/// Path segment of the noun.
pub const NOUN: &str = "inspections";

kit::id!(
    /// Identity of an inspection.
    InspectionId
);

labelled! {
    /// Kinds of inspection (domain.md 5).
    pub enum InspectionKind: "巡察类型" {
        /// One party organisation, all stages; the only kind that counts for full coverage.
        Regular = "regular" => "常规巡察", Grey;
        /// A field, programme or problem, in many organisations.
        Special = "special" => "专项巡察", Grey;
        /// A topic, at short notice.
        Mobile = "mobile" => "机动巡察", Grey;
        /// The rectification of an earlier inspection.
        LookBack = "look_back" => "巡察“回头看”", Grey;
        /// An organisation of a lower level, by the higher level.
        Raised = "raised" => "提级巡察", Grey;
        /// Teams of one district in another.
        Cross = "cross" => "交叉巡察", Grey;
        /// A system, several levels at once.
        System = "system" => "系统巡察", Grey;
        /// Party organisations of villages and communities.
        Village = "village" => "对村（社区）巡察", Grey;
    }
}

labelled! {
    /// Which level organises the inspection.
    pub enum Level: "组织层级" {
        /// The city.
        City = "city" => "市级", Grey;
        /// A district.
        District = "district" => "区级", Grey;
        /// The province, which the city takes part in.
        Province = "province" => "省级", Grey;
    }
}

labelled! {
    /// Why two inspections are linked; findings are then shared both ways and counted once.
    pub enum LinkKind: "联动方式" {
        /// A special inspection and the regular one of a competent department.
        RegularSpecial = "regular_special" => "常规+专项", Grey;
        /// Several inspections on one topic.
        SameTopic = "same_topic" => "同题联动", Grey;
        /// Inspections of city and district at the same time.
        Levels = "levels" => "上下联动", Grey;
    }
}

labelled! {
    /// What can be done to an inspection.
    pub enum Deed: "办理" {
        /// Change it.
        Edit = "edit" => "修改", Grey;
        /// Put organisations into it.
        AddUnits = "add_units" => "列入单位", Grey;
        /// Take out an organisation nothing has happened to.
        RemoveUnit = "remove_unit" => "移出单位", Grey;
        /// Link it with another inspection.
        Link = "link" => "关联任务", Grey;
        /// Take a link away.
        Unlink = "unlink" => "取消关联", Grey;
        /// Record its public announcement.
        Announce = "announce" => "发布公告", Grey;
        /// Begin it.
        Start = "start" => "启动", Grey;
        /// End it.
        Finish = "finish" => "结束", Grey;
    }
}

impl Lifecycle for Inspection {
    type State = State;
    type Deed = Deed;

    fn state(&self) -> State {
        self.state
    }

    fn transition(state: State, deed: Deed) -> Option<State> {
        match (state, deed) {
            (State::Planned, Deed::Start) => Some(State::Running),
            (State::Running, Deed::Finish) => Some(State::Finished),
            (_, Deed::Link | Deed::Unlink)
            | (
                State::Planned | State::Running,
                Deed::Edit | Deed::AddUnits | Deed::RemoveUnit | Deed::Announce,
            ) => Some(state),
            _ => None,
        }
    }

    fn may(&self, actor: &Actor, _: Deed) -> bool {
        rights::keeps(actor)
    }

    fn visible(actor: &Actor) -> Pred {
        Pred::any(vec![
            rights::overseen(actor),
            actor.reach([
                (Role::Audit, audit_part()),
                (Role::TeamHead, Pred::within("id", actor.inspections(Role::TeamHead))),
                (Role::TeamMember, Pred::within("id", actor.inspections(Role::TeamMember))),
                (Role::DistrictOffice, actor.own_organisations(Role::DistrictOffice, "district_id")),
            ]),
        ])
    }
}

/// What the audit bureau sees: inspections linked with audit, and those that were announced.
fn audit_part() -> Pred {
    let linked = Pred::one_of("modes", Modes::all_with(Mode::Audit));
    Pred::any(vec![linked, Pred::Present("announced_on")])
}

/// Refuses a combination of kind, level, parent and district that does not exist.
fn check_shape(kind: InspectionKind, level: Level, has_parent: bool, has_district: bool) -> Result<()> {
    let refusal = match (kind, level) {
        (InspectionKind::LookBack, _) if !has_parent => {
            Refusal::field("parent", "“回头看”要指明回头看的是哪一次巡察")
        }
        (kind, _) if kind != InspectionKind::LookBack && has_parent => {
            Refusal::field("parent", "只有“回头看”才填写原巡察任务")
        }
        (_, Level::District) if !has_district => Refusal::field("district", "区级组织的巡察要指明是哪个区"),
        _ => return Ok(()),
    };
    Err(refusal.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_look_back_looks_back_at_something_and_nothing_else_does() {
        let city = |kind, has_parent| check_shape(kind, Level::City, has_parent, false).is_ok();
        assert!(city(InspectionKind::LookBack, true));
        assert!(!city(InspectionKind::LookBack, false));
        assert!(!city(InspectionKind::Regular, true));
        assert!(check_shape(InspectionKind::Regular, Level::District, false, false).is_err());
    }

    #[test]
    fn an_inspection_that_is_over_can_still_be_linked_but_not_changed() {
        assert!(Inspection::transition(State::Finished, Deed::Link).is_some());
        assert!(Inspection::transition(State::Finished, Deed::Edit).is_none());
        assert!(Inspection::transition(State::Finished, Deed::AddUnits).is_none());
    }

    #[test]
    fn audit_sees_what_is_linked_with_it_or_announced() {
        let auditor = rights::stranger(Role::Audit);
        let sees = |modes, announced| {
            let mut inspection = service::sample(State::Running);
            inspection.modes = modes;
            inspection.announced_on = announced;
            Inspection::visible(&auditor).holds(&inspection)
        };
        assert!(!sees(Modes::NONE, None));
        assert!(!sees(Modes::NONE.with(Mode::Discipline), None));
        assert!(sees(Modes::NONE.with(Mode::Discipline).with(Mode::Audit), None));
        assert!(sees(Modes::NONE, Some(rights::sample_day())));
    }
}
