//! The forms of drafts, and what is read from them.

use kit::{Cx, Field, Form, Result, form::Kind, service::Work};
use planning::{teams, units};
use uuid::Uuid;

use super::{
    Draft, DraftId, Officer,
    actions::Entry,
    content::{Basis, Body},
    store,
};
use crate::{classify, draft_sources::Source, problems};

/// The form of a new draft.
pub(super) fn create(cx: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let mut fields = vec![
            Field::hidden("source_noun", "来源类别").max(60),
            Field::hidden("source_id", "来源记录").max(60),
            Field::pick("unit", "被巡察对象", units::NOUN)
                .required()
                .help("选择一次巡察中的一个单位；一事一稿。")
                .group(MATTER),
        ];
        fields.extend(entry(cx, None, &[]));
        fields.push(
            Field::text("excerpt", "来源摘录")
                .max(2_000)
                .help("从谈话、信访、资料等记录编写时，写明其中与本底稿有关的内容。")
                .group(HANDLING),
        );
        Ok(fields)
    })
}

/// The form of a change.
pub(super) fn edit(cx: &Cx, id: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let Some(id) = id else { return Ok(entry(cx, None, &[])) };
        let draft = store::find(cx, DraftId(id)).await?;
        let officers = store::officers(cx, draft.id).await?;
        Ok(entry(cx, Some(&draft), &officers))
    })
}

const MATTER: &str = "问题";
const FACTS: &str = "基本事实";
const STATEMENT: &str = "三段式表述";
const PLACE: &str = "责任与归类";
const HANDLING: &str = "承办";

fn entry(cx: &Cx, held: Option<&Draft>, officers: &[Officer]) -> Vec<Field> {
    let mut fields = matter(cx, held);
    fields.extend(statement(held));
    fields.extend(place(held));
    fields.push(
        Field::new("officers", "其他承办人", Kind::PickMany(teams::NOUN))
            .among(teams::held_today)
            .value(places(officers))
            .help(
                "每份底稿至少两名承办人；编写人自动为第一承办人。承办人按顺序签名，不能再作审核人和审批人。",
            )
            .group(HANDLING),
    );
    fields
}

fn places(officers: &[Officer]) -> String {
    let places: Vec<String> =
        officers.iter().filter_map(|officer| officer.place_id).map(|id| id.to_string()).collect();
    places.join(",")
}

fn matter(cx: &Cx, held: Option<&Draft>) -> Vec<Field> {
    let long = |name, label, value: Option<&String>, help| {
        Field::text(name, label).maybe(value).help(help).group(FACTS)
    };
    vec![
        Field::line("title", "问题标题")
            .max(200)
            .required()
            .maybe(held.map(|d| &d.title))
            .help("一句话写明什么单位、什么问题。")
            .group(MATTER),
        Field::date("found_on", "发现日期")
            .required()
            .value(held.map_or_else(|| cx.today(), |d| d.found_on))
            .group(MATTER),
        Field::dict("source", "问题来源", "problem_source").maybe(held.map(|d| &d.source)).group(MATTER),
        Field::text("learnt", "了解方法和经过")
            .max(2_000)
            .maybe(held.map(|d| &d.learnt))
            .help("通过什么方法、向谁、查阅了什么了解到。")
            .group(MATTER),
        long(
            "overview",
            "问题概况",
            held.map(|d| &d.overview),
            "概括写明责任主体、时间、地点、主要情节和后果，不超过两万字。",
        ),
        long(
            "facts",
            "基本事实",
            held.map(|d| &d.facts),
            "逐人逐事写清时间、地点、经过、金额和依据的材料（注明佐证序号），不超过两万字。",
        ),
        Field::date("period_from", "发生时间（起）").maybe(held.and_then(|d| d.period_from)).group(FACTS),
        Field::date("period_to", "发生时间（止）")
            .maybe(held.and_then(|d| d.period_to))
            .help("仍在持续的不填。")
            .group(FACTS),
        Field::new("amount", "涉及金额（元）", Kind::Money)
            .maybe(held.and_then(|d| d.amount_fen))
            .group(FACTS),
        Field::new("people_affected", "涉及人数", Kind::Integer { min: 0, max: 100_000_000 })
            .maybe(held.and_then(|d| d.people_affected))
            .group(FACTS),
        Field::text("effect", "影响和后果").max(4_000).maybe(held.map(|d| &d.effect)).group(FACTS),
        Field::text("exchange", "与单位主要负责人交换意见情况")
            .max(4_000)
            .maybe(held.map(|d| &d.exchange))
            .help("写明与谁、何时交换意见，对方认可或有何说明；不宜交换的写明理由。")
            .group(FACTS),
        Field::date("exchanged_on", "交换意见日期").maybe(held.and_then(|d| d.exchanged_on)).group(FACTS),
    ]
}

fn statement(held: Option<&Draft>) -> Vec<Field> {
    let part = |name, label, value: Option<&String>, help| {
        Field::text(name, label).max(4_000).maybe(value).help(help).group(STATEMENT)
    };
    vec![
        part(
            "phenomenon",
            "现象",
            held.map(|d| &d.phenomenon),
            "存在什么问题、表现是什么，用事实和数字说话。",
        ),
        part(
            "qualification",
            "定性",
            held.map(|d| &d.qualification),
            "违反了什么规定、属于什么性质，与下面的依据一致。",
        ),
        Field::new(
            "bases",
            "定性依据",
            Kind::Rows(vec![
                Field::line("rule", "法规制度名称").max(120).required(),
                Field::line("article", "条款").max(60),
            ]),
        )
        .maybe(held.map(|d| &d.bases))
        .help("写到具体条款，如“第二十四条第一款”。")
        .group(STATEMENT),
        part(
            "responsibility",
            "责任",
            held.map(|d| &d.responsibility),
            "谁负主体责任、领导责任、直接责任，为什么。",
        ),
    ]
}

fn place(held: Option<&Draft>) -> Vec<Field> {
    vec![
        Field::new(
            "bodies",
            "责任主体",
            Kind::Rows(vec![
                Field::dict("kind", "责任类型", "responsibility_kind").required(),
                Field::line("name", "单位、班子或人员").max(120).required(),
            ]),
        )
        .maybe(held.map(|d| &d.bodies))
        .group(PLACE),
        Field::dict_many("frameworks", "监督重点（二级）", "framework_2")
            .maybe(held.map(|d| &d.frameworks))
            .group(PLACE),
        Field::dict_many("fields", "领域", "field").maybe(held.map(|d| &d.fields)).group(PLACE),
    ]
}

/// What was written into the form.
pub(super) fn read(form: &Form) -> Result<Entry> {
    let bases = form.rows("bases").iter();
    let bodies = form.rows("bodies").iter();
    Ok(Entry {
        title: form.text("title"),
        source: form.text("source"),
        learnt: form.text("learnt"),
        overview: form.text("overview"),
        facts: form.text("facts"),
        phenomenon: form.text("phenomenon"),
        qualification: form.text("qualification"),
        responsibility: form.text("responsibility"),
        bases: bases.map(|row| Basis { rule: row.text("rule"), article: row.text("article") }).collect(),
        bodies: bodies.map(|row| Body { kind: row.text("kind"), name: row.text("name") }).collect(),
        amount: form.money("amount"),
        people_affected: form.integer("people_affected"),
        period_from: form.date("period_from"),
        period_to: form.date("period_to"),
        fields: form.codes("fields"),
        frameworks: form.codes("frameworks"),
        effect: form.text("effect"),
        exchange: form.text("exchange"),
        exchanged_on: form.date("exchanged_on"),
        found_on: form.need_date("found_on")?,
        officers: form.ids("officers"),
    })
}

/// What a new draft is started from.
pub(super) fn read_source(form: &Form) -> Option<Source> {
    let noun = form.optional("source_noun")?;
    let id = Uuid::parse_str(&form.text("source_id")).unwrap_or_default();
    Some(Source { noun, id, excerpt: form.text("excerpt") })
}

/// The form of the submission.
pub(super) fn submit(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async {
        Ok(vec![
            Field::pick("reviewer", "审核人", teams::NOUN)
                .among(teams::held_today)
                .help("副组长或指定的审核人，不能是承办人。不填的，由巡察组负责同志审核。"),
        ])
    })
}

/// The form of a signature.
pub(super) fn signature(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async { Ok(vec![Field::text("opinion", "意见").max(1_000)]) })
}

/// The form of a return or a withdrawal.
pub(super) fn reason(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async {
        Ok(vec![
            Field::text("opinion", "理由").max(2_000).required().help("写明哪里需要修改、补充什么材料。"),
        ])
    })
}

/// The form for signed scans.
pub(super) fn attach(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async {
        Ok(vec![
            Field::new("files", "签字扫描件", Kind::Files)
                .required()
                .help("线下签字的底稿扫描件。佐证材料请在“佐证材料”中登记。"),
        ])
    })
}

/// The form in which a draft joins a problem.
pub(super) fn join(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async {
        Ok(vec![
            Field::pick("problem", "问题", problems::NOUN)
                .required()
                .help("同一被巡察对象、尚未反馈的问题；几份底稿可以共同支撑一个问题。"),
        ])
    })
}

/// The form in which a draft becomes a problem, filled from the draft and from what is proposed.
pub(super) fn make_problem(cx: &Cx, id: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let mut fields = problems::draft_fields();
        let Some(id) = id else { return Ok(fields) };
        let draft = store::find(cx, DraftId(id)).await?;
        let mut values = from_draft(&draft)?;
        for suggested in classify::suggestions(cx, &words(&draft)).await? {
            values.push((suggested.field, suggested.suggestion.code));
        }
        for field in &mut fields {
            let value = values.iter().find(|(name, value)| *name == field.name && !value.is_empty());
            if let Some((_, value)) = value {
                field.value.clone_from(value);
            }
        }
        Ok(fields)
    })
}

/// The words of a draft by which it is classified.
pub(super) fn words(draft: &Draft) -> String {
    let facts: String = draft.overview.chars().take(600).collect();
    format!("{}。{}。{}。{facts}", draft.title, draft.phenomenon, draft.qualification)
}

/// What a problem takes over; the draft's own word comes before any proposal.
fn from_draft(draft: &Draft) -> Result<Vec<(&'static str, String)>> {
    let parts = [&draft.phenomenon, &draft.qualification, &draft.responsibility];
    let text: Vec<&str> = parts.into_iter().map(|part| part.trim()).filter(|part| !part.is_empty()).collect();
    let first = |codes: &str| codes.split(',').next().unwrap_or_default().to_owned();
    let kind = draft.bodies()?.first().map(|body| body.kind.clone()).unwrap_or_default();
    Ok(vec![
        ("title", draft.title.clone()),
        ("text", text.join("\n")),
        ("found_on", draft.found_on.to_string()),
        ("amount", draft.amount_fen.map(|fen| fen.to_string()).unwrap_or_default()),
        ("people_affected", draft.people_affected.map(|count| count.to_string()).unwrap_or_default()),
        ("framework_2", first(&draft.frameworks)),
        ("field", first(&draft.fields)),
        ("responsibility", kind),
        ("source", draft.source.clone()),
    ])
}
