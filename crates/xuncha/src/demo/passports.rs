//! Passports of the leads that the city handed over early (边巡边移): what was handed over is frozen on the day of the
//! transfer and confirmed by the receiver on the day of the receipt.

use std::sync::Arc;

use chrono::DateTime;
use fieldwork::{leads, passports};
use kit::{Actor, App, Result, Role};

use super::{
    acting,
    chronicle::at_office,
    deed,
    handing::{DISCIPLINE, lead_id, recipients_of},
    in_the_past,
    plan::Plan,
};

/// Issues and confirms them; how many were issued. Apart from [`super::load`], because they are signed with the
/// installation's key, which lies beside the database.
pub async fn load_passports(app: &App, seed: u64) -> Result<usize> {
    let city = city::plan(seed, None);
    let plan = Plan::new(&city, seed);
    let program = Arc::new(Actor::program("演示数据"));
    let past = in_the_past(app, DateTime::UNIX_EPOCH).await?;
    let mut count = 0;
    for lead in city.leads.iter().filter(|lead| lead.early) {
        let id = lead_id(&plan, lead);
        past.clock().set(at_office(lead.transferred_on, id, 1));
        let issued = past.write(&program, |cx| Box::pin(leads::actions::freeze(cx, leads::LeadId(id))));
        let issued = issued.await?;
        count += issued.len();
        let Some(on) = lead.received_on else { continue };
        past.clock().set(at_office(on, id, 2));
        let (first, second) = recipients_of(&plan, lead);
        for (passport, body) in issued.into_iter().zip(std::iter::once(first).chain(second)) {
            // The discipline side has confirmed what it received; others have yet to look.
            if plan.body(DISCIPLINE) == Some(body) {
                let receiver =
                    acting(&plan.speaker(body), Role::Discipline, (Some(plan.organisation(body)), None));
                deed(&past, &receiver, (passports::NOUN, passport.0, "acknowledge"), &[]).await?;
            }
        }
    }
    Ok(count)
}
