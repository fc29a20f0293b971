//! Assigning contact persons and keeping their log.

use chrono::NaiveDate;
use kit::{Done, Result, WriteCx};
use registry::organisations::OrganisationId;

use super::{DistrictLiaison, DistrictLiaisonId, NOUN, store};
use crate::{
    districts::{append_line, in_order, need_district, permit},
    shared::{has_happened, not_before, year_of},
};

/// What a person enters about an assignment.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The district.
    pub district: OrganisationId,
    /// Who.
    pub person_name: String,
    /// His position.
    pub position: String,
    /// First day; its year is the year of the assignment.
    pub from_on: NaiveDate,
    /// Last day.
    pub to_on: Option<NaiveDate>,
    /// Remark.
    pub note: String,
}

impl Entry {
    fn apply(self, liaison: &mut DistrictLiaison) {
        liaison.year = year_of(self.from_on);
        liaison.district_id = self.district;
        liaison.person_name = self.person_name;
        liaison.position = self.position;
        liaison.from_on = self.from_on;
        liaison.to_on = self.to_on;
        liaison.note = self.note;
    }
}

/// Assigns somebody to a district for a year.
pub async fn create(cx: &mut WriteCx, entry: Entry) -> Result<DistrictLiaisonId> {
    permit(&cx.actor, "安排挂钩联系")?;
    in_order(entry.from_on, entry.to_on)?;
    need_district(cx, entry.district).await?;
    let mut liaison = DistrictLiaison {
        id: DistrictLiaisonId(cx.new_id()),
        version: 1,
        year: 0,
        district_id: entry.district,
        person_name: String::new(),
        position: String::new(),
        from_on: entry.from_on,
        to_on: None,
        visit_log: String::new(),
        note: String::new(),
    };
    entry.apply(&mut liaison);
    let id = liaison.id;
    index(cx, &liaison);
    cx.done(Done::new(NOUN, id, "create", "安排挂钩联系"));
    cx.insert(liaison).await?;
    Ok(id)
}

/// Changes an assignment.
pub async fn edit(cx: &mut WriteCx, id: DistrictLiaisonId, entry: Entry) -> Result<()> {
    permit(&cx.actor, "修改挂钩联系")?;
    in_order(entry.from_on, entry.to_on)?;
    need_district(cx, entry.district).await?;
    let before = store::find(cx, id).await?;
    let mut after = before.clone();
    entry.apply(&mut after);
    index(cx, &after);
    let changes = cx.update(&before, after).await?;
    cx.done(Done::new(NOUN, id, "edit", "修改挂钩联系").changes(changes));
    Ok(())
}

/// Adds a visit to the log.
pub async fn log(cx: &mut WriteCx, id: DistrictLiaisonId, day: NaiveDate, text: String) -> Result<()> {
    permit(&cx.actor, "登记走访记录")?;
    let before = store::find(cx, id).await?;
    has_happened(cx, "on_day", day)?;
    not_before("on_day", day, Some(before.from_on), "挂钩联系起始日期")?;
    let mut after = before.clone();
    append_line(&mut after.visit_log, day, &text);
    cx.update(&before, after).await?;
    cx.done(Done::new(NOUN, id, "log", "登记走访记录").note(format!("{day} {text}")));
    Ok(())
}

fn index(cx: &mut WriteCx, liaison: &DistrictLiaison) {
    cx.index(NOUN, liaison.id, format!("{} {}", liaison.person_name, liaison.position));
}
