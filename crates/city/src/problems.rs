//! Problems found, approved as drafts, and fed back.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};

use crate::City;
use crate::calendar::{after, before};
use crate::dice::Dice;
use crate::inspections::{InspectedUnit, Inspection, InspectionType, Shares, Stage};
use crate::keys::{InspectedUnitKey, ProblemKey};
use crate::organisations::{Organisation, OrganisationKind};
use crate::people::Role;
use crate::targets::{self, HORIZON};
use crate::texts::{self, Occasion};

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

    /// The first day on which it was closed; it may have been reopened since.
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

/// What is settled about a problem before it is worded.
#[derive(Debug, Clone, Copy)]
struct Slot {
    unit: InspectedUnitKey,
    audit_linked: bool,
}

/// Finds every problem of the normal city. What happens to it after the feedback is decided by the rectification.
pub(crate) fn fill(city: &mut City, shares: &Shares, dice: &mut Dice) {
    let mut slots: Vec<_> = shares
        .iter()
        .flat_map(|(unit, count)| std::iter::repeat_n(Slot { unit: *unit, audit_linked: false }, *count))
        .collect();
    slots.sort_by_key(|slot| slot.unit);
    link_audit(city, &mut slots, dice);
    for slot in slots {
        let key = ProblemKey(city.problems.len());
        let problem = find(city, slot, key, dice);
        city.problems.push(problem);
    }
    number_drafts(city);
}

/// Marks the problems found through 巡审联动, all in regular inspections already fed back.
fn link_audit(city: &City, slots: &mut [Slot], dice: &mut Dice) {
    let mut eligible: Vec<_> = slots
        .iter_mut()
        .filter(|slot| {
            let unit = &city[slot.unit];
            unit.reached(Stage::FedBack).is_some() && city[unit.inspection].kind == InspectionType::Regular
        })
        .collect();
    dice.shuffle(&mut eligible);
    for slot in eligible.into_iter().take(targets::AUDIT_PROBLEMS) {
        slot.audit_linked = true;
    }
}

/// Gives the drafts of each team in each round their numbers in the order of their approval.
fn number_drafts(city: &mut City) {
    let mut drafts: BTreeMap<(u32, u32), Vec<(NaiveDate, ProblemKey)>> = BTreeMap::new();
    for problem in &city.problems {
        let unit = &city[problem.unit];
        let round = &city[city[unit.inspection].round];
        let team = &city[unit.team];
        drafts.entry((round.number, team.number)).or_default().push((problem.approved_on, problem.key));
    }
    for ((round, team), mut approved) in drafts {
        approved.sort_unstable();
        for (serial, (approved_on, key)) in (1..).zip(approved) {
            city[key].draft_number = format!("〔{}〕{round}-{team}-{serial:03}", approved_on.year());
        }
    }
}

/// Finds, words and dates one problem; it has no draft number yet.
fn find(city: &City, slot: Slot, key: ProblemKey, dice: &mut Dice) -> Problem {
    let unit = &city[slot.unit];
    let inspection = &city[unit.inspection];
    let organisation = &city[unit.organisation];
    let medical_unit = organisation.focus == Some(Field::Medical);
    let field = draw_field(inspection, organisation, slot.audit_linked, dice);
    let source = draw_source(inspection.kind, slot.audit_linked, dice);
    let (found_on, approved_on) = draw_dates(unit, dice);
    let wording = texts::problem(
        Occasion { field, kind: organisation.kind, medical_unit, source, latest_year: found_on.year() - 1 },
        dice,
    );
    let fed_back_on = unit.reached(Stage::FedBack);
    Problem {
        key,
        unit: slot.unit,
        framework: wording.framework,
        category: wording.category,
        field,
        nature: draw_nature(field, dice),
        responsibility: draw_responsibility(wording.framework, dice),
        key_problem: dice.chance(if field.is_some() { 24 } else { 12 }),
        amount_fen: wording.amount_fen,
        people_affected: wording.people_affected,
        discipline: wording.discipline.filter(|_| dice.chance(70)),
        eight_rules: wording.category == texts::dictionary::C063,
        audit_linked: slot.audit_linked,
        source,
        found_on,
        approved_on,
        draft_number: String::new(),
        fed_back_on,
        title: wording.title,
        text: wording.text,
        history: early_history(found_on, approved_on, fed_back_on),
    }
}

fn early_history(found: NaiveDate, approved: NaiveDate, fed_back: Option<NaiveDate>) -> Vec<ProblemEvent> {
    let mut history = vec![
        ProblemEvent { state: ProblemState::Found, on: found, by: Role::TeamMember },
        ProblemEvent { state: ProblemState::DraftApproved, on: approved, by: Role::TeamHead },
    ];
    let by = Role::OfficeDirector;
    history.extend(fed_back.map(|on| ProblemEvent { state: ProblemState::FedBack, on, by }));
    history
}

fn draw_field(
    inspection: &Inspection,
    organisation: &Organisation,
    audit: bool,
    dice: &mut Dice,
) -> Option<Field> {
    let drawn = dice.between(0, 99);
    match (audit, inspection.kind) {
        (true, _) => Some(dice.pick(fields_of_funds(organisation.kind))),
        (false, InspectionType::Regular) => match drawn {
            0..45 => organisation.focus,
            45..65 => Some(dice.pick(side_fields(organisation.kind))),
            _ => None,
        },
        (false, _) => inspection.field.filter(|_| drawn < 88),
    }
}

/// Fields in which a unit of a kind spends fiscal special funds.
fn fields_of_funds(kind: OrganisationKind) -> &'static [Field] {
    match kind {
        OrganisationKind::Department | OrganisationKind::DevelopmentZone => {
            &[Field::SpecialFunds, Field::SpecialFunds, Field::Welfare, Field::RuralRevival, Field::Education]
        }
        OrganisationKind::University => &[Field::Education],
        _ => &[Field::SpecialFunds],
    }
}

/// Fields a unit of a kind may have to do with beside its own.
fn side_fields(kind: OrganisationKind) -> &'static [Field] {
    match kind {
        OrganisationKind::Department | OrganisationKind::DevelopmentZone => &[
            Field::SpecialFunds,
            Field::SpecialFunds,
            Field::Welfare,
            Field::RuralRevival,
            Field::InnovationBase,
        ],
        OrganisationKind::Enterprise => &[Field::StateAssets, Field::Bidding, Field::SpecialFunds],
        _ => &[Field::SpecialFunds, Field::StateAssets],
    }
}

fn draw_source(kind: InspectionType, audit: bool, dice: &mut Dice) -> Source {
    const USUAL: [Source; 9] = [
        Source::Talk,
        Source::Talk,
        Source::Files,
        Source::Files,
        Source::Files,
        Source::Petition,
        Source::Visit,
        Source::DataModel,
        Source::Briefing,
    ];
    match (audit, kind) {
        (true, _) => Source::Audit,
        (false, InspectionType::LookBack) => Source::LookBack,
        (false, _) => dice.pick(&USUAL),
    }
}

/// A day on site that is not in an interruption, and the approval of the draft before the report is written.
fn draw_dates(unit: &InspectedUnit, dice: &mut Dice) -> (NaiveDate, NaiveDate) {
    let entered = unit.reached(Stage::OnSite).unwrap_or(HORIZON);
    let last = unit.reached(Stage::Left).unwrap_or(HORIZON).min(before(HORIZON, 12));
    let mut found_on = dice.working_day(after(entered, 3), before(last, 2));
    let pause = unit.reached(Stage::Paused).zip(unit.reached(Stage::Resumed));
    if let Some((_, resumed)) = pause.filter(|(paused, resumed)| (*paused..*resumed).contains(&found_on)) {
        found_on = dice.working_day(resumed, before(last, 2));
    }
    (found_on, after(found_on, dice.count(2, 7) as u64))
}

fn draw_nature(field: Option<Field>, dice: &mut Dice) -> Nature {
    let drawn = dice.between(0, 99);
    match (field, drawn) {
        (Some(_), 0..40) | (None, 0..20) => Nature::Common,
        (Some(_), 40..56) | (None, 20..28) => Nature::Institutional,
        _ => Nature::Individual,
    }
}

fn draw_responsibility(framework: FrameworkItem, dice: &mut Dice) -> Responsibility {
    const USUAL: [Responsibility; 6] = [
        Responsibility::Principal,
        Responsibility::Principal,
        Responsibility::FirstPerson,
        Responsibility::MainLeadership,
        Responsibility::Direct,
        Responsibility::Direct,
    ];
    if framework == texts::dictionary::F22 { Responsibility::Supervisory } else { dice.pick(&USUAL) }
}

/// Finds one problem of a scaled city.
pub(crate) fn find_extra(city: &City, unit: InspectedUnitKey, key: ProblemKey, dice: &mut Dice) -> Problem {
    let mut problem = find(city, Slot { unit, audit_linked: false }, key, dice);
    let row = &city[unit];
    let round = &city[city[row.inspection].round];
    let team = &city[row.team];
    problem.draft_number =
        format!("〔{}〕{}-{}-K{:07}", problem.approved_on.year(), round.number, team.number, key.0);
    problem
}

impl City {
    /// The problems fed back by the evening of a day.
    pub fn fed_back_by(&self, day: NaiveDate) -> impl Iterator<Item = &Problem> {
        self.problems.iter().filter(move |problem| problem.fed_back_on.is_some_and(|on| on <= day))
    }
}
