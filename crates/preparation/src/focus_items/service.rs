//! How points of focus appear: list with deeds for many at once, page, forms.

use chrono::NaiveDate;
use kit::{
    Actor, Column, Cx, Deed as Offer, Field, Form, Governed, Labelled as _, Lifecycle as _, Outcome, Pred,
    RecordView, Result, Role, Secrecy, Service, Shown, Table, WriteCx, dictionary, lifecycle,
    service::{Group, Waiting, Work, no_fields, target},
};
use planning::{samples, units};
use registry::organisations;
use uuid::Uuid;

use super::{
    FocusItem, FocusItemId, NOUN, State,
    actions::{self, Entry},
    store,
};
use crate::{duties, focus_lists, focus_rules, reference, shared};

const COLUMNS: &[Column] = &[
    Column::integer("position", "序号", "f.position").sortable().filled(),
    Column::title("text", "监督重点", "f.text"),
    Column::reference("organisation", "被巡察单位", "f.organisation_id", "o.name", organisations::NOUN)
        .indexed_by(&["position"]),
    Column::reference("list", "清单", "f.list_id", "lo.name", focus_lists::NOUN)
        .indexed_by(&["position"])
        .hidden(),
    Column::reference("inspection", "巡察", "f.inspection_id", "i.name", units::INSPECTIONS).hidden(),
    Column::choice("state", "覆盖情况", "f.state", State::CHOICES).indexed_by(&["position"]),
    Column::text("settled_by", "登记人", "f.settled_by"),
    Column::date("settled_on", "登记日期", "f.settled_on"),
    Column::dict("framework_2", "监督内容", "f.framework_2", "framework_2").hidden(),
    Column::text("basis", "依据", "f.basis").hidden(),
    Column::text("note", "了解情况", "f.note").hidden(),
];

/// The slice's description of itself.
pub fn service() -> Service {
    Service {
        noun: NOUN,
        label: "监督重点",
        table: "focus_item",
        group: Group::Prepare,
        listed: false,
        icon: "target",
        secrecy: Secrecy::Internal,
        about: "逐条登记由什么覆盖：底稿、谈话、问题等记录的编号，或了解的方式和结果；可以多选后一次登记。",
        list: Table {
            from: "focus_item f left join organisation o on o.id = f.organisation_id \
                   left join inspection i on i.id = f.inspection_id \
                   left join focus_list fl on fl.id = f.list_id \
                   left join organisation lo on lo.id = fl.organisation_id",
            alias: "f",
            title: "f.text",
            number: None,
            columns: COLUMNS,
            order: "position",
        },
        visible: FocusItem::visible,
        show: |cx, id| Box::pin(show(cx, id)),
        deeds: vec![
            Offer::create("添加监督重点", create_fields, |cx, _, form| Box::pin(create(cx, form))),
            Offer::on("cover", "登记覆盖", cover_fields, |cx, id, form| Box::pin(cover(cx, id, form)))
                .primary()
                .bulk()
                .next("登记后计入清单进度；以后可以补充更正。"),
            Offer::on("leave_out", "不作了解", reason_fields, |cx, id, form| {
                Box::pin(leave_out(cx, id, form))
            })
            .bulk()
            .next("写明理由后计入清单进度，需要时可以改为未覆盖。"),
            Offer::on("reopen", "改为未覆盖", no_fields, |cx, id, _| Box::pin(reopen(cx, id))).bulk(),
            Offer::on("edit", "修改", edit_fields, |cx, id, form| Box::pin(edit(cx, id, form))),
        ],
        creates: |actor| {
            actor.is_any(&[Role::OfficeDirector, Role::OfficeLiaison, Role::TeamHead, Role::TeamMember])
        },
        waiting: vec![Waiting { label: "还没有覆盖的监督重点", condition: to_cover, due: None }],
        governed: Some(Governed {
            noun: NOUN,
            label: "监督重点",
            transitions: lifecycle::transitions::<FocusItem>,
            permissions: || lifecycle::permissions(store::sample, samples::concerned, samples::stranger),
        }),
    }
}

fn to_cover(actor: &Actor, _: NaiveDate) -> Pred {
    shared::own_team(actor).and(Pred::is("state", State::Open))
}

fn entry_fields(held: Option<&FocusItem>) -> Vec<Field> {
    vec![
        Field::text("text", "监督重点").max(1_000).required().maybe(held.map(|point| &point.text)),
        Field::dict("framework_2", "监督内容", "framework_2").maybe(held.map(|point| &point.framework_2)),
        Field::line("basis", "依据").max(200).maybe(held.map(|point| &point.basis)),
    ]
}

fn create_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async {
        let mut fields = vec![Field::pick("list", "监督重点清单", focus_lists::NOUN).required()];
        fields.extend(entry_fields(None));
        Ok(fields)
    })
}

fn edit_fields(cx: &Cx, id: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let held = held(cx, id).await?;
        Ok(entry_fields(held.as_ref()))
    })
}

async fn held(cx: &Cx, id: Option<Uuid>) -> Result<Option<FocusItem>> {
    match id {
        Some(id) => Ok(Some(store::find(cx, FocusItemId(id)).await?)),
        None => Ok(None),
    }
}

fn cover_fields(cx: &Cx, id: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let held = held(cx, id).await?;
        let by = match &held {
            Some(point) => {
                reference::shown(cx, &point.target_noun, point.target_id, &point.reference).await?.plain()
            }
            None => String::new(),
        };
        // Many at once share one note; asking for one of the two is left to the deed.
        let note = Field::text("note", "了解情况")
            .max(2_000)
            .maybe(held.as_ref().map(|point| &point.note))
            .help("了解的方式和结果；没有对应记录的必填。");
        Ok(vec![
            Field::line("by", "由什么覆盖")
                .max(300)
                .value(by)
                .help("底稿、谈话、问题、通报事项等记录的编号，或粘贴该记录页面的地址。"),
            note,
        ])
    })
}

fn reason_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async {
        Ok(vec![
            Field::text("reason", "理由")
                .max(1_000)
                .required()
                .help("如：该职责已划转，或与本次巡察任务无关。"),
        ])
    })
}

fn entry(form: &Form) -> Entry {
    Entry { text: form.text("text"), basis: form.text("basis"), framework_2: form.text("framework_2") }
}

async fn create(cx: &mut WriteCx, form: &Form) -> Result<Outcome> {
    let id = actions::create(cx, form.need_id("list")?, entry(form)).await?;
    Ok(Outcome::new(NOUN, id, "已添加监督重点。"))
}

async fn edit(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: FocusItemId = target(id)?;
    actions::edit(cx, id, entry(form)).await?;
    Ok(Outcome::new(NOUN, id, "已保存修改。"))
}

async fn cover(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: FocusItemId = target(id)?;
    actions::cover(cx, id, &form.text("by"), form.text("note")).await?;
    Ok(Outcome::new(NOUN, id, "已登记覆盖。"))
}

async fn leave_out(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: FocusItemId = target(id)?;
    actions::leave_out(cx, id, form.text("reason")).await?;
    Ok(Outcome::new(NOUN, id, "已登记不作了解。"))
}

async fn reopen(cx: &mut WriteCx, id: Option<Uuid>) -> Result<Outcome> {
    let id: FocusItemId = target(id)?;
    actions::reopen(cx, id).await?;
    Ok(Outcome::new(NOUN, id, "已改为未覆盖。"))
}

async fn show(cx: &Cx, id: Uuid) -> Result<RecordView> {
    let point = store::find(cx, FocusItemId(id)).await?;
    let rule = point.rule_id.map(|rule| rule.0);
    let duty = match point.duty_id {
        Some(duty) => {
            let text = duties::find(cx, duty).await?.text;
            Shown::link(duties::NOUN, Some(duty.0), text)
        }
        None => Shown::Empty,
    };
    let covers = reference::shown(cx, &point.target_noun, point.target_id, &point.reference).await?;
    let list = Shown::link(focus_lists::NOUN, Some(point.list_id.0), "打开清单");
    let mut view = RecordView::new(&point.text, point.version)
        .fact("organisation", "被巡察单位", shared::organisation_link(cx, point.organisation_id).await?)
        .fact("list", "监督重点清单", list)
        .fact("framework_2", "监督内容", dictionary::shown(cx, "framework_2", &point.framework_2).await?)
        .fact("basis", "依据", Shown::text(&point.basis))
        .fact("duty", "对应职责", duty)
        .fact("rule", "来自规则", Shown::link(focus_rules::NOUN, rule, "查看规则"))
        .fact("by", "由什么覆盖", covers)
        .fact("note", "了解情况", Shown::long(&point.note))
        .fact("settled_by", "登记人", Shown::text(&point.settled_by))
        .fact("settled_on", "登记日期", Shown::date(point.settled_on));
    view.state = Some(point.state.choice());
    view.deeds = point.open_deeds(&cx.actor);
    Ok(view)
}
