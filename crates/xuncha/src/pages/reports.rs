//! Pages of reports beside their record page: the review screen with report, drafts, evidence and comments side by side;
//! the comparison of two versions; the way to Word and back.

use std::{
    collections::{BTreeSet, HashMap},
    fmt::Write as _,
};

use askama::Template;
use axum::{
    body::Body,
    extract::{Path, Request},
    response::Response,
    routing::{get, post},
};
use fieldwork::drafts::proofs::Proof;
use kit::{
    App, Cx, Labelled as _, Lifecycle as _, Pred, Refusal, Result, Secrecy,
    clock::office_time,
    service::Page,
    shown::{chip_class, escape},
    web::{Query, Viewer, body, parse_id, respond, shell},
};
use paperwork::official;
use reports::{
    prose::{
        Block, Prose, Shape,
        checks::{self, Finding},
        diff::{self, Fate, Line, Op},
    },
    report_comments::{self, ReportComment},
    reports::{
        self as slice, Deed, MATERIALS, NOUN, Report, ReportId,
        desk::{self, Look},
    },
    word::{self, Change},
};
use uuid::Uuid;

const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

fn page(path: &'static str, handler: axum::routing::MethodRouter<App>) -> Page {
    Page { method: "GET", path, label: "", group: None, icon: "", offered, public: false, handler }
}

fn offered(actor: &kit::Actor) -> bool {
    Report::visible(actor) != Pred::Nothing
}

pub(super) fn pages() -> Vec<Page> {
    let reports =
        ["/reports/{id}/desk", "/reports/{id}/compare", "/reports/{id}/word", "/reports/{id}/returned"];
    let materials = [
        "/materials/{id}/desk",
        "/materials/{id}/compare",
        "/materials/{id}/word",
        "/materials/{id}/returned",
    ];
    pages_of(NOUN, reports).into_iter().chain(pages_of(MATERIALS, materials)).collect()
}

/// The pages of one of the two nouns at their addresses.
fn pages_of(noun: &'static str, [desk, compare, word, returned]: [&'static str; 4]) -> [Page; 5] {
    let take = post(move |viewer: Viewer, Path(id): Path<String>, request: Request| {
        take_over(viewer, noun, id, request)
    });
    [
        page(desk, get(move |viewer: Viewer, Path(id): Path<String>| desk_page(viewer, noun, id))),
        page(compare, get(move |viewer: Viewer, Path(id): Path<String>| compare_page(viewer, noun, id))),
        page(word, get(move |viewer: Viewer, Path(id): Path<String>| word_file(viewer, noun, id))),
        page(returned, get(move |viewer: Viewer, Path(id): Path<String>| returned_page(viewer, noun, id))),
        Page { method: "POST", ..page(returned, take) },
    ]
}

/// The report for whoever works on it, or the page that asks why a sealed one is opened.
async fn opened(viewer: &Viewer, noun: &str, id: &str) -> Result<std::result::Result<Report, Response>> {
    official::opened(viewer, noun, id, |actor, report| slice::works_on(actor, report.inspection_id)).await
}

fn sheet(report: &Report, title: &str, content: String) -> shell::Sheet {
    let label = if report.restricted { "专题材料" } else { "巡察报告" };
    shell::Sheet::new(title, content)
        .crumb(label, format!("/{}", report.noun()))
        .crumb(report.number.clone(), format!("/{}/{}", report.noun(), report.id))
        .crumb(title, "")
        .secrecy(if report.restricted { Secrecy::Sealed } else { Secrecy::Sensitive })
}

struct SentenceLine {
    id: u64,
    text: String,
    cites: usize,
    current: bool,
    bad: bool,
    comments: usize,
    hint: String,
}

struct BlockLine {
    level: u8,
    sentences: Vec<SentenceLine>,
}

struct ProofLine {
    id: Uuid,
    number: String,
    title: String,
    standing: String,
    facts: String,
    evidence: Vec<(String, String)>,
    sources: Vec<(String, String)>,
}

struct Chosen {
    id: u64,
    text: String,
    findings: Vec<String>,
    proofs: Vec<ProofLine>,
    choices: Vec<(Uuid, String, bool)>,
}

struct CommentLine {
    id: Uuid,
    version: i64,
    number: String,
    state: &'static str,
    chip: &'static str,
    by: String,
    text: String,
    suggestion: String,
    answer: String,
    takes: bool,
    changed: Option<String>,
}

struct CheckLine {
    href: Option<String>,
    words: String,
}

struct CheckGroup {
    label: &'static str,
    open: bool,
    lines: Vec<CheckLine>,
}

#[derive(Template)]
#[template(path = "report_desk.html")]
struct DeskPage {
    title: String,
    number: String,
    state: &'static str,
    chip: &'static str,
    ordinal: i64,
    length: i64,
    open: i64,
    back: String,
    report: Uuid,
    version: i64,
    csrf: String,
    writes: bool,
    says: bool,
    blocks: Vec<BlockLine>,
    chosen: Option<Chosen>,
    comments: Vec<CommentLine>,
    checks: Vec<CheckGroup>,
    total: usize,
    beside: Vec<(String, String)>,
}

async fn desk_page(viewer: Viewer, noun: &'static str, id: String) -> Response {
    respond::answer(&viewer, async {
        let report = match opened(&viewer, noun, &id).await? {
            Ok(report) => report,
            Err(asked) => return Ok(asked),
        };
        let cx = viewer.read();
        let query = Query::parse(viewer.query.as_deref())?;
        let wanted = query.get("s").and_then(|text| text.parse().ok());
        let content = desk_content(&viewer, &cx, &report, wanted).await?.render()?;
        shell::page(&viewer, sheet(&report, "审改台", content)).await
    })
    .await
}

async fn desk_content(viewer: &Viewer, cx: &Cx, report: &Report, wanted: Option<u64>) -> Result<DeskPage> {
    let look = desk::look(cx, report).await?;
    let comments = report_comments::of_report(cx, report.id).await?;
    let open = comments.iter().filter(|one| one.state != report_comments::State::Settled).count() as i64;
    let writes = report.open_deeds(&cx.actor).contains(&Deed::Write.code());
    let chosen = match wanted.filter(|id| look.prose.sentence(*id).is_some()) {
        Some(id) => Some(chosen(cx, &look, id).await?),
        None => None,
    };
    let shown: Vec<&ReportComment> = comments
        .iter()
        .filter(|one| chosen.as_ref().is_none_or(|chosen| one.sentence == chosen.id as i64))
        .collect();
    let beside = beside(cx, report);
    Ok(DeskPage {
        title: report.title.clone(),
        number: report.number.clone(),
        state: report.state.label(),
        chip: chip_class(report.state.choice().tone),
        ordinal: report.content_version,
        length: report.length,
        open,
        back: format!("/{}/{}", report.noun(), report.id),
        report: report.id.0,
        version: report.version,
        csrf: viewer.csrf(),
        writes,
        says: report_comments::may_create(&cx.actor, report)
            && !matches!(report.state, slice::State::Withdrawn | slice::State::Delivered),
        blocks: blocks(&look, &comments, wanted),
        comments: shown.into_iter().map(|one| comment_line(cx, report, one)).collect::<Result<_>>()?,
        checks: check_groups(&look.findings),
        total: look.findings.len(),
        chosen,
        beside,
    })
}

/// Lists of what was gathered about the unit, each opened with its own rights.
fn beside(cx: &Cx, report: &Report) -> Vec<(String, String)> {
    let lists = [
        ("drafts", "问题底稿"),
        ("talks", "谈话记录"),
        ("evidence", "佐证材料"),
        ("petitions", "信访"),
        ("team_meetings", "组务会"),
        ("consultations", "历次会商"),
        ("problems", "问题台账"),
    ];
    lists
        .into_iter()
        .filter(|(noun, _)| {
            cx.app().registry().service(noun).is_some_and(|service| service.reachable(&cx.actor))
        })
        .map(|(noun, label)| (format!("/{noun}?f.inspection={}", report.inspection_id), label.to_owned()))
        .collect()
}

fn blocks(look: &Look, comments: &[ReportComment], wanted: Option<u64>) -> Vec<BlockLine> {
    let bad: HashMap<u64, &Finding> =
        look.findings.iter().filter_map(|finding| Some((finding.sentence?, finding))).collect();
    let mut said: HashMap<i64, usize> = HashMap::new();
    for comment in comments.iter().filter(|one| one.state != report_comments::State::Settled) {
        *said.entry(comment.sentence).or_default() += 1;
    }
    let line = |block: &Block| BlockLine {
        level: if let Shape::Heading(level) = block.shape { level } else { 0 },
        sentences: block
            .sentences
            .iter()
            .map(|one| SentenceLine {
                id: one.id,
                text: one.text.clone(),
                cites: one.cites.len(),
                current: wanted == Some(one.id),
                bad: bad.contains_key(&one.id),
                comments: said.get(&(one.id as i64)).copied().unwrap_or(0),
                hint: bad.get(&one.id).map(|finding| finding.words.clone()).unwrap_or_default(),
            })
            .collect(),
    };
    look.prose.blocks.iter().map(line).collect()
}

async fn chosen(cx: &Cx, look: &Look, id: u64) -> Result<Chosen> {
    let found = look.prose.sentence(id).map(|(_, sentence)| sentence);
    let cites: Vec<Uuid> = found.iter().flat_map(|one| one.cites.iter().map(|cite| cite.draft)).collect();
    let evidence = labels(
        cx,
        "evidence",
        "select e.draft_id, e.id, e.title from evidence e where e.state <> 'void' and e.draft_id in ",
        &cites,
    )
    .await?;
    let sources = sources(cx, &cites).await?;
    let proofs = look
        .proofs
        .iter()
        .filter(|proof| cites.contains(&proof.draft.id.0))
        .map(|proof| proof_line(proof, &evidence, &sources))
        .collect();
    let mine = |finding: &&Finding| finding.sentence == Some(id);
    Ok(Chosen {
        id,
        text: found.map(|one| one.text.clone()).unwrap_or_default(),
        findings: look.findings.iter().filter(mine).map(|finding| finding.words.clone()).collect(),
        proofs,
        choices: look
            .proofs
            .iter()
            .filter(|proof| proof.stands())
            .map(|proof| {
                let label = format!("{} {}", proof.draft.called(), proof.draft.title);
                (proof.draft.id.0, label, cites.contains(&proof.draft.id.0))
            })
            .collect(),
    })
}

type Links = HashMap<Uuid, Vec<(String, String)>>;

fn proof_line(proof: &Proof, evidence: &Links, sources: &Links) -> ProofLine {
    let draft = &proof.draft;
    let of = |links: &Links| links.get(&draft.id.0).cloned().unwrap_or_default();
    let changed = if proof.changed { "；签字后有变动" } else { "" };
    ProofLine {
        id: draft.id.0,
        number: draft.called().to_owned(),
        title: draft.title.clone(),
        standing: format!("{}{changed}", draft.state.label()),
        facts: draft.facts.clone(),
        evidence: of(evidence),
        sources: of(sources),
    }
}

/// Links to what hangs on drafts, within what the person may see of that noun.
async fn labels(cx: &Cx, noun: &str, select: &str, drafts: &[Uuid]) -> Result<Links> {
    let service = cx.app().registry().service(noun);
    let Some(service) = service.filter(|service| service.reachable(&cx.actor) && !drafts.is_empty()) else {
        return Ok(Links::new());
    };
    let mut sql = db::Sql::new(select);
    sql.bind_list(drafts.iter().copied()).push(" and ");
    service.scope(&cx.actor).write("e", &mut sql);
    sql.push(" order by e.draft_id, e.ordinal");
    let mut found = Links::new();
    for row in cx.rows(sql).await? {
        let (draft, id, title): (Uuid, Uuid, String) =
            (row.try_get_by_index(0)?, row.try_get_by_index(1)?, row.try_get_by_index(2)?);
        found.entry(draft).or_default().push((format!("/{noun}/{id}"), title));
    }
    Ok(found)
}

/// What drafts rest on; the record behind a link opens with its own rights and, where it is sealed, for a reason.
async fn sources(cx: &Cx, drafts: &[Uuid]) -> Result<Links> {
    let mut found = Links::new();
    if drafts.is_empty() {
        return Ok(found);
    }
    let mut sql = db::Sql::new(
        "select s.draft_id, s.source_noun, s.source_id from draft_source s where s.draft_id in ",
    );
    sql.bind_list(drafts.iter().copied()).push(" and ");
    let service = cx.app().registry().service("draft_sources").ok_or_else(Refusal::not_found)?;
    service.scope(&cx.actor).write("s", &mut sql);
    sql.push(" order by s.draft_id, s.linked_on, s.id");
    for row in cx.rows(sql).await? {
        let (draft, noun, id): (Uuid, String, Uuid) =
            (row.try_get_by_index(0)?, row.try_get_by_index(1)?, row.try_get_by_index(2)?);
        let service = cx.app().registry().service(&noun).filter(|service| service.reachable(&cx.actor));
        if let Some(service) = service {
            let links = found.entry(draft).or_default();
            let label = format!("{} {}", service.label, links.len() + 1);
            links.push((format!("/{noun}/{id}"), label));
        }
    }
    Ok(found)
}

fn comment_line(cx: &Cx, report: &Report, one: &ReportComment) -> Result<CommentLine> {
    let words = one.words(cx)?;
    let takes = one.open_deeds(&cx.actor).contains(&report_comments::Deed::Take.code())
        && matches!(report.state, slice::State::Draft | slice::State::Returned);
    let owner =
        if one.owner_name.is_empty() { String::new() } else { format!("，责任人 {}", one.owner_name) };
    Ok(CommentLine {
        id: one.id.0,
        version: one.version,
        number: one.number.clone(),
        state: one.state.label(),
        chip: chip_class(one.state.choice().tone),
        by: format!("{} {}{owner}，期限 {}", one.raised_name, one.raised_on, one.due_on),
        text: words.text,
        suggestion: words.suggestion,
        answer: words.answer,
        takes,
        changed: one
            .changed_version
            .map(|to| format!("/{}/{}/compare?from={}&to={to}", report.noun(), report.id, one.at_version)),
    })
}

fn check_groups(findings: &[Finding]) -> Vec<CheckGroup> {
    checks::Kind::ALL
        .into_iter()
        .map(|kind| CheckGroup {
            label: kind.label(),
            open: matches!(kind, checks::Kind::NoProof | checks::Kind::ProofChanged),
            lines: findings.iter().filter(|finding| finding.kind == kind).map(check_line).collect(),
        })
        .filter(|group| !group.lines.is_empty())
        .collect()
}

fn check_line(finding: &Finding) -> CheckLine {
    let href = match (finding.sentence, finding.draft) {
        (Some(sentence), _) => Some(format!("?s={sentence}#s{sentence}")),
        (None, Some(draft)) => Some(format!("/drafts/{draft}")),
        (None, None) => None,
    };
    CheckLine { href, words: finding.words.clone() }
}

struct DiffLine {
    note: &'static str,
    old: String,
    new: String,
}

#[derive(Template)]
#[template(path = "report_compare.html")]
struct ComparePage {
    title: String,
    back: String,
    from: i64,
    to: i64,
    all: bool,
    versions: Vec<(i64, String)>,
    between: Vec<(String, String)>,
    added: usize,
    removed: usize,
    changed: usize,
    moved: usize,
    lines: Vec<DiffLine>,
}

async fn compare_page(viewer: Viewer, noun: &'static str, id: String) -> Response {
    respond::answer(&viewer, async {
        let report = match opened(&viewer, noun, &id).await? {
            Ok(report) => report,
            Err(asked) => return Ok(asked),
        };
        let query = Query::parse(viewer.query.as_deref())?;
        let asked =
            |name: &str, usual: i64| query.get(name).and_then(|text| text.parse().ok()).unwrap_or(usual);
        let newest = report.content_version;
        let (from, to) = (asked("from", (newest - 1).max(1)), asked("to", newest));
        let all = query.get("all") == Some("1");
        let content = compare_content(&viewer.read(), &report, (from, to), all).await?.render()?;
        shell::page(&viewer, sheet(&report, "版本对比", content)).await
    })
    .await
}

async fn compare_content(cx: &Cx, report: &Report, (from, to): (i64, i64), all: bool) -> Result<ComparePage> {
    let missing = || Refusal::new(kit::error::Reason::NotFound, "没有这一稿，请从历史版本中选择。");
    let old = slice::version(cx, report.id, from).await?.ok_or_else(missing)?;
    let new = slice::version(cx, report.id, to).await?.ok_or_else(missing)?;
    let versions = slice::versions(cx, report.id).await?;
    let lines = diff::blocks(&old, &new);
    let count = |fate| lines.iter().filter(|line| line.fate == fate).count();
    let at = |ordinal: i64| {
        versions.iter().find(|one| one.ordinal == ordinal).map(|one| kit::clock::office_day(one.at))
    };
    let between = between(cx, report, at(from.min(to)), at(from.max(to))).await?;
    Ok(ComparePage {
        title: report.title.clone(),
        back: format!("/{}/{}", report.noun(), report.id),
        from,
        to,
        all,
        versions: versions
            .iter()
            .map(|one| (one.ordinal, format!("第 {} 稿（{}）", one.ordinal, one.origin)))
            .collect(),
        between,
        added: count(Fate::Added),
        removed: count(Fate::Removed),
        changed: count(Fate::Changed),
        moved: lines.iter().filter(|line| line.moved).count(),
        lines: lines
            .iter()
            .filter(|line| all || line.fate != Fate::Kept || line.moved)
            .map(diff_line)
            .collect(),
    })
}

/// The consultations on the unit that were held between two days: what the changes came of.
async fn between(
    cx: &Cx,
    report: &Report,
    from: Option<chrono::NaiveDate>,
    to: Option<chrono::NaiveDate>,
) -> Result<Vec<(String, String)>> {
    let (Some(from), Some(to)) = (from, to) else { return Ok(Vec::new()) };
    let mut sql = db::Sql::new("select c.id, c.title, c.held_on from consultation c where c.unit_id = ");
    sql.bind(report.unit_id)
        .push(" and c.held_on >= ")
        .bind(from)
        .push(" and c.held_on <= ")
        .bind(to)
        .push(" and ");
    fieldwork::consultations::Consultation::scope(&cx.actor).write("c", &mut sql);
    sql.push(" order by c.held_on");
    let rows = cx.rows(sql).await?;
    rows.iter()
        .map(|row| {
            let (id, title, on): (Uuid, String, chrono::NaiveDate) =
                (row.try_get_by_index(0)?, row.try_get_by_index(1)?, row.try_get_by_index(2)?);
            Ok((format!("/consultations/{id}"), format!("{title}（{on}）")))
        })
        .collect()
}

fn diff_line(line: &Line<'_>) -> DiffLine {
    let note = match (line.fate, line.moved) {
        (Fate::Added, _) => "新增",
        (Fate::Removed, _) => "删除",
        (Fate::Changed, true) => "移动并修改",
        (Fate::Kept, true) => "移动",
        (Fate::Changed, false) => "修改",
        (Fate::Kept, false) => "",
    };
    let (old_mark, new_mark) = (line.old.map(|one| one.shape), line.new.map(|one| one.shape));
    DiffLine {
        note,
        old: side(old_mark, &line.words, Op::Removed),
        new: side(new_mark, &line.words, Op::Added),
    }
}

/// One side of a comparison as markup: what only stands there is marked.
fn side(shape: Option<Shape>, words: &[(Op, String)], own: Op) -> String {
    let mut html = String::new();
    if let Some(shape) = shape {
        html.push_str(diff::mark(shape));
    }
    let tag = if own == Op::Added { "ins" } else { "del" };
    for (op, text) in words.iter().filter(|(op, _)| *op == Op::Same || *op == own) {
        if *op == own {
            let _ = write!(html, "<{tag}>");
            escape(text, &mut html);
            let _ = write!(html, "</{tag}>");
        } else {
            escape(text, &mut html);
        }
    }
    html
}

/// The report as a Word file with a bookmark for each block, entered in the register of files that left.
async fn word_file(viewer: Viewer, noun: &'static str, id: String) -> Response {
    respond::answer(&viewer, async {
        let report = match opened(&viewer, noun, &id).await? {
            Ok(report) => report,
            Err(asked) => return Ok(asked),
        };
        let cx = viewer.read();
        let prose = report.prose(&cx)?;
        let paper = paper(&report, &prose);
        let marks: Vec<String> = prose
            .blocks
            .iter()
            .map(|block| word::bookmark(report.id.0, report.content_version, block.id))
            .collect();
        let called = report.outside_name().replace(['\n', '/', '\\'], "");
        let file_name = format!("{called}（第{}稿）.docx", report.content_version);
        let content =
            paperwork::leaving(&viewer, (report.noun(), report.id.0, called), &file_name, |trace| {
                let paper = papers::Paper { trace: Some(trace), ..paper };
                papers::marked_docx(&paper, &marks, cx.now)
                    .map_err(|error| kit::Error::Fault(error.to_string()))
            })
            .await?;
        Ok(respond::download(&file_name, DOCX, Body::from(content)))
    })
    .await
}

fn paper(report: &Report, prose: &Prose) -> papers::Paper {
    let block = |block: &Block| match block.shape {
        Shape::Heading(1) => papers::Block::heading(papers::Level::First, block.text()),
        Shape::Heading(2) => papers::Block::heading(papers::Level::Second, block.text()),
        Shape::Heading(_) => papers::Block::heading(papers::Level::Third, block.text()),
        Shape::Paragraph => papers::Block::paragraph(block.text()),
    };
    papers::Paper {
        form: papers::Form::Plain,
        secrecy: report.secrecy.clone(),
        title: report.title.clone(),
        body: prose.blocks.iter().map(block).collect(),
        ..papers::Paper::default()
    }
}

struct ReturnedLine {
    at: usize,
    fate: &'static str,
    old: String,
    new: String,
    warning: &'static str,
}

#[derive(Template)]
#[template(path = "report_returned.html")]
struct ReturnedPage {
    title: String,
    back: String,
    csrf: String,
    returned: Uuid,
    who: String,
    when: String,
    base: i64,
    ordinal: i64,
    lines: Vec<ReturnedLine>,
}

async fn returned_page(viewer: Viewer, noun: &'static str, id: String) -> Response {
    respond::answer(&viewer, async {
        let report = match opened(&viewer, noun, &id).await? {
            Ok(report) => report,
            Err(asked) => return Ok(asked),
        };
        let cx = viewer.read();
        let returned = slice::returned(&cx, report.id).await?.ok_or_else(Refusal::not_found)?;
        let (now, base) = (report.prose(&cx)?, slice::version(&cx, report.id, returned.base_version).await?);
        let lines = returned
            .changes
            .iter()
            .enumerate()
            .map(|(at, change)| returned_line(at, change, &now, base.as_ref()))
            .collect();
        let content = ReturnedPage {
            title: report.title.clone(),
            back: format!("/{}/{}", report.noun(), report.id),
            csrf: viewer.csrf(),
            returned: returned.id,
            who: returned.brought_by.clone(),
            when: office_time(returned.brought_at),
            base: returned.base_version,
            ordinal: report.content_version,
            lines,
        }
        .render()?;
        shell::page(&viewer, sheet(&report, "Word 稿差异", content)).await
    })
    .await
}

fn returned_line(at: usize, change: &Change, now: &Prose, base: Option<&Prose>) -> ReturnedLine {
    let held = change.block.and_then(|id| now.block(id));
    let before = change.block.and_then(|id| base?.block(id));
    let text = held.map(Block::text).unwrap_or_default();
    let words = diff::words(&text, &change.text);
    let warning = match (change.fate, held, before) {
        (Fate::Added, ..) => "",
        (_, None, _) => "这一段在现稿中已经删除，采纳不起作用。",
        (_, Some(held), Some(before)) if held.text() != before.text() => {
            "这一段在导出以后已被他人修改，请核对后再采纳。"
        }
        _ => "",
    };
    let fate = match change.fate {
        Fate::Added => "新增一段",
        Fate::Removed => "删除一段",
        _ => "修改一段",
    };
    ReturnedLine {
        at,
        fate,
        old: side(held.map(|one| one.shape), &words, Op::Removed),
        new: side((change.fate != Fate::Removed).then_some(change.shape), &words, Op::Added),
        warning,
    }
}

async fn take_over(viewer: Viewer, noun: &'static str, id: String, request: Request) -> Response {
    respond::answer(&viewer, async {
        let form = body::read_form(&viewer, request).await?;
        viewer.check_csrf(form.typed("csrf"))?;
        let cx = viewer.read();
        let report = slice::find(&cx, ReportId(parse_id(&id)?)).await?;
        if report.noun() != noun {
            return Err(Refusal::not_found().into());
        }
        let shown = form.typed("return").to_owned();
        let waits = slice::returned(&cx, report.id).await?;
        if waits.is_none_or(|waits| waits.id.to_string() != shown) {
            return Err(Refusal::conflict(
                "这份 Word 稿已经处理过，或者有人带回了新的 Word 稿，请重新查看差异。",
            )
            .into());
        }
        let chosen: BTreeSet<usize> =
            form.typed_all("take").iter().filter_map(|text| text.parse().ok()).collect();
        let taken = viewer
            .app
            .write(&viewer.actor, |cx| {
                Box::pin(async move { slice::actions::take_over(cx, report.id, &chosen).await })
            })
            .await?;
        let message = format!("已采纳 {taken} 处修改。");
        Ok(respond::after_deed(&viewer, &format!("/{noun}/{}", report.id), &message))
    })
    .await
}
