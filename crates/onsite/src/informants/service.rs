//! How the vault appears: a list of petition numbers, a page that shows nothing unless it has been opened.

use kit::{
    Column, Cx, Deed as Offer, Field, Form, Governed, Labelled as _, Lifecycle as _, Outcome, RecordView,
    Result, Secrecy, Service, Shown, Table, WriteCx, lifecycle,
    service::{Group, Work, target},
};
use planning::{samples, units};
use uuid::Uuid;

use super::{Identity, Informant, InformantId, NOUN, State, actions, store};
use crate::{
    openings::{self, Part},
    petitions, rights,
};

const COLUMNS: &[Column] = &[
    Column::text("petition", "信访编号", "x.number").opens(),
    Column::reference("inspection", "巡察", "v.inspection_id", "i.name", units::INSPECTIONS)
        .indexed_by(&["entered_on"]),
    Column::date("entered_on", "封存日期", "v.entered_on").sortable().filled(),
    Column::choice("state", "状态", "v.state", State::CHOICES),
];

/// The slice's description of itself.
pub fn service() -> Service {
    Service {
        noun: NOUN,
        label: "举报人身份库",
        table: "informant",
        group: Group::Fieldwork,
        listed: true,
        icon: "shield-lock",
        secrecy: Secrecy::Sealed,
        about: "实名举报人的身份单独封存，逐项加密，不进入信访页面、搜索、导出和通知；每次查阅都要写明理由并由督查人知悉。",
        list: Table {
            from: "informant v join petition x on x.id = v.petition_id left join inspection i on i.id = v.inspection_id",
            alias: "v",
            title: "x.number",
            number: None,
            columns: COLUMNS,
            order: "-entered_on",
        },
        visible: Informant::visible,
        show: |cx, id| Box::pin(show(cx, id)),
        deeds: vec![
            Offer::create("登记身份", create_fields, |cx, _, form| Box::pin(create(cx, form)))
                .next("身份信息立即加密封存；保存后本页不再显示，需要时由组长或巡察办主任写明理由查阅。"),
            Offer::on("open", "查阅身份", open_fields, |cx, id, form| Box::pin(open(cx, id, form)))
                .opens()
                .danger()
                .next("这次查阅登记在册并立即通知督查人；内容在有效时间内显示，之后自动封存。"),
            Offer::on("complete", "补充更正", complete_fields, |cx, id, form| {
                Box::pin(complete(cx, id, form))
            })
            .next("只替换填写的项目，没有填写的保持原样；原内容不显示。"),
        ],
        creates: rights::of_a_team,
        waiting: Vec::new(),
        governed: Some(Governed {
            noun: NOUN,
            label: "举报人身份库",
            transitions: lifecycle::transitions::<Informant>,
            permissions: || lifecycle::permissions(store::sample, samples::concerned, samples::stranger),
        }),
    }
}

fn create_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async {
        let mut fields = vec![
            Field::pick("petition", "信访件", petitions::NOUN)
                .required()
                .help("填写信访编号，如 XF-2023-0012。"),
        ];
        fields.extend(identity_fields());
        Ok(fields)
    })
}

fn complete_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async { Ok(identity_fields()) })
}

fn identity_fields() -> Vec<Field> {
    let sealed = "逐项加密";
    vec![
        Field::line("name", "姓名").max(60).group(sealed),
        Field::line("work", "工作单位").max(120).group(sealed),
        Field::line("address", "住址").max(200).group(sealed),
        Field::line("phone", "电话").max(40).group(sealed),
        Field::line("document", "证件号码").max(40).group(sealed),
        Field::text("note", "联系方式和注意事项")
            .max(1_000)
            .group(sealed)
            .help("如只能在下班后联系、不得打单位电话。"),
    ]
}

fn open_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async {
        Ok(vec![
            Field::text("reason", "查阅理由")
                .max(500)
                .required()
                .help("写明因何工作、经谁同意需要知道举报人身份；理由进入查阅登记，其中不要写身份信息。"),
        ])
    })
}

fn identity(form: &Form) -> Identity {
    Identity {
        name: form.text("name"),
        work: form.text("work"),
        address: form.text("address"),
        phone: form.text("phone"),
        document: form.text("document"),
        note: form.text("note"),
    }
}

async fn create(cx: &mut WriteCx, form: &Form) -> Result<Outcome> {
    let id = actions::create(cx, form.need_id("petition")?, identity(form)).await?;
    Ok(Outcome::new(NOUN, id, "身份信息已封存。"))
}

async fn complete(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: InformantId = target(id)?;
    actions::complete(cx, id, identity(form)).await?;
    Ok(Outcome::new(NOUN, id, "已补充更正。"))
}

async fn open(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: InformantId = target(id)?;
    actions::open(cx, id, form.text("reason")).await?;
    Ok(Outcome::new(NOUN, id, "已登记查阅，身份信息在有效时间内显示。"))
}

async fn show(cx: &Cx, id: Uuid) -> Result<RecordView> {
    let entry = store::find(cx, InformantId(id)).await?;
    let number = petitions::find(cx, entry.petition_id).await?.number;
    let petition = Shown::link(petitions::NOUN, Some(entry.petition_id.0), number.as_str());
    let mut view = RecordView::new(format!("信访 {number} 的举报人"), entry.version)
        .fact("petition", "信访件", petition)
        .fact("entered_on", "封存日期", Shown::Date(entry.entered_on));
    if openings::holds(cx, id, Part::Informant).await? {
        cx.record_read(NOUN, id).await;
        view = with_identity(view, entry.identity(cx)?);
    } else {
        view = view.fact("identity", "身份信息", Shown::text("已封存"));
    }
    view.state = Some(entry.state.choice());
    view.secrecy = Secrecy::Sealed;
    view.deeds = entry.open_deeds(&cx.actor);
    Ok(view)
}

fn with_identity(view: RecordView, identity: Identity) -> RecordView {
    view.fact("name", "姓名", Shown::text(identity.name))
        .fact("work", "工作单位", Shown::text(identity.work))
        .fact("address", "住址", Shown::text(identity.address))
        .fact("phone", "电话", Shown::text(identity.phone))
        .fact("document", "证件号码", Shown::text(identity.document))
        .fact("note", "联系方式和注意事项", Shown::long(identity.note))
}
