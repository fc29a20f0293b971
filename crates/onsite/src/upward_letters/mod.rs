//! Upward letters (上转信件登记): letters about the chief of the inspection office itself, or within the scope of a higher
//! body. They go up unread: the register tells that one was handed over, never what it says. It has no text and no
//! files, and the staff of the office cannot even count its lines (rules on handling accusations, article 15).

pub mod actions;
mod service;
mod store;

use kit::{Actor, Lifecycle, Pred, Role, labelled};

pub use service::service;
pub use store::Model as UpwardLetter;
pub use store::find;

/// Path segment of the noun.
pub const NOUN: &str = "upward_letters";

kit::id!(
    /// Identity of a line of the register.
    UpwardLetterId
);

labelled! {
    /// Why a letter goes up.
    pub enum About: "上转情形" {
        /// It is about the chief of the office itself.
        OfficeChief = "office_chief" => "反映本级巡察机构主要负责人", Grey;
        /// It is about somebody whom a higher body supervises.
        HigherScope = "higher_scope" => "属于上级机关管辖", Grey;
    }
}

labelled! {
    /// To whom it goes.
    pub enum Receiver: "转交对象" {
        /// The head of the leading group.
        GroupHead = "group_head" => "巡察工作领导小组组长", Grey;
        /// The secretary of the committee.
        Secretary = "secretary" => "市委主要负责人", Grey;
        /// The higher discipline body.
        HigherDiscipline = "higher_discipline" => "上级纪检监察机关", Grey;
        /// The higher inspection body.
        HigherInspection = "higher_inspection" => "上级巡视巡察机构", Grey;
    }
}

labelled! {
    /// How it came in.
    pub enum Channel: "收件渠道" {
        /// By post.
        Letter = "letter" => "来信", Grey;
        /// In the letter box.
        Box = "box" => "举报箱", Grey;
        /// By hand.
        Visit = "visit" => "当面递交", Grey;
        /// By other ways.
        Other = "other" => "其他", Grey;
    }
}

labelled! {
    /// Where the handing over stands.
    pub enum State: "转交状态" {
        /// Sealed, waiting.
        Sealed = "sealed" => "已封存待转交", Yellow;
        /// Handed over.
        HandedOver = "handed_over" => "已转交", Blue;
        /// Signed for.
        Receipted = "receipted" => "已签收", Green;
    }
}

labelled! {
    /// What can be done to a line.
    pub enum Deed: "转交办理" {
        /// Hand it over.
        HandOver = "hand_over" => "登记转交", Grey;
        /// Record the receipt.
        Receipt = "receipt" => "登记签收", Grey;
    }
}

impl UpwardLetter {
    fn entered_by(&self, actor: &Actor) -> bool {
        self.entered_by.is_some() && self.entered_by == actor.account
    }
}

/// Who enters a line: the head of a team or a member of the leading group, never the staff of the office.
pub fn may_create(actor: &Actor) -> bool {
    actor.is_any(&[Role::LeadingGroup, Role::TeamHead]) && !actor.is_office()
}

impl Lifecycle for UpwardLetter {
    type State = State;
    type Deed = Deed;

    fn state(&self) -> State {
        self.state
    }

    fn transition(state: State, deed: Deed) -> Option<State> {
        match (state, deed) {
            (State::Sealed, Deed::HandOver) => Some(State::HandedOver),
            (State::HandedOver, Deed::Receipt) => Some(State::Receipted),
            _ => None,
        }
    }

    fn may(&self, actor: &Actor, _: Deed) -> bool {
        may_create(actor) && (actor.is(Role::LeadingGroup) || self.entered_by(actor))
    }

    /// The leading group, and the head who entered it. Whoever works in the office sees none, whatever else he is.
    fn visible(actor: &Actor) -> Pred {
        if actor.is_office() {
            return Pred::Nothing;
        }
        let own = actor.account.map_or(Pred::Nothing, |account| Pred::is("entered_by", account));
        actor.reach([(Role::LeadingGroup, Pred::All), (Role::TeamHead, own)])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kit::Labelled as _;
    use planning::samples;

    #[test]
    fn the_staff_of_the_office_sees_no_letter_even_with_another_post() {
        for role in [Role::OfficeDirector, Role::OfficeLiaison] {
            let mut who = samples::concerned(role);
            assert_eq!(UpwardLetter::visible(&who), Pred::Nothing);
            who.posts.extend(samples::concerned(Role::LeadingGroup).posts);
            assert_eq!(UpwardLetter::visible(&who), Pred::Nothing);
            assert!(!may_create(&who));
        }
        assert_eq!(UpwardLetter::visible(&Actor::program("导出")), Pred::Nothing);
    }

    #[test]
    fn a_head_sees_his_own_lines_only() {
        let head = samples::concerned(Role::TeamHead);
        let mut line = store::sample(State::Sealed);
        assert!(!UpwardLetter::visible(&head).holds(&line));
        line.entered_by = head.account;
        assert!(UpwardLetter::visible(&head).holds(&line) && line.may(&head, Deed::HandOver));
        for &role in Role::ALL {
            let sees = UpwardLetter::visible(&samples::concerned(role)) == Pred::All;
            assert_eq!(sees, role == Role::LeadingGroup, "{role:?}");
        }
    }
}
