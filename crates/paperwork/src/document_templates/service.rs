//! How templates appear: list, page with editions and previews, forms.

use std::fmt::Write as _;

use kit::{
    Column, Cx, Deed as Offer, Field, Form, Governed, Labelled as _, Lifecycle as _, Outcome, RecordView,
    Result, Secrecy, Service, Shown, Tab, Table, WriteCx,
    form::Kind,
    lifecycle,
    service::{Group, Work, no_fields, target},
    shown::{escape, escaped},
};
use planning::samples;
use uuid::Uuid;

use super::{
    Deed, DocumentTemplate, Grade, Layout, NOUN, State, TemplateId,
    actions::{self, Writing},
    store,
};
use crate::{facts, official};

const COLUMNS: &[Column] = &[
    Column::number("code", "编码", "t.code").opens(),
    Column::title("label", "文种", "t.label"),
    Column::choice("form", "版式", "t.form", Layout::CHOICES),
    Column::text("drafted_by", "起草", "t.drafted_by"),
    Column::text("approved_by", "审批", "t.approved_by"),
    Column::text("audience", "知悉范围", "t.audience"),
    Column::choice("grade", "保密要求", "t.grade", Grade::CHOICES),
    Column::integer("edition", "版次", "t.edition"),
    Column::choice("state", "状态", "t.state", State::CHOICES),
    Column::text("series", "机关代字", "t.series").hidden(),
];

/// The slice's description of itself.
pub fn service() -> Service {
    Service {
        noun: NOUN,
        label: "公文模板",
        table: "document_template",
        group: Group::Archive,
        listed: true,
        icon: "file-text",
        secrecy: Secrecy::Internal,
        about: "各类文书的标题、主送、抄送和正文模板，由巡察办自行修订；每次修订成为新的一版，已生成的公文不变。",
        list: Table {
            from: "document_template t",
            alias: "t",
            title: "t.label",
            number: Some("t.code"),
            columns: COLUMNS,
            order: "code",
        },
        visible: DocumentTemplate::visible,
        show: |cx, id| Box::pin(show(cx, id)),
        deeds: vec![
            Offer::create("新建模板", create_fields, |cx, _, form| Box::pin(create(cx, form)))
                .next("保存前检查所有字段名；保存后可以用真实记录预览版面。"),
            Offer::on("revise", "修订", revise_fields, |cx, id, form| Box::pin(revise(cx, id, form)))
                .primary()
                .next("成为新的一版，此后生成的公文用新版；已生成的公文不变。"),
            Offer::on("withdraw", "停用", no_fields, |cx, id, _| Box::pin(switch(cx, id, Deed::Withdraw)))
                .danger()
                .next("停用后不能再用它生成公文，已生成的公文不受影响。"),
            Offer::on("restore", "恢复使用", no_fields, |cx, id, _| {
                Box::pin(switch(cx, id, Deed::Restore))
            }),
        ],
        creates: super::may_keep,
        waiting: Vec::new(),
        governed: Some(Governed {
            noun: NOUN,
            label: "公文模板",
            transitions: lifecycle::transitions::<DocumentTemplate>,
            permissions: || lifecycle::permissions(store::sample, samples::concerned, samples::stranger),
        }),
    }
}

const BODY_HELP: &str = "一行一段。“# ”起头是一级标题，“## ”二级，依次到四级，序号自动编排；“|”起头是表格，第一行写列名和宽度（如 |序号:1|问题:5|）；\
“:: 标签 :: 内容”是表单的一行；“~~ 负责人”是签字处；“@ 出席：名单”用于纪要；“+++ 附件标题”起是附件，“+++横 标题”用横页。\
字段写成 {{ 名称 }}，列表写成 {% for 行 in 反馈问题 %}…{{ 行.状态 }}…{% endfor %}。没有内容的字段显示为〔待填〕。";

fn create_fields(cx: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let nouns = cx.app().registry().services.iter().filter(|one| one.secrecy != Secrecy::Sealed);
        let nouns = nouns.map(|one| (one.noun.to_owned(), one.label.to_owned())).collect();
        let mut fields = vec![
            Field::line("code", "编码").required().max(12).help("如 D34，不能与现有模板相同。"),
            Field::new("noun", "用于哪类记录", Kind::Options(nouns)).required(),
        ];
        fields.extend(writing_fields(None));
        Ok(fields)
    })
}

fn revise_fields(cx: &Cx, id: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let held = match id {
            Some(id) => Some(store::find(cx, TemplateId(id)).await?),
            None => None,
        };
        Ok(writing_fields(held.as_ref()))
    })
}

fn writing_fields(held: Option<&DocumentTemplate>) -> Vec<Field> {
    vec![
        Field::line("label", "文种名称").required().max(60).maybe(held.map(|t| &t.label)),
        Field::choice::<Layout>("form", "版式").required().chosen(held.map(|t| t.form)),
        Field::line("issuer", "发文机关标志")
            .max(120)
            .maybe(held.map(|t| &t.issuer))
            .help("如 {{ 机关 }}文件；无版头的不填。"),
        Field::line("series", "机关代字")
            .max(20)
            .maybe(held.map(|t| &t.series))
            .help("编号时写成“机关代字〔年份〕序号号”；不编号的不填。"),
        Field::line("title", "标题").required().max(200).maybe(held.map(|t| &t.title)),
        Field::line("addressees", "主送机关")
            .max(200)
            .maybe(held.map(|t| &t.addressees))
            .help("多个机关用顿号隔开。"),
        Field::line("copies", "抄送机关")
            .max(200)
            .maybe(held.map(|t| &t.copies))
            .help("多个机关用顿号隔开。"),
        Field::text("body", "正文").required().max(20_000).maybe(held.map(|t| &t.body)).help(BODY_HELP),
        Field::line("signatory", "署名").max(120).maybe(held.map(|t| &t.signatory)),
        Field::choice::<Grade>("grade", "保密要求")
            .required()
            .chosen(held.map(|t| t.grade))
            .help("本系统不处理国家秘密，定密文件请在专用设备上办理。"),
        Field::line("drafted_by", "起草").max(60).maybe(held.map(|t| &t.drafted_by)),
        Field::line("approved_by", "审批").max(60).maybe(held.map(|t| &t.approved_by)),
        Field::line("audience", "知悉范围").max(120).maybe(held.map(|t| &t.audience)),
    ]
}

fn writing(form: &Form) -> Result<Writing> {
    Ok(Writing {
        label: form.text("label"),
        form: form.need_choice("form")?,
        issuer: form.text("issuer"),
        series: form.text("series"),
        title: form.text("title"),
        addressees: form.text("addressees"),
        copies: form.text("copies"),
        body: form.text("body"),
        signatory: form.text("signatory"),
        grade: form.need_choice("grade")?,
        drafted_by: form.text("drafted_by"),
        approved_by: form.text("approved_by"),
        audience: form.text("audience"),
    })
}

async fn create(cx: &mut WriteCx, form: &Form) -> Result<Outcome> {
    let id = actions::create(cx, form.text("code"), form.text("noun"), writing(form)?).await?;
    Ok(Outcome::new(NOUN, id, "已新建模板，可以在“预览”里看版面。"))
}

async fn revise(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id = target::<TemplateId>(id)?;
    actions::revise(cx, id, writing(form)?).await?;
    Ok(Outcome::new(NOUN, id, "已成为新的一版。"))
}

async fn switch(cx: &mut WriteCx, id: Option<Uuid>, deed: Deed) -> Result<Outcome> {
    let id = target::<TemplateId>(id)?;
    actions::switch(cx, id, deed).await?;
    Ok(Outcome::new(NOUN, id, if deed == Deed::Withdraw { "已停用。" } else { "已恢复使用。" }))
}

async fn show(cx: &Cx, id: Uuid) -> Result<RecordView> {
    let template = store::find(cx, TemplateId(id)).await?;
    let of = cx.app().registry().service(&template.noun).map_or("", |service| service.label);
    let mut view = RecordView::new(template.label.clone(), template.version)
        .fact("noun", "用于哪类记录", Shown::text(of))
        .fact("form", "版式", Shown::choice(template.form.choice()))
        .fact("issuer", "发文机关标志", Shown::text(&template.issuer))
        .fact("series", "机关代字", Shown::text(&template.series))
        .fact("title", "标题", Shown::text(&template.title))
        .fact("addressees", "主送机关", Shown::text(&template.addressees))
        .fact("copies", "抄送机关", Shown::text(&template.copies))
        .fact("signatory", "署名", Shown::text(&template.signatory))
        .fact("drafted_by", "起草", Shown::text(&template.drafted_by))
        .fact("approved_by", "审批", Shown::text(&template.approved_by))
        .fact("audience", "知悉范围", Shown::text(&template.audience))
        .fact("grade", "保密要求", Shown::choice(template.grade.choice()))
        .fact("edition", "版次", Shown::Integer(template.edition))
        .fact("body", "正文", Shown::long(&template.body));
    view.number.clone_from(&template.code);
    view.state = Some(template.state.choice());
    view.deeds = template.open_deeds(&cx.actor);
    view.tabs.push(preview(cx, &template).await?);
    view.tabs.push(names(cx, &template).await?);
    view.tabs.push(editions(cx, &template).await?);
    Ok(view)
}

/// The first page made of the newest record, and the way to all pages. A report opens on its own page only, so what lays
/// out reports shows its form.
async fn preview(cx: &Cx, template: &DocumentTemplate) -> Result<Tab> {
    let id = template.id;
    let shown = if official::kind_of(template).is_some() {
        Some((id.0, format!("<a class=\"button\" href=\"/{NOUN}/{id}/preview\">看全部页面</a>")))
    } else {
        newest(cx, template).await?.map(|record| {
            let all = format!("/{NOUN}/{id}/preview?record={record}");
            (record, format!("<a class=\"button\" href=\"{all}\">看全部页面，或换一条记录</a>"))
        })
    };
    let html = match shown {
        Some((record, link)) => format!(
            "<p class=\"panel-body\">{link}</p>\
             <div class=\"paper-pages\"><img src=\"/{NOUN}/{id}/page/{record}/0\" alt=\"第 1 页\" loading=\"lazy\"></div>"
        ),
        None => String::from("<div class=\"empty\"><h2>还没有可以预览的记录</h2></div>"),
    };
    Ok(Tab::Html { key: "preview", label: "预览", html })
}

async fn newest(cx: &Cx, template: &DocumentTemplate) -> Result<Option<Uuid>> {
    let known = cx.app().registry().service(&template.noun).is_some();
    if known { facts::newest(cx, &template.noun).await } else { Ok(None) }
}

async fn names(cx: &Cx, template: &DocumentTemplate) -> Result<Tab> {
    let known = cx.app().registry().service(&template.noun).is_some();
    let names = if known { actions::names(cx, template).await? } else { std::collections::BTreeSet::new() };
    let mut html = String::from("<p class=\"panel-body\">模板里可以使用的字段：");
    for name in &names {
        html.push_str("<code>{{ ");
        escape(name, &mut html);
        html.push_str(" }}</code> ");
    }
    html.push_str("</p>");
    Ok(Tab::Html { key: "names", label: "可用字段", html })
}

async fn editions(cx: &Cx, template: &DocumentTemplate) -> Result<Tab> {
    let mut html = String::new();
    for one in store::editions(cx, template.id).await? {
        let _ = write!(
            html,
            "<details class=\"panel-body\"><summary>第 {} 版　{}　{}</summary><pre>{}</pre></details>",
            one.edition,
            kit::clock::office_time(one.at),
            escaped(&one.by_name),
            escaped(&one.body)
        );
    }
    Ok(Tab::Html { key: "editions", label: "历次版本", html })
}
