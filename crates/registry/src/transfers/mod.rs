//! Transfers (移交): the one way in which the office hands anything to another body, and gets an answer.
//!
//! Leads, suggestions, suspect projects and common problems all travel the same road: sent, signed
//! for, disposed of, answered, closed; or returned for more and sent again. What differs by kind are
//! the ways of disposal, the possible results and the clock.

pub mod actions;
mod service;
mod store;
#[cfg(test)]
mod tests;

use chrono::NaiveDate;
use kit::{Actor, Lifecycle, Pred, Role, labelled};
use uuid::Uuid;

pub use service::service;
pub use store::Model as Transfer;
pub use store::{find, of_subject};

/// Path segment of the noun.
pub const NOUN: &str = "transfers";

kit::id!(
    /// Identity of a transfer.
    TransferId
);

labelled! {
    /// What is handed over.
    pub enum Kind: "移交事项" {
        /// A lead on suspected breaches of discipline or law.
        Lead = "lead" => "问题线索", Grey;
        /// A suggestion of the inspection.
        Suggestion = "suggestion" => "巡察建议", Grey;
        /// A project under suspicion of collusive bidding.
        SuspectProject = "suspect_project" => "可疑项目", Grey;
        /// A problem common to several organisations.
        CommonProblem = "common_problem" => "共性问题", Grey;
    }
}

labelled! {
    /// Whether one body receives the matter or two (双移交: to the organisation department as well).
    pub enum Mode: "移交方式" {
        /// One recipient.
        Single = "single" => "单移交", Grey;
        /// Two recipients, each with a transfer of its own.
        Double = "double" => "双移交", Grey;
    }
}

labelled! {
    /// Where a transfer stands.
    pub enum State: "办理状态" {
        /// Sent, not yet signed for.
        Sent = "sent" => "待签收", Yellow;
        /// Signed for, way of disposal not yet chosen.
        Received = "received" => "已签收", Blue;
        /// Being dealt with.
        Disposing = "disposing" => "办理中", Blue;
        /// Sent back because something is missing.
        Returned = "returned" => "退回补充", Red;
        /// The recipient has reported the result.
        ResultReturned = "result_returned" => "已反馈结果", Green;
        /// The office has accepted the result.
        Closed = "closed" => "已办结", Green;
    }
}

labelled! {
    /// What can be done to a transfer.
    pub enum Deed: "移交办理" {
        /// The recipient signs for it.
        Receive = "receive" => "签收", Grey;
        /// The recipient chooses how to deal with it.
        Dispose = "dispose" => "选择处置方式", Grey;
        /// The recipient reports what came of it.
        ReportResult = "report_result" => "反馈结果", Grey;
        /// The recipient sends it back for more material.
        ReturnForMore = "return_for_more" => "退回补充", Grey;
        /// The office urges the recipient.
        Urge = "urge" => "督促", Grey;
        /// The office sends it again, completed.
        Resend = "resend" => "补充后重新移交", Grey;
        /// The office accepts the result.
        Close = "close" => "办结", Grey;
    }
}

labelled! {
    /// How a recipient deals with what it received; each kind has its own ways.
    pub enum Disposal: "处置方式" {
        /// Talk or written inquiry.
        Inquiry = "inquiry" => "谈话函询", Grey;
        /// Preliminary verification.
        Verification = "verification" => "初步核实", Grey;
        /// Kept for later.
        Stored = "stored" => "暂存待查", Grey;
        /// Ended.
        Ended = "ended" => "予以了结", Grey;
        /// Adopted.
        Adopted = "adopted" => "采纳", Green;
        /// Partly adopted.
        PartlyAdopted = "partly_adopted" => "部分采纳", Yellow;
        /// Not adopted.
        NotAdopted = "not_adopted" => "未采纳", Red;
        /// A case is filed.
        CaseFiled = "case_filed" => "立案核查", Grey;
        /// Administrative investigation.
        AdministrativeInquiry = "administrative_inquiry" => "行政调查", Grey;
        /// Passed to the police.
        ToPolice = "to_police" => "移送公安", Grey;
        /// Passed to the competent department.
        ToDepartment = "to_department" => "转主管部门", Grey;
        /// Not taken up.
        NotAccepted = "not_accepted" => "不予受理", Red;
        /// Made part of routine supervision.
        RoutineSupervision = "routine_supervision" => "纳入日常监管", Grey;
        /// A campaign against it.
        Campaign = "campaign" => "专项治理", Grey;
        /// A rule is made or revised.
        RuleRevised = "rule_revised" => "制度修订", Grey;
        /// Not adopted.
        Declined = "declined" => "不采纳", Red;
    }
}

labelled! {
    /// What came of it; each kind has its own results (domain.md 6.3, 13.4).
    pub enum ResultKind: "办理结果" {
        /// A case was filed.
        CaseFiled = "case_filed" => "立案", Grey;
        /// Party discipline.
        PartyDiscipline = "party_discipline" => "党纪处分", Grey;
        /// Disciplinary action of the state.
        StateDiscipline = "state_discipline" => "政务处分", Grey;
        /// Organisational measure.
        Organisational = "organisational" => "组织处理", Grey;
        /// Admonition.
        Admonition = "admonition" => "诫勉", Grey;
        /// Talk as a reminder.
        Reminder = "reminder" => "谈话提醒", Grey;
        /// Criticism and education.
        Criticism = "criticism" => "批评教育", Grey;
        /// Passed to the courts.
        ToJustice = "to_justice" => "移送司法", Grey;
        /// Ended and cleared up.
        Cleared = "cleared" => "了结澄清", Grey;
        /// Carried out.
        CarriedOut = "carried_out" => "已落实", Green;
        /// Carried out in part.
        PartlyCarriedOut = "partly_carried_out" => "部分落实", Yellow;
        /// Not carried out.
        NotCarriedOut = "not_carried_out" => "未落实", Red;
        /// Administrative penalty.
        Penalty = "penalty" => "行政处罚", Grey;
        /// The award was annulled.
        AwardAnnulled = "award_annulled" => "中标无效", Grey;
        /// Nothing was found.
        Unfounded = "unfounded" => "查无实据", Grey;
        /// Under routine supervision.
        UnderSupervision = "under_supervision" => "已纳入日常监管", Green;
        /// The campaign is finished.
        CampaignDone = "campaign_done" => "专项治理完成", Green;
        /// The rule was issued.
        RuleIssued = "rule_issued" => "制度已出台", Green;
    }
}

impl Kind {
    /// The ways of disposal open for this kind.
    pub fn disposals(self) -> &'static [Disposal] {
        match self {
            Self::Lead => &[Disposal::Inquiry, Disposal::Verification, Disposal::Stored, Disposal::Ended],
            Self::Suggestion => &[Disposal::Adopted, Disposal::PartlyAdopted, Disposal::NotAdopted],
            Self::SuspectProject => &[
                Disposal::CaseFiled,
                Disposal::AdministrativeInquiry,
                Disposal::ToPolice,
                Disposal::ToDepartment,
                Disposal::NotAccepted,
            ],
            Self::CommonProblem => {
                &[Disposal::RoutineSupervision, Disposal::Campaign, Disposal::RuleRevised, Disposal::Declined]
            }
        }
    }

    /// The results possible for this kind.
    pub fn results(self) -> &'static [ResultKind] {
        match self {
            Self::Lead => &[
                ResultKind::CaseFiled,
                ResultKind::PartyDiscipline,
                ResultKind::StateDiscipline,
                ResultKind::Organisational,
                ResultKind::Admonition,
                ResultKind::Reminder,
                ResultKind::Criticism,
                ResultKind::ToJustice,
                ResultKind::Cleared,
            ],
            Self::Suggestion => {
                &[ResultKind::CarriedOut, ResultKind::PartlyCarriedOut, ResultKind::NotCarriedOut]
            }
            Self::SuspectProject => &[
                ResultKind::CaseFiled,
                ResultKind::Penalty,
                ResultKind::AwardAnnulled,
                ResultKind::ToJustice,
                ResultKind::Unfounded,
            ],
            Self::CommonProblem => &[
                ResultKind::UnderSupervision,
                ResultKind::CampaignDone,
                ResultKind::RuleIssued,
                ResultKind::NotCarriedOut,
            ],
        }
    }

    /// Code of the policy that says when the result is due.
    pub fn result_policy(self) -> &'static str {
        match self {
            Self::Lead => "lead_result",
            Self::Suggestion => "suggestion_reply",
            Self::SuspectProject => "project_result",
            Self::CommonProblem => "common_problem_reply",
        }
    }

    /// Code of the policy that says when the way of disposal is due, where there is such a clock.
    pub fn disposal_policy(self) -> Option<&'static str> {
        match self {
            Self::Lead => Some("lead_disposal"),
            Self::Suggestion | Self::SuspectProject | Self::CommonProblem => None,
        }
    }

    /// Whether the matter must be kept from the organisation it is about.
    pub fn hidden_from_subject(self) -> bool {
        matches!(self, Self::Lead | Self::SuspectProject)
    }
}

impl Disposal {
    /// Whether it turns the matter down, which needs a reason.
    pub fn turns_down(self) -> bool {
        matches!(self, Self::NotAdopted | Self::NotAccepted | Self::Declined)
    }
}

/// A matter ready to be sent; its own slice has had it approved.
#[derive(Clone, Debug)]
pub struct Sending {
    /// What it is.
    pub kind: Kind,
    /// Noun of the record handed over.
    pub subject_noun: &'static str,
    /// That record.
    pub subject_id: Uuid,
    /// How the recipient sees it called; nothing sealed may stand in it.
    pub title: String,
    /// The inspection it comes from.
    pub inspection: Option<Uuid>,
    /// The inspected organisation it is about.
    pub organisation: Option<Uuid>,
    /// The organisation that receives it.
    pub recipient: Uuid,
    /// One recipient or two.
    pub mode: Mode,
    /// Sent while the inspection was still under way (边巡边移).
    pub early: bool,
    /// Day of sending.
    pub sent_on: NaiveDate,
}

/// Roles that receive transfers in the name of their organisation.
pub const RECIPIENTS: [Role; 5] = [
    Role::Discipline,
    Role::OrganisationDepartment,
    Role::Audit,
    Role::FunctionalDepartment,
    Role::DistrictOffice,
];

impl Transfer {
    /// Whether `actor` works for the recipient.
    pub fn is_recipient(&self, actor: &Actor) -> bool {
        RECIPIENTS.iter().any(|&role| actor.is_at(role, self.recipient_id.0))
    }

    /// Whether the recipient no longer owes an answer.
    pub fn answered(&self) -> bool {
        !State::OWED.contains(&self.state)
    }
}

impl State {
    /// States in which the recipient owes an answer.
    pub const OWED: [Self; 3] = [Self::Sent, Self::Received, Self::Disposing];
}

impl Lifecycle for Transfer {
    type State = State;
    type Deed = Deed;

    fn state(&self) -> State {
        self.state
    }

    fn transition(state: State, deed: Deed) -> Option<State> {
        match (state, deed) {
            (State::Sent, Deed::Receive) => Some(State::Received),
            // The way may change: from a written inquiry to verification, from the shelf to an inquiry.
            (State::Received | State::Disposing, Deed::Dispose) => Some(State::Disposing),
            // A result may be completed: a case is filed first, the sanction follows.
            (State::Disposing | State::ResultReturned, Deed::ReportResult) => Some(State::ResultReturned),
            (State::Sent | State::Received, Deed::ReturnForMore) => Some(State::Returned),
            (State::Returned, Deed::Resend) => Some(State::Sent),
            (State::Sent | State::Received | State::Disposing, Deed::Urge) => Some(state),
            (State::ResultReturned, Deed::Close) => Some(State::Closed),
            _ => None,
        }
    }

    fn may(&self, actor: &Actor, deed: Deed) -> bool {
        match deed {
            Deed::Receive | Deed::Dispose | Deed::ReportResult | Deed::ReturnForMore => {
                self.is_recipient(actor)
            }
            // A lead is sent again from its own page: what is handed over is frozen anew with it.
            Deed::Resend => actor.is_office() && self.kind != Kind::Lead,
            Deed::Urge | Deed::Close => actor.is_office(),
        }
    }

    fn visible(actor: &Actor) -> Pred {
        let open = Pred::one_of("kind", [Kind::Suggestion, Kind::CommonProblem]);
        let received = |role| actor.own_organisations(role, "recipient_id");
        actor.reach([
            (Role::CommitteeLeader, open),
            (Role::LeadingGroup, Pred::All),
            (Role::OfficeDirector, Pred::All),
            (Role::OfficeLiaison, Pred::All),
            (Role::TeamHead, actor.own_inspections(Role::TeamHead)),
            (Role::TeamMember, actor.own_inspections(Role::TeamMember)),
            (Role::Discipline, received(Role::Discipline)),
            (Role::OrganisationDepartment, received(Role::OrganisationDepartment)),
            (Role::Audit, received(Role::Audit)),
            (Role::FunctionalDepartment, received(Role::FunctionalDepartment)),
            (Role::DistrictOffice, received(Role::DistrictOffice)),
        ])
    }
}

/// How a transfer is numbered: `YJ2023-0012`.
fn number(year: i32, count: i64) -> String {
    format!("YJ{year}-{count:04}")
}

#[cfg(test)]
mod rules {
    use kit::Labelled as _;

    use super::*;

    #[test]
    fn every_kind_offers_ways_and_results_and_no_two_kinds_share_a_way() {
        for &kind in Kind::ALL {
            assert!(!kind.disposals().is_empty() && !kind.results().is_empty());
        }
        let offered: usize = Kind::ALL.iter().map(|kind| kind.disposals().len()).sum();
        assert_eq!(offered, Disposal::ALL.len());
    }

    #[test]
    fn every_state_but_closed_leads_on() {
        for &state in State::ALL {
            let leads_on =
                Deed::ALL.iter().any(|&deed| Transfer::transition(state, deed).is_some_and(|to| to != state));
            assert_eq!(leads_on, state != State::Closed, "{state:?}");
        }
    }

    #[test]
    fn an_inspected_organisation_and_administrators_see_no_transfer() {
        for role in Role::ALL {
            let at = kit::ids::random();
            let actor = kit::testing::actor(*role, Some(at), Some(at));
            let hidden = role.is_administrator() || *role == Role::OrganisationLiaison;
            assert_eq!(Transfer::visible(&actor) == Pred::Nothing, hidden, "{role:?}");
        }
    }
}
