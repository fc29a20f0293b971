//! How policies appear: list, page, forms.

use kit::{
    Column, Cx, Deed, Field, Form, Labelled as _, Outcome, Pred, RecordView, Result, Secrecy, Service, Shown,
    Table, WriteCx,
    form::Kind,
    service::{Group, Work, target},
};
use uuid::Uuid;

use super::{
    NOUN, Policy, PolicyId, Unit,
    actions::{self, Terms},
    may_keep, store, visible,
};

const COLUMNS: &[Column] = &[
    Column::number("code", "代码", "p.code").hidden(),
    Column::title("label", "名称", "p.label"),
    Column::integer("amount", "数值", "p.amount"),
    Column::choice("unit", "计量", "p.unit", Unit::CHOICES),
    Column::text("basis", "依据", "p.basis"),
    Column::date("valid_from", "启用日期", "p.valid_from"),
    Column::date("valid_to", "停用日期", "p.valid_to"),
];

/// The slice's description of itself.
pub fn service() -> Service {
    Service {
        noun: NOUN,
        label: "期限和口径",
        table: "policy",
        group: Group::Admin,
        listed: true,
        icon: "clock",
        secrecy: Secrecy::Internal,
        about: "各类办理期限和提醒口径及其依据，按启用日期分版本管理；已经起算的期限不受新版本影响。",
        list: Table {
            from: "policy p",
            alias: "p",
            title: "p.label",
            number: Some("p.code"),
            columns: COLUMNS,
            order: "code",
        },
        visible,
        show: |cx, id| Box::pin(show(cx, id)),
        deeds: vec![
            Deed::on("renew", "更新版本", renew_fields, |cx, id, form| Box::pin(renew(cx, id, form)))
                .primary()
                .next("新版本从启用日期起生效，现行版本在前一天停用；已经起算的期限不变。"),
            Deed::on("edit", "更正文字", edit_fields, |cx, id, form| Box::pin(edit(cx, id, form)))
                .next("只更正名称和依据的文字；数值变化请办理“更新版本”。"),
        ],
        creates: |_| false,
        waiting: Vec::new(),
        governed: None,
    }
}

async fn held(cx: &Cx, id: Option<Uuid>) -> Result<Option<Policy>> {
    match id {
        Some(id) => Ok(Some(store::find(cx, PolicyId(id)).await?)),
        None => Ok(None),
    }
}

fn basis(held: Option<&Policy>) -> Field {
    Field::text("basis", "依据")
        .max(500)
        .required()
        .maybe(held.map(|policy| &policy.basis))
        .help("写明文件名称和条款；依据会随期限一起保存和显示。")
}

fn renew_fields(cx: &Cx, id: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let held = held(cx, id).await?;
        let held = held.as_ref();
        Ok(vec![
            Field::new("amount", "数值", Kind::Integer { min: 0, max: 65_536 })
                .required()
                .maybe(held.map(|policy| policy.amount)),
            Field::choice::<Unit>("unit", "计量").required().chosen(held.map(|policy| policy.unit)),
            basis(held),
            Field::date("valid_from", "启用日期").required().value(cx.today()),
        ])
    })
}

fn edit_fields(cx: &Cx, id: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let held = held(cx, id).await?;
        let held = held.as_ref();
        Ok(vec![
            Field::line("label", "名称").max(80).required().maybe(held.map(|policy| &policy.label)),
            basis(held),
        ])
    })
}

async fn renew(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let terms = Terms {
        amount: form.need_integer("amount")?,
        unit: form.need_choice("unit")?,
        basis: form.text("basis"),
    };
    let id = actions::renew(cx, target(id)?, terms, form.need_date("valid_from")?).await?;
    Ok(Outcome::new(NOUN, id, "已建立新版本。"))
}

async fn edit(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: PolicyId = target(id)?;
    actions::edit(cx, id, form.text("label"), form.text("basis")).await?;
    Ok(Outcome::new(NOUN, id, "已保存更正。"))
}

async fn show(cx: &Cx, id: Uuid) -> Result<RecordView> {
    let policy = store::find(cx, PolicyId(id)).await?;
    // The code is a name for programs; people know a policy by its name.
    let mut view = RecordView::new(&policy.label, policy.version)
        .fact("amount", "数值", Shown::text(format!("{}{}", policy.amount, policy.unit.label())))
        .fact("basis", "依据", Shown::long(policy.basis))
        .fact("valid_from", "启用日期", Shown::Date(policy.valid_from))
        .fact("valid_to", "停用日期", Shown::date(policy.valid_to))
        .related("versions", "各版本", NOUN, Pred::is("code", policy.code.as_str()), None);
    if may_keep(&cx.actor) {
        view.deeds = if policy.valid_to.is_none() { vec!["renew", "edit"] } else { vec!["edit"] };
    }
    Ok(view)
}
