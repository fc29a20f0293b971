//! A reader's score sheet for a report (评查评分), blind: until both are in, each reader sees only his own, and nobody else sees any.

pub mod actions;
mod service;
mod store;

use kit::{Actor, Lifecycle, Pred, labelled};

pub use service::service;
pub use store::Model as QualityScore;
pub use store::{ActiveModel, Column, Entity, find, of_review};

/// Path segment of the noun.
pub const NOUN: &str = "quality_scores";

kit::id!(
    /// Identity of a reader's sheet.
    QualityScoreId
);

labelled! {
    /// Where a sheet stands.
    pub enum State: "评分状态" {
        /// The reader works on it.
        Open = "open" => "待评分", Yellow;
        /// Handed in.
        Submitted = "submitted" => "已提交", Green;
    }
}

labelled! {
    /// What can be done to a sheet.
    pub enum Deed: "评分办理" {
        /// Score.
        Score = "score" => "评分", Blue;
        /// Hand it in.
        Submit = "submit" => "提交评分", Green;
    }
}

impl Lifecycle for QualityScore {
    type State = State;
    type Deed = Deed;

    fn state(&self) -> State {
        self.state
    }

    fn transition(state: State, deed: Deed) -> Option<State> {
        match (state, deed) {
            (State::Open, Deed::Score) => Some(State::Open),
            (State::Open, Deed::Submit) => Some(State::Submitted),
            (State::Submitted, _) => None,
        }
    }

    fn may(&self, actor: &Actor, _: Deed) -> bool {
        actor.account == Some(self.reader_id)
    }

    fn visible(actor: &Actor) -> Pred {
        let business = actor
            .posts
            .iter()
            .any(|post| post.role.is_office() || post.role.is_team() || post.role == kit::Role::LeadingGroup);
        let own = actor
            .account
            .filter(|_| business)
            .map_or(Pred::Nothing, |account| Pred::is("reader_id", account));
        let oversees = actor.is_office() || actor.is(kit::Role::LeadingGroup);
        let revealed = if oversees { Pred::is("revealed", true) } else { Pred::Nothing };
        Pred::any(vec![own, revealed])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kit::Role;
    use planning::samples;

    #[test]
    fn a_sheet_is_seen_by_its_reader_alone_until_both_are_in() {
        let mut score = store::sample(State::Submitted);
        let (reader, director) =
            (samples::stranger(Role::TeamHead), samples::concerned(Role::OfficeDirector));
        score.reader_id = samples::AUTHOR;
        let sees = |actor: &Actor, score: &QualityScore| QualityScore::visible(actor).holds(score);
        assert!(!sees(&reader, &score) && !sees(&director, &score));
        score.revealed = true;
        assert!(!sees(&reader, &score) && sees(&director, &score));
        score.reader_id = reader.account.unwrap();
        score.revealed = false;
        assert!(sees(&reader, &score));
    }

    #[test]
    fn nobody_scores_in_the_name_of_another() {
        let score = store::sample(State::Open);
        let other = Actor { account: Some(samples::OTHER), ..samples::concerned(Role::OfficeDirector) };
        assert!(!score.may(&other, Deed::Score) && !score.may(&other, Deed::Submit));
    }
}
