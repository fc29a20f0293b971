//! How the library of typical problems appears.

use kit::{
    Column, Cx, Deed as Offer, Field, Form, Governed, Labelled as _, Lifecycle as _, Outcome, Pred,
    RecordView, Result, Secrecy, Service, Shown, Table, WriteCx,
    dictionary::shown,
    form::Kind,
    lifecycle,
    service::{Group, Work, no_fields, target},
};
use planning::samples;
use uuid::Uuid;

use super::{
    NOUN, State, TypicalProblem, TypicalProblemId,
    actions::{self, Entry},
    may_keep, store,
};
use crate::{draft_sources, drafts::content::Basis};

const COLUMNS: &[Column] = &[
    Column::number("code", "编码", "y.code"),
    Column::title("title", "典型问题", "y.title"),
    Column::dict("category_1", "问题类别", "y.category_1", "category_1").indexed_by(&["code"]),
    Column::dict("category_2", "问题类别（二级）", "y.category_2", "category_2"),
    Column::text("manifestation", "典型表现", "y.manifestation"),
    Column::text("basis", "依据", "y.basis_text"),
    Column::dict("framework_2", "监督重点（二级）", "y.framework_2", "framework_2").hidden(),
    Column::dict("field", "领域", "y.field", "field").hidden(),
    Column::text("responsibility", "责任提示", "y.responsibility").hidden(),
    Column::text("evidence", "应取证据", "y.evidence").hidden(),
    Column::choice("state", "状态", "y.state", State::CHOICES).indexed_by(&["code"]).hidden(),
];

/// The slice's description of itself.
pub fn service() -> Service {
    Service {
        noun: NOUN,
        label: "问题类型库",
        table: "typical_problem",
        group: Group::Fieldwork,
        listed: true,
        icon: "book",
        secrecy: Secrecy::Internal,
        about: "常见问题的典型表现、定性依据、责任提示和应取证据，可以据此编写底稿；条款由巡察办核定和维护。",
        list: Table {
            from: "typical_problem y",
            alias: "y",
            title: "y.title",
            number: Some("y.code"),
            columns: COLUMNS,
            order: "code",
        },
        visible: TypicalProblem::visible,
        show: |cx, id| Box::pin(show(cx, id)),
        deeds: vec![
            Offer::create("登记典型问题", create_fields, |cx, _, form| Box::pin(create(cx, form)))
                .next("编码自动生成；依据写到具体条款，供各巡察组引用。"),
            Offer::on("edit", "修改", edit_fields, |cx, id, form| Box::pin(edit(cx, id, form))),
            Offer::on("restore", "恢复使用", no_fields, |cx, id, _| Box::pin(restore(cx, id))).primary(),
            Offer::on("retire", "停用", no_fields, |cx, id, _| Box::pin(retire(cx, id)))
                .danger()
                .next("停用后仍可查看，已经引用的底稿不受影响。"),
        ],
        creates: may_keep,
        waiting: Vec::new(),
        governed: Some(Governed {
            noun: NOUN,
            label: "问题类型库",
            transitions: lifecycle::transitions::<TypicalProblem>,
            permissions: || lifecycle::permissions(store::sample, samples::concerned, samples::stranger),
        }),
    }
}

fn create_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async { Ok(fields(None)) })
}

fn edit_fields(cx: &Cx, id: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let held = match id {
            Some(id) => Some(store::find(cx, TypicalProblemId(id)).await?),
            None => None,
        };
        Ok(fields(held.as_ref()))
    })
}

fn fields(held: Option<&TypicalProblem>) -> Vec<Field> {
    vec![
        Field::line("title", "典型问题").max(200).required().maybe(held.map(|y| &y.title)),
        Field::text("manifestation", "典型表现").max(4_000).required().maybe(held.map(|y| &y.manifestation)),
        Field::dict("category_2", "问题类别（二级）", "category_2")
            .required()
            .maybe(held.map(|y| &y.category_2)),
        Field::dict("framework_2", "监督重点（二级）", "framework_2").maybe(held.map(|y| &y.framework_2)),
        Field::dict("field", "领域", "field").maybe(held.map(|y| &y.field)),
        Field::new(
            "bases",
            "定性依据",
            Kind::Rows(vec![
                Field::line("rule", "法规制度名称").max(120).required(),
                Field::line("article", "条款").max(60),
            ]),
        )
        .maybe(held.map(|y| &y.bases))
        .help("法规修订后请及时更新条款。"),
        Field::text("responsibility", "责任提示").max(2_000).maybe(held.map(|y| &y.responsibility)),
        Field::text("evidence", "应取证据").max(2_000).maybe(held.map(|y| &y.evidence)),
    ]
}

fn entry(form: &Form) -> Entry {
    let rows = form.rows("bases").iter();
    Entry {
        title: form.text("title"),
        manifestation: form.text("manifestation"),
        category_2: form.text("category_2"),
        framework_2: form.text("framework_2"),
        field: form.text("field"),
        bases: rows.map(|row| Basis { rule: row.text("rule"), article: row.text("article") }).collect(),
        responsibility: form.text("responsibility"),
        evidence: form.text("evidence"),
    }
}

async fn create(cx: &mut WriteCx, form: &Form) -> Result<Outcome> {
    let id = actions::create(cx, entry(form)).await?;
    Ok(Outcome::new(NOUN, id, "已登记典型问题。"))
}

async fn edit(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: TypicalProblemId = target(id)?;
    actions::edit(cx, id, entry(form)).await?;
    Ok(Outcome::new(NOUN, id, "已保存修改。"))
}

async fn retire(cx: &mut WriteCx, id: Option<Uuid>) -> Result<Outcome> {
    let id: TypicalProblemId = target(id)?;
    actions::retire(cx, id).await?;
    Ok(Outcome::new(NOUN, id, "已停用。"))
}

async fn restore(cx: &mut WriteCx, id: Option<Uuid>) -> Result<Outcome> {
    let id: TypicalProblemId = target(id)?;
    actions::restore(cx, id).await?;
    Ok(Outcome::new(NOUN, id, "已恢复使用。"))
}

async fn show(cx: &Cx, id: Uuid) -> Result<RecordView> {
    let problem = store::find(cx, TypicalProblemId(id)).await?;
    let mut view = RecordView::new(&problem.title, problem.version)
        .fact("category_1", "问题类别", shown(cx, "category_1", &problem.category_1).await?)
        .fact("category_2", "问题类别（二级）", shown(cx, "category_2", &problem.category_2).await?)
        .fact("framework_2", "监督重点（二级）", shown(cx, "framework_2", &problem.framework_2).await?)
        .fact("field", "领域", shown(cx, "field", &problem.field).await?)
        .fact("manifestation", "典型表现", Shown::long(&problem.manifestation))
        .fact("bases", "定性依据", Shown::long(&problem.basis_text))
        .fact("responsibility", "责任提示", Shown::long(&problem.responsibility))
        .fact("evidence", "应取证据", Shown::long(&problem.evidence));
    view.number.clone_from(&problem.code);
    view.state = Some(problem.state.choice());
    view.deeds = problem.open_deeds(&cx.actor);
    let new = draft_sources::start(NOUN, id).filter(|_| problem.state == State::InUse);
    Ok(view.related("drafts", "据此编写的底稿", draft_sources::NOUN, Pred::is("source_id", id), new))
}
