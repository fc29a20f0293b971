//! Which inspected unit a row means: one organisation in one inspection.

use db::Sql;
use documents::recognise::ValueKind as V;
use kit::{Cx, Result, sea_orm, sea_orm::FromQueryResult};
use uuid::Uuid;

use super::at;
use crate::imports::{
    Column,
    memo::{Memo, plain},
    row::Row,
};

/// 被巡察单位.
pub(super) const ORGANISATION: Column =
    Column::pick("organisation", "被巡察单位", documents::synonyms::ORGANISATION, "organisations")
        .required()
        .fill_down()
        .note("已登记单位的规范全称。");
/// 巡察.
pub(super) const INSPECTION: Column =
    Column::own("inspection", "巡察", &["巡察名称", "巡察项目", "任务名称", "巡察任务"], V::Text)
        .fill_down()
        .note("巡察任务的名称或编号；该单位只有一次巡察的可以不填。");
/// 轮次.
pub(super) const ROUND: Column =
    Column::own("round", "轮次", documents::synonyms::ROUND, V::Text).fill_down();
/// 批次.
pub(super) const BATCH: Column =
    Column::own("batch", "批次", documents::synonyms::BATCH, V::Text).fill_down();
/// 巡察组.
pub(super) const TEAM: Column = Column::own("team", "巡察组", documents::synonyms::TEAM, V::Text).fill_down();
/// 届次.
pub(super) const TERM: Column = Column::own("term", "届次", &["届别"], V::Text).fill_down();

#[derive(Clone, Debug, FromQueryResult)]
struct Unit {
    id: Uuid,
    inspection: String,
    number: String,
    round: String,
    batch: String,
    team: String,
    term: String,
}

/// The inspected unit of `organisation` that the row's other columns single out.
///
/// # Errors
/// A refusal on the column 巡察 when none or several remain: which one is meant is not guessed.
pub(super) async fn find(cx: &Cx, memo: &mut Memo, row: &Row, organisation: Uuid) -> Result<Uuid> {
    let units = cx.once(format!("import/units/{organisation}"), units(cx, organisation)).await?;
    let fits =
        |wanted: &str, held: [&str; 2]| wanted.is_empty() || held.iter().any(|held| plain(held) == wanted);
    let wanted = |key: &str| plain(&row.text(key));
    let (inspection, round, batch, team, term) =
        (wanted("inspection"), wanted("round"), wanted("batch"), wanted("team"), wanted("term"));
    let left: Vec<&Unit> = units
        .iter()
        .filter(|unit| {
            let both = format!("{} {}", unit.number, unit.inspection);
            (fits(&inspection, [&unit.inspection, &unit.number]) || fits(&inspection, [&both, &both]))
                && fits(&round, [&unit.round, &unit.round])
                && fits(&batch, [&unit.batch, &unit.batch])
                && fits(&team, [&unit.team, &unit.team])
                && fits(&term, [&unit.term, &unit.term])
        })
        .collect();
    match left.as_slice() {
        [unit] => {
            if [&inspection, &round, &batch, &team].iter().all(|text| text.is_empty()) {
                memo.note("没有写明是哪一次巡察，该单位只有一次，按这一次登记。");
            }
            Ok(unit.id)
        }
        [] if units.is_empty() => Err(at("organisation", "该单位还没有列为任何一次巡察的对象")),
        [] => {
            Err(at("inspection", format!("该单位没有符合轮次、巡察组等条件的巡察；有的是{}", names(&units))))
        }
        several => {
            let several: Vec<Unit> = several.iter().map(|unit| (*unit).clone()).collect();
            Err(at("inspection", format!("该单位有多次巡察（{}），请写明是哪一次", names(&several))))
        }
    }
}

fn names(units: &[Unit]) -> String {
    let names: Vec<String> = units.iter().take(3).map(|unit| format!("“{}”", unit.inspection)).collect();
    names.join("、")
}

async fn units(cx: &Cx, organisation: Uuid) -> Result<Vec<Unit>> {
    let app = cx.app().clone();
    let mut sql = Sql::new(
        "select u.id, i.name as inspection, i.number, coalesce(r.name, '') as round, coalesce(b.name, '') as batch, \
         i.team, t.name as term from inspection_unit u join inspection i on i.id = u.inspection_id \
         join term t on t.id = i.term_id left join round r on r.id = i.round_id \
         left join batch b on b.id = i.batch_id where u.organisation_id = ",
    );
    sql.bind(organisation);
    if let Some(service) = app.registry().service("inspection_units") {
        sql.push(" and ");
        service.scope(&cx.actor).write("u", &mut sql);
    }
    sql.push(" order by i.starts_on desc");
    cx.all(sql).await
}
