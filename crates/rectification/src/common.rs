//! What the nouns of this area do alike: storing a deed with its history, telling people, showing the unit.

use chrono::NaiveDate;
use kit::{Audience, Cx, Done, Lifecycle, RecordView, Refusal, Result, Role, Shown, WriteCx, sea_orm};
use registry::organisations::OrganisationId;
use sea_orm::{ActiveModelBehavior, ActiveModelTrait, IntoActiveModel, ModelTrait};
use uuid::Uuid;

use crate::subjects::{INSPECTIONS, ORGANISATIONS, Unit};

/// What a deed did to a record, for its history.
pub(crate) struct Step<R: Lifecycle> {
    /// Noun of the record.
    pub(crate) noun: &'static str,
    /// The record.
    pub(crate) id: Uuid,
    /// The deed.
    pub(crate) deed: R::Deed,
    /// What the person wrote.
    pub(crate) note: String,
}

/// Stores `after` in place of `before` and records the deed.
pub(crate) async fn put<R, A>(cx: &mut WriteCx, before: &R, after: R, step: Step<R>) -> Result<()>
where
    R: Lifecycle + ModelTrait + IntoActiveModel<A> + Clone + 'static,
    A: ActiveModelTrait<Entity = R::Entity> + ActiveModelBehavior + Send,
{
    let (from, to) = (before.state(), after.state());
    let changes = cx.update(before, after).await?;
    let done = Done::deed::<R>(step.noun, step.id, step.deed, from, to).note(step.note);
    cx.done(done.changes(changes));
    Ok(())
}

/// The liaisons of an organisation.
pub(crate) fn liaisons(organisation: OrganisationId) -> Audience {
    holders_at(Role::OrganisationLiaison, organisation)
}

/// Everybody with `role` at `organisation`.
pub(crate) fn holders_at(role: Role, organisation: OrganisationId) -> Audience {
    Audience::Post { role, organisation: Some(organisation.0), inspection: None }
}

/// Everybody with `role`, for one inspection when given.
pub(crate) fn holders(role: Role, inspection: Option<Uuid>) -> Audience {
    Audience::Post { role, organisation: None, inspection }
}

/// Adds which unit and inspection a record is about.
pub(crate) fn about(view: RecordView, unit: &Unit) -> RecordView {
    view.fact(
        "organisation",
        "被巡察单位",
        Shown::link(ORGANISATIONS, Some(unit.organisation_id.0), &unit.organisation_name),
    )
    .fact(
        "inspection",
        "巡察",
        Shown::link(INSPECTIONS, Some(unit.inspection_id), &unit.inspection_name),
    )
}

/// Refuses a day before the feedback or after today.
pub(crate) fn within_rectification(cx: &Cx, field: &str, day: NaiveDate, unit: &Unit) -> Result<()> {
    crate::subjects::not_after_today(cx, field, day)?;
    match unit.fed_back_on {
        Some(fed_back_on) if day < fed_back_on => {
            Err(Refusal::field(field, format!("不能早于巡察反馈日期 {fed_back_on}")).into())
        }
        Some(_) => Ok(()),
        None => Err(Refusal::field("unit", "巡察意见尚未反馈").into()),
    }
}
