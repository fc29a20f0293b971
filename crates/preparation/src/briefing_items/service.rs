//! How items of replies appear: a list that tells nothing sealed, a page whose reading is recorded when it
//! is, forms.

use chrono::NaiveDate;
use db::Conn;
use kit::{
    Actor, Column, Cx, Deed as Offer, Field, Form, Governed, Labelled as _, Lifecycle as _, Outcome as Ended,
    Pred, RecordView, Result, Secrecy, Service, Shown, Tab, Table, WriteCx, lifecycle,
    service::{Group, Waiting, Work, no_fields, target},
};
use planning::{samples, units};
use registry::organisations;
use uuid::Uuid;

use super::{
    BriefingItem, ItemId, Keeping, Kind, NOUN, Outcome, State, Telling,
    actions::{self, Entry, Settling},
    open, store,
};
use crate::{briefings, cite::cited, shared};

/// What lists call an item: its words, unless they are sealed.
const TITLE: &str = "case when b.secrecy = 'sealed' then '（密封）' else b.summary end";

const COLUMNS: &[Column] = &[
    Column::number("number", "事项编号", "b.number").opens(),
    Column::choice("kind", "类别", "b.kind", Kind::CHOICES).indexed_by(&["number"]),
    Column::new("summary", "内容", TITLE, kit::table::ColumnKind::Indexed),
    Column::choice("state", "状态", "b.state", State::CHOICES).indexed_by(&["number"]),
    Column::choice("outcome", "运用情况", "b.outcome", Outcome::CHOICES).only(shared::inside),
    // The department learns the outcome when it is told, not before.
    Column::choice(
        "reported_outcome",
        "反馈结果",
        "case when b.state = 'reported' then b.outcome end",
        Outcome::CHOICES,
    )
    .only(|actor| !shared::inside(actor)),
    Column::reference("organisation", "被巡察单位", "b.organisation_id", "o.name", organisations::NOUN)
        .indexed_by(&["number"]),
    Column::reference("department", "通报部门", "b.department_id", "d.name", organisations::NOUN)
        .indexed_by(&["number"]),
    Column::reference("inspection", "巡察", "b.inspection_id", "i.name", units::INSPECTIONS).hidden(),
    Column::choice("secrecy", "密级", "b.secrecy", Keeping::CHOICES),
    Column::text("reference", "底稿或线索编号", "b.reference").hidden().only(shared::inside),
    Column::text("document", "文号", "b.document").hidden(),
    Column::date("arose_on", "发生日期", "b.arose_on").hidden(),
    Column::date("handed_on", "提交日期", "b.handed_on").hidden(),
];

/// The slice's description of itself.
pub fn service() -> Service {
    Service {
        noun: NOUN,
        label: "通报事项",
        table: "briefing_item",
        group: Group::Prepare,
        listed: true,
        icon: "list-details",
        secrecy: Secrecy::Sensitive,
        about: "各部门巡前通报的事项，逐项核查并记录运用情况；密封的事项内容加密保存，每次查看均有记录。",
        list: Table {
            from: "briefing_item b left join organisation o on o.id = b.organisation_id \
                   left join organisation d on d.id = b.department_id \
                   left join inspection i on i.id = b.inspection_id",
            alias: "b",
            title: "b.number",
            number: Some("b.number"),
            columns: COLUMNS,
            order: "-number",
        },
        visible: BriefingItem::visible,
        show: |cx, id| Box::pin(show(cx, id)),
        deeds: vec![
            Offer::create("填报事项", create_fields, |cx, _, form| Box::pin(create(cx, form)))
                .next("提交回复前只有本部门可见；事项编号随通报编号自动生成。"),
            Offer::on("settle", "记录运用情况", settle_fields, |cx, id, form| {
                Box::pin(settle(cx, id, form))
            })
            .primary()
            .bulk()
            .next("反馈前可以更正；部门只会看到运用情况的类别，看不到核查说明和编号。"),
            Offer::on("edit", "修改", edit_fields, |cx, id, form| Box::pin(edit(cx, id, form))),
            Offer::on("remove", "删去", no_fields, |cx, id, _| Box::pin(remove(cx, id)))
                .danger()
                .next("事项不再随回复提交，编号保留。"),
            kit::files::attach_deed(),
        ],
        creates: |actor| actor.is_any(&shared::DEPARTMENTS),
        waiting: vec![Waiting { label: "待核查的通报事项", condition: to_settle, due: None }],
        governed: Some(Governed {
            noun: NOUN,
            label: "通报事项",
            transitions: lifecycle::transitions::<BriefingItem>,
            permissions: || lifecycle::permissions(store::sample, samples::concerned, samples::stranger),
        }),
    }
}

fn to_settle(actor: &Actor, _: NaiveDate) -> Pred {
    shared::own_team(actor).and(Pred::is("state", State::Received))
}

/// The fields that describe a matter, also as the columns of a row editor.
pub(crate) fn entry_fields(held: Option<(&BriefingItem, &Telling)>) -> Vec<Field> {
    vec![
        Field::choice::<Kind>("kind", "类别").required().chosen(held.map(|(item, _)| item.kind)),
        Field::text("summary", "内容")
            .max(4_000)
            .required()
            .maybe(held.map(|(_, telling)| &telling.words))
            .help("写明时间、主体、主要事实和已有的处理情况；不写举报人信息。"),
        Field::choice::<Keeping>("secrecy", "密级")
            .required()
            .chosen(Some(held.map_or(Keeping::Internal, |(item, _)| item.secrecy)))
            .help("涉及人员和线索的选“密封”。"),
        Field::line("document", "文号").max(80).maybe(held.map(|(item, _)| &item.document)),
        Field::date("arose_on", "发生日期").maybe(held.and_then(|(item, _)| item.arose_on)),
    ]
}

fn create_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async {
        let mut fields = vec![
            Field::pick("briefing", "通报编号", briefings::NOUN)
                .required()
                .help("本部门尚未提交的一件通报请求，如 TB-2023-0007。"),
        ];
        fields.extend(entry_fields(None));
        Ok(fields)
    })
}

fn edit_fields(cx: &Cx, id: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let Some(id) = id else { return Ok(entry_fields(None)) };
        let item = store::find(cx, ItemId(id)).await?;
        let telling = item.telling(cx)?;
        // Inside the transaction of the deed itself the deed's own entry says enough.
        if item.secrecy == Keeping::Sealed && matches!(cx.conn(), Conn::Pool(_)) {
            cx.record_read(NOUN, id).await;
        }
        Ok(entry_fields(Some((&item, &telling))))
    })
}

fn settle_fields(cx: &Cx, id: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let held = match id {
            Some(id) => Some(store::find(cx, ItemId(id)).await?),
            None => None,
        };
        // The form is only described, or filled, for those who inspect.
        let held = held.filter(|item| item.is_inside(&cx.actor));
        let remark = match &held {
            Some(item) => open(cx, item.id, "remark", &item.remark_sealed)?,
            None => String::new(),
        };
        Ok(vec![
            Field::choice::<Outcome>("outcome", "运用情况")
                .required()
                .chosen(held.as_ref().and_then(|item| item.outcome)),
            Field::line("reference", "底稿或线索编号")
                .max(60)
                .maybe(held.as_ref().map(|item| &item.reference))
                .help("用于底稿或转为线索的填写，部门看不到。"),
            Field::text("remark", "核查说明")
                .max(4_000)
                .value(remark)
                .help("怎样核查、依据什么得出结论；加密保存，只有巡察组、巡察办和领导小组可见。"),
        ])
    })
}

/// Reads the fields of [`entry_fields`].
pub(crate) fn entry(form: &Form) -> Result<Entry> {
    Ok(Entry {
        kind: form.need_choice("kind")?,
        telling: Telling { keeping: form.need_choice("secrecy")?, words: form.text("summary") },
        document: form.text("document"),
        arose_on: form.date("arose_on"),
    })
}

async fn create(cx: &mut WriteCx, form: &Form) -> Result<Ended> {
    let id = actions::create(cx, form.need_id("briefing")?, entry(form)?).await?;
    Ok(Ended::new(NOUN, id, "已填报，提交回复后巡察组才能看到。"))
}

async fn edit(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Ended> {
    let id: ItemId = target(id)?;
    actions::edit(cx, id, entry(form)?).await?;
    Ok(Ended::new(NOUN, id, "已保存修改。"))
}

async fn remove(cx: &mut WriteCx, id: Option<Uuid>) -> Result<Ended> {
    let id: ItemId = target(id)?;
    actions::remove(cx, id).await?;
    Ok(Ended::new(NOUN, id, "已从回复中删去。"))
}

async fn settle(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Ended> {
    let id: ItemId = target(id)?;
    let settling = Settling {
        outcome: form.need_choice("outcome")?,
        remark: form.text("remark"),
        reference: form.text("reference"),
    };
    actions::settle(cx, id, settling).await?;
    Ok(Ended::new(NOUN, id, "已记录运用情况。"))
}

async fn show(cx: &Cx, id: Uuid) -> Result<RecordView> {
    let item = store::find(cx, ItemId(id)).await?;
    if item.secrecy == Keeping::Sealed {
        cx.record_read(NOUN, id).await;
    }
    let telling = item.telling(cx)?;
    let request = briefings::find(cx, item.briefing_id).await?;
    let mut view = RecordView::new(&item.number, item.version)
        .fact("kind", "类别", Shown::choice(item.kind.choice()))
        .fact("summary", "内容", Shown::long(telling.words))
        .fact("organisation", "被巡察单位", shared::organisation_link(cx, item.organisation_id).await?)
        .fact("department", "通报部门", shared::organisation_link(cx, item.department_id).await?)
        .fact("inspection", "巡察", shared::inspection_link(cx, item.inspection_id).await?)
        .fact("briefing", "通报编号", Shown::link(briefings::NOUN, Some(item.briefing_id.0), request.number))
        .fact("document", "文号", Shown::text(&item.document))
        .fact("arose_on", "发生日期", Shown::date(item.arose_on))
        .fact("handed_on", "提交日期", Shown::date(item.handed_on));
    let told = item.is_inside(&cx.actor) || item.state == State::Reported;
    if let Some(outcome) = item.outcome.filter(|_| told) {
        view = view.fact("outcome", "运用情况", Shown::choice(outcome.choice()));
    }
    if item.is_inside(&cx.actor) {
        let remark = open(cx, item.id, "remark", &item.remark_sealed)?;
        view = view
            .fact("outcome_on", "记录日期", Shown::date(item.outcome_on))
            .fact("reference", "底稿或线索编号", Shown::text(&item.reference))
            .fact("remark", "核查说明", Shown::long(remark));
        view = cited(cx, view, NOUN, id, Some(item.unit_id));
    }
    view.number.clone_from(&item.number);
    view.state = Some(item.state.choice());
    view.secrecy = if item.secrecy == Keeping::Sealed { Secrecy::Sealed } else { Secrecy::Sensitive };
    view.deeds = item.open_deeds(&cx.actor);
    view.tabs.push(Tab::Files);
    Ok(view)
}
