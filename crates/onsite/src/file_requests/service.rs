//! How file requests appear: to the team that asks and to the organisation that answers.

use kit::{
    Column, Cx, Deed as Offer, Field, Form as Filled, Governed, Labelled as _, Lifecycle as _, Outcome, Pred,
    RecordView, Result, Secrecy, Service, Shown, Tab, Table, WriteCx, alarms,
    form::Kind,
    lifecycle,
    service::{Group, Told, Waiting, Work, keep_files, no_fields, target},
};
use planning::{samples, units};
use registry::organisations;
use uuid::Uuid;

use super::{
    Deed, FileRequest, FileRequestId, NOUN, State,
    actions::{self, Wanted},
    store,
};
use crate::{
    file_request_items::{self, Form},
    rights,
};

const BY_NUMBER: &[&str] = &["number"];

const COLUMNS: &[Column] = &[
    Column::number("number", "编号", "f.number"),
    Column::title("title", "清单名称", "f.title"),
    Column::reference("organisation", "被巡察单位", "f.organisation_id", "g.name", organisations::NOUN)
        .indexed_by(BY_NUMBER),
    Column::reference("inspection", "巡察", "f.inspection_id", "i.name", units::INSPECTIONS)
        .hidden()
        .indexed_by(BY_NUMBER),
    Column::integer("items", "资料", "(select count(*) from file_request_item z where z.request_id = f.id)"),
    Column::integer(
        "open",
        "未收到",
        "(select count(*) from file_request_item z where z.request_id = f.id and z.state in ('asked', 'returned'))",
    ),
    Column::choice("state", "状态", "f.state", State::CHOICES).indexed_by(BY_NUMBER),
    Column::date("issued_on", "发出日期", "f.issued_on"),
    Column::clock("due_on", "提供期限", "f.due_on", "(f.state <> 'issued')").sortable(),
];

/// The slice's description of itself.
pub fn service() -> Service {
    Service {
        noun: NOUN,
        label: "调阅清单",
        table: "file_request",
        group: Group::Fieldwork,
        listed: true,
        icon: "folder",
        secrecy: Secrecy::Internal,
        about: "向被巡察单位调阅资料：一张清单分项提供、签收、退回补充和归还；同一资料一年内已调阅过的，发出前提示。",
        list: Table {
            from: "file_request f left join organisation g on g.id = f.organisation_id \
                   left join inspection i on i.id = f.inspection_id",
            alias: "f",
            title: "f.title",
            number: Some("f.number"),
            columns: COLUMNS,
            order: "-number",
        },
        visible: FileRequest::visible,
        show: |cx, id| Box::pin(show(cx, id)),
        deeds: vec![
            Offer::create("拟定调阅清单", create_fields, |cx, _, form| Box::pin(create(cx, form)))
                .next("保存为草拟，核对后发出，被巡察单位才能看到。"),
            Offer::on("issue", "发出", issue_fields, |cx, id, form| Box::pin(issue(cx, id, form)))
                .primary()
                .next("被巡察单位联络员收到通知，逐项提供；发出后不能再增加资料。"),
            Offer::on("complete", "收齐", no_fields, |cx, id, _| Box::pin(complete(cx, id)))
                .primary()
                .next("各项资料都已签收或说明，本清单办结。"),
            Offer::on("add", "增加资料", add_fields, |cx, id, form| Box::pin(add(cx, id, form))),
            Offer::on("withdraw", "撤销", no_fields, |cx, id, _| Box::pin(withdraw(cx, id)))
                .danger()
                .next("清单不再发出。"),
        ],
        creates: rights::of_a_team,
        waiting: vec![Waiting {
            label: "调阅清单待发出",
            condition: |actor, _| rights::own_work(actor, Pred::is("state", State::Drafted)),
            due: None,
        }],
        governed: Some(Governed {
            noun: NOUN,
            label: "调阅清单",
            transitions: lifecycle::transitions::<FileRequest>,
            permissions: || lifecycle::permissions(store::sample, samples::concerned, samples::stranger),
        }),
    }
}

fn wanted_field() -> Field {
    let columns = vec![
        Field::line("name", "资料名称").max(120).required(),
        Field::line("period", "所属期间").max(40),
        Field::choice::<Form>("form", "形式").required().chosen(Some(Form::Copy)),
    ];
    Field::new("wanted", "资料", Kind::Rows(columns)).required().help("一行一项，可从 Excel 粘贴。")
}

fn create_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async {
        Ok(vec![
            Field::pick("unit", "被巡察对象", units::NOUN).required(),
            Field::line("title", "清单名称").max(80).required().help("如“第一批综合材料”。"),
            wanted_field(),
        ])
    })
}

fn add_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async { Ok(vec![wanted_field()]) })
}

fn issue_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async {
        Ok(vec![
            Field::date("due_on", "提供期限").help("不填则按“调阅资料提供”期限计算。"),
            Field::text("again", "再次调阅的理由").max(500).help("清单中有本年度已调阅过的资料时必填。"),
        ])
    })
}

fn wanted(form: &Filled) -> Result<Vec<Wanted>> {
    form.rows("wanted")
        .iter()
        .map(|row| {
            Ok(Wanted { name: row.text("name"), period: row.text("period"), form: row.need_choice("form")? })
        })
        .collect()
}

async fn create(cx: &mut WriteCx, form: &Filled) -> Result<Outcome> {
    let id = actions::create(cx, form.need_id("unit")?, form.text("title"), wanted(form)?).await?;
    Ok(Outcome::new(NOUN, id, "已保存草拟的清单，核对后发出。"))
}

async fn add(cx: &mut WriteCx, id: Option<Uuid>, form: &Filled) -> Result<Outcome> {
    let id: FileRequestId = target(id)?;
    actions::add(cx, id, wanted(form)?).await?;
    Ok(Outcome::new(NOUN, id, "已增加资料。"))
}

async fn issue(cx: &mut WriteCx, id: Option<Uuid>, form: &Filled) -> Result<Outcome> {
    let id: FileRequestId = target(id)?;
    actions::issue(cx, id, form.date("due_on"), form.text("again")).await?;
    keep_files(cx, NOUN, id, form).await?;
    Ok(Outcome::new(NOUN, id, "已发出，等待被巡察单位提供。"))
}

async fn complete(cx: &mut WriteCx, id: Option<Uuid>) -> Result<Outcome> {
    let id: FileRequestId = target(id)?;
    actions::complete(cx, id).await?;
    Ok(Outcome::new(NOUN, id, "资料已收齐。"))
}

async fn withdraw(cx: &mut WriteCx, id: Option<Uuid>) -> Result<Outcome> {
    let id: FileRequestId = target(id)?;
    actions::withdraw(cx, id).await?;
    Ok(Outcome::new(NOUN, id, "已撤销。"))
}

async fn show(cx: &Cx, id: Uuid) -> Result<RecordView> {
    let request = store::find(cx, FileRequestId(id)).await?;
    let names = units::names(cx, request.organisation_id, request.inspection_id).await?;
    let organisation = Some(request.organisation_id.0);
    let inspection = if cx.actor.is(kit::Role::OrganisationLiaison) {
        Shown::text(names.inspection)
    } else {
        Shown::link(units::INSPECTIONS, Some(request.inspection_id), names.inspection)
    };
    let mut view = RecordView::new(&request.title, request.version)
        .fact(
            "organisation",
            "被巡察单位",
            Shown::link(organisations::NOUN, organisation, names.organisation),
        )
        .fact("inspection", "巡察", inspection)
        .fact("made_by", "拟定人", Shown::text(request.made_by.as_str()))
        .fact("issued_on", "发出日期", Shown::date(request.issued_on))
        .fact("due_on", "提供期限", Shown::date(request.due_on))
        .fact("due_basis", "期限依据", Shown::text(request.due_basis.as_str()))
        .fact("again", "再次调阅的理由", Shown::long(request.again.as_str()));
    view = view.related("items", "资料", file_request_items::NOUN, Pred::is("request_id", id), None);
    view.tabs.push(Tab::Files);
    view.number.clone_from(&request.number);
    view.state = Some(request.state.choice());
    view.deeds = request.open_deeds(&cx.actor);
    if cx.actor.is_at(kit::Role::OrganisationLiaison, request.organisation_id.0) {
        view.told = Told::Since(Deed::Issue.code());
    }
    if request.state == State::Issued {
        view.clock = Some(("提供期限", alarms(cx).await?.clock(request.due_on, false)));
    }
    Ok(view)
}
