//! Checking what is stored: the audit chain, the histories it vouches for, the files, and the
//! invariants of the trade (domain.md 13.2).
//!
//! Three of them are no statements about records and are held elsewhere. That «1+3» is complete before the leading
//! group meets (no. 7) is asked by the deed that hands a report on (`reports::reports`): which materials are due is
//! a rule that the office may change, and a material may be sent back afterwards. That coverage counts an
//! organisation once (no. 5) is a matter of the figures, which count organisations and not inspections; that a list
//! names it once stands below. That a figure of a past day is the same for ever (no. 10) has no snapshot to be
//! compared with: no figure is stored, each is asked of the records as of its day (`figures`), and those records
//! only gain dated rows.

use std::sync::Arc;

use db::Sql;
use fieldwork::passports;
use kit::{
    Actor, App, Cx, Refusal, Result,
    audit::{self, ChainReport},
    cx::history_line_digest,
    files,
    proof::Proof,
};
use uuid::Uuid;

/// One invariant: a sentence and the records that break it.
struct Invariant {
    sentence: &'static str,
    /// SQL for the ids that break it; the first column is a uuid.
    broken: &'static str,
}

const INVARIANTS: &[Invariant] = &[
    Invariant {
        sentence: "已销号的问题恰有一条未重开的销号记录",
        broken: "select p.id from problem p where p.state = 'closed' and 1 <> (select count(*) from closure c \
                 where c.problem_id = p.id and c.reopened_on is null) order by p.id",
    },
    Invariant {
        sentence: "未销号的问题没有仍有效的销号记录",
        broken: "select p.id from problem p where p.state not in ('closed') and exists (select 1 from closure c \
                 where c.problem_id = p.id and c.reopened_on is null) order by p.id",
    },
    Invariant {
        sentence: "底稿形成的问题都有经审批、至少两名承办人签名的底稿",
        broken: "select p.id from problem p where p.origin = 'draft' and not exists (select 1 from draft d \
                 where d.problem_id = p.id and d.state = 'used' and d.official_number is not null \
                 and 2 <= (select count(*) from draft_signature s where s.draft_id = d.id and s.holds and s.step = 'officer') \
                 and 1 = (select count(*) from draft_signature s where s.draft_id = d.id and s.holds and s.step = 'head')) \
                 order by p.id",
    },
    Invariant {
        sentence: "同一底稿没有人在两个环节签名",
        broken: "select draft_id from draft_signature where holds group by draft_id, account_id having count(*) > 1 \
                 order by draft_id",
    },
    Invariant {
        sentence: "底稿的正式编号连续，没有缺号",
        broken: "select d.id from draft d where d.serial = (select max(o.serial) from draft o where o.series = d.series) \
                 and d.serial <> (select count(*) from draft o where o.series = d.series) order by d.id",
    },
    Invariant {
        sentence: "重开日期不早于销号日期",
        broken: "select id from closure where reopened_on < closed_on order by id",
    },
    Invariant {
        sentence: "预先清点的反馈问题数与问题台账一致",
        broken: "select x.inspection_id from (select term_id, inspection_id, organisation_id, inspection_kind, team, field, \
                 category_1, audit_linked, fed_back_on, n from problem_tally union all select term_id, inspection_id, \
                 organisation_id, inspection_kind, team, field, category_1, audit_linked, fed_back_on, -1 from problem \
                 where fed_back_on is not null) x group by x.term_id, x.inspection_id, x.organisation_id, \
                 x.inspection_kind, x.team, x.field, x.category_1, x.audit_linked, x.fed_back_on having sum(x.n) <> 0 \
                 order by x.inspection_id",
    },
    Invariant {
        sentence: "预先清点的销号数与销号记录一致",
        broken: "select x.inspection_id from (select term_id, inspection_id, closed_on, reopened_on, n from closure_tally \
                 union all select term_id, inspection_id, closed_on, coalesce(reopened_on, '9999-12-31'), -1 from closure) x \
                 group by x.term_id, x.inspection_id, x.closed_on, x.reopened_on having sum(x.n) <> 0 \
                 order by x.inspection_id",
    },
    Invariant {
        sentence: "预先清点的整改措施数与措施台账一致",
        broken: "select x.inspection_id from (select term_kind, closed_on, due_on, started_on, inspection_id, n \
                 from measure_tally union all select term_kind, closed_on, due_on, started_on, inspection_id, -1 \
                 from measure_standing) x group by x.term_kind, x.closed_on, x.due_on, x.started_on, x.inspection_id \
                 having sum(x.n) <> 0 order by x.inspection_id",
    },
    Invariant {
        sentence: "已启动的整改措施都有责任人、责任领导和完成期限（长期坚持的除外）",
        broken: "select id from measure where state <> 'not_started' and (owner_name = '' or leader_name = '' \
                 or (due_on is null and term_kind <> 'long_term')) order by id",
    },
    Invariant {
        sentence: "已有整改措施启动的问题不再停留在“已反馈”",
        broken: "select p.id from problem p where p.state = 'fed_back' and exists (select 1 from measure m \
                 where m.problem_id = p.id and m.state <> 'not_started') order by p.id",
    },
    Invariant {
        sentence: "提请销号和已销号的问题都有整改措施",
        broken: "select p.id from problem p where p.state in ('submitted', 'closed') and not exists (select 1 \
                 from measure m where m.problem_id = p.id) order by p.id",
    },
    Invariant {
        sentence: "配合整改只针对已反馈的问题，单位和巡察与问题一致",
        broken: "select c.id from cooperation c join problem p on p.id = c.problem_id where p.fed_back_on is null \
                 or c.organisation_id <> p.organisation_id or c.inspection_id <> p.inspection_id order by c.id",
    },
    Invariant {
        sentence: "全覆盖清单的每一版里一个单位只列一次",
        broken: "select list_id from coverage_item group by list_id, organisation_id having count(*) > 1 \
                 order by list_id",
    },
    Invariant {
        sentence: "提交整改措施的人不审核自己的措施",
        broken: "select id from measure where reviewed_by is not null and reviewed_by = submitted_by order by id",
    },
    Invariant {
        sentence: "提请销号的人不审核自己的问题",
        broken: "select c.id from closure c join problem p on p.id = c.problem_id where c.reviewer is not null \
                 and c.reopened_on is null and c.reviewer = p.submitted_by order by c.id",
    },
    Invariant {
        sentence: "已移交的线索有移交记录和接收单位",
        broken: "select id from lead where transferred_on is not null and (transfer_id is null or recipient_id is null) order by id",
    },
    Invariant {
        sentence: "盘活去化面积不超过查出的存量",
        broken: "select a.id from asset a where a.area_cm2 + coalesce((select sum(c.area_cm2) from asset_correction c \
                 where c.asset_id = a.id), 0) < coalesce((select sum(m.area_cm2) from asset_movement m where m.asset_id = a.id), 0) order by a.id",
    },
    Invariant {
        sentence: "有期限的问题和措施都写明期限依据",
        broken: "select id from problem where due_on is not null and due_basis = '' union all \
                 select id from measure where due_on is not null and due_basis = ''",
    },
    Invariant {
        sentence: "谈话和走访由两名以上干部进行",
        broken: "select id from talk where officer_count < 2 union all select id from visit where officer_count < 2",
    },
    Invariant {
        sentence: "受理决定之后的信访都有处理意见和决定日期",
        broken: "select id from petition where state <> 'registered' and (decision is null or decided_on is null) order by id",
    },
    Invariant {
        sentence: "匿名信访没有举报人身份登记",
        broken: "select p.id from petition p join informant i on i.petition_id = p.id where p.signed = 'anonymous' order by p.id",
    },
    Invariant {
        sentence: "巡察阶段日期前后有序",
        broken: "select id from inspection_unit where entered_on < planned_on or left_on < entered_on or decided_on < left_on \
                 or fed_back_on < decided_on or closed_on < fed_back_on order by id",
    },
    Invariant {
        sentence: "已反馈的问题属于已登记反馈日期的巡察对象",
        broken: "select p.id from problem p join inspection_unit u on u.id = p.unit_id where p.fed_back_on is not null \
                 and u.organisation_id <> p.organisation_id order by p.id",
    },
];

/// What [`run`] found.
#[derive(Debug, serde::Serialize)]
pub struct Report {
    /// The audit chain.
    pub chain: ChainReport,
    /// Histories checked against the chain, and the first that does not fit.
    pub histories: Checked,
    /// Files checked against their digests, and the first that does not fit.
    pub files: Checked,
    /// The invariants.
    pub invariants: Vec<Held>,
}

/// A number of things checked and the first bad one.
#[derive(Debug, Default, serde::Serialize)]
pub struct Checked {
    /// How many.
    pub checked: u64,
    /// Which one is bad, and why; the first of them.
    pub first_bad: Option<String>,
    /// All that are bad, where looking on after the first makes sense.
    pub bad: Vec<String>,
}

/// An invariant and whether it holds.
#[derive(Debug, serde::Serialize)]
pub struct Held {
    /// The sentence.
    pub sentence: &'static str,
    /// The first record that breaks it.
    pub first_bad: Option<Uuid>,
    /// How many break it, at most a thousand counted.
    pub broken: usize,
}

impl Report {
    /// The first fault of all, as a sentence.
    pub fn first_fault(&self) -> Option<String> {
        if let Some((seq, why)) = &self.chain.first_bad {
            return Some(format!("审计链第 {seq} 条：{why}"));
        }
        if let Some(bad) = self.histories.first_bad.as_ref().or(self.files.first_bad.as_ref()) {
            return Some(bad.clone());
        }
        let held = self.invariants.iter().find(|held| held.first_bad.is_some())?;
        Some(format!("“{}”不成立，第一条记录 {}", held.sentence, held.first_bad.unwrap_or_default()))
    }

    /// The report for people.
    pub fn text(&self) -> String {
        let mut lines = vec![
            format!("审计链 {} 条，链头 {}", self.chain.entries, self.chain.head),
            format!("办理记录 {} 条与审计链相符", self.histories.checked),
            format!("文件 {} 个与摘要相符", self.files.checked),
        ];
        lines.extend(self.files.bad.iter().map(|bad| format!("✗ {bad}")));
        for held in &self.invariants {
            lines.push(match held.first_bad {
                None => format!("✓ {}", held.sentence),
                Some(id) => format!("✗ {}：{} 条，第一条 {id}", held.sentence, held.broken),
            });
        }
        lines.join("\n")
    }
}

/// Checks everything.
pub async fn run(app: &App) -> Result<Report> {
    let cx = app.read(&Arc::new(Actor::program("核验")));
    let mut invariants = Vec::new();
    for invariant in INVARIANTS {
        let mut sql = Sql::new("select * from (");
        sql.push(invariant.broken).push(") broken limit 1000");
        let ids: Vec<Uuid> =
            cx.rows(sql).await?.iter().map(|row| row.try_get_by_index(0)).collect::<Result<_, _>>()?;
        invariants.push(Held {
            sentence: invariant.sentence,
            first_bad: ids.first().copied(),
            broken: ids.len(),
        });
    }
    Ok(Report {
        chain: audit::verify(app.db()).await?,
        histories: histories(&cx).await?,
        files: check_files(&cx).await?,
        invariants,
    })
}

/// Checks a proof of hand-over: its signatures, and that this installation holds what it names.
///
/// # Errors
/// A refusal that says what does not fit.
pub async fn proof(app: &App, proof: &Proof) -> Result<String> {
    proof.check()?;
    let cx = app.read(&Arc::new(Actor::program("核验")));
    let held = passports::all_of_subject(&cx, &proof.subject).await?;
    if held.is_empty() {
        let message = format!("本系统没有编号为 {} 的移交凭证。证明文件的签名本身正确。", proof.subject);
        return Err(Refusal::conflict(message).into());
    }
    // A lead that was returned has a passport for each time it was handed over.
    let mut fits = false;
    for passport in &held {
        let digest = kit::seal::digest(passports::content(&cx, passport)?.as_bytes());
        fits |=
            digest == proof.digest && passport.digest == digest && passport.public_key == proof.public_key;
    }
    if !fits {
        let message = format!("移交 {} 在系统中固化的内容与证明文件不一致。", proof.subject);
        return Err(Refusal::conflict(message).into());
    }
    let receipt = proof.receipt.as_ref().map_or_else(
        || String::from("接收单位尚未确认"),
        |receipt| format!("{} 于 {} 确认", receipt.by, receipt.at),
    );
    Ok(format!("✓ 移交 {}：签名正确，内容与系统中固化的一致；{receipt}", proof.subject))
}

async fn histories(cx: &Cx) -> Result<Checked> {
    let (mut report, mut seq) = (Checked::default(), 0i64);
    loop {
        let mut sql = Sql::new(
            "select h.seq, h.noun, h.record_id, h.at, h.actor_name, h.deed, h.from_state, h.to_state, h.note, h.changes, e.digest \
             from history h left join audit_entry e on e.seq = h.seq where h.seq > ",
        );
        sql.bind(seq).push(" order by h.seq limit 5000");
        let rows = cx.rows(sql).await?;
        for row in &rows {
            seq = row.try_get_by_index(0)?;
            let at: chrono::DateTime<chrono::Utc> = row.try_get_by_index(3)?;
            let (noun, record): (String, Uuid) = (row.try_get_by_index(1)?, row.try_get_by_index(2)?);
            let texts: Vec<String> = (4..10).map(|at| row.try_get_by_index(at)).collect::<Result<_, _>>()?;
            let [actor, deed, from, to, note, changes] = texts.as_slice() else { continue };
            let digest = history_line_digest([
                &noun,
                &record.to_string(),
                &audit::instant_text(at),
                actor,
                deed,
                from,
                to,
                note,
                changes,
            ]);
            if row.try_get_by_index::<Option<String>>(10)?.as_deref() != Some(digest.as_str()) {
                report.first_bad = Some(format!("办理记录 {seq} 与审计链不符"));
                return Ok(report);
            }
            report.checked += 1;
        }
        if rows.len() < 5000 {
            report.first_bad = missing_history(cx).await?;
            return Ok(report);
        }
    }
}

/// The first entry of the chain that vouches for a history line which is not there.
async fn missing_history(cx: &Cx) -> Result<Option<String>> {
    let rows = cx
        .rows(Sql::new(
            "select e.seq from audit_entry e left join history h on h.seq = e.seq \
             where e.digest <> '' and h.seq is null order by e.seq limit 1",
        ))
        .await?;
    let Some(row) = rows.first() else { return Ok(None) };
    let seq: i64 = row.try_get_by_index(0)?;
    Ok(Some(format!("办理记录 {seq} 缺失，审计链中有它的摘要")))
}

async fn check_files(cx: &Cx) -> Result<Checked> {
    let mut report = Checked::default();
    let rows = cx.rows(Sql::new("select id, digest from attachment order by id")).await?;
    for row in rows {
        let (id, digest): (Uuid, String) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
        match files::digest(cx, id).await {
            Ok(found) if found == digest => report.checked += 1,
            Ok(_) => report.bad.push(format!("文件 {id} 的内容与摘要不符")),
            Err(error) => report.bad.push(format!("文件 {id} 不能读取：{error}")),
        }
    }
    report.first_bad = report.bad.first().cloned();
    Ok(report)
}
