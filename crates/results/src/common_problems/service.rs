//! How common problems appear: list, page, forms.

use kit::{
    Column, Cx, Deed, Field, Form, Labelled as _, Lifecycle as _, Outcome, RecordView, Result, Secrecy,
    Service, Shown, Table, WriteCx,
    service::{Group, Work, target},
};
use uuid::Uuid;

use super::{CommonProblemId, NOUN, actions, store, visible};
use crate::{
    handovers,
    shared::{self, FIELD, ORGANISATIONS, PROBLEMS},
};

const COLUMNS: &[Column] = &[
    Column::reference("handover", "移交清单", "c.handover_id", "h.number", handovers::NOUN),
    Column::integer("position", "序号", "c.position"),
    Column::title("text", "问题表现", "c.text"),
    Column::dict("field", "领域", "c.field", FIELD),
    Column::reference("recipient", "移交单位", "c.recipient_id", "o.name", ORGANISATIONS),
    Column::date("handed_on", "移交日期", "c.handed_on").sortable(),
];

/// The slice's description of itself.
pub fn service() -> Service {
    Service {
        noun: NOUN,
        label: "共性问题",
        table: "common_problem",
        group: Group::Results,
        listed: false,
        icon: "list-details",
        secrecy: Secrecy::Internal,
        about: "移交清单中的每一个问题，统计移交数时逐个计数。",
        list: Table {
            from: "common_problem c join handover h on h.id = c.handover_id \
                   join organisation o on o.id = c.recipient_id",
            alias: "c",
            title: "c.text",
            number: None,
            columns: COLUMNS,
            order: "-handed_on",
        },
        visible,
        show: |cx, id| Box::pin(show(cx, id)),
        deeds: vec![
            Deed::on("edit", "修改", fields, |cx, id, form| Box::pin(edit(cx, id, form))),
            Deed::on("remove", "移出清单", kit::service::no_fields, |cx, id, _| Box::pin(remove(cx, id)))
                .danger()
                .next("从起草中的清单移出，这个问题可以列入其他清单。"),
        ],
        creates: |_| false,
        waiting: Vec::new(),
        governed: None,
    }
}

fn fields(cx: &Cx, id: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let held = match id {
            Some(id) => Some(store::find(cx, CommonProblemId(id)).await?),
            None => None,
        };
        let held = held.as_ref();
        Ok(vec![
            Field::text("text", "问题表现")
                .max(1_000)
                .required()
                .maybe(held.map(|c| &c.text))
                .help("归并后的共性表述，不写单位名称和个人姓名。"),
            Field::dict("field", "领域", FIELD).required().maybe(held.map(|c| &c.field)),
        ])
    })
}

async fn edit(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: CommonProblemId = target(id)?;
    actions::edit(cx, id, form.text("text"), form.text("field")).await?;
    Ok(Outcome::new(NOUN, id, "已保存修改。"))
}

async fn remove(cx: &mut WriteCx, id: Option<Uuid>) -> Result<Outcome> {
    let list = actions::remove(cx, target(id)?).await?;
    Ok(Outcome::new(handovers::NOUN, list, "已移出清单。"))
}

async fn show(cx: &Cx, id: Uuid) -> Result<RecordView> {
    let problem = store::find(cx, CommonProblemId(id)).await?;
    let list = handovers::find(cx, problem.handover_id).await?;
    let number = shared::text_of(cx, "problem", "number", problem.problem_id).await?;
    let mut view = RecordView::new(&problem.text, problem.version)
        .fact("handover", "移交清单", Shown::link(handovers::NOUN, Some(list.id.0), &list.title))
        .fact("position", "序号", Shown::Integer(problem.position))
        .fact("field", "领域", shared::dictionary(cx, FIELD, &problem.field).await?)
        .fact("problem", "来源问题", shared::linked(cx, PROBLEMS, problem.problem_id, number).await?)
        .fact("recipient", "移交单位", shared::organisation(cx, Some(problem.recipient_id)).await?)
        .fact("handed_on", "移交日期", Shown::date(problem.handed_on));
    if list.open_deeds(&cx.actor).contains(&handovers::Deed::AddProblems.code()) {
        view.deeds = vec!["edit", "remove"];
    }
    Ok(view)
}
