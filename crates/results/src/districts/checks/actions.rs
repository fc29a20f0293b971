//! Carrying out checks: recording, feeding back, finishing.

use chrono::NaiveDate;
use kit::{Audience, Done, Lifecycle as _, Refusal, Result, Role, WriteCx};
use registry::organisations::OrganisationId;

use super::{Deed, DistrictCheck, DistrictCheckId, NOUN, State, store};
use crate::{
    districts::{check_problems, need_district, permit},
    shared::{has_happened, not_before, year_of},
};

/// What a person enters about a check.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Number.
    pub number: String,
    /// The district.
    pub district: OrganisationId,
    /// Title.
    pub title: String,
    /// Whether it is carried out together with the provincial inspection.
    pub with_province: bool,
    /// First day of the check; its year is the year counted.
    pub checked_on: NaiveDate,
    /// What it found, in general.
    pub summary: String,
}

impl Entry {
    fn apply(self, check: &mut DistrictCheck) {
        check.number = self.number;
        check.year = year_of(self.checked_on);
        check.district_id = self.district;
        check.title = self.title;
        check.with_province = self.with_province;
        check.checked_on = self.checked_on;
        check.summary = self.summary;
    }
}

/// Begins a check.
pub async fn create(cx: &mut WriteCx, entry: Entry) -> Result<DistrictCheckId> {
    permit(&cx.actor, "登记专项检查")?;
    has_happened(cx, "checked_on", entry.checked_on)?;
    need_district(cx, entry.district).await?;
    let mut check = DistrictCheck {
        id: DistrictCheckId(cx.new_id()),
        version: 1,
        number: String::new(),
        year: 0,
        district_id: entry.district,
        title: String::new(),
        with_province: false,
        checked_on: entry.checked_on,
        summary: String::new(),
        state: State::Checking,
        fed_back_on: None,
        closed_on: None,
    };
    entry.apply(&mut check);
    let id = check.id;
    index(cx, &check);
    cx.done(Done::new(NOUN, id, "create", "登记专项检查"));
    cx.insert(check).await?;
    Ok(id)
}

/// Changes what is recorded.
///
/// # Errors
/// A refusal when the district is changed although problems of it are recorded.
pub async fn edit(cx: &mut WriteCx, id: DistrictCheckId, entry: Entry) -> Result<()> {
    let before = store::find(cx, id).await?;
    before.decide(&cx.actor, Deed::Edit)?;
    has_happened(cx, "checked_on", entry.checked_on)?;
    need_district(cx, entry.district).await?;
    if entry.district != before.district_id && store::problems(cx, id).await?.0 > 0 {
        return Err(Refusal::field("district", "已经登记了检查问题，不能改为其他区").into());
    }
    let mut after = before.clone();
    entry.apply(&mut after);
    index(cx, &after);
    let changes = cx.update(&before, after).await?;
    let done = Done::deed::<DistrictCheck>(NOUN, id, Deed::Edit, before.state, before.state);
    cx.done(done.changes(changes));
    Ok(())
}

/// Tells the district what was found: it sees the check and its problems from now on.
pub async fn feed_back(cx: &mut WriteCx, id: DistrictCheckId, on: NaiveDate) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::FeedBack)?;
    has_happened(cx, "fed_back_on", on)?;
    not_before("fed_back_on", on, Some(before.checked_on), "检查日期")?;
    if store::problems(cx, id).await?.0 == 0 {
        return Err(Refusal::conflict("还没有登记检查问题，不能反馈。").into());
    }
    check_problems::actions::feed_back(cx, id, on).await?;
    let mut after = before.clone();
    (after.state, after.fed_back_on) = (state, Some(on));
    cx.update(&before, after).await?;
    cx.done(Done::deed::<DistrictCheck>(NOUN, id, Deed::FeedBack, before.state, state));
    let audience = Audience::Post {
        role: Role::DistrictOffice,
        organisation: Some(before.district_id.0),
        inspection: None,
    };
    cx.notify(audience, format!("专项检查已反馈：{}", before.title), NOUN, id);
    Ok(())
}

/// Finishes a check whose problems are all closed.
pub async fn close(cx: &mut WriteCx, id: DistrictCheckId) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Close)?;
    let (_, open) = store::problems(cx, id).await?;
    if open > 0 {
        return Err(Refusal::conflict(format!("还有 {open} 个问题没有销号，不能办结。")).into());
    }
    let mut after = before.clone();
    (after.state, after.closed_on) = (state, Some(cx.today()));
    cx.update(&before, after).await?;
    cx.done(Done::deed::<DistrictCheck>(NOUN, id, Deed::Close, before.state, state));
    Ok(())
}

fn index(cx: &mut WriteCx, check: &DistrictCheck) {
    cx.index(NOUN, check.id, format!("{} {}", check.number, check.title));
}
