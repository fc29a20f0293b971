//! Inspected organisations (巡察对象): one organisation in one inspection, through all its stages.
//!
//! Every stage leaves its day in a column of its own, so that any figure can be counted again as of
//! any day. A stage never lies before the one that had to come first (domain.md 13.3).

pub mod actions;
mod service;
mod store;

use chrono::NaiveDate;
use kit::{Actor, Lifecycle, Pred, Refusal, Result, Role, labelled};

use crate::{days, inspections::InspectionKind, rights};

pub use service::service;
pub use store::{
    Entity, IntervalModel as OnsiteInterval, Model as InspectionUnit, find, intervals, of_inspection,
};

/// Path segment of the noun.
pub const NOUN: &str = "inspection_units";

kit::id!(
    /// Identity of an organisation in an inspection.
    InspectionUnitId
);

labelled! {
    /// How far the inspection of an organisation has come.
    pub enum Stage: "环节" {
        /// Put into the inspection.
        Planned = "planned" => "已列入", Grey;
        /// The team is authorised for it.
        Authorised = "authorised" => "已授权", Grey;
        /// The organisation has been told.
        Notified = "notified" => "已通知", Yellow;
        /// The team is there.
        OnSite = "on_site" => "现场了解", Blue;
        /// The team is away for a while.
        Paused = "paused" => "暂停", Yellow;
        /// The team has left for good.
        Left = "left" => "已撤点", Blue;
        /// The team has handed in its report.
        Reported = "reported" => "已报告", Blue;
        /// The leading group has heard it.
        Heard = "heard" => "领导小组已听取", Blue;
        /// The committee has decided.
        Decided = "decided" => "市委已研究", Blue;
        /// The organisation has been told what was found.
        FedBack = "fed_back" => "已反馈", Blue;
        /// It rectifies by a plan.
        Rectifying = "rectifying" => "集中整改", Blue;
        /// Its rectification has been evaluated.
        Evaluated = "evaluated" => "已评估", Green;
        /// Everything is closed or long-term.
        Closed = "closed" => "已办结", Green;
        /// Looked back at.
        LookedBack = "looked_back" => "已回头看", Green;
    }
}

labelled! {
    /// What happens next to an inspected organisation.
    pub enum Deed: "办理" {
        /// Correct days that were entered wrongly.
        Edit = "edit" => "更正日期", Grey;
        /// Authorise the team.
        Authorise = "authorise" => "授权", Grey;
        /// Tell the organisation.
        Notify = "notify" => "通知", Grey;
        /// Enter.
        Enter = "enter" => "进驻", Grey;
        /// Go away for a while.
        Pause = "pause" => "暂停", Grey;
        /// Come back.
        Resume = "resume" => "恢复进驻", Grey;
        /// Leave for good.
        Leave = "leave" => "撤点", Grey;
        /// Hand in the report.
        Report = "report" => "提交报告", Grey;
        /// The leading group hears it.
        Hear = "hear" => "领导小组听取", Grey;
        /// The committee decides.
        Decide = "decide" => "市委研究决定", Grey;
        /// Tell the organisation what was found.
        FeedBack = "feed_back" => "反馈", Grey;
        /// Rectification begins by an accepted plan.
        Rectify = "rectify" => "转入集中整改", Grey;
        /// Evaluate the rectification.
        Evaluate = "evaluate" => "整改评估", Grey;
        /// Close.
        Close = "close" => "办结", Grey;
        /// Look back.
        LookBack = "look_back" => "回头看", Grey;
    }
}

impl Lifecycle for InspectionUnit {
    type State = Stage;
    type Deed = Deed;

    fn state(&self) -> Stage {
        self.state
    }

    fn transition(state: Stage, deed: Deed) -> Option<Stage> {
        match (state, deed) {
            (_, Deed::Edit) => Some(state),
            (Stage::Planned, Deed::Authorise) => Some(Stage::Authorised),
            (Stage::Authorised, Deed::Notify) => Some(Stage::Notified),
            (Stage::Authorised | Stage::Notified, Deed::Enter) | (Stage::Paused, Deed::Resume) => {
                Some(Stage::OnSite)
            }
            (Stage::OnSite, Deed::Pause) => Some(Stage::Paused),
            (Stage::OnSite | Stage::Paused, Deed::Leave) => Some(Stage::Left),
            (Stage::Left, Deed::Report) => Some(Stage::Reported),
            (Stage::Reported, Deed::Hear) => Some(Stage::Heard),
            (Stage::Heard, Deed::Decide) => Some(Stage::Decided),
            (Stage::Decided, Deed::FeedBack) => Some(Stage::FedBack),
            (Stage::FedBack, Deed::Rectify) => Some(Stage::Rectifying),
            (Stage::Rectifying, Deed::Evaluate) => Some(Stage::Evaluated),
            (Stage::Evaluated, Deed::Close) => Some(Stage::Closed),
            (Stage::Closed, Deed::LookBack) => Some(Stage::LookedBack),
            _ => None,
        }
    }

    /// The office keeps the stages. Authorisation belongs to those who authorise; a mobile inspection
    /// may enter without notice beforehand, every other one only after it.
    fn may(&self, actor: &Actor, deed: Deed) -> bool {
        match deed {
            Deed::Authorise => rights::approves(actor) || actor.is(Role::OfficeDirector),
            Deed::Enter if self.state == Stage::Authorised => {
                rights::keeps(actor) && self.kind == InspectionKind::Mobile
            }
            _ => rights::keeps(actor),
        }
    }

    fn visible(actor: &Actor) -> Pred {
        let liaison = actor
            .own_organisations(Role::OrganisationLiaison, "organisation_id")
            .and(Pred::Present("notified_on"));
        Pred::any(vec![
            rights::overseen(actor),
            actor.reach([
                (Role::TeamHead, actor.own_inspections(Role::TeamHead)),
                (Role::TeamMember, actor.own_inspections(Role::TeamMember)),
                (Role::DistrictOffice, actor.own_organisations(Role::DistrictOffice, "district_id")),
                (Role::OrganisationLiaison, liaison),
            ]),
        ])
    }
}

/// The days of the stages in their order, each with the deed that sets it.
pub type StageDays = [(Deed, Option<NaiveDate>); 12];

impl InspectionUnit {
    /// The days of the stages in their order.
    pub fn days(&self) -> StageDays {
        [
            (Deed::Authorise, self.authorised_on),
            (Deed::Notify, self.notified_on),
            (Deed::Enter, self.entered_on),
            (Deed::Leave, self.left_on),
            (Deed::Report, self.reported_on),
            (Deed::Hear, self.heard_on),
            (Deed::Decide, self.decided_on),
            (Deed::FeedBack, self.fed_back_on),
            (Deed::Rectify, self.rectifying_on),
            (Deed::Evaluate, self.evaluated_on),
            (Deed::Close, self.closed_on),
            (Deed::LookBack, self.looked_back_on),
        ]
    }

    fn day_mut(&mut self, deed: Deed) -> Option<&mut Option<NaiveDate>> {
        Some(match deed {
            Deed::Authorise => &mut self.authorised_on,
            Deed::Notify => &mut self.notified_on,
            Deed::Enter => &mut self.entered_on,
            Deed::Leave => &mut self.left_on,
            Deed::Report => &mut self.reported_on,
            Deed::Hear => &mut self.heard_on,
            Deed::Decide => &mut self.decided_on,
            Deed::FeedBack => &mut self.fed_back_on,
            Deed::Rectify => &mut self.rectifying_on,
            Deed::Evaluate => &mut self.evaluated_on,
            Deed::Close => &mut self.closed_on,
            Deed::LookBack => &mut self.looked_back_on,
            Deed::Edit | Deed::Pause | Deed::Resume => return None,
        })
    }

    /// Where the organisation stood at the end of `day`; pauses are not told apart from presence.
    pub fn stage_on(&self, day: NaiveDate) -> Stage {
        self.stage_among(day, |_| true)
    }

    /// As [`InspectionUnit::stage_on`], as far as the inspected organisation knows of it.
    pub fn known_stage_on(&self, day: NaiveDate) -> Stage {
        self.stage_among(day, known_to_organisation)
    }

    fn stage_among(&self, day: NaiveDate, known: impl Fn(Deed) -> bool) -> Stage {
        let reached =
            self.days().into_iter().filter(|(deed, on)| known(*deed) && on.is_some_and(|on| on <= day));
        reached.last().map_or(Stage::Planned, |(deed, _)| stage_of(deed))
    }

    /// Whether `actor`, who can see the record, works with the inspection and is not only inspected by it.
    pub fn is_inside(&self, actor: &Actor) -> bool {
        let district = self.district_id.is_some_and(|district| actor.is_at(Role::DistrictOffice, district.0));
        actor.is_any(&rights::OVERSEERS) || actor.in_team(self.inspection_id.0) || district
    }

    /// The record after `deed` on day `on`, which leads to `state`; `absence` is the last day on site
    /// before a pause.
    ///
    /// # Errors
    /// A refusal when the day lies in the future or before what had to come first.
    pub fn after(
        &self,
        deed: Deed,
        state: Stage,
        on: NaiveDate,
        absence: Option<NaiveDate>,
        today: NaiveDate,
    ) -> Result<Self> {
        days::happened(today, "on", on)?;
        if let Some(last) = self.days().into_iter().filter_map(|(_, day)| day).max() {
            days::not_before("on", on, last, "上一环节日期")?;
        }
        if let Some(absence) = absence {
            days::not_before("on", on, absence, "上次在现场的日期")?;
            if deed == Deed::Resume && on == absence {
                return Err(Refusal::field("on", "恢复进驻的日期应在暂停日期之后").into());
            }
        }
        let mut after = self.clone();
        after.state = state;
        if let Some(day) = after.day_mut(deed) {
            *day = Some(on);
        }
        if deed == Deed::Enter && after.notified_on.is_none() {
            after.notified_on = Some(on);
        }
        Ok(after)
    }

    /// The record with corrected days: exactly the stages that were reached keep a day, in order.
    ///
    /// # Errors
    /// A refusal at the first day that is missing, in the future, or before the one it follows.
    pub fn corrected(
        &self,
        planned_on: NaiveDate,
        corrections: &[(Deed, NaiveDate)],
        today: NaiveDate,
    ) -> Result<Self> {
        let mut after = Self { planned_on, ..self.clone() };
        let mut last: Option<NaiveDate> = None;
        for (deed, held) in self.days() {
            if held.is_none() {
                continue;
            }
            let field = field_of(deed);
            let day = corrections.iter().find(|(of, _)| *of == deed).map(|(_, day)| *day);
            let day = day.ok_or_else(|| Refusal::field(field, "已办理的环节必须有日期"))?;
            days::happened(today, field, day)?;
            if let Some(last) = last {
                days::not_before(field, day, last, "上一环节日期")?;
            }
            if let Some(place) = after.day_mut(deed) {
                *place = Some(day);
            }
            last = Some(day);
        }
        Ok(after)
    }
}

/// The stage that begins with `deed`.
fn stage_of(deed: Deed) -> Stage {
    match deed {
        Deed::Edit => Stage::Planned,
        Deed::Authorise => Stage::Authorised,
        Deed::Notify => Stage::Notified,
        Deed::Enter | Deed::Resume => Stage::OnSite,
        Deed::Pause => Stage::Paused,
        Deed::Leave => Stage::Left,
        Deed::Report => Stage::Reported,
        Deed::Hear => Stage::Heard,
        Deed::Decide => Stage::Decided,
        Deed::FeedBack => Stage::FedBack,
        Deed::Rectify => Stage::Rectifying,
        Deed::Evaluate => Stage::Evaluated,
        Deed::Close => Stage::Closed,
        Deed::LookBack => Stage::LookedBack,
    }
}

/// Name of the field and column that holds the day of `deed`.
pub(crate) fn field_of(deed: Deed) -> &'static str {
    match deed {
        Deed::Authorise => "authorised_on",
        Deed::Notify => "notified_on",
        Deed::Enter => "entered_on",
        Deed::Leave => "left_on",
        Deed::Report => "reported_on",
        Deed::Hear => "heard_on",
        Deed::Decide => "decided_on",
        Deed::FeedBack => "fed_back_on",
        Deed::Rectify => "rectifying_on",
        Deed::Evaluate => "evaluated_on",
        Deed::Close => "closed_on",
        Deed::LookBack => "looked_back_on",
        Deed::Edit | Deed::Pause | Deed::Resume => "on",
    }
}

/// What the day of `deed` is called.
pub(crate) fn day_label(deed: Deed) -> &'static str {
    match deed {
        Deed::Authorise => "授权日期",
        Deed::Notify => "通知日期",
        Deed::Enter => "进驻日期",
        Deed::Pause => "暂停日期（最后在现场的一天）",
        Deed::Resume => "恢复进驻日期",
        Deed::Leave => "撤点日期",
        Deed::Report => "报告提交日期",
        Deed::Hear => "领导小组听取日期",
        Deed::Decide => "市委研究日期",
        Deed::FeedBack => "反馈日期",
        Deed::Rectify => "转入集中整改日期",
        Deed::Evaluate => "整改评估日期",
        Deed::Close => "办结日期",
        Deed::LookBack => "回头看日期",
        Deed::Edit => "日期",
    }
}

/// Whether the inspected organisation knows of the stage that begins with `deed`; reports, hearings
/// and decisions stay inside until they are fed back.
pub(crate) fn known_to_organisation(deed: Deed) -> bool {
    !matches!(deed, Deed::Authorise | Deed::Report | Deed::Hear | Deed::Decide)
}

#[cfg(test)]
mod tests {
    use super::*;
    use kit::Labelled as _;
    use proptest::prelude::*;

    fn day(number: u64) -> NaiveDate {
        kit::clock::days_after(NaiveDate::from_ymd_opt(2023, 1, 1).unwrap(), number)
    }

    fn in_order(unit: &InspectionUnit) -> bool {
        let days: Vec<NaiveDate> = unit.days().into_iter().filter_map(|(_, day)| day).collect();
        days.is_sorted()
    }

    #[test]
    fn a_regular_inspection_enters_only_after_notice_and_a_mobile_one_at_once() {
        let office = rights::concerned(Role::OfficeLiaison);
        let mut unit = service::sample(Stage::Authorised);
        assert!(unit.decide(&office, Deed::Enter).is_err());
        unit.kind = InspectionKind::Mobile;
        assert!(unit.decide(&office, Deed::Enter).is_ok());
        let entered = unit.after(Deed::Enter, Stage::OnSite, day(3), None, day(9)).unwrap();
        assert_eq!(entered.notified_on, Some(day(3)));
    }

    #[test]
    fn every_stage_but_planned_is_reached_by_exactly_one_deed() {
        for &deed in Deed::ALL.iter().filter(|&&deed| deed != Deed::Edit) {
            let reached: Vec<Stage> =
                Stage::ALL.iter().filter_map(|&from| InspectionUnit::transition(from, deed)).collect();
            assert!(!reached.is_empty() && reached.iter().all(|&stage| stage == stage_of(deed)), "{deed:?}");
        }
    }

    #[test]
    fn the_liaison_learns_of_the_inspection_with_the_notice() {
        let liaison = rights::concerned(Role::OrganisationLiaison);
        let mut unit = service::sample(Stage::Authorised);
        assert!(!InspectionUnit::visible(&liaison).holds(&unit));
        unit.notified_on = Some(day(1));
        assert!(InspectionUnit::visible(&liaison).holds(&unit));
        let other = rights::stranger(Role::OrganisationLiaison);
        assert!(!InspectionUnit::visible(&other).holds(&unit));
    }

    proptest! {
        #[test]
        fn stage_days_stay_in_order_after_any_sequence_of_accepted_deeds(
            deeds in proptest::collection::vec((0usize..15, 0u64..120, 0u64..120), 0..60),
            mobile in any::<bool>(),
        ) {
            let office = rights::concerned(Role::OfficeDirector);
            let mut unit = service::sample(Stage::Planned);
            if mobile {
                unit.kind = InspectionKind::Mobile;
            }
            let mut absence: Option<NaiveDate> = None;
            for (at, on, today) in deeds {
                let deed = Deed::ALL[at];
                let Ok(state) = unit.decide(&office, deed) else { continue };
                if deed == Deed::Edit {
                    let shifted: Vec<(Deed, NaiveDate)> =
                        unit.days().into_iter().filter_map(|(of, held)| held.map(|_| (of, day(on)))).collect();
                    if let Ok(after) = unit.corrected(day(on), &shifted, day(today)) {
                        unit = after;
                        absence = None;
                    }
                } else if let Ok(after) = unit.after(deed, state, day(on), absence, day(today)) {
                    prop_assert!(on <= today);
                    if deed == Deed::Pause {
                        absence = Some(day(on));
                    }
                    unit = after;
                }
                prop_assert!(in_order(&unit));
                let reached = unit.days().into_iter().rfind(|(_, day)| day.is_some());
                let last = reached.map_or(Stage::Planned, |(deed, _)| stage_of(deed));
                prop_assert!(unit.state == last || unit.state == Stage::Paused);
            }
        }

        #[test]
        fn corrections_out_of_order_are_refused(days in proptest::collection::vec(0u64..60, 12)) {
            let mut unit = service::sample(Stage::LookedBack);
            for (deed, _) in unit.days() {
                *unit.day_mut(deed).unwrap() = Some(day(0));
            }
            let corrections: Vec<(Deed, NaiveDate)> =
                unit.days().into_iter().map(|(deed, _)| deed).zip(days.iter().map(|&n| day(n))).collect();
            prop_assert_eq!(unit.corrected(day(0), &corrections, day(60)).is_ok(), days.is_sorted());
        }
    }
}
