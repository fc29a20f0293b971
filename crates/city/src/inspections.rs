//! The term and its plan: coverage lists, named topics, year plans, rounds and batches; the inspections and
//! what happened at every inspected unit, stage by stage.

use chrono::NaiveDate;

use crate::keys::{
    BatchKey, InspectedUnitKey, InspectionKey, OrganisationKey, PersonKey, RoundKey, TeamKey, TopicKey,
};
use crate::problems::Field;

/// The committee's term (届).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// Number of the committee: 13 for 第十三届.
    pub number: u32,
    /// Name.
    pub name: &'static str,
    /// First day.
    pub from: NaiveDate,
    /// Planned last day.
    pub to: NaiveDate,
}

/// One version of the full-coverage list (全覆盖对象清单).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CoverageList {
    /// Version, from 1.
    pub version: u32,
    /// Day of the approval, from which the version holds.
    pub approved_on: NaiveDate,
    /// Why the version was made.
    pub reason: &'static str,
    /// The units on it.
    pub items: Vec<CoverageItem>,
}

/// One unit on a coverage list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CoverageItem {
    /// The unit.
    pub organisation: OrganisationKey,
    /// The calendar year its regular inspection is planned for.
    pub planned_year: i32,
}

/// A topic named by the committee (市委点题).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Topic {
    /// Its own key.
    pub key: TopicKey,
    /// Who named it.
    pub named_by: PersonKey,
    /// When.
    pub named_on: NaiveDate,
    /// Short title.
    pub title: &'static str,
    /// The instruction.
    pub text: &'static str,
    /// When the result was reported back to who named it.
    pub answered_on: Option<NaiveDate>,
}

/// The year plan (年度计划).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct YearPlan {
    /// Calendar year.
    pub year: i32,
    /// Day of the approval by the committee.
    pub approved_on: NaiveDate,
    /// Units planned to be entered for a regular inspection in the year.
    pub planned_units: u32,
    /// The plan in one paragraph.
    pub text: String,
}

/// A round (轮次).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Round {
    /// Its own key.
    pub key: RoundKey,
    /// Number in the term, from 1.
    pub number: u32,
    /// Calendar year it begins in.
    pub year: i32,
    /// Name.
    pub name: String,
    /// Day of the authorisation decision.
    pub authorised_on: NaiveDate,
    /// Last day of work on site.
    pub ends_on: NaiveDate,
}

/// A batch (批次) of regular inspections in a round.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    /// Its own key.
    pub key: BatchKey,
    /// The round.
    pub round: RoundKey,
    /// Number in the term, from 1.
    pub number: u32,
    /// Day of the announcement.
    pub announced_on: NaiveDate,
    /// Day of entry.
    pub entered_on: NaiveDate,
    /// Day on which the last team left.
    pub left_on: NaiveDate,
}

/// Type of an inspection (巡察类型).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum InspectionType {
    /// 常规巡察.
    Regular,
    /// 专项巡察.
    Special,
    /// 机动巡察.
    Mobile,
    /// 巡察“回头看”.
    LookBack,
    /// 提级巡察.
    Elevated,
    /// 交叉巡察.
    Cross,
    /// 系统巡察.
    System,
    /// 对村(社区)巡察.
    Village,
}

/// How an inspection is combined with others; independent of its type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Mode {
    /// “常规+专项”.
    RegularWithSpecial,
    /// 巡审联动.
    AuditLinked,
    /// 巡纪联动.
    DisciplineLinked,
    /// 巡组联动.
    OrganisationLinked,
    /// 系统联动.
    SystemWide,
}

/// One inspection; its objects are [`InspectedUnit`]s.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inspection {
    /// Its own key.
    pub key: InspectionKey,
    /// Name.
    pub name: String,
    /// Type.
    pub kind: InspectionType,
    /// Combined forms.
    pub modes: Vec<Mode>,
    /// The round it belongs to.
    pub round: RoundKey,
    /// The batch of a regular inspection.
    pub batch: Option<BatchKey>,
    /// The field it is about.
    pub field: Option<Field>,
    /// The topic it answers.
    pub topic: Option<TopicKey>,
    /// The inspection a look-back goes back to.
    pub parent: Option<InspectionKey>,
    /// Inspections whose findings are shared with this one.
    pub linked: Vec<InspectionKey>,
    /// Day of the announcement.
    pub announced_on: NaiveDate,
}

/// A stage of the work on one unit, in the order of the work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Stage {
    /// Put into the plan.
    Planned,
    /// Team authorised.
    Authorised,
    /// Notice to the unit.
    Notified,
    /// Entered (进驻).
    OnSite,
    /// Work on site interrupted.
    Paused,
    /// Work on site taken up again.
    Resumed,
    /// Left (撤点).
    Left,
    /// Report handed to the office.
    Reporting,
    /// Leading group has heard it.
    HeardByGroup,
    /// Committee has decided.
    Decided,
    /// Fed back; the rectification clock starts.
    FedBack,
    /// Rectification plan accepted.
    Rectifying,
    /// Rectification evaluated.
    Evaluated,
    /// All problems closed.
    Closed,
}

/// A stage reached on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StageEvent {
    /// The stage.
    pub stage: Stage,
    /// When it was reached.
    pub on: NaiveDate,
}

/// One unit as the object of one inspection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InspectedUnit {
    /// Its own key.
    pub key: InspectedUnitKey,
    /// The inspection.
    pub inspection: InspectionKey,
    /// The unit.
    pub organisation: OrganisationKey,
    /// The team that did it.
    pub team: TeamKey,
    /// What happened, in order of time.
    pub stages: Vec<StageEvent>,
}

impl InspectedUnit {
    /// The first day on which a stage was reached.
    pub fn reached(&self, stage: Stage) -> Option<NaiveDate> {
        self.stages.iter().find(|event| event.stage == stage).map(|event| event.on)
    }
}

/// A meeting of office and team about a report in the making (组办会商).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consultation {
    /// The unit it is about.
    pub unit: InspectedUnitKey,
    /// When.
    pub held_on: NaiveDate,
    /// Held half-way (中期会商) rather than on the draft report.
    pub mid_term: bool,
    /// Who spoke for the office.
    pub office_person: PersonKey,
    /// The point raised.
    pub point: String,
    /// What the team added because of it.
    pub answer: String,
    /// When the team had added it.
    pub answered_on: NaiveDate,
}

/// A material handed in beside the report (“1+3”).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ThematicKind {
    /// “一把手”情况反映.
    TopLeader,
    /// 纪检组长(纪委书记)履职情况报告.
    DisciplineHead,
    /// 领导班子情况汇总.
    LeadershipTeam,
}

/// One thematic material on one unit; made from round 4 on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ThematicMaterial {
    /// The unit.
    pub unit: InspectedUnitKey,
    /// Which of the three.
    pub kind: ThematicKind,
    /// When it was handed in.
    pub handed_in_on: NaiveDate,
}
