//! How rules of focus appear: list, page, forms.

use kit::{
    Column, Cx, Deed as Offer, Field, Form, Governed, Labelled as _, Lifecycle as _, Outcome, RecordView,
    Result, Secrecy, Service, Shown, Table, WriteCx, dictionary, lifecycle,
    service::{Group, Work, no_fields, target},
};
use planning::samples;
use registry::organisations::OrganisationKind;
use uuid::Uuid;

use super::{
    FocusRule, NOUN, RuleId, State,
    actions::{self, Entry},
    store,
};

const COLUMNS: &[Column] = &[
    Column::title("text", "监督重点", "r.text"),
    Column::text("keyword", "职责关键词", "r.keyword"),
    Column::choice("organisation_kind", "单位类别", "r.organisation_kind", OrganisationKind::CHOICES),
    Column::dict("framework_2", "监督内容", "r.framework_2", "framework_2"),
    Column::text("basis", "依据", "r.basis"),
    Column::choice("state", "状态", "r.state", State::CHOICES),
    Column::date("valid_from", "启用日期", "r.valid_from").sortable().filled().hidden(),
];

/// The slice's description of itself.
pub fn service() -> Service {
    Service {
        noun: NOUN,
        label: "监督重点规则",
        table: "focus_rule",
        group: Group::Prepare,
        listed: true,
        icon: "bulb",
        secrecy: Secrecy::Internal,
        about: "什么职责、什么类别的单位看什么，依据是什么；生成监督重点清单时逐条套用，由巡察办维护。",
        list: Table {
            from: "focus_rule r",
            alias: "r",
            title: "r.text",
            number: None,
            columns: COLUMNS,
            order: "valid_from",
        },
        visible: FocusRule::visible,
        show: |cx, id| Box::pin(show(cx, id)),
        deeds: vec![
            Offer::create("登记规则", fields, |cx, _, form| Box::pin(create(cx, form)))
                .next("以后生成的清单会套用；已经生成的清单可以“按规则补充”。"),
            Offer::on("edit", "修改", fields, |cx, id, form| Box::pin(edit(cx, id, form)))
                .next("已经生成的清单保留原来的文字。"),
            Offer::on("resume", "重新启用", no_fields, |cx, id, _| Box::pin(resume(cx, id))),
            Offer::on("end", "停用", end_fields, |cx, id, form| Box::pin(end(cx, id, form))).danger(),
        ],
        creates: kit::Actor::is_office,
        waiting: Vec::new(),
        governed: Some(Governed {
            noun: NOUN,
            label: "监督重点规则",
            transitions: lifecycle::transitions::<FocusRule>,
            permissions: || lifecycle::permissions(store::sample, samples::concerned, samples::stranger),
        }),
    }
}

fn fields(cx: &Cx, id: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let held = match id {
            Some(id) => Some(store::find(cx, RuleId(id)).await?),
            None => None,
        };
        let held = held.as_ref();
        Ok(vec![
            Field::line("keyword", "职责关键词")
                .max(40)
                .maybe(held.map(|rule| &rule.keyword))
                .help("单位有职责含这个词时适用；不填的，不看职责。"),
            Field::choice::<OrganisationKind>("organisation_kind", "单位类别")
                .chosen(held.and_then(|rule| rule.organisation_kind))
                .help("只对这类单位适用；不填的，对各类单位都适用。"),
            Field::text("text", "监督重点")
                .max(1_000)
                .required()
                .maybe(held.map(|rule| &rule.text))
                .help("看什么，一句话。写有 {职责} 的，对每项核心职能各生成一条。"),
            Field::dict("framework_2", "监督内容", "framework_2").maybe(held.map(|rule| &rule.framework_2)),
            Field::line("basis", "依据").max(200).required().maybe(held.map(|rule| &rule.basis)),
            Field::date("valid_from", "启用日期")
                .required()
                .value(held.map_or(cx.today(), |rule| rule.valid_from)),
        ])
    })
}

fn end_fields(cx: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move { Ok(vec![Field::date("valid_to", "停用日期").required().value(cx.today())]) })
}

fn entry(form: &Form) -> Result<Entry> {
    Ok(Entry {
        keyword: form.text("keyword"),
        organisation_kind: form.choice("organisation_kind"),
        text: form.text("text"),
        basis: form.text("basis"),
        framework_2: form.text("framework_2"),
        valid_from: form.need_date("valid_from")?,
    })
}

async fn create(cx: &mut WriteCx, form: &Form) -> Result<Outcome> {
    let id = actions::create(cx, entry(form)?).await?;
    Ok(Outcome::new(NOUN, id, "已登记规则。"))
}

async fn edit(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: RuleId = target(id)?;
    actions::edit(cx, id, entry(form)?).await?;
    Ok(Outcome::new(NOUN, id, "已保存修改。"))
}

async fn end(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: RuleId = target(id)?;
    actions::end(cx, id, form.need_date("valid_to")?).await?;
    Ok(Outcome::new(NOUN, id, "已停用。"))
}

async fn resume(cx: &mut WriteCx, id: Option<Uuid>) -> Result<Outcome> {
    let id: RuleId = target(id)?;
    actions::resume(cx, id).await?;
    Ok(Outcome::new(NOUN, id, "已重新启用。"))
}

async fn show(cx: &Cx, id: Uuid) -> Result<RecordView> {
    let rule = store::find(cx, RuleId(id)).await?;
    let kind = rule.organisation_kind.map_or(Shown::Empty, |kind| Shown::choice(kind.choice()));
    let mut view = RecordView::new(&rule.text, rule.version)
        .fact("keyword", "职责关键词", Shown::text(&rule.keyword))
        .fact("organisation_kind", "单位类别", kind)
        .fact("framework_2", "监督内容", dictionary::shown(cx, "framework_2", &rule.framework_2).await?)
        .fact("basis", "依据", Shown::text(&rule.basis))
        .fact("valid_from", "启用日期", Shown::Date(rule.valid_from))
        .fact("valid_to", "停用日期", Shown::date(rule.valid_to));
    view.state = Some(rule.state.choice());
    view.deeds = rule.open_deeds(&cx.actor);
    Ok(view)
}
