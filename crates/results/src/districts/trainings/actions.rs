//! Recording trainings and appraising those who took part.

use chrono::NaiveDate;
use kit::{Done, Refusal, Result, WriteCx};
use registry::organisations::OrganisationId;
use uuid::Uuid;

use super::{NOUN, ShadowTraining, ShadowTrainingId, TrainingKind, store};
use crate::{
    districts::{in_order, need_district, permit},
    shared::{has_happened, not_before, year_of},
};

/// What a person enters about a training.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The district.
    pub district: OrganisationId,
    /// Who.
    pub person_name: String,
    /// His post at home.
    pub post_title: String,
    /// In what way he takes part.
    pub kind: TrainingKind,
    /// The inspection he takes part in.
    pub inspection: Option<Uuid>,
    /// First day; its year is the year counted.
    pub from_on: NaiveDate,
}

impl Entry {
    fn check(&self) -> Result<()> {
        if self.kind == TrainingKind::Joining && self.inspection.is_none() {
            return Err(Refusal::field("inspection", "参加巡察的，请选择所参加的巡察").into());
        }
        Ok(())
    }

    fn apply(self, training: &mut ShadowTraining) {
        training.year = year_of(self.from_on);
        training.district_id = self.district;
        training.person_name = self.person_name;
        training.post_title = self.post_title;
        training.kind = self.kind;
        training.inspection_id = self.inspection;
        training.from_on = self.from_on;
    }
}

/// Records that somebody comes for training.
pub async fn create(cx: &mut WriteCx, entry: Entry) -> Result<ShadowTrainingId> {
    permit(&cx.actor, "登记跟班参巡")?;
    entry.check()?;
    need_district(cx, entry.district).await?;
    let mut training = ShadowTraining {
        id: ShadowTrainingId(cx.new_id()),
        version: 1,
        year: 0,
        district_id: entry.district,
        person_name: String::new(),
        post_title: String::new(),
        kind: entry.kind,
        inspection_id: None,
        from_on: entry.from_on,
        to_on: None,
        appraisal: String::new(),
    };
    entry.apply(&mut training);
    let id = training.id;
    index(cx, &training);
    cx.done(Done::new(NOUN, id, "create", "登记跟班参巡"));
    cx.insert(training).await?;
    Ok(id)
}

/// Changes what is recorded.
pub async fn edit(cx: &mut WriteCx, id: ShadowTrainingId, entry: Entry) -> Result<()> {
    permit(&cx.actor, "修改跟班参巡")?;
    entry.check()?;
    need_district(cx, entry.district).await?;
    let before = store::find(cx, id).await?;
    in_order(entry.from_on, before.to_on)?;
    let mut after = before.clone();
    entry.apply(&mut after);
    index(cx, &after);
    let changes = cx.update(&before, after).await?;
    cx.done(Done::new(NOUN, id, "edit", "修改跟班参巡").changes(changes));
    Ok(())
}

/// Appraises somebody on leaving.
pub async fn appraise(
    cx: &mut WriteCx,
    id: ShadowTrainingId,
    to_on: NaiveDate,
    appraisal: String,
) -> Result<()> {
    permit(&cx.actor, "鉴定")?;
    let before = store::find(cx, id).await?;
    has_happened(cx, "to_on", to_on)?;
    not_before("to_on", to_on, Some(before.from_on), "起始日期")?;
    let mut after = before.clone();
    (after.to_on, after.appraisal) = (Some(to_on), appraisal);
    let changes = cx.update(&before, after).await?;
    cx.done(Done::new(NOUN, id, "appraise", "鉴定").changes(changes));
    Ok(())
}

fn index(cx: &mut WriteCx, training: &ShadowTraining) {
    cx.index(NOUN, training.id, format!("{} {}", training.person_name, training.post_title));
}
