//! Problems found, approved as drafts, and fed back.

use chrono::NaiveDate;

use crate::keys::{InspectedUnitKey, ProblemKey};
use crate::people::Role;

/// Key field of supervision a problem lies in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Field {
    /// 工程招投标.
    Bidding,
    /// 国有资产.
    StateAssets,
    /// 医药.
    Medical,
    /// 教育.
    Education,
    /// 惠民政策.
    Welfare,
    /// 财政专项资金.
    SpecialFunds,
    /// 乡村振兴.
    RuralRevival,
    /// 创新基地.
    InnovationBase,
}

/// Entry of the dictionary of the four framework items (四个落实).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FrameworkItem {
    /// Unique code such as `F2.3`.
    pub code: &'static str,
    /// First level.
    pub level1: &'static str,
    /// Second level.
    pub level2: &'static str,
}

/// Entry of the local dictionary of problem categories.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Category {
    /// Unique code such as `C03.2`.
    pub code: &'static str,
    /// First level.
    pub level1: &'static str,
    /// Second level.
    pub level2: &'static str,
}

/// Whether a problem stands alone (问题性质).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Nature {
    /// 个性问题.
    Individual,
    /// 共性问题.
    Common,
    /// 体制机制问题.
    Institutional,
}

/// Whose responsibility a problem is (责任类型).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Responsibility {
    /// 主体责任.
    Principal,
    /// 第一责任人责任.
    FirstPerson,
    /// 主要领导责任.
    MainLeadership,
    /// 直接责任.
    Direct,
    /// 监督责任.
    Supervisory,
}

/// The six disciplines (六项纪律).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Discipline {
    /// 政治纪律.
    Political,
    /// 组织纪律.
    Organisational,
    /// 廉洁纪律.
    Integrity,
    /// 群众纪律.
    Mass,
    /// 工作纪律.
    Work,
    /// 生活纪律.
    Life,
}

/// Where a problem became known (问题来源).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Source {
    /// 个别谈话.
    Talk,
    /// 来信来电来访.
    Petition,
    /// 调阅资料.
    Files,
    /// 下沉走访.
    Visit,
    /// 数据比对.
    DataModel,
    /// 审计.
    Audit,
    /// 巡前通报.
    Briefing,
    /// 回头看.
    LookBack,
}

/// State of a problem.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ProblemState {
    /// Found by the team.
    Found,
    /// Its draft (底稿) approved by the head of the team.
    DraftApproved,
    /// Fed back to the unit.
    FedBack,
    /// 整改中.
    Rectifying,
    /// 已提交, under review.
    Submitted,
    /// 退回.
    Returned,
    /// 已销号.
    Closed,
    /// 长期坚持.
    LongTerm,
    /// 重开, by a look-back or a spot check.
    Reopened,
}

/// A state reached on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProblemEvent {
    /// The state.
    pub state: ProblemState,
    /// When.
    pub on: NaiveDate,
    /// By whom.
    pub by: Role,
}

/// One problem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Its own key.
    pub key: ProblemKey,
    /// Inspection, unit and team in one.
    pub unit: InspectedUnitKey,
    /// Framework item.
    pub framework: FrameworkItem,
    /// Local category.
    pub category: Category,
    /// Key field, if it lies in one.
    pub field: Option<Field>,
    /// Nature.
    pub nature: Nature,
    /// Responsibility.
    pub responsibility: Responsibility,
    /// 是否重点.
    pub key_problem: bool,
    /// Money concerned, in fen.
    pub amount_fen: Option<i64>,
    /// Number of people affected.
    pub people_affected: Option<u32>,
    /// Discipline it touches.
    pub discipline: Option<Discipline>,
    /// 违反中央八项规定精神.
    pub eight_rules: bool,
    /// Found through 巡审联动.
    pub audit_linked: bool,
    /// Source.
    pub source: Source,
    /// Day on which it was found.
    pub found_on: NaiveDate,
    /// Day on which its draft was approved.
    pub approved_on: NaiveDate,
    /// Unique number of the draft.
    pub draft_number: String,
    /// Day on which it was fed back; `None` while the inspection is under way.
    pub fed_back_on: Option<NaiveDate>,
    /// Title.
    pub title: String,
    /// The problem as written to the unit, 60 to 200 characters.
    pub text: String,
    /// What happened, in order of time.
    pub history: Vec<ProblemEvent>,
}

impl Problem {
    /// The state on the evening of a day; `None` before it was found.
    pub fn state_on(&self, day: NaiveDate) -> Option<ProblemState> {
        self.history.iter().rev().find(|event| event.on <= day).map(|event| event.state)
    }

    /// The first day on which it was closed.
    pub fn closed_on(&self) -> Option<NaiveDate> {
        self.history.iter().find(|event| event.state == ProblemState::Closed).map(|event| event.on)
    }

    /// The day on which it was reopened.
    pub fn reopened_on(&self) -> Option<NaiveDate> {
        self.history.iter().find(|event| event.state == ProblemState::Reopened).map(|event| event.on)
    }
}

/// A problem of a scaled city with its measures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProblemPlan {
    /// The problem.
    pub problem: Problem,
    /// Its measures.
    pub measures: Vec<crate::rectification::Measure>,
}
