//! Evaluation of reports (报告评查): two readers score one report without knowing of each other's sheet; then deviation,
//! typical problems and what was improved. For the own reports and those of the districts alike.

pub mod actions;
mod service;
mod store;

use kit::{Actor, Lifecycle, Pred, Role, labelled, numbers::Series};

pub use service::service;
pub use store::Model as QualityReview;
pub use store::{ActiveModel, Column, Entity, find, whoever};

/// Path segment of the noun.
pub const NOUN: &str = "quality_reviews";
/// Numbers of evaluations: `PC-2023-0007`.
pub const SERIES: Series = Series { prefix: "PC", table: "quality_review" };

kit::id!(
    /// Identity of an evaluation.
    QualityReviewId
);

labelled! {
    /// Where an evaluation stands.
    pub enum State: "评查状态" {
        /// The readers score.
        Scoring = "scoring" => "评分中", Yellow;
        /// Both have.
        Scored = "scored" => "评分完成", Blue;
        /// The team or district has been told.
        Published = "published" => "已通报，改进中", Orange;
        /// What was improved is accepted.
        Closed = "closed" => "已办结", Green;
        /// Given up.
        Cancelled = "cancelled" => "已取消", Grey;
    }
}

labelled! {
    /// What can be done to an evaluation.
    pub enum Deed: "评查办理" {
        /// Tell the team or district.
        Publish = "publish" => "通报", Blue;
        /// Enter what was improved.
        Improve = "improve" => "登记改进情况", Blue;
        /// Accept that.
        Close = "close" => "办结", Green;
        /// Give it up.
        Cancel = "cancel" => "取消", Red;
    }
}

/// Who has reports evaluated: the office.
pub fn may_create(actor: &Actor) -> bool {
    actor.is_office()
}

impl QualityReview {
    /// Whether `actor` is one of its readers.
    pub fn is_reader(&self, actor: &Actor) -> bool {
        actor.account.is_some_and(|account| account == self.reader_one || account == self.reader_two)
    }

    /// Whether it was this team's or district's report.
    fn is_own(&self, actor: &Actor) -> bool {
        self.inspection_id.is_some_and(|inspection| actor.in_team(inspection))
            || self.district_id.is_some_and(|district| actor.is_at(Role::DistrictOffice, district.0))
    }
}

impl Lifecycle for QualityReview {
    type State = State;
    type Deed = Deed;

    fn state(&self) -> State {
        self.state
    }

    fn transition(state: State, deed: Deed) -> Option<State> {
        match (state, deed) {
            (State::Scored, Deed::Publish) | (State::Published, Deed::Improve) => Some(State::Published),
            (State::Published, Deed::Close) => Some(State::Closed),
            (State::Scoring | State::Scored, Deed::Cancel) => Some(State::Cancelled),
            _ => None,
        }
    }

    fn may(&self, actor: &Actor, deed: Deed) -> bool {
        match deed {
            Deed::Improve => self.is_own(actor) || may_create(actor),
            _ => may_create(actor),
        }
    }

    /// Before it is published a team or district does not know that its report is read.
    fn visible(actor: &Actor) -> Pred {
        let told = || Pred::Present("published_on");
        let reads = |column: &'static str| {
            let business = actor.posts.iter().any(|post| !post.role.is_administrator());
            actor.account.filter(|_| business).map_or(Pred::Nothing, |account| Pred::is(column, account))
        };
        actor.reach([
            (Role::LeadingGroup, Pred::All),
            (Role::OfficeDirector, Pred::All),
            (Role::OfficeLiaison, Pred::All),
            (
                Role::TeamHead,
                Pred::any(vec![
                    actor.own_inspections(Role::TeamHead).and(told()),
                    reads("reader_one"),
                    reads("reader_two"),
                ]),
            ),
            (
                Role::TeamMember,
                Pred::any(vec![
                    actor.own_inspections(Role::TeamMember).and(told()),
                    reads("reader_one"),
                    reads("reader_two"),
                ]),
            ),
            (Role::DistrictOffice, actor.own_organisations(Role::DistrictOffice, "district_id").and(told())),
        ])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kit::Labelled as _;
    use planning::samples;

    #[test]
    fn a_team_learns_of_the_evaluation_of_its_report_when_it_is_published() {
        for &state in State::ALL {
            let review = store::sample(state);
            let told = matches!(state, State::Published | State::Closed);
            for role in [Role::TeamHead, Role::TeamMember] {
                assert_eq!(
                    QualityReview::visible(&samples::concerned(role)).holds(&review),
                    told,
                    "{state:?}"
                );
                assert!(!QualityReview::visible(&samples::stranger(role)).holds(&review));
            }
        }
    }

    #[test]
    fn a_reader_from_another_team_sees_what_he_reads() {
        let reader = samples::stranger(Role::TeamMember);
        let mut review = store::sample(State::Scoring);
        review.reader_two = reader.account.unwrap();
        assert!(QualityReview::visible(&reader).holds(&review));
        assert!(!review.may(&reader, Deed::Publish));
    }

    #[test]
    fn the_inspected_organisation_sees_none() {
        assert_eq!(QualityReview::visible(&samples::concerned(Role::OrganisationLiaison)), Pred::Nothing);
    }
}
