//! Sending deputy heads and keeping their work log.

use chrono::NaiveDate;
use kit::{Done, Result, WriteCx};
use registry::organisations::OrganisationId;

use super::{DistrictDeputy, DistrictDeputyId, NOUN, store};
use crate::{
    districts::{append_line, in_order, need_district, permit},
    shared::{has_happened, not_before, year_of},
};

/// What a person enters about a deputy.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The district.
    pub district: OrganisationId,
    /// Who.
    pub person_name: String,
    /// Where he comes from.
    pub home_unit: String,
    /// His rank.
    pub rank: String,
    /// The district team.
    pub team: String,
    /// First day; its year is the year counted.
    pub from_on: NaiveDate,
    /// Last day.
    pub to_on: Option<NaiveDate>,
}

impl Entry {
    fn apply(self, deputy: &mut DistrictDeputy) {
        deputy.year = year_of(self.from_on);
        deputy.district_id = self.district;
        deputy.person_name = self.person_name;
        deputy.home_unit = self.home_unit;
        deputy.rank = self.rank;
        deputy.team = self.team;
        deputy.from_on = self.from_on;
        deputy.to_on = self.to_on;
    }
}

/// Sends a deputy.
pub async fn create(cx: &mut WriteCx, entry: Entry) -> Result<DistrictDeputyId> {
    permit(&cx.actor, "选派副组长")?;
    in_order(entry.from_on, entry.to_on)?;
    need_district(cx, entry.district).await?;
    let mut deputy = DistrictDeputy {
        id: DistrictDeputyId(cx.new_id()),
        version: 1,
        year: 0,
        district_id: entry.district,
        person_name: String::new(),
        home_unit: String::new(),
        rank: String::new(),
        team: String::new(),
        from_on: entry.from_on,
        to_on: None,
        work_log: String::new(),
    };
    entry.apply(&mut deputy);
    let id = deputy.id;
    index(cx, &deputy);
    cx.done(Done::new(NOUN, id, "create", "选派副组长"));
    cx.insert(deputy).await?;
    Ok(id)
}

/// Changes what is recorded.
pub async fn edit(cx: &mut WriteCx, id: DistrictDeputyId, entry: Entry) -> Result<()> {
    permit(&cx.actor, "修改选派记录")?;
    in_order(entry.from_on, entry.to_on)?;
    need_district(cx, entry.district).await?;
    let before = store::find(cx, id).await?;
    let mut after = before.clone();
    entry.apply(&mut after);
    index(cx, &after);
    let changes = cx.update(&before, after).await?;
    cx.done(Done::new(NOUN, id, "edit", "修改选派记录").changes(changes));
    Ok(())
}

/// Adds a line to the work log.
pub async fn log(cx: &mut WriteCx, id: DistrictDeputyId, day: NaiveDate, text: String) -> Result<()> {
    permit(&cx.actor, "登记工作记录")?;
    let before = store::find(cx, id).await?;
    has_happened(cx, "on_day", day)?;
    not_before("on_day", day, Some(before.from_on), "选派起始日期")?;
    let mut after = before.clone();
    append_line(&mut after.work_log, day, &text);
    cx.update(&before, after).await?;
    cx.done(Done::new(NOUN, id, "log", "登记工作记录").note(format!("{day} {text}")));
    Ok(())
}

fn index(cx: &mut WriteCx, deputy: &DistrictDeputy) {
    cx.index(NOUN, deputy.id, format!("{} {} {}", deputy.person_name, deputy.home_unit, deputy.team));
}
