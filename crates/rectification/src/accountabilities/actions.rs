//! Entering accountability and correcting it.

use chrono::NaiveDate;
use db::Sql;
use kit::{Done, Fen, Refusal, Result, WriteCx};
use uuid::Uuid;

use super::{Accountability, AccountabilityId, NOUN, may_keep, store};
use crate::{
    common::within_rectification,
    subjects::{self, Unit},
};

/// The sums as entered, in the order of the columns.
#[derive(Clone, Debug)]
pub struct Entry {
    /// As of this day.
    pub on_day: NaiveDate,
    /// 谈话提醒, 批评教育, 诫勉, 组织处理, 党纪处分, 政务处分, 立案, 移送司法.
    pub persons: [i64; 8],
    /// Money recovered.
    pub recovered: Fen,
    /// Where the figures come from.
    pub source: String,
}

impl Entry {
    fn apply(self, record: &mut Accountability) {
        let [talks, criticised, admonished, organised, party, administrative, filed, judicial] = self.persons;
        (record.talks, record.criticised, record.admonished) = (talks, criticised, admonished);
        (record.organised, record.party, record.administrative) = (organised, party, administrative);
        (record.filed, record.judicial) = (filed, judicial);
        (record.on_day, record.recovered_fen, record.source) = (self.on_day, self.recovered, self.source);
    }
}

/// Enters the sums of a unit as of a day.
pub async fn create(cx: &mut WriteCx, unit: Uuid, entry: Entry) -> Result<AccountabilityId> {
    let unit = subjects::unit(cx, unit).await?;
    if !may_keep(&cx.actor, unit.organisation_id) {
        return Err(Refusal::forbidden("登记问责情况").into());
    }
    check(cx, &unit, &entry, None).await?;
    let id = AccountabilityId(cx.new_id());
    let mut record = Accountability {
        id,
        version: 1,
        unit_id: unit.id,
        inspection_id: unit.inspection_id,
        organisation_id: unit.organisation_id,
        on_day: entry.on_day,
        talks: 0,
        criticised: 0,
        admonished: 0,
        organised: 0,
        party: 0,
        administrative: 0,
        filed: 0,
        judicial: 0,
        recovered_fen: Fen(0),
        source: String::new(),
    };
    entry.apply(&mut record);
    cx.index(NOUN, id, format!("{} {}", unit.organisation_name, record.source));
    cx.insert(record).await?;
    cx.done(Done::new(NOUN, id, "create", "登记问责情况"));
    Ok(id)
}

/// Corrects the sums of a day.
pub async fn edit(cx: &mut WriteCx, id: AccountabilityId, entry: Entry) -> Result<()> {
    let before = store::find(cx, id).await?;
    if !may_keep(&cx.actor, before.organisation_id) {
        return Err(Refusal::forbidden("修改问责情况").into());
    }
    let unit = subjects::unit(cx, before.unit_id).await?;
    check(cx, &unit, &entry, Some(id)).await?;
    let mut after = before.clone();
    entry.apply(&mut after);
    let changes = cx.update(&before, after).await?;
    cx.done(Done::new(NOUN, id, "edit", "修改").changes(changes));
    Ok(())
}

async fn check(cx: &WriteCx, unit: &Unit, entry: &Entry, own: Option<AccountabilityId>) -> Result<()> {
    within_rectification(cx, "on_day", entry.on_day, unit)?;
    let mut sql = Sql::new("select count(*) from accountability where unit_id = ");
    sql.bind(unit.id).push(" and on_day = ").bind(entry.on_day);
    sql.push(" and id <> ").bind(own.map(|id| id.0).unwrap_or_default());
    if cx.number(sql).await? > 0 {
        return Err(Refusal::field("on_day", "这一天的问责情况已经登记，请在原记录上修改").into());
    }
    Ok(())
}
