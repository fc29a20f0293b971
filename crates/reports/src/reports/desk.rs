//! What a report is made of and held against: sections, drafts, framework, counts of the records. A few statements for
//! any number of drafts.

use std::collections::HashMap;

use db::Sql;
use fieldwork::drafts::{
    Draft,
    proofs::{self, Proof},
};
use kit::{Cx, Result, dictionary};
use planning::units;

use super::{Kind, Report};
use crate::prose::{
    Cite, Prose,
    assemble::{Content, Group, Matter, Section, assemble},
    checks::{self, Count, Finding},
};

/// Dictionary of the sections of reports: codes `KIND.POSITION.CONTENT`.
const SECTIONS: &str = "report_section";

/// A report with everything it is held against.
#[derive(Debug)]
pub struct Look {
    /// Its text.
    pub prose: Prose,
    /// The drafts of the unit that the actor may see.
    pub proofs: Vec<Proof>,
    /// What the check finds.
    pub findings: Vec<Finding>,
}

/// Looks a report over.
pub async fn look(cx: &Cx, report: &Report) -> Result<Look> {
    let prose = report.prose(cx)?;
    let proofs = proofs::of_unit(cx, report.unit_id).await?;
    let counts = counts(cx, report).await?;
    let held: Vec<checks::Proof> = proofs
        .iter()
        .filter(|proof| proof.stands() || cited(&prose, proof))
        .filter(|proof| about(&proof.draft, report.kind) || cited(&prose, proof))
        .map(checked)
        .collect();
    let findings = checks::check(&prose, report.kind.proven(), &held, &counts);
    Ok(Look { prose, proofs, findings })
}

fn cited(prose: &Prose, proof: &Proof) -> bool {
    prose.sentences().any(|(_, one)| one.cites.iter().any(|cite| cite.draft == proof.draft.id.0))
}

fn checked(proof: &Proof) -> checks::Proof {
    let draft = &proof.draft;
    let mut texts: Vec<String> = [
        &draft.title,
        &draft.overview,
        &draft.facts,
        &draft.phenomenon,
        &draft.qualification,
        &draft.responsibility,
        &draft.effect,
        &draft.exchange,
        &draft.bases,
    ]
    .map(Clone::clone)
    .to_vec();
    if let Some(amount) = draft.amount_fen {
        texts.push(format!("{amount}元"));
    }
    if let Some(people) = draft.people_affected {
        texts.push(format!("{people}人"));
    }
    checks::Proof {
        draft: draft.id.0,
        number: draft.called().to_owned(),
        title: draft.title.clone(),
        digest: proof.digest.clone(),
        stands: proof.stands(),
        changed: proof.changed,
        texts,
    }
}

/// What a sentence cites of a draft as it stands now.
pub fn cite_of(proof: &Proof) -> Cite {
    Cite { draft: proof.draft.id.0, number: proof.draft.called().to_owned(), digest: proof.digest.clone() }
}

/// Whether a report of `kind` is made of this draft.
fn about(draft: &Draft, kind: Kind) -> bool {
    let wanted = kind.responsibilities();
    match kind {
        // A lead or a special matter is chosen by people.
        Kind::Special | Kind::Lead => false,
        Kind::Check => draft.framework_codes().any(|code| code == "F3.2"),
        _ if wanted.is_empty() => true,
        _ => draft.bodies().unwrap_or_default().iter().any(|body| wanted.contains(&body.kind.as_str())),
    }
}

/// The drafts that the first draft of a report of `kind` takes over.
pub(super) fn matters(proofs: &[Proof], kind: Kind) -> Vec<Matter> {
    let own = proofs.iter().filter(|proof| proof.stands() && !proof.changed && about(&proof.draft, kind));
    own.map(matter).collect()
}

fn matter(proof: &Proof) -> Matter {
    let draft = &proof.draft;
    // Not every draft is written in three parts; then its overview says what is seen.
    let phenomenon = if draft.phenomenon.is_empty() { &draft.overview } else { &draft.phenomenon };
    Matter {
        cite: cite_of(proof),
        title: draft.title.clone(),
        phenomenon: phenomenon.clone(),
        qualification: draft.qualification.clone(),
        responsibility: draft.responsibility.clone(),
        frameworks: draft.framework_codes().map(str::to_owned).collect(),
    }
}

/// The sections of a report of `kind`, as the office has laid them down.
pub(super) async fn sections(cx: &Cx, kind: Kind) -> Result<Vec<Section>> {
    let prefix = format!("{}.", kit::Labelled::code(kind));
    let items = dictionary::items(cx, SECTIONS).await?;
    let mut own: Vec<(u32, Section)> = Vec::new();
    for item in items.iter() {
        let Some((position, content)) = item.code.strip_prefix(&prefix).and_then(|rest| rest.split_once('.'))
        else {
            continue;
        };
        let content = match content {
            "basics" => Content::Basics,
            "findings" => Content::Findings,
            _ => Content::Free,
        };
        own.push((position.parse().unwrap_or(u32::MAX), Section { heading: item.label.clone(), content }));
    }
    own.sort_by_key(|(position, _)| *position);
    Ok(own.into_iter().map(|(_, section)| section).collect())
}

/// The headings of a report of `kind` with a blank under each: a text that nobody has written yet.
pub async fn outline(cx: &Cx, kind: Kind) -> Result<Prose> {
    Ok(assemble(&sections(cx, kind).await?, &[], &[], &[]))
}

/// The supervision framework in its order.
pub(super) async fn groups(cx: &Cx) -> Result<Vec<Group>> {
    let (first, second) =
        (dictionary::items(cx, "framework_1").await?, dictionary::items(cx, "framework_2").await?);
    let group = |item: &dictionary::Item| Group {
        label: item.label.clone(),
        codes: second
            .iter()
            .filter(|one| one.parent.as_deref() == Some(item.code.as_str()))
            .map(|one| one.code.clone())
            .collect(),
    };
    Ok(first.iter().map(group).collect())
}

/// The sentences on where, when and how many.
pub(super) async fn basics(cx: &Cx, report: &Report, drafts: usize) -> Result<Vec<String>> {
    if !matches!(report.kind, Kind::Main | Kind::Check | Kind::Special) {
        return Ok(Vec::new());
    }
    let unit = units::of(cx, report.unit_id).await?;
    let names = units::names(cx, report.organisation_id, report.inspection_id).await?;
    let numbers = records(cx, report).await?;
    let entered = unit.entered_on.map(|day| format!("{}起", kit_day(day))).unwrap_or_default();
    let first = format!(
        "根据市委统一部署，{}{entered}对{}开展了“{}”。",
        unit.team, names.organisation, names.inspection
    );
    let second = format!(
        "巡察期间，与干部群众谈话{}人次，编写并审批问题底稿{drafts}份，发现问题{}个，督促立行立改{}件。",
        numbers.talks, numbers.problems, numbers.immediate
    );
    Ok(vec![format!("{first}{second}")])
}

fn kit_day(day: chrono::NaiveDate) -> String {
    use chrono::Datelike as _;
    format!("{}年{}月{}日", day.year(), day.month(), day.day())
}

/// What the records of a unit count.
struct Numbers {
    problems: i64,
    talks: i64,
    drafts: i64,
    immediate: i64,
}

async fn records(cx: &Cx, report: &Report) -> Result<Numbers> {
    let mut sql = Sql::new("select (select count(*) from problem where state <> 'withdrawn' and unit_id = ");
    sql.bind(report.unit_id).push("), (select count(*) from talk where unit_id = ").bind(report.unit_id);
    sql.push("), (select count(*) from draft where state in ('approved', 'used') and unit_id = ");
    sql.bind(report.unit_id)
        .push("), (select count(*) from immediate_action where state <> 'withdrawn' and unit_id = ");
    sql.bind(report.unit_id).push(")");
    let rows = cx.rows(sql).await?;
    let number = |at: usize| -> Result<i64> {
        Ok(rows.first().map(|row| row.try_get_by_index(at)).transpose()?.unwrap_or(0))
    };
    Ok(Numbers { problems: number(0)?, talks: number(1)?, drafts: number(2)?, immediate: number(3)? })
}

/// The counts that figures of the text must follow from.
async fn counts(cx: &Cx, report: &Report) -> Result<Vec<Count>> {
    const PIECES: &[&str] = &["个", "项", "条", "件"];
    let numbers = records(cx, report).await?;
    let count = |about: &[&str], value: i64, units: &'static [&'static str], source: &'static str| Count {
        about: about.iter().map(|word| (*word).to_owned()).collect(),
        value: value as f64,
        units,
        source,
    };
    let mut found = vec![
        count(&["问题"], numbers.problems, PIECES, "问题台账"),
        count(&["谈话"], numbers.talks, &["人次", "人"], "谈话登记"),
        count(&["底稿"], numbers.drafts, &["份", "个"], "问题底稿"),
        count(&["立行立改"], numbers.immediate, &["件", "个", "项"], "立行立改台账"),
    ];
    let by_code = by_category(cx, report).await?;
    for kind in ["framework_1", "framework_2", "category_1", "category_2"] {
        for item in dictionary::items(cx, kind).await?.iter() {
            let value = by_code.get(&(kind, item.code.clone())).copied().unwrap_or(0);
            found.push(count(&[item.label.trim_end_matches("方面"), "问题"], value, PIECES, "问题台账"));
        }
    }
    Ok(found)
}

/// How many problems of the unit each item of framework and categories has.
async fn by_category(cx: &Cx, report: &Report) -> Result<HashMap<(&'static str, String), i64>> {
    let mut sql = Sql::new(
        "select framework_1, framework_2, category_1, category_2, count(*) from problem where state <> 'withdrawn' and unit_id = ",
    );
    sql.bind(report.unit_id).push(" group by framework_1, framework_2, category_1, category_2");
    let mut found: HashMap<(&'static str, String), i64> = HashMap::new();
    for row in cx.rows(sql).await? {
        let count: i64 = row.try_get_by_index(4)?;
        for (at, kind) in ["framework_1", "framework_2", "category_1", "category_2"].into_iter().enumerate() {
            *found.entry((kind, row.try_get_by_index(at)?)).or_default() += count;
        }
    }
    Ok(found)
}

/// What the approved main report of a unit gives to the feedback, for whoever may see that report.
#[derive(Clone, Debug)]
pub struct Approved {
    /// The report.
    pub report: Report,
    /// Its overall judgment.
    pub judgment: String,
    /// The problems that its findings rest on, by way of the drafts it cites.
    pub problems: Vec<uuid::Uuid>,
}

/// The approved main report of `unit`, within what the actor may see.
pub async fn approved(cx: &Cx, unit: uuid::Uuid) -> Result<Option<Approved>> {
    let found = super::of_unit(cx, unit).await?.into_iter().find(|report| {
        report.kind == Kind::Main && matches!(report.state, super::State::Approved | super::State::Delivered)
    });
    let Some(report) = found else { return Ok(None) };
    let prose = report.prose(cx)?;
    let cited: Vec<uuid::Uuid> =
        prose.sentences().flat_map(|(_, one)| one.cites.iter().map(|cite| cite.draft)).collect();
    let mut problems = Vec::new();
    if !cited.is_empty() {
        let mut sql =
            Sql::new("select distinct problem_id from draft where problem_id is not null and id in ");
        sql.bind_list(cited);
        for row in cx.rows(sql).await? {
            problems.push(row.try_get_by_index(0)?);
        }
    }
    Ok(Some(Approved { judgment: judgment(&prose), report, problems }))
}

/// The paragraphs under the heading of the overall judgment.
fn judgment(prose: &Prose) -> String {
    let sections = prose.sections();
    let own = prose.blocks.iter().zip(&sections).filter(|(block, path)| {
        !block.is_heading() && path.first().is_some_and(|first| first.contains("总体评价"))
    });
    own.map(|(block, _)| block.text()).collect::<Vec<_>>().join("\n")
}
