//! How models of the office's own appear: list, page, the editor.

use std::sync::LazyLock;

use kit::{
    Column, Cx, Deed as Offer, Field, Form, Governed, Labelled as _, Lifecycle as _, Outcome, RecordView,
    Result, Secrecy, Service, Shown, Tab, Table, WriteCx,
    form::Kind,
    lifecycle,
    service::{Group, Work, no_fields, target},
    shown::escaped,
};
use models::{
    library,
    recipe::{Card, Level, Nature},
};
use planning::samples;
use uuid::Uuid;

use super::{Deed, Fixtures, NOUN, OfficeModel, OfficeModelId, State, WORKERS, actions, store, text};
use crate::{choices::DOMAINS, data_sets::domain_label, model_runs, said};
use kit::grid::{self, Grid};

static COLUMNS: LazyLock<[Column; 7]> = LazyLock::new(|| {
    [
        Column::number("code", "代号", "m.code"),
        Column::title("name", "名称", "m.name"),
        Column::choice("domain", "领域", "m.domain", &DOMAINS),
        Column::choice("state", "状态", "m.state", State::CHOICES),
        Column::integer("revision", "版本", "m.revision"),
        Column::text("owner", "编写人", "m.owner_name"),
        Column::date("changed_on", "修改日期", "m.changed_on").sortable().filled(),
    ]
});

/// The slice's description of itself.
pub fn service() -> Service {
    Service {
        noun: NOUN,
        label: "自建模型",
        table: "office_model",
        group: Group::Models,
        listed: true,
        icon: "bulb",
        secrecy: Secrecy::Internal,
        about: "用 SQL 编写的本办模型。与模型库一样有说明、参数、测试数据和版本；通过检验并由主任启用后各组可用。",
        list: Table {
            from: "office_model m",
            alias: "m",
            title: "m.name",
            number: Some("m.code"),
            columns: &*COLUMNS,
            order: "-changed_on",
        },
        visible: OfficeModel::visible,
        show: |cx, id| Box::pin(show(cx, id)),
        deeds: vec![
            Offer::create("新建模型", create_fields, |cx, _, form| Box::pin(create(cx, form)))
                .next("保存为编写中；检验通过后由主任启用。"),
            Offer::on("test", "检验", no_fields, |cx, id, _| Box::pin(test(cx, id)))
                .primary()
                .next("在测试数据上运行，与期望的疑点逐条比较。"),
            Offer::on("edit", "修改", edit_fields, |cx, id, form| Box::pin(edit(cx, id, form)))
                .next("已启用的版本不变，新文本检验、启用后成为下一版。"),
            Offer::on("adopt", "启用", opinion_fields, |cx, id, form| Box::pin(adopt(cx, id, form)))
                .next("成为新的版本，各组运行模型时可以选用。"),
            Offer::on("retire", "停用", opinion_fields, |cx, id, form| {
                Box::pin(turn(cx, id, Deed::Retire, form))
            })
            .danger()
            .next("不再出现在可选模型中；已登记的运行和疑点不变。"),
            Offer::on("resume", "重新编写", opinion_fields, |cx, id, form| {
                Box::pin(turn(cx, id, Deed::Resume, form))
            })
            .next("回到编写中。"),
        ],
        creates: |actor| actor.is_any(&WORKERS),
        waiting: Vec::new(),
        governed: Some(Governed {
            noun: NOUN,
            label: "自建模型",
            transitions: lifecycle::transitions::<OfficeModel>,
            permissions: || lifecycle::permissions(store::sample, samples::concerned, samples::stranger),
        }),
    }
}

fn create_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async {
        let mut fields = vec![
            Field::line("code", "代号")
                .max(40)
                .required()
                .help("小写字母、数字和连字符，如 same-phone；以后不能改。"),
        ];
        fields.extend(written(None)?);
        Ok(fields)
    })
}

fn edit_fields(cx: &Cx, id: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let held = match id {
            Some(id) => Some(store::find(cx, OfficeModelId(id)).await?),
            None => None,
        };
        written(held.as_ref())
    })
}

fn nature_code(nature: Nature) -> &'static str {
    match nature {
        Nature::Statutory => "statutory",
        Nature::Strong => "strong",
        Nature::Weak => "weak",
    }
}

fn written(held: Option<&OfficeModel>) -> Result<Vec<Field>> {
    let card: Option<Card> = held.map(|held| serde_json::from_str(&held.card)).transpose()?;
    let card = card.as_ref();
    let domains =
        library::DOMAINS.iter().map(|(code, label)| ((*code).to_owned(), (*label).to_owned())).collect();
    let levels = Level::ALL.iter().map(|level| (level.code().to_owned(), level.label().to_owned())).collect();
    let natures = [Nature::Statutory, Nature::Strong, Nature::Weak];
    let natures =
        natures.iter().map(|held| (nature_code(*held).to_owned(), held.label().to_owned())).collect();
    let (what, how, proof) = ("说明", "查询", "检验");
    let said = |name, label, text: Option<&String>| {
        Field::text(name, label).max(2_000).required().maybe(text).group(what)
    };
    Ok(vec![
        Field::line("name", "名称").max(60).required().maybe(card.map(|card| &card.name)).group(what),
        Field::new("domain", "领域", Kind::Options(domains)).required().maybe(held.map(|held| &held.domain)).group(what),
        Field::new("level", "等级", Kind::Options(levels)).required().maybe(card.map(|card| card.level.code())).group(what),
        Field::new("nature", "分量", Kind::Options(natures))
            .required()
            .maybe(card.map(|card| nature_code(card.nature)))
            .group(what),
        said("means", "找什么", card.map(|card| &card.means)),
        said("basis", "依据", card.map(|card| &card.basis)),
        said("false_positives", "可能的误报", card.map(|card| &card.false_positives)),
        said("verify", "怎样核实", card.map(|card| &card.verify)),
        Field::text("needs", "需要的字段")
            .max(4_000)
            .required()
            .maybe(card.map(|card| text::needs_lines(&card.needs)))
            .help("每行一张表：数据表: 字段, 字段。字段名见页面“可用的字段”。")
            .group(how),
        Field::text("uses", "有则使用的字段")
            .max(4_000)
            .maybe(card.map(|card| text::needs_lines(&card.uses)))
            .group(how),
        Field::text("parameters", "参数")
            .max(4_000)
            .maybe(card.map(|card| text::parameter_lines(&card.parameters)))
            .help("每行一个：名称 | 中文名 | 整数、小数、金额或文字 | 默认值 | 下限 | 上限 | 单位；语句里写 $名称。")
            .group(how),
        Field::text("query", "SQL 语句")
            .max(20_000)
            .required()
            .maybe(held.map(|held| &held.query))
            .help("一条 select，每条疑点一行；金额以分计。只能读取上面写明的表。可用 days、company_key、text_key、similarity、is_credit_code。")
            .group(how),
        Field::line("keys", "关键列")
            .max(200)
            .required()
            .maybe(card.map(|card| card.keys.join(", ")))
            .help("结果中说明疑点是关于什么的列，用逗号分开。")
            .group(how),
        Field::text("explain", "疑点说明")
            .max(1_000)
            .required()
            .maybe(card.map(|card| &card.explain))
            .help("一句话，列的值写作 {列名}，如“标段{tender}有{bidders}家投标人电话相同”。")
            .group(how),
        Field::text("fixtures", "测试数据")
            .max(100_000)
            .required()
            .maybe(held.map(|held| fixture_text(&held.fixtures)).transpose()?)
            .help("每张表一段：先写 [数据表]，再写 csv，第一行是字段名；既要有应当命中的，也要有不应命中的。")
            .group(proof),
        Field::text("expected", "期望的疑点")
            .max(50_000)
            .required()
            .maybe(held.map(|held| &held.expected))
            .help("csv，第一行是要比较的列，每条疑点一行。")
            .group(proof),
    ])
}

fn fixture_text(json: &str) -> Result<String> {
    let fixtures: Fixtures = serde_json::from_str(json)?;
    let part = |(table, text): (&String, &String)| format!("[{table}]\n{text}");
    Ok(fixtures.iter().map(part).collect::<Vec<_>>().join("\n"))
}

fn opinion_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async { Ok(vec![Field::text("opinion", "意见").max(1_000).required()]) })
}

async fn create(cx: &mut WriteCx, form: &Form) -> Result<Outcome> {
    let id = actions::create(cx, form).await?;
    Ok(Outcome::new(NOUN, id, "已保存；请检验。"))
}

async fn edit(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: OfficeModelId = target(id)?;
    actions::edit(cx, id, form).await?;
    Ok(Outcome::new(NOUN, id, "已保存；请重新检验。"))
}

async fn test(cx: &mut WriteCx, id: Option<Uuid>) -> Result<Outcome> {
    let id: OfficeModelId = target(id)?;
    let passed = actions::test(cx, id).await?;
    if passed {
        actions::offer(cx, id).await?;
    }
    Ok(Outcome::new(NOUN, id, if passed { "检验通过。" } else { "检验没有通过，原因见“检验结果”。" }))
}

async fn adopt(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: OfficeModelId = target(id)?;
    actions::adopt(cx, id, form.text("opinion")).await?;
    Ok(Outcome::new(NOUN, id, "已启用。"))
}

async fn turn(cx: &mut WriteCx, id: Option<Uuid>, deed: Deed, form: &Form) -> Result<Outcome> {
    let id: OfficeModelId = target(id)?;
    actions::turn(cx, id, deed, form.text("opinion")).await?;
    Ok(Outcome::new(NOUN, id, if deed == Deed::Retire { "已停用。" } else { "已回到编写中。" }))
}

async fn show(cx: &Cx, id: Uuid) -> Result<RecordView> {
    let model = store::find(cx, OfficeModelId(id)).await?;
    let card: Card = serde_json::from_str(&model.card)?;
    let proved = model.is_proved()?;
    let tested = match (model.checked_digest.is_empty(), proved, model.check_passed) {
        (true, ..) => "还没有检验",
        (_, true, _) => "现在的文本已通过检验",
        (_, false, true) => "修改后还没有重新检验",
        (_, false, false) => "没有通过",
    };
    let mut view = RecordView::new(&model.name, model.version)
        .fact("code", "代号", Shown::text(&model.code))
        .fact("domain", "领域", Shown::text(domain_label(&model.domain)))
        .fact("revision", "启用的版本", Shown::Integer(model.revision))
        .fact("owner", "编写人", Shown::text(&model.owner_name))
        .fact("changed_on", "修改日期", Shown::Date(model.changed_on))
        .fact("tested", "检验", Shown::text(tested))
        .fact("check_note", "检验结果", Shown::long(&model.check_note))
        .fact("explain", "疑点说明", Shown::long(&card.explain))
        .fact("needs", "需要的字段", Shown::long(text::needs_lines(&card.needs)))
        .fact("parameters", "参数", Shown::long(text::parameter_lines(&card.parameters)));
    let query = format!("<pre class=\"panel-body prewrap\">{}</pre>", escaped(&model.query));
    view.tabs.push(Tab::Html { key: "query", label: "语句", html: query + &try_form(&model) });
    view.tabs.push(Tab::Html { key: "guidance", label: "模型说明", html: model_runs::written(&card) });
    view.tabs.push(Tab::Html { key: "fields", label: "可用的字段", html: fields(&model.domain)? });
    view.tabs.push(Tab::Html { key: "revisions", label: "版本", html: revisions(cx, &model).await? });
    view.number.clone_from(&model.code);
    view.state = Some(model.state.choice());
    view.deeds = model.open_deeds(&cx.actor);
    Ok(view)
}

/// The way to a dry run on a sample of real data.
fn try_form(model: &OfficeModel) -> String {
    format!(
        "<form class=\"panel-body row\" method=\"get\" action=\"/{NOUN}/{}/try\"><label>数据集编号 \
         <input name=\"set\" required maxlength=\"40\" placeholder=\"SJ-2023-0001\"></label> <label>前 \
         <input name=\"rows\" class=\"num w-s\" inputmode=\"numeric\" value=\"10000\"> 行</label> \
         <button class=\"button\">试算</button></form>",
        model.id.0
    )
}

fn fields(domain: &str) -> Result<String> {
    let library = library::built_in().map_err(said)?;
    let Some(domain) = library.domain(domain) else { return Ok(String::new()) };
    let mut rows = Vec::new();
    for (name, table) in &domain.tables {
        for (field, held) in &table.fields {
            rows.push(vec![
                Shown::text(name),
                Shown::text(&table.label),
                Shown::text(field),
                Shown::text(&held.label),
                Shown::text(held.kind.label()),
            ]);
        }
    }
    Ok(Grid::of(&["数据表", "名称", "字段", "中文名", "类型"], &rows))
}

async fn revisions(cx: &Cx, model: &OfficeModel) -> Result<String> {
    let rows: Vec<Vec<Shown>> = store::revisions(cx, model.id)
        .await?
        .into_iter()
        .map(|row| {
            vec![
                Shown::Integer(row.number),
                Shown::Date(row.adopted_on),
                Shown::text(row.adopted_by_name),
                Shown::text(row.note),
                Shown::text(row.digest),
            ]
        })
        .collect();
    if rows.is_empty() {
        return Ok(grid::paragraph("还没有启用过。"));
    }
    Ok(Grid::of(&["版本", "启用日期", "启用人", "意见", "文本摘要（SM3）"], &rows))
}
