//! Pieces brought in (带件入巡): matters a discipline body gives to one team to be verified on site. What
//! they say is encrypted at rest; inside the team only the heads and the member named for a piece know of
//! it; the number tells nothing; the giver learns the outcome when it is reported back.

pub mod actions;
mod service;
mod store;

use kit::{Actor, Cx, Lifecycle, Pred, Result, Role, labelled};

pub use service::service;
pub use store::{Model as BroughtPiece, find};

/// Path segment of the noun.
pub const NOUN: &str = "brought_pieces";

kit::id!(
    /// Identity of a piece; random, so that nothing can be learnt from it.
    PieceId
);

labelled! {
    /// What kind of piece it is.
    pub enum Kind: "件别" {
        /// A lead that waits.
        Lead = "lead" => "问题线索", Grey;
        /// A letter or visit.
        Petition = "petition" => "信访件", Grey;
        /// A matter under supervision.
        Supervised = "supervised" => "督办事项", Grey;
        /// How an earlier decision was carried out.
        Decision = "decision" => "处分决定和建议执行情况", Grey;
    }
}

labelled! {
    /// Where a piece stands.
    pub enum State: "带件状态" {
        /// Given, not yet signed for.
        Given = "given" => "待签收", Yellow;
        /// The head of the team has signed for it.
        Received = "received" => "待分办", Yellow;
        /// A member verifies it.
        Assigned = "assigned" => "核查中", Blue;
        /// Verified, not yet reported back.
        Verified = "verified" => "待反馈", Orange;
        /// Reported back to the giver.
        Reported = "reported" => "已反馈", Green;
        /// Taken back by the giver.
        Withdrawn = "withdrawn" => "已撤回", Grey;
    }
}

labelled! {
    /// What the verification on site led to.
    pub enum Outcome: "核查结果" {
        /// It holds.
        Confirmed = "confirmed" => "属实", Orange;
        /// It holds in part.
        PartlyConfirmed = "partly_confirmed" => "部分属实", Yellow;
        /// It does not hold.
        Unfounded = "unfounded" => "不属实", Grey;
        /// It could not be verified with the means of an inspection.
        NotVerifiable = "not_verifiable" => "无法查实", Grey;
        /// It became a lead of this inspection.
        BecameLead = "became_lead" => "转为巡察线索", Orange;
    }
}

labelled! {
    /// What can be done to a piece.
    pub enum Deed: "带件办理" {
        /// Correct or complete it.
        Edit = "edit" => "修改", Grey;
        /// Take it back.
        Withdraw = "withdraw" => "撤回", Red;
        /// Sign for it.
        Receive = "receive" => "签收", Blue;
        /// Name the member who verifies it.
        Assign = "assign" => "分办", Blue;
        /// Hand the findings in.
        Verify = "verify" => "提交核查情况", Blue;
        /// Have it verified again.
        Return = "return" => "退回再核", Orange;
        /// Report back to the giver.
        Report = "report" => "反馈来源单位", Green;
    }
}

/// What a piece keeps sealed, in plain text.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Secret {
    /// Who or what it is about.
    pub subject: String,
    /// What is reflected.
    pub content: String,
    /// What the giver wants to know.
    pub request: String,
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Secret(..)")
    }
}

/// Encrypts `text` for `field` of the piece `id`; it opens nowhere else.
///
/// # Errors
/// A fault when the operating system gives no randomness.
pub fn seal(cx: &Cx, id: PieceId, field: &str, text: &str) -> Result<String> {
    cx.app().seal().seal(&format!("brought_piece/{id}/{field}"), text)
}

fn open(cx: &Cx, id: PieceId, field: &str, sealed: &str) -> Result<String> {
    cx.app().seal().open(&format!("brought_piece/{id}/{field}"), sealed)
}

impl BroughtPiece {
    /// Opens what is sealed. The caller records the reading.
    fn secret(&self, cx: &Cx) -> Result<Secret> {
        Ok(Secret {
            subject: open(cx, self.id, "subject", &self.subject_sealed)?,
            content: open(cx, self.id, "content", &self.content_sealed)?,
            request: open(cx, self.id, "request", &self.request_sealed)?,
        })
    }

    /// Whether `actor` speaks for the body that gave it, or entered it for a body that has nobody here.
    pub fn is_giver(&self, actor: &Actor) -> bool {
        let entered = self.given_by.is_some() && self.given_by == actor.account;
        actor.is_at(Role::Discipline, self.giver_id.0) || (entered && actor.is(Role::OfficeLiaison))
    }

    /// Whether `actor` heads the team it was given to.
    pub fn is_head(&self, actor: &Actor) -> bool {
        actor.is_for(Role::TeamHead, self.inspection_id)
    }

    /// Whether `actor` is the member named for it.
    pub fn is_named(&self, actor: &Actor) -> bool {
        self.member_id.is_some()
            && self.member_id == actor.account
            && actor.is_for(Role::TeamMember, self.inspection_id)
    }

    /// Whether the team no longer owes an answer.
    pub fn answered(&self) -> bool {
        matches!(self.state, State::Reported | State::Withdrawn)
    }
}

/// Inspecting side: those who may read findings before they are reported.
fn inside(actor: &Actor) -> bool {
    actor.is_any(&[Role::LeadingGroup, Role::OfficeDirector, Role::TeamHead, Role::TeamMember])
}

/// Whether `actor` gives pieces: the discipline body its own, a liaison of the office those that came to the office
/// from elsewhere.
pub fn may_give(actor: &Actor) -> bool {
    actor.is_any(&[Role::Discipline, Role::OfficeLiaison])
}

impl Lifecycle for BroughtPiece {
    type State = State;
    type Deed = Deed;

    fn state(&self) -> State {
        self.state
    }

    fn transition(state: State, deed: Deed) -> Option<State> {
        match (state, deed) {
            (State::Given, Deed::Edit) => Some(State::Given),
            (State::Given, Deed::Withdraw) => Some(State::Withdrawn),
            (State::Given, Deed::Receive) => Some(State::Received),
            (State::Received | State::Assigned, Deed::Assign) | (State::Verified, Deed::Return) => {
                Some(State::Assigned)
            }
            (State::Assigned, Deed::Verify) => Some(State::Verified),
            (State::Verified, Deed::Report) => Some(State::Reported),
            _ => None,
        }
    }

    fn may(&self, actor: &Actor, deed: Deed) -> bool {
        match deed {
            Deed::Edit | Deed::Withdraw => self.is_giver(actor),
            Deed::Receive | Deed::Assign | Deed::Return | Deed::Report => self.is_head(actor),
            Deed::Verify => self.is_head(actor) || self.is_named(actor),
        }
    }

    /// The office's liaisons and the other members of the team do not see it (domain.md 3.1, 3.5); a liaison sees
    /// what he entered himself, as its giver does: without the findings.
    fn visible(actor: &Actor) -> Pred {
        let entered = actor.account.map_or(Pred::Nothing, |account| Pred::is("given_by", account));
        let named = actor.own_inspections(Role::TeamMember).and(match actor.account {
            Some(account) => Pred::is("member_id", account),
            None => Pred::Nothing,
        });
        actor.reach([
            (Role::LeadingGroup, Pred::All),
            (Role::OfficeDirector, Pred::All),
            (Role::OfficeLiaison, entered),
            (Role::TeamHead, actor.own_inspections(Role::TeamHead)),
            (Role::TeamMember, named),
            (Role::Discipline, actor.own_organisations(Role::Discipline, "giver_id")),
        ])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kit::Labelled as _;
    use planning::samples;

    #[test]
    fn only_giver_head_named_member_and_those_above_see_a_piece() {
        for &role in Role::ALL {
            let sees =
                BroughtPiece::visible(&samples::concerned(role)).holds(&store::sample(State::Assigned));
            let expected =
                matches!(role, Role::LeadingGroup | Role::OfficeDirector | Role::TeamHead | Role::Discipline);
            assert_eq!(sees, expected, "{role:?}");
        }
    }

    #[test]
    fn a_member_sees_a_piece_only_when_it_was_given_to_that_member_in_that_team() {
        let mut piece = store::sample(State::Assigned);
        let member = samples::concerned(Role::TeamMember);
        assert!(!BroughtPiece::visible(&member).holds(&piece));
        piece.member_id = member.account;
        assert!(BroughtPiece::visible(&member).holds(&piece) && piece.may(&member, Deed::Verify));
        let elsewhere = samples::stranger(Role::TeamMember);
        assert!(!BroughtPiece::visible(&elsewhere).holds(&piece) && !piece.may(&elsewhere, Deed::Verify));
    }

    #[test]
    fn a_liaison_of_the_office_gives_pieces_and_sees_those_only() {
        let mut piece = store::sample(State::Given);
        let liaison = samples::concerned(Role::OfficeLiaison);
        assert!(may_give(&liaison) && !BroughtPiece::visible(&liaison).holds(&piece));
        piece.given_by = liaison.account;
        assert!(BroughtPiece::visible(&liaison).holds(&piece) && piece.may(&liaison, Deed::Withdraw));
        assert!(!piece.may(&liaison, Deed::Verify) && !inside(&liaison));
    }

    #[test]
    fn a_piece_comes_back_to_its_giver_only_verified() {
        for &state in State::ALL {
            assert_eq!(BroughtPiece::transition(state, Deed::Report).is_some(), state == State::Verified);
        }
    }

    #[test]
    fn what_is_sealed_is_not_printed_by_accident() {
        let secret = Secret { subject: String::from("某某"), ..Secret::default() };
        assert!(!format!("{secret:?}").contains("某某"));
    }
}
