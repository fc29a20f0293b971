//! How dictionaries appear: list, page, forms.

use kit::{
    Column, Cx, Deed, Field, Form, Labelled as _, Outcome, Pred, RecordView, Result, Secrecy, Service, Shown,
    Table, WriteCx,
    form::Kind,
    service::{Group, Work, target},
};
use uuid::Uuid;

use super::{
    Dictionary, DictionaryItem, ItemId, NOUN,
    actions::{self, NewItem, Wording},
    may_keep, store, visible,
};

const COLUMNS: &[Column] = &[
    Column::choice("kind", "字典", "d.kind", Dictionary::CHOICES),
    Column::number("code", "代码", "d.code"),
    Column::title("label", "名称", "d.label"),
    Column::text("parent", "上级代码", "d.parent"),
    Column::integer("position", "顺序", "d.position").hidden(),
    Column::date("valid_from", "启用日期", "d.valid_from"),
    Column::date("valid_to", "停用日期", "d.valid_to"),
    Column::text("basis", "依据", "d.basis").hidden(),
];

/// The slice's description of itself.
pub fn service() -> Service {
    Service {
        noun: NOUN,
        label: "字典",
        table: "dictionary_item",
        group: Group::Admin,
        listed: true,
        icon: "book",
        secrecy: Secrecy::Internal,
        about: "监督重点、问题类别等选项，按启用日期分版本管理；旧记录保留当时的名称。",
        list: Table {
            from: "dictionary_item d",
            alias: "d",
            title: "d.label",
            number: Some("d.code"),
            columns: COLUMNS,
            order: "code",
        },
        visible,
        show: |cx, id| Box::pin(show(cx, id)),
        deeds: vec![
            Deed::create("新增字典项", new_fields, |cx, _, form| Box::pin(create(cx, form))),
            Deed::on("renew", "更新版本", renew_fields, |cx, id, form| Box::pin(renew(cx, id, form)))
                .primary()
                .next("新版本从启用日期起生效，现行版本在前一天停用；已有记录不变。"),
            Deed::on("edit", "更正", edit_fields, |cx, id, form| Box::pin(edit(cx, id, form)))
                .next("只用于更正错字；含义变化请办理“更新版本”。"),
            Deed::on("end", "停用", end_fields, |cx, id, form| Box::pin(end(cx, id, form)))
                .danger()
                .next("停用后新记录不再提供这一选项，已有记录不变。"),
        ],
        creates: may_keep,
        waiting: Vec::new(),
        governed: None,
    }
}

async fn held(cx: &Cx, id: Option<Uuid>) -> Result<Option<DictionaryItem>> {
    match id {
        Some(id) => Ok(Some(store::find(cx, ItemId(id)).await?)),
        None => Ok(None),
    }
}

fn wording_fields(held: Option<&DictionaryItem>) -> Vec<Field> {
    vec![
        Field::line("label", "名称").max(120).required().maybe(held.map(|item| &item.label)),
        Field::line("parent", "上级代码")
            .max(40)
            .maybe(held.and_then(|item| item.parent.as_ref()))
            .help("二级字典填写所属一级的代码。"),
        Field::new("position", "顺序", Kind::Integer { min: 0, max: 9_999 })
            .required()
            .value(held.map_or(0, |item| item.position)),
        Field::text("basis", "依据").max(500).maybe(held.map(|item| &item.basis)),
    ]
}

fn new_fields(cx: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async {
        let mut fields = vec![
            Field::choice::<Dictionary>("kind", "字典").required(),
            Field::line("code", "代码").max(40).required().help("确定后不再更改，用于统计和数据交换。"),
        ];
        fields.extend(wording_fields(None));
        fields.push(Field::date("valid_from", "启用日期").required().value(cx.today()));
        Ok(fields)
    })
}

fn renew_fields(cx: &Cx, id: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let mut fields = wording_fields(held(cx, id).await?.as_ref());
        fields.push(Field::date("valid_from", "启用日期").required().value(cx.today()));
        Ok(fields)
    })
}

fn edit_fields(cx: &Cx, id: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move { Ok(wording_fields(held(cx, id).await?.as_ref())) })
}

fn end_fields(cx: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async { Ok(vec![Field::date("valid_to", "最后一天").required().value(cx.today())]) })
}

fn wording(form: &Form) -> Result<Wording> {
    Ok(Wording {
        label: form.text("label"),
        parent: form.optional("parent"),
        position: form.need_integer("position")?,
        basis: form.text("basis"),
    })
}

async fn create(cx: &mut WriteCx, form: &Form) -> Result<Outcome> {
    let new = NewItem {
        kind: form.need_choice("kind")?,
        code: form.text("code"),
        wording: wording(form)?,
        valid_from: form.need_date("valid_from")?,
    };
    let id = actions::create(cx, new).await?;
    Ok(Outcome::new(NOUN, id, "已新增字典项。"))
}

async fn renew(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id = actions::renew(cx, target(id)?, wording(form)?, form.need_date("valid_from")?).await?;
    Ok(Outcome::new(NOUN, id, "已建立新版本。"))
}

async fn edit(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: ItemId = target(id)?;
    actions::edit(cx, id, wording(form)?).await?;
    Ok(Outcome::new(NOUN, id, "已保存更正。"))
}

async fn end(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: ItemId = target(id)?;
    actions::end(cx, id, form.need_date("valid_to")?).await?;
    Ok(Outcome::new(NOUN, id, "已停用。"))
}

async fn show(cx: &Cx, id: Uuid) -> Result<RecordView> {
    let item = store::find(cx, ItemId(id)).await?;
    let same = Pred::is("kind", item.kind).and(Pred::is("code", item.code.as_str()));
    let mut view = RecordView::new(&item.label, item.version)
        .fact("kind", "字典", Shown::choice(item.kind.choice()))
        .fact("parent", "上级代码", Shown::text(item.parent.unwrap_or_default()))
        .fact("position", "顺序", Shown::Integer(item.position))
        .fact("valid_from", "启用日期", Shown::Date(item.valid_from))
        .fact("valid_to", "停用日期", Shown::date(item.valid_to))
        .fact("basis", "依据", Shown::long(item.basis))
        .related("versions", "各版本", NOUN, same, None);
    view.number = item.code;
    if may_keep(&cx.actor) {
        view.deeds = if item.valid_to.is_none() { vec!["renew", "edit", "end"] } else { vec!["edit"] };
    }
    Ok(view)
}
