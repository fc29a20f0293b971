//! Talk plans (谈话安排): whom a team must talk to and whom it may, derived from who leads and who holds key posts, and
//! how far that list has been covered.

pub mod actions;
mod service;
mod store;

use kit::{Actor, Lifecycle, Pred, labelled};

use crate::rights;

pub use service::service;
pub use store::Model as TalkPlan;
pub use store::{Covered, covered, find};

/// Path segment of the noun.
pub const NOUN: &str = "talk_plans";

kit::id!(
    /// Identity of a line of the list.
    TalkPlanId
);

labelled! {
    /// Kinds of people talked to; outlines differ by them.
    pub enum PersonKind: "谈话对象类别" {
        /// The first responsible person.
        TopLeader = "top_leader" => "主要负责人", Grey;
        /// Member of the leadership.
        Leadership = "leadership" => "班子成员", Grey;
        /// Holder of a key post.
        KeyPost = "key_post" => "重点岗位", Grey;
        /// Head of a section.
        Middle = "middle" => "中层干部", Grey;
        /// Retired.
        Retired = "retired" => "退休干部", Grey;
        /// Anybody else of the organisation.
        Staff = "staff" => "干部职工", Grey;
        /// From outside.
        Outside = "outside" => "外部人员", Grey;
    }
}

labelled! {
    /// Whether a talk is a must.
    pub enum Need: "谈话要求" {
        /// Must be held.
        Must = "must" => "必谈", Orange;
        /// May be held.
        Optional = "optional" => "选谈", Grey;
    }
}

labelled! {
    /// Where a line stands.
    pub enum State: "谈话安排状态" {
        /// Not yet talked to.
        Planned = "planned" => "待谈", Yellow;
        /// Talked to.
        Talked = "talked" => "已谈", Green;
        /// Left out for a reason.
        Waived = "waived" => "不再安排", Grey;
    }
}

labelled! {
    /// What can be done to a line.
    pub enum Deed: "谈话安排办理" {
        /// Change it.
        Edit = "edit" => "修改", Grey;
        /// Leave the person out.
        Waive = "waive" => "不再安排", Grey;
        /// Put the person back.
        Restore = "restore" => "恢复安排", Grey;
    }
}

/// What a person's title says: words in the order in which they are looked for.
const TITLES: &[(&str, PersonKind)] = &[
    ("退休", PersonKind::Retired),
    ("副", PersonKind::Leadership),
    ("纪检", PersonKind::Leadership),
    ("总工程师", PersonKind::Leadership),
    ("书记", PersonKind::TopLeader),
    ("局长", PersonKind::TopLeader),
    ("主任委员", PersonKind::TopLeader),
    ("董事长", PersonKind::TopLeader),
    ("院长", PersonKind::TopLeader),
    ("校长", PersonKind::TopLeader),
    ("财务", PersonKind::KeyPost),
    ("采购", PersonKind::KeyPost),
    ("基建", PersonKind::KeyPost),
    ("人事", PersonKind::KeyPost),
    ("审批", PersonKind::KeyPost),
    ("资产", PersonKind::KeyPost),
    ("科长", PersonKind::Middle),
    ("处长", PersonKind::Middle),
    ("主任", PersonKind::Middle),
    ("部长", PersonKind::Middle),
];

/// Titles below the leadership, whatever other word they hold.
const BELOW: &[&str] = &["科", "处", "室", "部门", "办公室"];

/// What kind of person a title speaks of.
pub fn kind_of(title: &str) -> PersonKind {
    let found =
        TITLES.iter().find(|(word, _)| title.contains(word)).map_or(PersonKind::Staff, |(_, kind)| *kind);
    let below = BELOW.iter().any(|word| title.contains(word));
    match found {
        PersonKind::TopLeader | PersonKind::Leadership if below => {
            if key_post(title) {
                PersonKind::KeyPost
            } else {
                PersonKind::Middle
            }
        }
        PersonKind::Middle if key_post(title) => PersonKind::KeyPost,
        other => other,
    }
}

fn key_post(title: &str) -> bool {
    TITLES.iter().any(|(word, kind)| *kind == PersonKind::KeyPost && title.contains(word))
}

impl PersonKind {
    /// Whether somebody of this kind must be talked to.
    pub fn need(self) -> Need {
        match self {
            Self::TopLeader | Self::Leadership | Self::KeyPost => Need::Must,
            Self::Middle | Self::Retired | Self::Staff | Self::Outside => Need::Optional,
        }
    }
}

impl Lifecycle for TalkPlan {
    type State = State;
    type Deed = Deed;

    fn state(&self) -> State {
        self.state
    }

    fn transition(state: State, deed: Deed) -> Option<State> {
        match (state, deed) {
            (State::Planned, Deed::Edit) | (State::Waived, Deed::Restore) => Some(State::Planned),
            (State::Planned, Deed::Waive) => Some(State::Waived),
            _ => None,
        }
    }

    /// Who must be talked to is left out by the head only.
    fn may(&self, actor: &Actor, deed: Deed) -> bool {
        match deed {
            Deed::Waive if self.need == Need::Must => rights::leads(actor, self.inspection_id),
            _ => actor.in_team(self.inspection_id),
        }
    }

    fn visible(actor: &Actor) -> Pred {
        rights::sensitive(actor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kit::Role;
    use planning::samples;

    #[test]
    fn a_title_tells_whether_the_talk_is_a_must() {
        for (title, kind) in [
            ("党组书记、局长", PersonKind::TopLeader),
            ("党委副书记、副局长", PersonKind::Leadership),
            ("驻局纪检监察组组长", PersonKind::Leadership),
            ("财务科科长", PersonKind::KeyPost),
            ("办公室主任", PersonKind::Middle),
            ("党委委员、财务处副处长", PersonKind::KeyPost),
            ("退休干部（原副局长）", PersonKind::Retired),
            ("四级主任科员", PersonKind::Middle),
            ("工程师", PersonKind::Staff),
        ] {
            assert_eq!(kind_of(title), kind, "{title}");
        }
        assert_eq!(kind_of("党组书记").need(), Need::Must);
        assert_eq!(kind_of("科员").need(), Need::Optional);
    }

    #[test]
    fn a_member_cannot_leave_out_a_must() {
        let mut plan = store::sample(State::Planned);
        let (head, member) = (samples::concerned(Role::TeamHead), samples::concerned(Role::TeamMember));
        plan.need = Need::Must;
        assert!(plan.decide(&head, Deed::Waive).is_ok() && plan.decide(&member, Deed::Waive).is_err());
        plan.need = Need::Optional;
        assert!(plan.decide(&member, Deed::Waive).is_ok());
    }
}
