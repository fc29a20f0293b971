//! Planning inspections, putting organisations into them, linking, announcing, starting, ending.

use chrono::{Datelike as _, NaiveDate};
use kit::{Audience, Done, Labelled as _, Lifecycle as _, Refusal, Result, Role, WriteCx};
use registry::organisations::{self, OrganisationId};

use super::{
    Deed, Inspection, InspectionId, InspectionKind, InspectionLink, Level, LinkKind, Modes, NOUN,
    check_shape, store,
};
use crate::{
    batches::{self, BatchId},
    days,
    inspection_units::{self, InspectionUnit, InspectionUnitId, Stage},
    numbers::{self, Series},
    progress::State,
    rights,
    rounds::{self, RoundId},
    terms::{self, TermId},
    topics::TopicId,
};

/// What a person enters about an inspection.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Name.
    pub name: String,
    /// The term.
    pub term: TermId,
    /// The round.
    pub round: Option<RoundId>,
    /// The batch.
    pub batch: Option<BatchId>,
    /// Kind.
    pub kind: InspectionKind,
    /// Modes.
    pub modes: Modes,
    /// Field, a code of dictionary `field`.
    pub field: String,
    /// The topic it works on.
    pub topic: Option<TopicId>,
    /// The inspection it looks back at.
    pub parent: Option<InspectionId>,
    /// Which level organises it.
    pub level: Level,
    /// The district.
    pub district: Option<OrganisationId>,
    /// Name of the team.
    pub team: String,
    /// First day.
    pub starts_on: NaiveDate,
    /// Last day.
    pub ends_on: Option<NaiveDate>,
}

impl Entry {
    /// Checks what was entered; the batch brings its round with it.
    async fn check(&mut self, cx: &WriteCx) -> Result<()> {
        check_shape(self.kind, self.level, self.parent.is_some(), self.district.is_some())?;
        let term = terms::find(cx, self.term).await?;
        if !term.covers(self.starts_on) {
            return Err(Refusal::field("starts_on", format!("开始日期不在{}任期内", term.name)).into());
        }
        days::in_order("ends_on", self.starts_on, self.ends_on)?;
        self.check_batch(cx).await?;
        if let Some(round) = self.round
            && rounds::find(cx, round).await?.term_id != self.term
        {
            return Err(Refusal::field("round", "所选轮次不属于这一届").into());
        }
        Ok(())
    }

    async fn check_batch(&mut self, cx: &WriteCx) -> Result<()> {
        let Some(batch) = self.batch else { return Ok(()) };
        let round = batches::find(cx, batch).await?.round_id;
        if self.round.is_some_and(|chosen| chosen != round) {
            return Err(Refusal::field("batch", "所选批次不属于所选轮次").into());
        }
        self.round = Some(round);
        Ok(())
    }

    fn apply(self, inspection: &mut Inspection) {
        inspection.name = self.name;
        inspection.term_id = self.term;
        inspection.round_id = self.round;
        inspection.batch_id = self.batch;
        inspection.kind = self.kind;
        inspection.modes = self.modes;
        inspection.field = self.field;
        inspection.topic_id = self.topic;
        inspection.parent_id = self.parent;
        inspection.level = self.level;
        inspection.district_id = self.district;
        inspection.team = self.team;
        inspection.starts_on = self.starts_on;
        inspection.ends_on = self.ends_on;
    }
}

/// Plans an inspection under the next number of its year.
pub async fn create(cx: &mut WriteCx, mut entry: Entry) -> Result<InspectionId> {
    if !rights::keeps(&cx.actor) {
        return Err(Refusal::forbidden("安排巡察任务").into());
    }
    entry.check(cx).await?;
    let year = i64::from(entry.starts_on.year());
    let mut inspection = Inspection {
        id: InspectionId(cx.new_id()),
        version: 1,
        number: numbers::next(cx, Series::Inspection, year).await?,
        name: String::new(),
        term_id: entry.term,
        round_id: None,
        batch_id: None,
        kind: entry.kind,
        modes: Modes::NONE,
        field: String::new(),
        topic_id: None,
        parent_id: None,
        level: entry.level,
        district_id: None,
        team: String::new(),
        year,
        starts_on: entry.starts_on,
        ends_on: None,
        announced_on: None,
        announced_where: String::new(),
        state: State::Planned,
    };
    entry.apply(&mut inspection);
    let id = inspection.id;
    index(cx, &inspection);
    cx.insert(inspection).await?;
    cx.done(Done::new(NOUN, id, "create", "安排巡察任务"));
    Ok(id)
}

/// Changes an inspection; its organisations follow in kind and district.
pub async fn edit(cx: &mut WriteCx, id: InspectionId, mut entry: Entry) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Edit)?;
    entry.check(cx).await?;
    if entry.parent == Some(id) {
        return Err(Refusal::field("parent", "不能回头看它自己").into());
    }
    let mut after = before.clone();
    entry.apply(&mut after);
    index(cx, &after);
    if (before.kind, before.district_id) != (after.kind, after.district_id) {
        store::repeat_on_units(cx, &after).await?;
    }
    let changes = cx.update(&before, after).await?;
    cx.done(Done::deed::<Inspection>(NOUN, id, Deed::Edit, state, state).changes(changes));
    Ok(())
}

/// Lets the inspection work on a topic; answers its number.
pub(crate) async fn take_topic(cx: &mut WriteCx, id: InspectionId, topic: TopicId) -> Result<String> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Edit)?;
    if before.topic_id.is_some_and(|held| held != topic) {
        return Err(Refusal::field("inspection", "这项任务已承办另一个点题").into());
    }
    let after = Inspection { topic_id: Some(topic), ..before.clone() };
    let changes = cx.update(&before, after).await?;
    cx.done(Done::deed::<Inspection>(NOUN, id, Deed::Edit, state, state).changes(changes));
    Ok(before.number)
}

/// Puts organisations into the inspection, to be entered on `planned_on`.
pub async fn add_units(
    cx: &mut WriteCx,
    id: InspectionId,
    chosen: Vec<OrganisationId>,
    planned_on: NaiveDate,
) -> Result<usize> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::AddUnits)?;
    days::not_before("planned_on", planned_on, before.starts_on, "任务开始日期")?;
    let held = inspection_units::of_inspection(cx, id).await?;
    let looked_back_at = match before.parent_id {
        Some(parent) => Some(inspection_units::of_inspection(cx, parent).await?),
        None => None,
    };
    let mut units = Vec::new();
    for organisation in chosen {
        let organisation = organisations::find(cx, organisation).await?;
        let refuse = |why: &str| {
            let message = format!("“{}”{why}", organisation.name);
            Err(Refusal::field("organisations", message).into())
        };
        if held.iter().any(|unit| unit.organisation_id == organisation.id) {
            return refuse("已在本任务中");
        }
        if !organisation.exists_on(planned_on) {
            return refuse("在计划进驻日期尚未设立或已经撤并");
        }
        let inherited = |earlier: &Vec<InspectionUnit>| {
            earlier.iter().any(|unit| unit.organisation_id == organisation.id)
        };
        if looked_back_at.as_ref().is_some_and(|earlier| !inherited(earlier)) {
            return refuse("不是原巡察任务的对象，不能列入“回头看”");
        }
        units.push(inspection_units::actions::planned(cx, &before, &organisation, planned_on));
    }
    let count = units.len();
    cx.insert_all(units).await?;
    cx.update(&before, before.clone()).await?;
    let done = Done::deed::<Inspection>(NOUN, id, Deed::AddUnits, state, state);
    cx.done(done.note(format!("列入 {count} 家单位")));
    Ok(count)
}

/// Takes out an organisation that is only planned.
pub async fn remove_unit(cx: &mut WriteCx, id: InspectionId, unit: InspectionUnitId) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::RemoveUnit)?;
    let held = inspection_units::find(cx, unit).await?;
    if held.inspection_id != id || held.state != Stage::Planned {
        return Err(Refusal::field("unit", "只能移出本任务中尚未授权的单位").into());
    }
    let name = organisations::find(cx, held.organisation_id).await?.name;
    inspection_units::actions::discard(cx, &held).await?;
    cx.update(&before, before.clone()).await?;
    cx.done(Done::deed::<Inspection>(NOUN, id, Deed::RemoveUnit, state, state).note(name));
    Ok(())
}

/// Links two inspections; either shows the other.
pub async fn link(cx: &mut WriteCx, id: InspectionId, other: InspectionId, kind: LinkKind) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Link)?;
    let second = store::find(cx, other).await?;
    if id == other {
        return Err(Refusal::field("other", "不能与它自己关联").into());
    }
    if kind == LinkKind::RegularSpecial && !is_regular_with_special(before.kind, second.kind) {
        let message = "“常规+专项”要一方是常规巡察、一方是专项巡察";
        return Err(Refusal::field("kind", message).into());
    }
    if store::linked(cx, id).await?.contains(&(other, kind)) {
        return Err(Refusal::field("other", "这两项任务已经关联").into());
    }
    cx.update(&before, before.clone()).await?;
    cx.insert(InspectionLink { id: cx.new_id(), inspection_id: id, other_id: other, kind }).await?;
    let note = |other: &Inspection| format!("{}：{} {}", kind.label(), other.number, other.name);
    cx.done(Done::deed::<Inspection>(NOUN, id, Deed::Link, state, state).note(note(&second)));
    let done = Done::deed::<Inspection>(NOUN, other, Deed::Link, second.state, second.state);
    cx.done(done.note(note(&before)));
    Ok(())
}

fn is_regular_with_special(one: InspectionKind, other: InspectionKind) -> bool {
    use InspectionKind::{Regular, Special};
    matches!((one, other), (Regular, Special) | (Special, Regular))
}

/// Takes the links between two inspections away.
pub async fn unlink(cx: &mut WriteCx, id: InspectionId, other: InspectionId) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Unlink)?;
    let second = store::find(cx, other).await?;
    if store::unlink(cx, id, other).await? == 0 {
        return Err(Refusal::field("other", "这两项任务没有关联").into());
    }
    cx.update(&before, before.clone()).await?;
    cx.done(Done::deed::<Inspection>(NOUN, id, Deed::Unlink, state, state).note(second.number));
    let done = Done::deed::<Inspection>(NOUN, other, Deed::Unlink, second.state, second.state);
    cx.done(done.note(before.number));
    Ok(())
}

/// Records that the inspection was announced on `on`, and where.
pub async fn announce(cx: &mut WriteCx, id: InspectionId, on: NaiveDate, place: String) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Announce)?;
    days::happened(cx.today(), "on", on)?;
    let after = Inspection { announced_on: Some(on), announced_where: place, ..before.clone() };
    let changes = cx.update(&before, after).await?;
    cx.done(Done::deed::<Inspection>(NOUN, id, Deed::Announce, state, state).changes(changes));
    Ok(())
}

/// Begins the inspection on day `on`; it must have organisations and a team.
pub async fn start(cx: &mut WriteCx, id: InspectionId, on: NaiveDate) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Start)?;
    days::happened(cx.today(), "on", on)?;
    if inspection_units::of_inspection(cx, id).await?.is_empty() {
        return Err(Refusal::conflict("任务中还没有单位，请先列入单位再启动。").into());
    }
    if before.team.is_empty() {
        return Err(Refusal::conflict("还没有指定巡察组，请先修改任务、填写巡察组。").into());
    }
    let ends_on = before.ends_on.filter(|end| *end >= on);
    let after = Inspection { state, starts_on: on, ends_on, ..before.clone() };
    let changes = cx.update(&before, after).await?;
    cx.done(Done::deed::<Inspection>(NOUN, id, Deed::Start, before.state, state).changes(changes));
    let audience = Audience::Post { role: Role::TeamHead, organisation: None, inspection: Some(id.0) };
    cx.notify(audience, format!("巡察任务“{}”已启动", before.name), NOUN, id);
    Ok(())
}

/// Ends the inspection on day `on`; the team must have left every organisation.
pub async fn finish(cx: &mut WriteCx, id: InspectionId, on: NaiveDate) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Finish)?;
    days::happened(cx.today(), "on", on)?;
    days::not_before("on", on, before.starts_on, "开始日期")?;
    let units = inspection_units::of_inspection(cx, id).await?;
    let open = units.iter().filter(|unit| unit.left_on.is_none()).count();
    if open > 0 {
        return Err(Refusal::conflict(format!("还有 {open} 家单位没有撤点，任务不能结束。")).into());
    }
    if let Some(left) = units.iter().filter_map(|unit| unit.left_on).max() {
        days::not_before("on", on, left, "最后撤点日期")?;
    }
    let after = Inspection { state, ends_on: Some(on), ..before.clone() };
    let changes = cx.update(&before, after).await?;
    cx.done(Done::deed::<Inspection>(NOUN, id, Deed::Finish, before.state, state).changes(changes));
    Ok(())
}

fn index(cx: &mut WriteCx, inspection: &Inspection) {
    let text = format!("{} {} {}", inspection.number, inspection.name, inspection.team);
    cx.index(NOUN, inspection.id, text);
}
