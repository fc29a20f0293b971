//! How evidence appears: numbered under its draft, with its custody on its page.

use std::fmt::Write as _;

use kit::{
    Column, Cx, Deed as Offer, Field, Form, Governed, Labelled as _, Lifecycle as _, Outcome, RecordView,
    Result, Role, Secrecy, Service, Shown, Tab, Table, WriteCx,
    form::Kind as FieldKind,
    lifecycle,
    service::{Group, Work, target},
    shown::escape,
};
use planning::{samples, units};
use uuid::Uuid;

use super::{
    Evidence, EvidenceId, Kind, Method, NOUN, Nature, State,
    actions::{self, Entry, Handing},
    store::{self, Moved},
};
use crate::drafts;

const COLUMNS: &[Column] = &[
    Column::integer("ordinal", "序号", "e.ordinal"),
    Column::title("title", "材料名称", "e.title"),
    Column::choice("kind", "材料类别", "e.kind", Kind::CHOICES).indexed_by(&["obtained_on"]),
    Column::choice("form", "原件或复印件", "e.form", Nature::CHOICES),
    Column::integer("pages", "页数", "e.pages"),
    Column::text("provider", "提供人（单位）", "e.provider"),
    Column::date("obtained_on", "取得日期", "e.obtained_on").sortable().filled(),
    Column::text("obtained_by", "取得人", "e.obtained_by").hidden(),
    Column::choice("method", "取得方式", "e.method", Method::CHOICES).hidden(),
    Column::choice("state", "保管状态", "e.state", State::CHOICES).indexed_by(&["obtained_on"]),
    Column::reference("draft", "底稿", "e.draft_id", "d.title", drafts::NOUN),
    Column::reference("inspection", "巡察", "e.inspection_id", "i.name", units::INSPECTIONS)
        .indexed_by(&["obtained_on"])
        .hidden(),
];

/// The slice's description of itself.
pub fn service() -> Service {
    Service {
        noun: NOUN,
        label: "佐证材料",
        table: "evidence",
        group: Group::Fieldwork,
        listed: false,
        icon: "paperclip",
        secrecy: Secrecy::Sensitive,
        about: "底稿的佐证材料：谁、何时、怎样、从哪里取得，原件还是复印件，经过谁的手。",
        list: Table {
            from: "evidence e left join draft d on d.id = e.draft_id left join inspection i on i.id = e.inspection_id",
            alias: "e",
            title: "e.title",
            number: None,
            columns: COLUMNS,
            order: "-obtained_on",
        },
        visible: Evidence::visible,
        show: |cx, id| Box::pin(show(cx, id)),
        deeds: deeds(),
        creates: |actor| actor.is_any(&[Role::TeamHead, Role::TeamMember]),
        waiting: Vec::new(),
        governed: Some(Governed {
            noun: NOUN,
            label: "佐证材料",
            transitions: lifecycle::transitions::<Evidence>,
            permissions: || lifecycle::permissions(store::sample, samples::concerned, samples::stranger),
        }),
    }
}

fn deeds() -> Vec<Offer> {
    vec![
        Offer::create("登记佐证材料", create_fields, |cx, _, form| Box::pin(create(cx, form)))
            .next("按登记顺序编号；底稿签名后再增加或修改材料的，签名会标明“签名后有改动”。"),
        Offer::on("edit", "修改、补充文件", edit_fields, |cx, id, form| Box::pin(edit(cx, id, form))),
        Offer::on("hand_over", "移交、归还", hand_over_fields, |cx, id, form| {
            Box::pin(hand_over(cx, id, form))
        })
        .next("记入保管流转；收回以前不能再次移交或作废。"),
        Offer::on("take_back", "收回", take_back_fields, |cx, id, form| Box::pin(take_back(cx, id, form)))
            .primary()
            .next("材料由您保管，记入保管流转。"),
        Offer::on("void", "作废", void_fields, |cx, id, form| Box::pin(void(cx, id, form)))
            .danger()
            .next("材料不再作为佐证，序号保留、不再使用。"),
    ]
}

fn create_fields(cx: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let mut fields = vec![Field::pick("draft", "底稿", drafts::NOUN).required()];
        fields.extend(entry_fields(cx, None));
        Ok(fields)
    })
}

fn edit_fields(cx: &Cx, id: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let held = match id {
            Some(id) => Some(store::find(cx, EvidenceId(id)).await?),
            None => None,
        };
        Ok(entry_fields(cx, held.as_ref()))
    })
}

fn entry_fields(cx: &Cx, held: Option<&Evidence>) -> Vec<Field> {
    vec![
        Field::line("title", "材料名称").max(200).required().maybe(held.map(|e| &e.title)),
        Field::choice::<Kind>("kind", "材料类别").required().chosen(held.map(|e| e.kind)),
        Field::choice::<Nature>("form", "原件或复印件").required().chosen(held.map(|e| e.form)),
        Field::new("pages", "页数", FieldKind::Integer { min: 1, max: 100_000 })
            .maybe(held.and_then(|e| e.pages)),
        Field::choice::<Method>("method", "取得方式").required().chosen(held.map(|e| e.method)),
        Field::date("obtained_on", "取得日期")
            .required()
            .value(held.map_or_else(|| cx.today(), |e| e.obtained_on)),
        Field::line("obtained_by", "取得人")
            .max(120)
            .required()
            .value(held.map_or(&cx.actor.name, |e| &e.obtained_by))
            .help("两人以上取证的都写上。"),
        Field::line("provider", "提供人（单位）")
            .max(120)
            .required()
            .maybe(held.map(|e| &e.provider))
            .help("从谁、从哪个单位或系统取得。"),
        Field::line("holder", "保管人").max(60).required().value(held.map_or(&cx.actor.name, |e| &e.holder)),
        Field::text("note", "证明事项")
            .max(2_000)
            .maybe(held.map(|e| &e.note))
            .help("这份材料证明底稿中的哪一事实，在第几页。"),
        Field::new("files", "文件", FieldKind::Files)
            .help("扫描件、照片等；可以一次选多个，也可以粘贴截图。"),
    ]
}

fn hand_over_fields(cx: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        Ok(vec![
            Field::date("moved_on", "日期").required().value(cx.today()),
            Field::line("other", "接收人").max(120).required().help("单位和姓名。"),
            Field::text("note", "事由").max(1_000).required().help("如：归还原件、移交纪检监察机关。"),
        ])
    })
}

fn take_back_fields(cx: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        Ok(vec![
            Field::date("moved_on", "日期").required().value(cx.today()),
            Field::line("other", "交回人").max(120).required(),
            Field::text("note", "说明").max(1_000),
        ])
    })
}

fn void_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async { Ok(vec![Field::text("reason", "作废理由").max(1_000).required()]) })
}

fn entry(form: &Form) -> Result<Entry> {
    Ok(Entry {
        title: form.text("title"),
        kind: form.need_choice("kind")?,
        method: form.need_choice("method")?,
        obtained_on: form.need_date("obtained_on")?,
        obtained_by: form.text("obtained_by"),
        provider: form.text("provider"),
        form: form.need_choice("form")?,
        pages: form.integer("pages"),
        note: form.text("note"),
        holder: form.text("holder"),
    })
}

fn handing(form: &Form) -> Result<Handing> {
    Ok(Handing { on: form.need_date("moved_on")?, other: form.text("other"), note: form.text("note") })
}

async fn create(cx: &mut WriteCx, form: &Form) -> Result<Outcome> {
    let draft = form.need_id("draft")?;
    actions::create(cx, draft, entry(form)?, form).await?;
    Ok(Outcome::new(drafts::NOUN, draft, "已登记佐证材料。"))
}

async fn edit(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: EvidenceId = target(id)?;
    actions::edit(cx, id, entry(form)?, form).await?;
    Ok(Outcome::new(NOUN, id, "已保存修改。"))
}

async fn hand_over(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: EvidenceId = target(id)?;
    actions::hand_over(cx, id, handing(form)?).await?;
    Ok(Outcome::new(NOUN, id, "已记入保管流转。"))
}

async fn take_back(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: EvidenceId = target(id)?;
    actions::take_back(cx, id, handing(form)?).await?;
    Ok(Outcome::new(NOUN, id, "已收回。"))
}

async fn void(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: EvidenceId = target(id)?;
    actions::void(cx, id, form.text("reason")).await?;
    Ok(Outcome::new(NOUN, id, "已作废。"))
}

async fn show(cx: &Cx, id: Uuid) -> Result<RecordView> {
    let item = store::find(cx, EvidenceId(id)).await?;
    let draft = drafts::find(cx, item.draft_id).await?;
    let mut view = RecordView::new(&item.title, item.version)
        .fact("draft", "底稿", Shown::link(drafts::NOUN, Some(draft.id.0), draft.title.clone()))
        .fact("ordinal", "序号", Shown::Integer(item.ordinal))
        .fact("kind", "材料类别", Shown::choice(item.kind.choice()))
        .fact("form", "原件或复印件", Shown::choice(item.form.choice()))
        .fact("pages", "页数", item.pages.map_or(Shown::Empty, Shown::Integer))
        .fact("method", "取得方式", Shown::choice(item.method.choice()))
        .fact("obtained_on", "取得日期", Shown::Date(item.obtained_on))
        .fact("obtained_by", "取得人", Shown::text(&item.obtained_by))
        .fact("provider", "提供人（单位）", Shown::text(&item.provider))
        .fact("holder", "现保管人", Shown::text(&item.holder))
        .fact("note", "证明事项", Shown::long(&item.note));
    view.state = Some(item.state.choice());
    view.secrecy = Secrecy::Sensitive;
    view.deeds = item.open_deeds(&cx.actor);
    view.tabs.push(Tab::Files);
    let html = movements_html(&store::movements(cx, item.id).await?);
    view.tabs.push(Tab::Html { key: "custody", label: "保管流转", html });
    Ok(view)
}

fn movements_html(movements: &[Moved]) -> String {
    if movements.is_empty() {
        return String::from(
            "<div class=\"empty\"><h2>没有流转记录</h2><p>材料取得后一直由巡察组保管。</p></div>",
        );
    }
    let mut html = String::from(
        "<div class=\"table-wrap\"><table class=\"data\"><thead><tr><th scope=\"col\">日期</th><th scope=\"col\">流转</th>\
         <th scope=\"col\">交出人</th><th scope=\"col\">接收人</th><th scope=\"col\">事由</th><th scope=\"col\">登记人</th></tr></thead><tbody>",
    );
    for moved in movements {
        let _ = write!(
            html,
            "<tr><td class=\"nowrap\">{}</td><td class=\"nowrap\">{}</td>",
            moved.on_day,
            moved.kind.label()
        );
        for text in [&moved.giver, &moved.taker, &moved.note, &moved.entered_by] {
            html.push_str("<td>");
            escape(text, &mut html);
            html.push_str("</td>");
        }
        html.push_str("</tr>");
    }
    html.push_str("</tbody></table></div>");
    html
}
