//! Official documents (公文): made from a record by a template, with the facts of that day frozen in them, then reviewed,
//! signed off, numbered, dispatched and archived. A void document keeps its number.

pub mod actions;
mod service;
mod store;

use kit::{Actor, Lifecycle, Pred, Role, labelled, numbers::Series};

use crate::document_templates::Grade;

pub use service::service;
pub use store::Model as Document;
pub use store::{ActiveModel, Column, Entity, find, of_record, whoever};

/// The noun whose documents are for the inspected unit.
const FEEDBACKS: &str = "feedbacks";

/// Path segment of the noun.
pub const NOUN: &str = "documents";
/// Numbers of documents inside the office: `GW-2023-0007`.
pub const SERIES: Series = Series { prefix: "GW", table: "document" };

kit::id!(
    /// Identity of a document.
    DocumentId
);

labelled! {
    /// How soon a document must be handled.
    pub enum Urgency: "紧急程度" {
        /// In its turn.
        Ordinary = "ordinary" => "平件", Grey;
        /// 加急.
        Urgent = "urgent" => "加急", Orange;
        /// 特急.
        MostUrgent = "most_urgent" => "特急", Red;
    }
}

labelled! {
    /// Where a document stands.
    pub enum State: "公文状态" {
        /// Being written.
        Draft = "draft" => "拟稿", Yellow;
        /// With whoever signs.
        Review = "review" => "待签发", Yellow;
        /// Signed off.
        Signed = "signed" => "已签发", Blue;
        /// With its 发文字号.
        Numbered = "numbered" => "已编号", Blue;
        /// With its addressees.
        Dispatched = "dispatched" => "已发出", Green;
        /// Filed.
        Archived = "archived" => "已归档", Green;
        /// Void; a number it has stays taken.
        Void = "void" => "已作废", Grey;
    }
}

labelled! {
    /// What can be done to a document.
    pub enum Deed: "公文办理" {
        /// Correct the text.
        Edit = "edit" => "修改", Grey;
        /// Hand it up.
        Submit = "submit" => "送签", Blue;
        /// Hand it back with an opinion.
        Return = "return" => "退回修改", Orange;
        /// Sign it off.
        Sign = "sign" => "签发", Green;
        /// Give it its number.
        Number = "number" => "编号", Blue;
        /// Send it.
        Dispatch = "dispatch" => "发文", Blue;
        /// File it.
        Archive = "archive" => "归档", Green;
        /// Make it void.
        Cancel = "cancel" => "作废", Red;
    }
}

/// Who is offered the making of a document: the office and the teams.
pub fn may_create(actor: &Actor) -> bool {
    actor.is_office() || actor.is_any(&[Role::TeamHead, Role::TeamMember])
}

impl Document {
    /// Whether the unit it is about must not get it: reports, drafts, the three materials. What is fed back is for the
    /// unit, whatever its grade.
    pub fn is_kept_from_its_unit(&self) -> bool {
        self.grade == Grade::WorkSecret && self.noun != FEEDBACKS
    }

    fn drafted_by(&self, actor: &Actor) -> bool {
        self.drafter_id.is_some() && self.drafter_id == actor.account
    }
}

impl Lifecycle for Document {
    type State = State;
    type Deed = Deed;

    fn state(&self) -> State {
        self.state
    }

    fn transition(state: State, deed: Deed) -> Option<State> {
        match (state, deed) {
            (State::Draft, Deed::Edit) | (State::Review, Deed::Return) => Some(State::Draft),
            (State::Draft, Deed::Submit) => Some(State::Review),
            (State::Review, Deed::Sign) => Some(State::Signed),
            (State::Signed, Deed::Number) => Some(State::Numbered),
            (State::Signed | State::Numbered | State::Dispatched, Deed::Dispatch) => Some(State::Dispatched),
            (State::Signed | State::Numbered | State::Dispatched, Deed::Archive) => Some(State::Archived),
            (State::Draft | State::Review | State::Signed | State::Numbered, Deed::Cancel) => {
                Some(State::Void)
            }
            _ => None,
        }
    }

    fn may(&self, actor: &Actor, deed: Deed) -> bool {
        match deed {
            Deed::Edit | Deed::Submit => actor.is_office() || self.drafted_by(actor),
            // Four eyes: nobody signs off what he drafted.
            Deed::Return | Deed::Sign => {
                actor.is_any(&[Role::OfficeDirector, Role::LeadingGroup]) && !self.drafted_by(actor)
            }
            // What has no series is dispatched and filed without a number; what has one only with it.
            Deed::Number => actor.is_office() && !self.series.is_empty(),
            Deed::Dispatch | Deed::Archive => {
                actor.is_office() && (self.series.is_empty() || !self.document_number.is_empty())
            }
            Deed::Cancel => actor.is_office() || (self.state == State::Draft && self.drafted_by(actor)),
        }
    }

    fn visible(actor: &Actor) -> Pred {
        let roles = actor.reach([
            (Role::LeadingGroup, Pred::All),
            (Role::OfficeDirector, Pred::All),
            (Role::OfficeLiaison, Pred::All),
            (Role::TeamHead, actor.own_inspections(Role::TeamHead)),
        ]);
        let own = match actor.account {
            Some(account) if may_create(actor) => Pred::is("drafter_id", account),
            _ => Pred::Nothing,
        };
        Pred::any(vec![roles, own])
    }
}

/// 发文字号: 巡办发〔2023〕12号.
pub fn document_number(series: &str, year: i32, serial: i64) -> String {
    format!("{series}〔{year}〕{serial}号")
}

#[cfg(test)]
mod tests {
    use super::*;
    use kit::Labelled as _;
    use planning::samples;

    #[test]
    fn nobody_signs_off_what_he_drafted() {
        let director = samples::concerned(Role::OfficeDirector);
        let mut document = store::sample(State::Review);
        assert!(document.may(&director, Deed::Sign));
        document.drafter_id = director.account;
        assert!(!document.may(&director, Deed::Sign) && !document.may(&director, Deed::Return));
    }

    #[test]
    fn inspected_units_and_administrators_never_see_documents() {
        for &role in Role::ALL {
            let sees = State::ALL
                .iter()
                .any(|&state| Document::visible(&samples::concerned(role)).holds(&store::sample(state)));
            let wanted = role.is_office() || matches!(role, Role::LeadingGroup | Role::TeamHead);
            assert_eq!(sees, wanted, "{role:?}");
        }
    }

    #[test]
    fn a_document_with_a_series_is_not_sent_without_its_number() {
        let clerk = samples::concerned(Role::OfficeLiaison);
        let mut document = store::sample(State::Signed);
        document.series = "巡办发".into();
        document.document_number = String::new();
        assert!(!document.may(&clerk, Deed::Dispatch));
        document.document_number = document_number("巡办发", 2023, 7);
        assert!(document.may(&clerk, Deed::Dispatch));
        assert_eq!(document.document_number, "巡办发〔2023〕7号");
    }

    #[test]
    fn what_is_secret_from_the_unit_is_never_sent_to_it_and_the_feedback_is() {
        let mut document = store::sample(State::Numbered);
        document.grade = Grade::WorkSecret;
        assert!(!document.is_kept_from_its_unit(), "feedback to its head");
        document.noun = String::from("inspection_units");
        assert!(document.is_kept_from_its_unit());
        document.grade = Grade::Internal;
        assert!(!document.is_kept_from_its_unit());
    }

    #[test]
    fn what_was_sent_cannot_be_made_void() {
        for state in [State::Dispatched, State::Archived, State::Void] {
            assert_eq!(Document::transition(state, Deed::Cancel), None);
        }
    }
}
