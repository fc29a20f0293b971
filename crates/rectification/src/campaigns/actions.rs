//! The deeds on campaigns.

use chrono::{Datelike as _, NaiveDate};
use kit::{Area, Done, Labelled as _, Lifecycle as _, Refusal, Result, WriteCx};
use uuid::Uuid;

use super::{
    Campaign, CampaignId, CampaignKind, Deed, NOUN, State,
    store::{self, Filter},
};
use crate::subjects::{self, not_after_today};

/// What a person enters about a campaign.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Name.
    pub name: String,
    /// What it is for.
    pub aim: String,
    /// The inspection it follows.
    pub inspection: Option<Uuid>,
    /// What kind of push it is.
    pub kind: CampaignKind,
    /// First day.
    pub starts_on: NaiveDate,
    /// Last day.
    pub ends_on: Option<NaiveDate>,
    /// How many of the chosen problems shall be closed.
    pub target_closed: Option<i64>,
    /// Which area shall be activated.
    pub target_area: Option<Area>,
}

impl Entry {
    fn check(&self) -> Result<()> {
        if self.ends_on.is_some_and(|end| end < self.starts_on) {
            return Err(Refusal::field("ends_on", "结束日期不能早于开始日期").into());
        }
        if self.target_area.is_some_and(|area| area.0 <= 0) {
            return Err(Refusal::field("target_area", "目标面积应大于 0").into());
        }
        Ok(())
    }

    fn apply(self, campaign: &mut Campaign) {
        campaign.name = self.name;
        campaign.aim = self.aim;
        campaign.inspection_id = self.inspection;
        campaign.kind = self.kind;
        campaign.starts_on = self.starts_on;
        campaign.ends_on = self.ends_on;
        campaign.target_closed = self.target_closed;
        campaign.target_area_cm2 = self.target_area;
    }
}

/// Plans a campaign over `problems`.
pub async fn create(cx: &mut WriteCx, entry: Entry, problems: Vec<Uuid>) -> Result<CampaignId> {
    if !cx.actor.is_office() {
        return Err(Refusal::forbidden("筹备整改攻坚").into());
    }
    entry.check()?;
    let prefix = format!("GJ{}-", entry.starts_on.year());
    let count = store::count_numbered(cx, &prefix).await?;
    let mut campaign = Campaign {
        id: CampaignId(cx.new_id()),
        version: 1,
        number: format!("{prefix}{:02}", count + 1),
        name: String::new(),
        aim: String::new(),
        inspection_id: None,
        kind: entry.kind,
        starts_on: entry.starts_on,
        ends_on: None,
        target_closed: None,
        target_area_cm2: None,
        state: State::Planned,
        summary: String::new(),
    };
    entry.apply(&mut campaign);
    let id = campaign.id;
    index(cx, &campaign);
    cx.done(Done::new(NOUN, id, "create", "筹备整改攻坚"));
    cx.insert(campaign).await?;
    choose(cx, id, problems).await?;
    Ok(id)
}

fn index(cx: &mut WriteCx, campaign: &Campaign) {
    let words = [&campaign.number, &campaign.name, &campaign.aim, &campaign.summary];
    cx.index(NOUN, campaign.id, words.map(String::as_str).join(" "));
}

/// Changes name, aim, dates and targets.
pub async fn edit(cx: &mut WriteCx, id: CampaignId, entry: Entry) -> Result<()> {
    let before = store::find(cx, id).await?;
    before.decide(&cx.actor, Deed::Edit)?;
    entry.check()?;
    let mut after = before.clone();
    entry.apply(&mut after);
    index(cx, &after);
    let changes = cx.update(&before, after).await?;
    cx.done(Done::new(NOUN, id, Deed::Edit.code(), Deed::Edit.label()).changes(changes));
    Ok(())
}

/// Chooses problems one by one and, with a filter, those of an inspection together.
pub async fn add_problems(
    cx: &mut WriteCx,
    id: CampaignId,
    mut problems: Vec<Uuid>,
    inspection: Option<Uuid>,
    filter: Option<Filter>,
) -> Result<usize> {
    let campaign = store::find(cx, id).await?;
    campaign.decide(&cx.actor, Deed::AddProblems)?;
    if let Some(filter) = filter {
        let inspection = inspection
            .or(campaign.inspection_id)
            .ok_or_else(|| Refusal::field("inspection", "按范围选取时请选择巡察"))?;
        problems.extend(store::matching(cx, inspection, filter).await?);
        problems.sort_unstable();
        problems.dedup();
    }
    if problems.is_empty() {
        return Err(Refusal::conflict("没有符合条件的问题，没有选入。").into());
    }
    let count = choose(cx, id, problems).await?;
    cx.update(&campaign, campaign.clone()).await?;
    let note = format!("选入 {count} 个问题");
    cx.done(Done::new(NOUN, id, Deed::AddProblems.code(), Deed::AddProblems.label()).note(note));
    Ok(count)
}

/// Chooses problems that were fed back; others cannot be rectified and are refused.
async fn choose(cx: &mut WriteCx, id: CampaignId, problems: Vec<Uuid>) -> Result<usize> {
    subjects::check_picked(cx, &problems).await?;
    store::choose(cx, id, problems).await
}

/// Takes problems out before the campaign begins.
pub async fn remove_problems(cx: &mut WriteCx, id: CampaignId, problems: Vec<Uuid>) -> Result<u64> {
    let campaign = store::find(cx, id).await?;
    campaign.decide(&cx.actor, Deed::RemoveProblems)?;
    let count = store::unchoose(cx, id, problems).await?;
    cx.update(&campaign, campaign.clone()).await?;
    let note = format!("移出 {count} 个问题");
    cx.done(Done::new(NOUN, id, Deed::RemoveProblems.code(), Deed::RemoveProblems.label()).note(note));
    Ok(count)
}

/// Begins a campaign over at least one problem.
pub async fn start(cx: &mut WriteCx, id: CampaignId) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Start)?;
    let chosen = store::problems_of(cx, id).await?.len();
    if chosen == 0 {
        return Err(Refusal::conflict("还没有选入问题，不能启动。").into());
    }
    if before.target_closed.is_some_and(|target| target > i64::try_from(chosen).unwrap_or(i64::MAX)) {
        let words = format!("销号目标多于选入的 {chosen} 个问题，请修改目标或继续选入。");
        return Err(Refusal::conflict(words).into());
    }
    let after = Campaign { state, ..before.clone() };
    change(cx, before, after, Deed::Start, String::new()).await
}

/// Ends a campaign on a day with a summary.
pub async fn finish(cx: &mut WriteCx, id: CampaignId, on: NaiveDate, summary: String) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Finish)?;
    not_after_today(cx, "ends_on", on)?;
    if on < before.starts_on {
        return Err(Refusal::field("ends_on", "结束日期不能早于开始日期").into());
    }
    let after = Campaign { state, ends_on: Some(on), summary: summary.clone(), ..before.clone() };
    index(cx, &after);
    change(cx, before, after, Deed::Finish, summary).await
}

async fn change(cx: &mut WriteCx, before: Campaign, after: Campaign, deed: Deed, note: String) -> Result<()> {
    let done = Done::deed::<Campaign>(NOUN, before.id, deed, before.state, after.state).note(note);
    let changes = cx.update(&before, after).await?;
    cx.done(done.changes(changes));
    Ok(())
}
