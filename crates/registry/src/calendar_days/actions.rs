//! Keeping the working-day calendar.

use chrono::NaiveDate;
use kit::{Done, Refusal, Result, WriteCx};

use super::{CalendarDay, CalendarDayId, NOUN, may_keep, store};

/// The longest run of days entered at once, in days.
const LONGEST: i64 = 15;

/// Days off, or weekend days worked in their place.
#[derive(Clone, Debug)]
pub struct Period {
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
    /// Whether they are worked.
    pub working: bool,
    /// What they are called.
    pub name: String,
}

/// Enters a run of days; answers the first.
///
/// # Errors
/// A refusal when the run is backwards or too long, or when one of its days is already entered.
pub async fn create(cx: &mut WriteCx, period: Period) -> Result<CalendarDayId> {
    permit(cx, "登记节假日")?;
    let span = (period.to - period.from).num_days();
    if !(0..LONGEST).contains(&span) {
        let sentence = format!("止日应不早于起日，一次最多登记 {LONGEST} 天");
        return Err(Refusal::field("to", sentence).into());
    }
    if let Some(held) = store::between(cx, period.from, period.to).await?.first() {
        return Err(
            Refusal::field("from", format!("{}已登记为“{}”，请在该日上修改", held.day, held.name)).into()
        );
    }
    let first = CalendarDayId(cx.new_id());
    let mut id = first;
    for day in period.from.iter_days().take_while(|day| *day <= period.to) {
        cx.done(Done::new(NOUN, id, "create", "登记节假日"));
        cx.index(NOUN, id, format!("{} {day}", period.name));
        cx.insert(CalendarDay { id, version: 1, day, working: period.working, name: period.name.clone() })
            .await?;
        id = CalendarDayId(cx.new_id());
    }
    Ok(first)
}

/// Changes what is entered about a day.
pub async fn edit(cx: &mut WriteCx, id: CalendarDayId, working: bool, name: String) -> Result<()> {
    permit(cx, "修改节假日")?;
    let before = store::find(cx, id).await?;
    let after = CalendarDay { working, name, ..before.clone() };
    cx.index(NOUN, id, format!("{} {}", after.name, after.day));
    let changes = cx.update(&before, after).await?;
    cx.done(Done::new(NOUN, id, "edit", "修改节假日").changes(changes));
    Ok(())
}

fn permit(cx: &WriteCx, deed: &str) -> Result<()> {
    if may_keep(&cx.actor) { Ok(()) } else { Err(Refusal::forbidden(deed).into()) }
}
