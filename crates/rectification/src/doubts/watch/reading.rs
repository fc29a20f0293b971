//! What the signs in dates and words are looked for in: closings and findings by organisation.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use db::Sql;
use kit::{Cx, Result, sea_orm};
use registry::policies;
use sea_orm::FromQueryResult;
use uuid::Uuid;

use super::{
    super::{Kind, actions::Sign},
    signs::{self, Bunching, Closing, Finding},
};

/// All signs in dates and words, whoever asks.
pub(super) async fn signs(cx: &Cx) -> Result<Vec<Sign>> {
    let mut all = closings(cx).await?;
    all.extend(repeated(cx).await?);
    Ok(all)
}

#[derive(FromQueryResult)]
struct ClosingRow {
    organisation_id: Uuid,
    name: String,
    closed_on: NaiveDate,
    due_on: Option<NaiveDate>,
    reopened_on: Option<NaiveDate>,
}

async fn amount(cx: &Cx, code: &str) -> Result<i64> {
    policies::amount(cx, code, cx.today()).await
}

async fn count(cx: &Cx, code: &str) -> Result<usize> {
    Ok(usize::try_from(amount(cx, code).await?).unwrap_or(0))
}

async fn closings(cx: &Cx) -> Result<Vec<Sign>> {
    let sql = Sql::new(
        "select c.organisation_id, o.name, c.closed_on, p.due_on, c.reopened_on from closure c \
         join problem p on p.id = c.problem_id join organisation o on o.id = c.organisation_id",
    );
    let mut by_organisation: BTreeMap<(String, Uuid), Vec<Closing>> = BTreeMap::new();
    for row in cx.all::<ClosingRow>(sql).await? {
        let closing = Closing {
            closed_on: row.closed_on,
            due_on: row.due_on.unwrap_or(NaiveDate::MIN),
            reopened_on: row.reopened_on,
        };
        by_organisation.entry((row.name, row.organisation_id)).or_default().push(closing);
    }
    let bunching = Bunching {
        days: amount(cx, "bunch_days").await?,
        least: count(cx, "bunch_least").await?,
        percent: count(cx, "bunch_share").await?,
    };
    let (least, percent) = (count(cx, "reopened_least").await?, count(cx, "reopened_share").await?);
    let mut found = Vec::new();
    for ((name, organisation), closings) in by_organisation {
        found.extend(signs::bunches(&closings, bunching).into_iter().map(|bunch| Sign {
            kind: Kind::Bunched,
            mark: format!("bunched:{organisation}:{}", bunch.due_on),
            inspection: None,
            organisation: organisation.into(),
            problem: None,
            subject: format!("{name}在 {} 期限前集中销号", bunch.due_on),
            reason: format!(
                "整改期限 {} 以前共销号 {} 个问题，其中 {} 个集中在最后 {} 天（占 {}%，提示线 {}%）。",
                bunch.due_on,
                bunch.all,
                bunch.late,
                bunching.days,
                bunch.late * 100 / bunch.all.max(1),
                bunching.percent
            ),
            detail: String::new(),
        }));
        if let Some((again, all)) = signs::reopened(&closings, least, percent) {
            found.push(Sign {
                kind: Kind::Reopened,
                mark: format!("reopened:{organisation}:{again}"),
                inspection: None,
                organisation: organisation.into(),
                problem: None,
                subject: format!("{name}销号后重开比例偏高"),
                reason: format!(
                    "销号 {all} 次，其中 {again} 次后来重开（占 {}%，提示线 {percent}%）。",
                    again * 100 / all.max(1)
                ),
                detail: String::new(),
            });
        }
    }
    Ok(found)
}

#[derive(FromQueryResult)]
struct FindingRow {
    id: Uuid,
    number: String,
    title: String,
    text: String,
    category_2: String,
    organisation_id: Uuid,
    inspection_id: Uuid,
    found_on: NaiveDate,
    closed_on: Option<NaiveDate>,
}

impl FindingRow {
    fn words(&self) -> String {
        format!("{} {}", self.title, self.text)
    }
}

/// Findings of a later inspection that are like one closed before.
async fn repeated(cx: &Cx) -> Result<Vec<Sign>> {
    let sql = Sql::new(
        "select p.id, p.number, p.title, p.text, p.category_2, p.organisation_id, p.inspection_id, p.found_on, \
         (select min(c.closed_on) from closure c where c.problem_id = p.id) as closed_on from problem p \
         where p.state <> 'withdrawn' and exists (select 1 from problem q where q.organisation_id = p.organisation_id \
         and q.inspection_id <> p.inspection_id) order by p.organisation_id, p.found_on, p.number",
    );
    let rows: Vec<FindingRow> = cx.all(sql).await?;
    let least = amount(cx, "repeated_likeness").await?;
    let mut found = Vec::new();
    for own in rows.chunk_by(|one, other| one.organisation_id == other.organisation_id) {
        for later in own {
            let words = later.words();
            let now = Finding { words: &words, category: &later.category_2 };
            let earlier = own.iter().filter(|row| {
                row.inspection_id != later.inspection_id
                    && row.closed_on.is_some_and(|on| on < later.found_on)
            });
            let best = earlier
                .map(|row| {
                    let words = row.words();
                    (signs::likeness(&now, &Finding { words: &words, category: &row.category_2 }), row)
                })
                .filter(|(percent, _)| *percent >= least)
                .max_by_key(|(percent, row)| (*percent, row.id));
            if let Some((percent, earlier)) = best {
                found.push(again(later, earlier, percent));
            }
        }
    }
    Ok(found)
}

fn again(later: &FindingRow, earlier: &FindingRow, percent: i64) -> Sign {
    Sign {
        kind: Kind::Repeated,
        mark: format!("repeated:{}:{}", later.id, earlier.id),
        inspection: Some(later.inspection_id),
        organisation: later.organisation_id.into(),
        problem: Some(later.id),
        subject: format!("同类问题再次发现：{}", later.title),
        reason: format!(
            "{} 销号的问题 {} 与 {} 另一次巡察发现的问题 {} 表述相似 {percent}%。",
            earlier.closed_on.map(|on| on.to_string()).unwrap_or_default(),
            earlier.number,
            later.found_on,
            later.number
        ),
        detail: format!("原问题：{}\n现问题：{}", earlier.title, later.title),
    }
}
