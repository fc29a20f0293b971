//! Polls of satisfaction (满意度测评) with a unit's rectification: how many were asked, how many answered, and what. Nobody's
//! answer is kept, and few answers are not shown as shares.

pub mod actions;
mod service;
mod store;

use kit::{Actor, Pred, Refusal, Result, Role, labelled};

pub use service::service;
pub use store::{Model as Poll, find};

/// Path segment of the noun.
pub const NOUN: &str = "satisfaction_polls";

kit::id!(
    /// Identity of a poll.
    PollId
);

labelled! {
    /// Who is asked.
    pub enum Audience: "测评对象" {
        /// Staff of the unit.
        Staff = "staff" => "本单位干部职工", Grey;
        /// Whom the unit serves.
        Served = "served" => "服务和管理对象", Grey;
        /// Units below it.
        Below = "below" => "下级单位", Grey;
        /// The public.
        Public = "public" => "群众", Grey;
    }
}

labelled! {
    /// How.
    pub enum Way: "测评方式" {
        /// On paper.
        Paper = "paper" => "纸质问卷", Grey;
        /// Anonymous vote by telephone program.
        Online = "online" => "匿名网络投票", Grey;
        /// In a meeting.
        Meeting = "meeting" => "会议测评", Grey;
        /// Calls and visits.
        Call = "call" => "电话或入户访问", Grey;
    }
}

/// The answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Answers {
    /// Asked.
    pub issued: i64,
    /// Answered.
    pub returned: i64,
    /// Satisfied.
    pub very: i64,
    /// Mostly satisfied.
    pub mostly: i64,
    /// Not satisfied.
    pub hardly: i64,
    /// Cannot say.
    pub unsure: i64,
}

impl Answers {
    /// Refuses counts that do not add up.
    ///
    /// # Errors
    /// A refusal on the field concerned.
    pub fn check(self) -> Result<()> {
        if self.returned > self.issued {
            return Err(Refusal::field("returned", "收回数不能多于发出数").into());
        }
        if self.very + self.mostly + self.hardly + self.unsure != self.returned {
            return Err(Refusal::field("unsure", "满意、基本满意、不满意、不了解之和应等于收回数").into());
        }
        Ok(())
    }

    /// Satisfied or mostly so, of those who can say.
    pub fn satisfied(self) -> (i64, i64) {
        (self.very + self.mostly, self.returned - self.unsure)
    }
}

/// Who sees polls: those who evaluate. The unit reads the grade, not the answers.
pub fn visible(actor: &Actor) -> Pred {
    actor.reach([
        (Role::LeadingGroup, Pred::All),
        (Role::OfficeDirector, Pred::All),
        (Role::OfficeLiaison, Pred::All),
        (Role::Discipline, Pred::All),
        (Role::OrganisationDepartment, Pred::All),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access;
    use proptest::prelude::*;

    #[test]
    fn the_inspected_unit_does_not_see_who_answered_how() {
        assert_eq!(visible(&access::concerned(Role::OrganisationLiaison)), Pred::Nothing);
    }

    proptest! {
        #[test]
        fn answers_that_pass_are_never_more_than_were_asked(
            issued in 0i64..50, returned in 0i64..50, very in 0i64..30, mostly in 0i64..30, hardly in 0i64..30, unsure in 0i64..30,
        ) {
            let answers = Answers { issued, returned, very, mostly, hardly, unsure };
            if answers.check().is_ok() {
                let (part, all) = answers.satisfied();
                prop_assert!(part <= all && all <= issued);
            }
        }
    }
}
