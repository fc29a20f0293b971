//! What is done to talks. What was said stands only in the sealed record and its sealed points.

use chrono::{NaiveDate, NaiveTime};
use kit::{
    Done, Lifecycle as _, Refusal, Result, WriteCx, dates,
    numbers::{self, Series},
};
use planning::units::{self, Unit};

use super::{Deed, NOUN, Signature, State, Talk, TalkId, open, outline, seal, store};
use crate::{
    officers::Officers,
    openings::{self, Part, actions::Sealed},
    talk_plans::{self, PersonKind, TalkPlan, TalkPlanId},
    talk_points::{self, TalkPoint, TalkPointId},
};

const NUMBERS: Series = Series { prefix: "TH", table: "talk" };

/// Who, when and where.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The line of the list.
    pub plan: Option<TalkPlanId>,
    /// Who was talked to; taken over from the list when empty.
    pub person: String,
    /// That person's post.
    pub post: String,
    /// Kind of person; follows from the post when not given.
    pub kind: Option<PersonKind>,
    /// The day.
    pub talked_on: NaiveDate,
    /// From when.
    pub begins: String,
    /// Until when.
    pub ends: String,
    /// Where.
    pub place: String,
    /// The officers.
    pub officers: Officers,
    /// Outline; made from the dictionary when empty.
    pub outline: String,
}

impl Entry {
    async fn check(&self, cx: &WriteCx, unit: &Unit) -> Result<()> {
        dates::happened(cx, "talked_on", "谈话日期", self.talked_on)?;
        let begins = clock_time("begins", &self.begins)?;
        let ends = clock_time("ends", &self.ends)?;
        if begins.zip(ends).is_some_and(|(begins, ends)| ends <= begins) {
            return Err(Refusal::field("ends", "结束时间应晚于开始时间").into());
        }
        if let Some(plan) = self.plan
            && talk_plans::find(cx, plan).await?.unit_id != unit.id
        {
            return Err(Refusal::field("plan", "所选谈话安排不属于这个被巡察对象").into());
        }
        Ok(())
    }

    /// Takes over from the line of the list what was not typed again.
    async fn completed(mut self, cx: &WriteCx) -> Result<Self> {
        if let Some(plan) = self.plan {
            let TalkPlan { person, post, kind, .. } = talk_plans::find(cx, plan).await?;
            self.person = Some(self.person).filter(|text| !text.is_empty()).unwrap_or(person);
            self.post = Some(self.post).filter(|text| !text.is_empty()).unwrap_or(post);
            self.kind = self.kind.or(Some(kind));
        }
        if self.person.is_empty() {
            return Err(Refusal::field("person", "请填写谈话对象，或选择谈话安排").into());
        }
        let kind = self.kind.unwrap_or_else(|| talk_plans::kind_of(&self.post));
        if self.outline.is_empty() {
            self.outline = outline::of(cx, kind).await?;
        }
        self.kind = Some(kind);
        Ok(self)
    }

    fn apply(self, talk: &mut Talk) {
        talk.plan_id = self.plan;
        talk.person = self.person;
        talk.post = self.post;
        talk.kind = self.kind.unwrap_or(PersonKind::Staff);
        talk.talked_on = self.talked_on;
        talk.begins = self.begins;
        talk.ends = self.ends;
        talk.place = self.place;
        talk.officers = self.officers.names();
        talk.officer_count = self.officers.count();
        talk.outline = self.outline;
    }
}

/// A time of day such as `09:30`; nothing when none was entered.
fn clock_time(field: &str, text: &str) -> Result<Option<NaiveTime>> {
    if text.is_empty() {
        return Ok(None);
    }
    let time = NaiveTime::parse_from_str(text, "%H:%M");
    time.map(Some).map_err(|_| Refusal::field(field, "时间应写作 09:30 的样子").into())
}

/// Enters a talk that was held.
pub async fn create(cx: &mut WriteCx, unit: &Unit, entry: Entry) -> Result<TalkId> {
    if !cx.actor.in_team(unit.inspection_id) {
        return Err(Refusal::forbidden("登记谈话").into());
    }
    entry.check(cx, unit).await?;
    let entry = entry.completed(cx).await?;
    let id = TalkId(cx.new_id());
    let mut talk = Talk {
        id,
        version: 1,
        number: numbers::yearly(cx, NUMBERS, entry.talked_on).await?,
        inspection_id: unit.inspection_id,
        unit_id: unit.id,
        organisation_id: unit.organisation_id,
        plan_id: None,
        person: String::new(),
        post: String::new(),
        kind: PersonKind::Staff,
        talked_on: entry.talked_on,
        begins: String::new(),
        ends: String::new(),
        place: String::new(),
        officers: String::new(),
        officer_count: 0,
        outline: String::new(),
        record_sealed: seal(cx, id, "record", "")?,
        supplement_sealed: seal(cx, id, "supplement", "")?,
        state: State::Held,
        signature: None,
        signed_on: None,
        recorded_by: None,
    };
    entry.apply(&mut talk);
    if let Some(plan) = talk.plan_id {
        talk_plans::actions::covered_by_talk(cx, plan).await?;
    }
    cx.index(NOUN, id, talk.number.as_str());
    cx.insert(talk).await?;
    cx.done(Done::new(NOUN, id, "create", "登记谈话"));
    Ok(id)
}

/// Changes who, when and where, before there is a record.
pub async fn edit(cx: &mut WriteCx, id: TalkId, entry: Entry) -> Result<()> {
    let (before, state) = step(cx, id, Deed::Edit).await?;
    let unit = units::of(cx, before.unit_id).await?;
    entry.check(cx, &unit).await?;
    let mut after = Talk { state, ..before.clone() };
    let plan = entry.plan;
    entry.completed(cx).await?.apply(&mut after);
    if let Some(plan) = plan.filter(|plan| before.plan_id != Some(*plan)) {
        talk_plans::actions::covered_by_talk(cx, plan).await?;
    }
    let changes = cx.update(&before, after).await?;
    cx.done(Done::deed::<Talk>(NOUN, id, Deed::Edit, before.state, state).changes(changes));
    Ok(())
}

/// One point of a talk.
#[derive(Clone, Debug)]
pub struct Point {
    /// Class, a code of dictionary `talk_class`.
    pub class: String,
    /// Whether it is about the top leader.
    pub top_leader: bool,
    /// What was said.
    pub text: String,
}

/// Writes down what was said and sums it up by classes.
pub async fn record(cx: &mut WriteCx, id: TalkId, text: &str, points: Vec<Point>) -> Result<()> {
    let (before, state) = step(cx, id, Deed::Record).await?;
    let after = Talk {
        record_sealed: seal(cx, id, "record", text)?,
        recorded_by: cx.actor.account,
        ..before.clone()
    };
    store::clear_points(cx, id).await?;
    for (position, point) in (1..).zip(points) {
        let point_id = TalkPointId(cx.new_id());
        let text_sealed = talk_points::seal(cx, point_id, &point.text)?;
        cx.insert(TalkPoint {
            id: point_id,
            version: 1,
            talk_id: id,
            inspection_id: before.inspection_id,
            organisation_id: before.organisation_id,
            talked_on: before.talked_on,
            position,
            top_leader: point.top_leader || point.class == "top_leader",
            class: point.class,
            text_sealed,
        })
        .await?;
    }
    put(cx, &before, after, Deed::Record, state).await
}

/// Enters what the person talked to did with the record.
pub async fn sign(cx: &mut WriteCx, id: TalkId, signature: Signature, on: NaiveDate) -> Result<()> {
    let (before, state) = step(cx, id, Deed::Sign).await?;
    dates::happened(cx, "on", "签字日期", on)?;
    dates::not_before("on", "签字日期", on, Some(before.talked_on), "谈话日期")?;
    let after = Talk { signature: Some(signature), signed_on: Some(on), ..before.clone() };
    put(cx, &before, after, Deed::Sign, state).await
}

/// Adds what came after the signature; what is there stays.
pub async fn supplement(cx: &mut WriteCx, id: TalkId, text: &str) -> Result<()> {
    let (before, state) = step(cx, id, Deed::Supplement).await?;
    let held = open(cx, id, "supplement", &before.supplement_sealed)?;
    let line = format!("{}（{}补充）{text}", cx.today(), cx.actor.name);
    let all = if held.is_empty() { line } else { format!("{held}\n{line}") };
    let after = Talk { supplement_sealed: seal(cx, id, "supplement", &all)?, ..before.clone() };
    put(cx, &before, after, Deed::Supplement, state).await
}

/// Opens the record to somebody outside the team.
pub async fn consult(cx: &mut WriteCx, id: TalkId, reason: String) -> Result<()> {
    let (talk, _) = step(cx, id, Deed::Consult).await?;
    let sealed = Sealed {
        noun: NOUN,
        record: id.0,
        number: &talk.number,
        part: Part::Talk,
        inspection: talk.inspection_id,
    };
    openings::actions::open(cx, sealed, reason).await?;
    Ok(())
}

async fn step(cx: &WriteCx, id: TalkId, deed: Deed) -> Result<(Talk, State)> {
    let talk = store::find(cx, id).await?;
    let state = talk.decide(&cx.actor, deed)?;
    Ok((talk, state))
}

async fn put(cx: &mut WriteCx, before: &Talk, mut after: Talk, deed: Deed, state: State) -> Result<()> {
    after.state = state;
    cx.update(before, after).await?;
    cx.done(Done::deed::<Talk>(NOUN, before.id, deed, before.state, state));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_of_day_is_written_with_a_colon() {
        assert!(clock_time("begins", "09:30").unwrap().is_some());
        assert!(clock_time("begins", "").unwrap().is_none());
        assert!(clock_time("begins", "25:00").is_err());
        assert!(clock_time("begins", "九点半").is_err());
    }
}
