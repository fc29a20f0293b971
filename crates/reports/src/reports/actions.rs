//! Writing reports: begun, put together from drafts, edited, cited, brought back from Word, rolled back, delivered.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use db::Sql;
use fieldwork::drafts::{self, DraftId, proofs};
use kit::{Audience, Done, Lifecycle as _, Refusal, Result, Role, WriteCx, numbers, seal};
use planning::units;
use registry::policies;
use uuid::Uuid;

use super::{Deed, Kind, MATERIAL_SERIES, Report, ReportId, SERIES, State, desk, may_write, store};
use crate::{
    prose::{Cite, Prose, align, assemble, parse},
    report_rules,
    word::{self, Brought},
};

/// Longest text of a report in characters.
pub const LONGEST: usize = 60_000;

/// What a person enters to begin a report.
#[derive(Clone, Debug)]
pub struct Entry {
    /// What it is.
    pub kind: Kind,
    /// Its title; empty means the usual one.
    pub title: String,
    /// Whether the first draft is put together at once.
    pub assemble: bool,
}

/// Begins a report on the inspected unit `unit`.
pub async fn create(cx: &mut WriteCx, unit: Uuid, entry: Entry) -> Result<ReportId> {
    let unit = units::of(cx, unit).await?;
    if !may_write(&cx.actor, entry.kind, unit.inspection_id) {
        return Err(Refusal::forbidden("起草报告").into());
    }
    let standing = store::standing(cx, unit.id).await?;
    if entry.kind.is_single() && standing.iter().any(|one| one.kind == entry.kind) {
        let sentence = "这个被巡察对象已经有一份同类报告，请在原报告上修改，或者先撤销原报告";
        return Err(Refusal::field("kind", sentence).into());
    }
    let report = begun(cx, &unit, entry.clone()).await?;
    let (id, noun) = (report.id, report.noun());
    let prose =
        if entry.assemble { first_draft(cx, &report).await? } else { desk::outline(cx, report.kind).await? };
    let report = with_text(cx, report, &prose)?;
    index(cx, &report);
    cx.insert(report.clone()).await?;
    store::add_version(cx, &report, &prose, if entry.assemble { "初稿" } else { "提纲" }, "").await?;
    cx.done(Done::new(noun, id, "create", "起草报告"));
    Ok(id)
}

async fn begun(cx: &mut WriteCx, unit: &units::Unit, entry: Entry) -> Result<Report> {
    let rule = report_rules::of(cx, entry.kind).await?;
    let names = units::names(cx, unit.organisation_id, unit.inspection_id).await?;
    let series = if entry.kind.is_restricted() { MATERIAL_SERIES } else { SERIES };
    let due = match left_on(cx, unit.id).await? {
        Some(left) => Some(policies::deadline(cx, "team_report", left).await?),
        None => None,
    };
    let title =
        if entry.title.is_empty() { usual_title(entry.kind, &names.organisation) } else { entry.title };
    Ok(Report {
        id: ReportId(cx.new_id()),
        version: 1,
        number: numbers::yearly(cx, series, cx.today()).await?,
        kind: entry.kind,
        restricted: entry.kind.is_restricted(),
        term_id: unit.term_id,
        inspection_id: unit.inspection_id,
        unit_id: unit.id,
        organisation_id: unit.organisation_id,
        title,
        secrecy: rule.secrecy,
        content_sealed: String::new(),
        content_version: 0,
        length: 0,
        digest: String::new(),
        author_id: None,
        author_name: String::new(),
        state: State::Draft,
        pass: 0,
        step_position: 0,
        step_label: String::new(),
        step_by: None,
        step_last: false,
        acted: String::new(),
        opinion_sealed: String::new(),
        submitted_on: None,
        due_on: due.as_ref().map(|due| due.due_on),
        due_basis: due.map(|due| due.basis).unwrap_or_default(),
        approved_on: None,
        delivered_on: None,
        to_committee: rule.to_committee,
        to_discipline: rule.to_discipline,
        to_organisation: rule.to_organisation,
        created_at: cx.now,
    })
}

async fn left_on(cx: &WriteCx, unit: Uuid) -> Result<Option<chrono::NaiveDate>> {
    let mut sql = Sql::new("select left_on from inspection_unit where id = ");
    sql.bind(unit);
    Ok(cx.rows(sql).await?.first().map(|row| row.try_get_by_index(0)).transpose()?.flatten())
}

fn usual_title(kind: Kind, organisation: &str) -> String {
    match kind {
        Kind::Main => format!("关于巡察{organisation}情况的报告"),
        Kind::TopLeader => format!("关于{organisation}主要负责人有关情况的反映"),
        Kind::DisciplineHead => format!("关于{organisation}纪检组长（纪委书记）履职情况的报告"),
        Kind::LeadershipTeam => format!("关于{organisation}领导班子情况的汇总"),
        Kind::Special => format!("关于{organisation}有关情况的专题报告"),
        Kind::Lead => format!("关于巡察{organisation}发现问题线索的报告"),
        Kind::Check => format!("关于{organisation}选人用人专项检查情况的报告"),
    }
}

/// The text as the first draft from approved drafts, in the order of the framework.
async fn first_draft(cx: &WriteCx, report: &Report) -> Result<Prose> {
    let sections = desk::sections(cx, report.kind).await?;
    let proofs = proofs::of_unit(cx, report.unit_id).await?;
    let matters = desk::matters(&proofs, report.kind);
    let basics = desk::basics(cx, report, matters.len()).await?;
    let groups = desk::groups(cx).await?;
    Ok(assemble::assemble(&sections, &basics, &groups, &matters))
}

/// The report with this text as its newest version.
fn with_text(cx: &WriteCx, report: Report, prose: &Prose) -> Result<Report> {
    Ok(Report {
        content_sealed: store::seal_content(cx, report.id, prose)?,
        content_version: report.content_version + 1,
        length: prose.length() as i64,
        digest: seal::digest(prose.canonical().as_bytes()),
        author_id: cx.actor.account,
        author_name: cx.actor.name.clone(),
        ..report
    })
}

async fn step(cx: &WriteCx, id: ReportId, deed: Deed) -> Result<(Report, State)> {
    let report = store::find(cx, id).await?;
    let state = report.decide(&cx.actor, deed)?;
    Ok((report, state))
}

/// Stores a new version of the text. What was written about it is kept with the version, sealed; the history only says
/// that there is one.
async fn save(
    cx: &mut WriteCx,
    before: &Report,
    prose: &Prose,
    (deed, origin, note): (Deed, &str, &str),
) -> Result<i64> {
    if prose.length() > LONGEST {
        return Err(Refusal::field("text", format!("报告正文最多 {LONGEST} 字")).into());
    }
    let after = with_text(cx, before.clone(), prose)?;
    if after.digest == before.digest {
        return Ok(before.content_version);
    }
    let (noun, id, ordinal) = (before.noun(), before.id, after.content_version);
    store::add_version(cx, &after, prose, origin, note).await?;
    cx.update(before, after).await?;
    let done = Done::deed::<Report>(noun, id, deed, before.state, before.state);
    cx.done(done.note(format!("形成第 {ordinal} 稿")));
    Ok(ordinal)
}

/// Puts the first draft together again in place of the text there is.
pub async fn assemble(cx: &mut WriteCx, id: ReportId) -> Result<()> {
    let (before, _) = step(cx, id, Deed::Assemble).await?;
    let fresh = first_draft(cx, &before).await?;
    // Known sentences keep their numbers, so that comments stay where they were made.
    let mut prose = align::retold(&before.prose(cx)?, parse(&fresh.plain()));
    let mut cites: BTreeMap<&str, &[Cite]> = BTreeMap::new();
    for (_, sentence) in fresh.sentences().filter(|(_, one)| !one.cites.is_empty()) {
        cites.insert(&sentence.text, &sentence.cites);
    }
    let told: Vec<(u64, Vec<Cite>)> = prose
        .sentences()
        .map(|(_, one)| {
            (one.id, cites.get(one.text.as_str()).map(|cites| cites.to_vec()).unwrap_or_default())
        })
        .collect();
    for (sentence, cites) in told {
        if let Some(sentence) = prose.sentence_mut(sentence) {
            sentence.cites = cites;
        }
    }
    save(cx, &before, &prose, (Deed::Assemble, "初稿", "")).await?;
    Ok(())
}

/// What saving led to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Saved {
    /// The version.
    pub ordinal: i64,
    /// Drafts that no sentence cites any more.
    pub lost: Vec<String>,
}

/// Changes the text; sentences that are known again keep what they rest on.
pub async fn write(cx: &mut WriteCx, id: ReportId, text: &str, note: &str) -> Result<Saved> {
    let (before, _) = step(cx, id, Deed::Write).await?;
    let old = before.prose(cx)?;
    let prose = align::retold(&old, parse(text));
    let lost = align::lost(&old, &prose).into_iter().map(|cite| cite.number.clone()).collect();
    let ordinal = save(cx, &before, &prose, (Deed::Write, "编写", note)).await?;
    Ok(Saved { ordinal, lost })
}

/// Says what a sentence rests on: `drafts` in place of what it cited before, each as it stands now.
pub async fn cite(cx: &mut WriteCx, id: ReportId, sentence: u64, cited: &[DraftId]) -> Result<()> {
    let (before, _) = step(cx, id, Deed::Cite).await?;
    let mut prose = before.prose(cx)?;
    let wanted: HashSet<Uuid> = cited.iter().map(|draft| draft.0).collect();
    let mut cites = Vec::with_capacity(wanted.len());
    for proof in
        proofs::of_unit(cx, before.unit_id).await?.into_iter().filter(|one| wanted.contains(&one.draft.id.0))
    {
        if !proof.stands() {
            let sentence = format!("底稿{}还没有审批，报告只能引用已审批的底稿", proof.draft.called());
            return Err(Refusal::field("drafts", sentence).into());
        }
        cites.push(desk::cite_of(&proof));
    }
    if cites.len() < wanted.len() {
        return Err(Refusal::field("drafts", "只能引用本被巡察对象的底稿，请重新选择").into());
    }
    let held = prose.sentence_mut(sentence);
    let held =
        held.ok_or_else(|| Refusal::field("sentence", "没有找到这个句子，报告可能已被修改，请刷新后再试"))?;
    held.cites = cites;
    save(cx, &before, &prose, (Deed::Cite, "引用底稿", "")).await?;
    Ok(())
}

/// Replaces one sentence, as a comment suggests; answers the new version.
pub(crate) async fn reword(cx: &mut WriteCx, id: ReportId, sentence: u64, text: &str) -> Result<i64> {
    let (before, _) = step(cx, id, Deed::Write).await?;
    let mut prose = before.prose(cx)?;
    let held = prose.sentence_mut(sentence);
    let held = held.ok_or_else(|| {
        Refusal::conflict("意见所指的句子在现稿中已经没有了，不能直接采用；请在编写页面处理后填写答复。")
    })?;
    text.trim().clone_into(&mut held.text);
    save(cx, &before, &prose, (Deed::Write, "采用建议表述", "采用会商意见的建议表述")).await
}

/// Goes back to the text of version `ordinal`, as a new version: nothing is lost.
pub async fn roll_back(cx: &mut WriteCx, id: ReportId, ordinal: i64) -> Result<()> {
    let (before, _) = step(cx, id, Deed::Rollback).await?;
    let Some(old) = store::version(cx, id, ordinal).await? else {
        return Err(Refusal::field("ordinal", "没有这一稿，请重新选择").into());
    };
    let note = format!("恢复到第 {ordinal} 稿");
    // The numbers of sentences go on from the newest text, so that they are never given twice.
    let mut prose = align::retold(&before.prose(cx)?, parse(&old.plain()));
    let cites: BTreeMap<String, Vec<Cite>> =
        old.sentences().map(|(_, one)| (one.text.clone(), one.cites.clone())).collect();
    let ids: Vec<u64> = prose.sentences().map(|(_, one)| one.id).collect();
    for sentence in ids {
        if let Some(held) = prose.sentence_mut(sentence) {
            held.cites = cites.get(&held.text).cloned().unwrap_or_default();
        }
    }
    save(cx, &before, &prose, (Deed::Rollback, "恢复历史版本", &note)).await?;
    Ok(())
}

/// Keeps what changed in a Word file until somebody decides on it; answers how many changes there are.
pub async fn bring(cx: &mut WriteCx, id: ReportId, brought: Brought) -> Result<usize> {
    let (before, _) = step(cx, id, Deed::Bring).await?;
    let base = match brought.version {
        Some(ordinal) => store::version(cx, id, ordinal).await?.map(|prose| (ordinal, prose)),
        None => None,
    };
    let (ordinal, base) = match base {
        Some(base) => base,
        None => (before.content_version, before.prose(cx)?),
    };
    let changes = word::changes(&base, brought.pieces);
    if changes.is_empty() {
        return Err(Refusal::field("file", "文件与导出时的报告没有不同，不需要带回").into());
    }
    store::keep_return(cx, id, ordinal, &changes).await?;
    let note = format!("共 {} 处修改", changes.len());
    cx.done(Done::deed::<Report>(before.noun(), id, Deed::Bring, before.state, before.state).note(note));
    Ok(changes.len())
}

/// Takes over the `chosen` changes of the Word file that waits, and leaves the others.
pub async fn take_over(cx: &mut WriteCx, id: ReportId, chosen: &BTreeSet<usize>) -> Result<usize> {
    let (before, _) = step(cx, id, Deed::Write).await?;
    let Some(returned) = store::returned(cx, id).await? else {
        return Err(Refusal::conflict("没有待处理的 Word 稿，可能已经有人处理过了。").into());
    };
    let taken = chosen.iter().filter(|at| **at < returned.changes.len()).count();
    store::close_returns(cx, id).await?;
    if taken > 0 {
        let prose = word::take_over(&before.prose(cx)?, &returned.changes, chosen);
        let note = format!("采纳 Word 稿修改 {taken} 处，共 {} 处", returned.changes.len());
        save(cx, &before, &prose, (Deed::Write, "Word 稿", &note)).await?;
    } else {
        cx.done(
            Done::deed::<Report>(before.noun(), id, Deed::Write, before.state, before.state).note("均未采纳"),
        );
    }
    Ok(taken)
}

/// Delivers an approved report to whom the matrix named when it was begun.
pub async fn deliver(cx: &mut WriteCx, id: ReportId, on: chrono::NaiveDate) -> Result<()> {
    let (before, state) = step(cx, id, Deed::Deliver).await?;
    kit::dates::happened(cx, "delivered_on", "报送日期", on)?;
    kit::dates::not_before("delivered_on", "报送日期", on, before.approved_on, "审定日期")?;
    let after = Report { state, delivered_on: Some(on), ..before.clone() };
    tell_recipients(cx, &after);
    cx.update(&before, after).await?;
    cx.done(Done::deed::<Report>(before.noun(), id, Deed::Deliver, before.state, state));
    Ok(())
}

fn tell_recipients(cx: &mut WriteCx, report: &Report) {
    let named = [
        (report.to_committee, Role::CommitteeLeader),
        (report.to_discipline, Role::Discipline),
        (report.to_organisation, Role::OrganisationDepartment),
    ];
    for (_, role) in named.into_iter().filter(|(named, _)| *named) {
        let audience = Audience::Post { role, organisation: None, inspection: None };
        cx.notify(audience, format!("收到报告 {}", report.number), report.noun(), report.id);
    }
}

/// Gives a report up.
pub async fn withdraw(cx: &mut WriteCx, id: ReportId, reason: &str) -> Result<()> {
    let (before, state) = step(cx, id, Deed::Withdraw).await?;
    let opinion_sealed = store::seal(cx, &format!("report/{id}/opinion"), reason)?;
    let after = Report { state, opinion_sealed, ..before.clone() };
    cx.update(&before, after).await?;
    cx.done(Done::deed::<Report>(before.noun(), id, Deed::Withdraw, before.state, state));
    Ok(())
}

/// Only number and title are searchable, of the materials the number alone.
fn index(cx: &mut WriteCx, report: &Report) {
    let text =
        if report.restricted { report.number.clone() } else { format!("{} {}", report.number, report.title) };
    cx.index(report.noun(), report.id, text);
}

/// The draft behind a pick of a form.
pub(super) fn draft_noun() -> &'static str {
    drafts::NOUN
}
