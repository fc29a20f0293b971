//! How data sets appear: list, page, forms.

use std::fmt::Write as _;

use chrono::NaiveDate;
use kit::{
    Actor, Column, Cx, Deed as Offer, Field, Form, Governed, Labelled as _, Lifecycle as _, Outcome, Pred,
    RecordView, Refusal, Result, Role, Secrecy, Service, Shown, Tab, Table, WriteCx, files,
    form::Kind,
    jobs::{self, JobId},
    labelled, lifecycle,
    service::{Group, Waiting, Work, no_fields, target},
    shown::escaped,
    web::Query,
};
use models::{
    clean::{Change, Step},
    intake::Kept,
    library,
    load::Report,
    profile::Profile,
    value::FieldKind,
};
use planning::{samples, units};
use registry::{organisations, policies};
use uuid::Uuid;

use super::{
    DataSet, DataSetId, Handover, NOUN, State,
    actions::{self, Entry, RunOrder},
    store::{self, Part},
};
use crate::{data_recipes, data_samples, look, model_runs, office_models};
use kit::grid::{self, Grid};

labelled! {
    /// A step of cleaning, as it is chosen in a form.
    pub enum Cleaning: "清洗步骤" {
        /// Blanks away.
        Trim = "trim" => "去空格", Grey;
        /// Half width.
        HalfWidth = "half_width" => "全角转半角", Grey;
        /// Days in one form.
        Date = "date" => "统一日期写法", Grey;
        /// Bare amounts in yuan.
        MoneyYuan = "money_yuan" => "金额：数字的单位是元", Grey;
        /// Bare amounts in ten thousand yuan.
        MoneyWan = "money_wan" => "金额：数字的单位是万元", Grey;
        /// Bare amounts in a hundred million yuan.
        MoneyYi = "money_yi" => "金额：数字的单位是亿元", Grey;
        /// Names of companies.
        Company = "company" => "规范企业名称写法", Grey;
        /// Identifiers.
        Code = "code" => "规范编码写法", Grey;
        /// Values become another.
        Replace = "replace" => "合并或替换取值", Grey;
        /// Rows are left out.
        Leave = "leave" => "剔除取值所在的行", Grey;
        /// The column is words.
        AsText = "as_text" => "按文字保存", Grey;
        /// The column is identifiers.
        AsCode = "as_code" => "按编码保存", Grey;
        /// The column is whole numbers.
        AsInteger = "as_integer" => "按整数保存", Grey;
        /// The column is numbers.
        AsNumber = "as_number" => "按小数保存", Grey;
        /// The column is days.
        AsDate = "as_date" => "按日期保存", Grey;
        /// The column is yes or no.
        AsFlag = "as_flag" => "按是否保存", Grey;
        /// The column is numbers of persons.
        AsPerson = "as_person" => "按身份证件号保存（换成代号）", Grey;
        /// The column is not kept.
        Drop = "drop" => "不保留这一列", Grey;
    }
}

const COLUMNS: &[Column] = &[
    Column::number("number", "数据编号", "d.number"),
    Column::title("name", "名称", "d.name"),
    Column::reference("inspection", "巡察", "d.inspection_id", "i.name", units::INSPECTIONS).hidden(),
    Column::reference("organisation", "被巡察单位", "d.organisation_id", "o.name", organisations::NOUN),
    Column::text("provider", "提供单位", "d.provider"),
    Column::date("received_on", "接收日期", "d.received_on").sortable().filled(),
    Column::integer("taken", "行数", "d.taken"),
    Column::choice("state", "状态", "d.state", State::CHOICES),
    Column::date("retain_until", "保存至", "d.retain_until").sortable().filled(),
    Column::text("recorded_by", "登记人", "d.recorded_by_name").hidden(),
];

/// The slice's description of itself.
pub fn service() -> Service {
    Service {
        noun: NOUN,
        label: "数据集",
        table: "data_set",
        group: Group::Models,
        listed: true,
        icon: "database",
        secrecy: Secrecy::Sensitive,
        about: "为本次巡察接收的数据：来源、用途、交接、保存期限和销毁。加密保存，只有本组和主任能看，带出和销毁都要第二人决定。",
        list: Table {
            from: "data_set d left join inspection i on i.id = d.inspection_id \
                   left join organisation o on o.id = d.organisation_id",
            alias: "d",
            title: "d.name",
            number: Some("d.number"),
            columns: COLUMNS,
            order: "-number",
        },
        visible: DataSet::visible,
        show: |cx, id| Box::pin(show(cx, id)),
        deeds: deeds(),
        creates: |actor| actor.is_any(&[Role::OfficeDirector, Role::TeamHead, Role::TeamMember]),
        waiting: vec![
            Waiting { label: "数据带出待批", condition: to_allow, due: None },
            Waiting { label: "数据销毁待复核", condition: to_destroy, due: None },
            Waiting { label: "数据保存期限已到", condition: to_end, due: None },
        ],
        governed: Some(Governed {
            noun: NOUN,
            label: "数据集",
            transitions: lifecycle::transitions::<DataSet>,
            permissions: || lifecycle::permissions(store::sample, samples::concerned, samples::stranger),
        }),
    }
}

fn deeds() -> Vec<Offer> {
    vec![
        Offer::create("登记数据", create_fields, |cx, _, form| Box::pin(create(cx, form)))
            .next("文件加密保存，随即在后台导入；身份证号换成不可还原的代号。"),
        Offer::on("run", "运行模型", run_fields, |cx, id, form| Box::pin(run(cx, id, form)))
            .primary()
            .next("在后台运行；同样的模型、参数和数据只登记一次，疑点由组长分派核实。"),
        Offer::on("clean", "清洗", clean_fields, |cx, id, form| Box::pin(clean(cx, id, form)))
            .filled(|_, query| {
                let given = proposed(query);
                Box::pin(async { Ok(given) })
            })
            .next("步骤记入清洗记录，从原始文件起全部重放；可以撤销。"),
        Offer::on("undo", "撤销一步清洗", undo_fields, |cx, id, form| Box::pin(undo(cx, id, form)))
            .next("从原始文件起重放其余步骤。"),
        Offer::on("sample", "抽样", data_samples::fields, |cx, id, form| {
            Box::pin(data_samples::draw(cx, id, form))
        })
        .next("种子和总体摘要一并保存，任何人都可以重抽核对。"),
        Offer::on("import", "重新导入", no_fields, |cx, id, _| Box::pin(import(cx, id)))
            .next("从原始文件起重新读取。"),
        Offer::on("edit", "更正登记", edit_fields, |cx, id, form| Box::pin(edit(cx, id, form)))
            .next("更正前后的内容记入办理过程。"),
        Offer::on("ask_leave", "申请带出", ask_leave_fields, |cx, id, form| {
            Box::pin(ask_leave(cx, id, form))
        })
        .next("由主任决定；批准前任何人都不能导出明细。"),
        Offer::on("allow_leave", "批准带出", allow_fields, |cx, id, form| {
            Box::pin(allow_leave(cx, id, form))
        })
        .primary()
        .next("有效期内可以导出明细，每次导出都登记。"),
        Offer::on("refuse_leave", "不准带出", opinion_fields, |cx, id, form| {
            Box::pin(refuse_leave(cx, id, form))
        })
        .next("数据回到可用状态。"),
        Offer::on("prolong", "延长保存", prolong_fields, |cx, id, form| Box::pin(prolong(cx, id, form)))
            .next("新的期限和理由记入办理过程。"),
        Offer::on("ask_destroy", "申请销毁", ask_destroy_fields, |cx, id, form| {
            Box::pin(ask_destroy(cx, id, form))
        })
        .danger()
        .next("由另一人复核后销毁。"),
        Offer::on("destroy", "复核销毁", destroy_fields, |cx, id, _| Box::pin(destroy(cx, id)))
            .danger()
            .next("文件、列数据和密钥立即清除，不能恢复；登记、运行记录和疑点保留。"),
        Offer::on("keep", "退回销毁申请", opinion_fields, |cx, id, form| Box::pin(keep(cx, id, form)))
            .next("数据继续保存。"),
        files::attach_deed(),
    ]
}

fn own(actor: &Actor) -> Pred {
    if actor.is(Role::OfficeDirector) { Pred::All } else { actor.own_inspections(Role::TeamHead) }
}

fn to_allow(actor: &Actor, _: NaiveDate) -> Pred {
    if actor.is(Role::OfficeDirector) { Pred::is("state", State::LeaveAsked) } else { Pred::Nothing }
}

fn to_destroy(actor: &Actor, _: NaiveDate) -> Pred {
    let another = actor.account.map_or(Pred::All, |account| Pred::outside("destroy_by", &[account]));
    own(actor).and(Pred::is("state", State::DestroyAsked)).and(another)
}

fn to_end(actor: &Actor, today: NaiveDate) -> Pred {
    own(actor)
        .and(Pred::one_of("state", [State::Received, State::Ready]))
        .and(Pred::AtMost("retain_until", today.into()))
}

fn entry_fields(held: Option<&DataSet>, day: NaiveDate, until: (Option<NaiveDate>, String)) -> Vec<Field> {
    vec![
        Field::line("name", "名称")
            .max(100)
            .required()
            .maybe(held.map(|set| &set.name))
            .help("如“2021—2023年工程招投标记录”。"),
        Field::text("purpose", "使用目的")
            .max(1_000)
            .required()
            .maybe(held.map(|set| &set.purpose))
            .help("数据只能用于这里写明的目的；只取需要的列。")
            .group("来源和交接"),
        Field::line("provider", "提供单位")
            .max(100)
            .required()
            .maybe(held.map(|set| &set.provider))
            .group("来源和交接"),
        Field::line("system_name", "来源系统")
            .max(100)
            .maybe(held.map(|set| &set.system_name))
            .group("来源和交接"),
        Field::date("received_on", "接收日期")
            .required()
            .value(held.map_or(day, |set| set.received_on))
            .group("来源和交接"),
        Field::line("received_by", "接收人")
            .max(100)
            .required()
            .maybe(held.map(|set| &set.received_by))
            .group("来源和交接"),
        Field::choice::<Handover>("handover", "交接方式")
            .required()
            .chosen(held.map(|set| set.handover))
            .group("来源和交接"),
        Field::line("receipt", "交接单号").max(100).maybe(held.map(|set| &set.receipt)).group("来源和交接"),
        Field::date("retain_until", "保存至")
            .required()
            .maybe(held.map(|set| set.retain_until).or(until.0))
            .help("到期提醒销毁；需要延长的由主任决定。")
            .group("保存和销毁"),
        Field::line("retain_basis", "期限依据")
            .max(200)
            .required()
            .value(held.map_or(until.1, |set| set.retain_basis.clone()))
            .group("保存和销毁"),
    ]
}

fn create_fields(cx: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let until = policies::deadline(cx, "data_retention", cx.today()).await.ok();
        let until = (until.as_ref().map(|deadline| deadline.due_on), until.map(|deadline| deadline.basis));
        let mut fields = vec![
            Field::pick("unit", "被巡察对象", units::NOUN).required(),
            Field::new("files", "数据文件", Kind::Files)
                .required()
                .help("csv、tsv、xlsx、parquet、json、jsonl 或 sql（insert 语句）；一个文件一个数据集。"),
            Field::line("part", "工作表或表名")
                .max(100)
                .help("工作簿有多张表、数据库转储有多张表时填写；不填则取第一张有表头的。"),
        ];
        fields.extend(entry_fields(None, cx.today(), (until.0, until.1.unwrap_or_default())));
        Ok(fields)
    })
}

fn edit_fields(cx: &Cx, id: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let held = match id {
            Some(id) => Some(store::find(cx, DataSetId(id)).await?),
            None => None,
        };
        Ok(entry_fields(held.as_ref(), cx.today(), (None, String::new())))
    })
}

fn entry(form: &Form) -> Result<Entry> {
    Ok(Entry {
        name: form.text("name"),
        purpose: form.text("purpose"),
        provider: form.text("provider"),
        system_name: form.text("system_name"),
        received_on: form.need_date("received_on")?,
        received_by: form.text("received_by"),
        handover: form.need_choice("handover")?,
        receipt: form.text("receipt"),
        retain_until: form.need_date("retain_until")?,
        retain_basis: form.text("retain_basis"),
    })
}

fn run_fields(cx: &Cx, id: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let mut options = Vec::new();
        if id.is_some() {
            options = office_models::options(cx).await?;
        }
        Ok(vec![
            Field::new("model", "模型", Kind::Options(options)).required(),
            Field::new("others", "其他数据集", Kind::PickMany(NOUN))
                .help("模型需要几张表时，选同一次巡察的其他数据集；哪张表取自哪里由列名判断。"),
            Field::new("recipes", "字段对应", Kind::PickMany(data_recipes::NOUN))
                .help("列名与模型字段不一致时，先保存字段对应，再在这里选用。"),
            Field::text("parameters", "参数")
                .max(2_000)
                .help("每行一个“名称=值”，不填用模型的默认值；名称见模型说明。"),
        ])
    })
}

fn clean_fields(cx: &Cx, id: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let mut options = Vec::new();
        if let Some(id) = id {
            let set = store::find(cx, DataSetId(id)).await?;
            let names = store::columns(cx, &set).await?.kept;
            options = names.into_iter().map(|kept| (kept.name.clone(), kept.name)).collect();
        }
        Ok(vec![
            Field::new("column", "列", Kind::Options(options)).required(),
            Field::choice::<Cleaning>("change", "步骤").required(),
            Field::text("from", "取值")
                .max(20_000)
                .help("合并、替换、剔除行时填写，每行一个，与数据中的写法完全一致。"),
            Field::line("to", "改为").max(200).help("合并、替换时填写；不填则清空。"),
        ])
    })
}

/// What a page of spellings proposes.
fn proposed(query: &Query) -> Vec<(&'static str, String)> {
    let given = |name: &'static str| query.get(name).map(|value| (name, value.to_owned()));
    ["column", "change", "from", "to"].into_iter().filter_map(given).collect()
}

fn ask_leave_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async {
        Ok(vec![
            Field::line("to", "带往何处、给谁").max(200).required(),
            Field::text("reason", "理由和范围")
                .max(1_000)
                .required()
                .help("写明为什么必须带出、带出哪些列、怎样保管、何时收回。"),
        ])
    })
}

fn allow_fields(cx: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        Ok(vec![
            Field::date("until", "有效期至").required().value(cx.today()),
            Field::text("opinion", "意见").max(1_000).required(),
        ])
    })
}

fn opinion_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async { Ok(vec![Field::text("opinion", "理由").max(1_000).required()]) })
}

fn prolong_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async {
        Ok(vec![
            Field::date("until", "保存至").required(),
            Field::line("opinion", "依据").max(200).required(),
        ])
    })
}

fn ask_destroy_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async {
        Ok(vec![
            Field::text("reason", "理由").max(1_000).required().help("如任务结束、保存期限已到、接收错误。"),
            Field::text("way", "平台以外的副本怎样处理")
                .max(1_000)
                .required()
                .help("光盘、移动介质和其他电脑上的副本怎样销毁、谁监督；没有副本的写“无”。"),
        ])
    })
}

fn destroy_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async { Ok(vec![Field::flag("sure", "已核对申请理由和介质处理情况").required()]) })
}

/// What a deed that began a job says, and where it leads.
fn ordered(job: JobId, message: &str) -> Outcome {
    Outcome::new(jobs::NOUN, job.0, message)
}

async fn create(cx: &mut WriteCx, form: &Form) -> Result<Outcome> {
    let [upload] = form.files.as_slice() else {
        return Err(Refusal::field("files", "一个数据集只能有一个文件；几个文件请分别登记").into());
    };
    let (id, _) = actions::create(cx, form.need_id("unit")?, entry(form)?, form.text("part"), upload).await?;
    Ok(Outcome::new(NOUN, id, "已登记，正在后台导入；完成后收件箱有通知。"))
}

async fn edit(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: DataSetId = target(id)?;
    actions::edit(cx, id, entry(form)?).await?;
    Ok(Outcome::new(NOUN, id, "已更正。"))
}

async fn import(cx: &mut WriteCx, id: Option<Uuid>) -> Result<Outcome> {
    let job = actions::import(cx, target(id)?).await?;
    Ok(ordered(job, "正在后台重新导入。"))
}

async fn clean(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let from = actions::values(form.typed("from"));
    let change = change(form.need_choice("change")?, from, form.text("to"))?;
    let job = actions::clean(cx, target(id)?, Step { column: form.text("column"), change }).await?;
    Ok(ordered(job, "已记入清洗记录，正在重放。"))
}

fn change(cleaning: Cleaning, from: std::collections::BTreeSet<String>, to: String) -> Result<Change> {
    let values = |from: std::collections::BTreeSet<String>| {
        if from.is_empty() {
            return Err(kit::Error::from(Refusal::field("from", "请填写取值，每行一个")));
        }
        Ok(from)
    };
    let kind = |kind| Change::Kind { kind };
    Ok(match cleaning {
        Cleaning::Trim => Change::Trim,
        Cleaning::HalfWidth => Change::HalfWidth,
        Cleaning::Date => Change::Date,
        Cleaning::MoneyYuan => Change::Money { unit: 100 },
        Cleaning::MoneyWan => Change::Money { unit: 1_000_000 },
        Cleaning::MoneyYi => Change::Money { unit: 10_000_000_000 },
        Cleaning::Company => Change::Company,
        Cleaning::Code => Change::Code,
        Cleaning::Replace => Change::Replace { from: values(from)?, to },
        Cleaning::Leave => Change::Leave { values: values(from)? },
        Cleaning::AsText => kind(FieldKind::Text),
        Cleaning::AsCode => kind(FieldKind::Code),
        Cleaning::AsInteger => kind(FieldKind::Integer),
        Cleaning::AsNumber => kind(FieldKind::Number),
        Cleaning::AsDate => kind(FieldKind::Date),
        Cleaning::AsFlag => kind(FieldKind::Flag),
        Cleaning::AsPerson => kind(FieldKind::Person),
        Cleaning::Drop => Change::Drop,
    })
}

/// The steps in force, the last one first and chosen.
fn undo_fields(cx: &Cx, id: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let steps = match id {
            Some(id) => store::steps_of(cx, DataSetId(id)).await?,
            None => Vec::new(),
        };
        let steps: Vec<(String, String)> = steps
            .into_iter()
            .rev()
            .filter(|(row, _)| row.undone_at.is_none())
            .map(|(row, _)| (row.id.to_string(), format!("第 {} 步：{}", row.position, row.label)))
            .collect();
        let last = steps.first().map(|(id, _)| id.clone());
        let field = Field::new("step", "步骤", Kind::Options(steps)).maybe(last);
        Ok(vec![field.help("不选则撤销最后一步。")])
    })
}

async fn undo(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let named = Some(form.text("step")).filter(|named| !named.is_empty());
    let named = named.map(|named| Uuid::parse_str(&named)).transpose();
    let named = named.map_err(|_| Refusal::field("step", "请从列表中选择步骤"))?;
    let job = actions::undo(cx, target(id)?, named).await?;
    Ok(ordered(job, "已撤销，正在重放其余步骤。"))
}

async fn run(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let order = RunOrder {
        model: form.text("model"),
        others: form.ids("others"),
        recipes: form.ids("recipes"),
        set: actions::settings(&form.text("parameters"))?,
    };
    let job = actions::run(cx, target(id)?, order).await?;
    Ok(ordered(job, "正在后台运行；完成后收件箱有通知。"))
}

async fn ask_leave(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: DataSetId = target(id)?;
    actions::ask_leave(cx, id, form.text("to"), form.text("reason")).await?;
    Ok(Outcome::new(NOUN, id, "已报主任决定。"))
}

async fn allow_leave(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: DataSetId = target(id)?;
    actions::decide_leave(cx, id, Some(form.need_date("until")?), form.text("opinion")).await?;
    Ok(Outcome::new(NOUN, id, "已批准。"))
}

async fn refuse_leave(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: DataSetId = target(id)?;
    actions::decide_leave(cx, id, None, form.text("opinion")).await?;
    Ok(Outcome::new(NOUN, id, "已退回。"))
}

async fn prolong(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: DataSetId = target(id)?;
    actions::prolong(cx, id, form.need_date("until")?, form.text("opinion")).await?;
    Ok(Outcome::new(NOUN, id, "已延长。"))
}

async fn ask_destroy(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: DataSetId = target(id)?;
    actions::ask_destroy(cx, id, form.text("reason"), form.text("way")).await?;
    Ok(Outcome::new(NOUN, id, "已提交，待第二人复核。"))
}

async fn destroy(cx: &mut WriteCx, id: Option<Uuid>) -> Result<Outcome> {
    let id: DataSetId = target(id)?;
    actions::destroy(cx, id).await?;
    Ok(Outcome::new(NOUN, id, "已销毁。"))
}

async fn keep(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: DataSetId = target(id)?;
    actions::keep(cx, id, form.text("opinion")).await?;
    Ok(Outcome::new(NOUN, id, "已退回。"))
}

async fn show(cx: &Cx, id: Uuid) -> Result<RecordView> {
    let set = store::find(cx, DataSetId(id)).await?;
    cx.record_read(NOUN, id).await;
    let names = units::names(cx, set.organisation_id, set.inspection_id).await?;
    let mut view = facts(RecordView::new(&set.name, set.version), &set, names);
    if set.is_readable() {
        let columns = store::columns(cx, &set).await?;
        let html = ways(&set, &columns.kept) + &data_recipes::proposals(&set, &columns.kept)?;
        view.tabs.push(Tab::Html { key: "look", label: "查看和分析", html });
    }
    let report: Option<Report> = store::unseal(cx, set.id, Part::Report, &set.report_sealed)?;
    let profile: Option<Profile> = store::unseal(cx, set.id, Part::Profile, &set.profile_sealed)?;
    if let Some(profile) = &profile {
        view.tabs.push(Tab::Html { key: "columns", label: "各列概况", html: columns(&set, profile) });
    }
    if let (Some(report), Some(profile)) = (&report, &profile) {
        view.tabs.push(Tab::Html { key: "quality", label: "数据质量", html: quality(report, profile) });
    }
    view.tabs.push(Tab::Html { key: "steps", label: "清洗记录", html: steps(cx, &set).await? });
    let runs = model_runs::over(cx, set.id).await?;
    view = view.related("runs", "模型运行", model_runs::NOUN, Pred::within("id", runs), None).related(
        "samples",
        "抽样",
        data_samples::NOUN,
        Pred::is("data_set_id", id),
        None,
    );
    view.number.clone_from(&set.number);
    view.state = Some(set.state.choice());
    view.secrecy = Secrecy::Sensitive;
    view.deeds = set.open_deeds(&cx.actor);
    let may = set.state != State::Destroyed && super::may_create(&cx.actor, set.inspection_id);
    Ok(view.takes_files(may))
}

fn facts(view: RecordView, set: &DataSet, names: units::Names) -> RecordView {
    let view = view
        .fact("purpose", "使用目的", Shown::long(&set.purpose))
        .fact(
            "organisation",
            "被巡察单位",
            Shown::link(organisations::NOUN, Some(set.organisation_id.0), names.organisation),
        )
        .fact(
            "inspection",
            "巡察",
            Shown::link(units::INSPECTIONS, Some(set.inspection_id), names.inspection),
        )
        .fact("provider", "提供单位", Shown::text(&set.provider))
        .fact("system_name", "来源系统", Shown::text(&set.system_name))
        .fact("received_on", "接收日期", Shown::Date(set.received_on))
        .fact("received_by", "接收人", Shown::text(&set.received_by))
        .fact("handover", "交接方式", Shown::choice(set.handover.choice()))
        .fact("receipt", "交接单号", Shown::text(&set.receipt))
        .fact("retain_until", "保存至", Shown::Date(set.retain_until))
        .fact("retain_basis", "期限依据", Shown::text(&set.retain_basis))
        .fact("file_name", "文件", Shown::text(&set.file_name))
        .fact("part", "工作表或表名", Shown::text(&set.part))
        .fact("file_digest", "文件摘要（SM3）", Shown::text(&set.file_digest))
        .fact("data_rows", "文件行数", Shown::Integer(set.data_rows))
        .fact("taken", "采用行数", Shown::Integer(set.taken))
        .fact("digest", "列数据摘要（SM3）", Shown::text(&set.digest))
        .fact("import_note", "未能导入的原因", Shown::long(&set.import_note));
    let view = view
        .fact("leave_to", "申请带往", Shown::text(&set.leave_to))
        .fact("leave_reason", "带出理由", Shown::long(&set.leave_reason))
        .fact("leave_by", "带出申请人", Shown::text(&set.leave_by_name))
        .fact("leave_until", "准许带出至", Shown::date(set.leave_until))
        .fact("leave_opinion", "带出意见", Shown::long(&set.leave_opinion));
    view.fact("destroy_reason", "销毁理由", Shown::long(&set.destroy_reason))
        .fact("destroy_way", "平台以外的副本", Shown::long(&set.destroy_way))
        .fact("destroy_by", "销毁申请人", Shown::text(&set.destroy_by_name))
        .fact("destroyed_on", "销毁日期", Shown::date(set.destroyed_on))
        .fact("destroyed_by", "复核人", Shown::text(&set.destroyed_by_name))
}

/// Where the pages are that show the rows, as far as they have something to show of these columns.
fn ways(set: &DataSet, kept: &[Kept]) -> String {
    let mut html = String::from("<ul class=\"panel-body stack\">");
    for (path, label, note) in [
        ("rows", "明细和分面", "按任意列筛选、排序、计数"),
        ("spellings", "相近写法", "同一企业的不同写法，合并成清洗步骤"),
        ("tenders", "标段", "每个标段的报价、筛查指标、谁与谁同场"),
        ("network", "投标人网络", "同场次数超出偶然的企业、轮流中标的群体、从不中标的陪标者"),
        ("concentration", "集中度", "按任意列看行数或金额集中在谁手里"),
        ("series", "时间序列", "逐月数值与同类机构比较"),
        ("stock", "资产存量和流量", "期初、增加、减少、期末"),
    ] {
        if !look::fits(path, kept) {
            continue;
        }
        let _ = write!(
            html,
            "<li><a href=\"/{NOUN}/{}/{path}\">{label}</a> <span class=\"muted\">{note}</span></li>",
            set.id.0
        );
    }
    html.push_str("</ul>");
    html
}

fn kind_label(kind: FieldKind) -> Shown {
    Shown::text(kind.label())
}

fn columns(set: &DataSet, profile: &Profile) -> String {
    let count = |number: u64| Shown::Integer(i64::try_from(number).unwrap_or(i64::MAX));
    let rows: Vec<Vec<Shown>> = profile
        .columns
        .iter()
        .map(|column| {
            let range = match (&column.least, &column.most) {
                (Some(least), Some(most)) => format!("{least} — {most}"),
                _ => String::new(),
            };
            let frequent: Vec<String> =
                column.frequent.iter().take(3).map(|(text, count)| format!("{text}（{count}）")).collect();
            let frequent = if column.personal {
                String::from("（个人信息，不显示）")
            } else {
                frequent.join("、")
            };
            vec![
                Shown::Link {
                    label: column.name.clone(),
                    href: Query::default()
                        .with("facet", &column.name)
                        .address(&format!("/{NOUN}/{}/rows", set.id.0)),
                },
                kind_label(column.kind),
                count(column.filled),
                count(column.missing),
                Shown::Integer(column.distinct as i64),
                Shown::text(range),
                count(column.outliers),
                Shown::text(frequent),
            ]
        })
        .collect();
    let mut html = String::new();
    if profile.partial {
        html.push_str(&grid::paragraph(&format!("数据很多，概况只看了前 {} 行。", profile.rows)));
    }
    html + &Grid::of(&["列", "类型", "有值", "空缺", "不同取值", "范围", "离群", "最常见"], &rows)
}

/// What is to be known before any model runs.
fn quality(report: &Report, profile: &Profile) -> String {
    let mut html = String::from("<ul class=\"panel-body stack\">");
    let mut line = |text: String| {
        html.push_str("<li>");
        html.push_str(&escaped(&text));
        html.push_str("</li>");
    };
    line(format!("文件 {} 行，采用 {} 行。", report.rows, report.taken));
    if report.ragged > 0 {
        let rows: Vec<String> = report.ragged_rows.iter().map(u64::to_string).collect();
        line(format!("{} 行的列数与表头不一致，未采用；如第 {} 行。", report.ragged, rows.join("、")));
    }
    if report.duplicates > 0 {
        line(format!("{} 行与前面的行完全相同，未采用。", report.duplicates));
    }
    for remark in &report.remarks {
        line(remark.clone());
    }
    for column in &profile.columns {
        if column.wrong_codes > 0 {
            line(format!("列“{}”有 {} 个统一社会信用代码的校验位不对。", column.name, column.wrong_codes));
        }
        if !column.clusters.is_empty() {
            line(format!(
                "列“{}”有 {} 组企业名称可能是同一家的不同写法，可在“相近写法”中合并。",
                column.name,
                column.clusters.len()
            ));
        }
        if column.outliers > 0 {
            line(format!("列“{}”有 {} 个数值远离其他数值，请核对单位。", column.name, column.outliers));
        }
    }
    html.push_str("</ul>");
    html + &odd_cells(report)
}

/// What became of cells that gave no value, column by column.
pub(crate) fn odd_cells(report: &Report) -> String {
    let mut rows = Vec::new();
    for field in &report.fields {
        for (odd, count) in &field.odd {
            let examples: Vec<String> =
                field.examples.iter().map(|(row, text)| format!("第{row}行“{text}”")).collect();
            let unreadable = *odd == models::value::Odd::Unreadable;
            rows.push(vec![
                Shown::text(&field.label),
                Shown::text(odd.label()),
                Shown::Integer(i64::try_from(*count).unwrap_or(i64::MAX)),
                Shown::text(if unreadable { examples.join("、") } else { String::new() }),
            ]);
        }
    }
    if rows.is_empty() {
        return grid::paragraph("没有需要特别处理的单元格。");
    }
    Grid::of(&["列", "情况和处理", "单元格", "例子"], &rows)
}

async fn steps(cx: &Cx, set: &DataSet) -> Result<String> {
    let rows: Vec<Vec<Shown>> = if set.state == State::Destroyed {
        Vec::new()
    } else {
        store::steps_of(cx, set.id)
            .await?
            .into_iter()
            .map(|(row, step)| {
                vec![
                    Shown::Integer(row.position),
                    Shown::text(row.label),
                    Shown::text(detail(&step)),
                    Shown::Integer(row.touched),
                    Shown::text(row.by_name),
                    Shown::Instant(row.at),
                    Shown::text(
                        row.undone_at
                            .map_or_else(String::new, |_| format!("已撤销（{}）", row.undone_by_name)),
                    ),
                ]
            })
            .collect()
    };
    if rows.is_empty() {
        return Ok(grid::paragraph("还没有清洗步骤，列数据与文件一致。"));
    }
    let head = grid::paragraph("步骤按顺序从原始文件起重放，同样的文件和步骤得到同样的列数据摘要。");
    Ok(head + &Grid::of(&["序号", "步骤", "内容", "改动", "操作人", "时间", "撤销"], &rows))
}

fn detail(step: &Step) -> String {
    let list = |values: &std::collections::BTreeSet<String>| {
        let shown: Vec<&str> = values.iter().take(5).map(String::as_str).collect();
        let more = if values.len() > 5 { format!(" 等 {} 个", values.len()) } else { String::new() };
        shown.join("、") + &more
    };
    match &step.change {
        Change::Replace { from, to } => format!("{} → {to}", list(from)),
        Change::Leave { values } => list(values),
        Change::Kind { kind } => kind.label().to_owned(),
        Change::Money { unit } => format!("1 = {} 元", unit / 100),
        _ => String::new(),
    }
}

/// Chinese name of a domain of the library.
pub(crate) fn domain_label(code: &str) -> &str {
    library::DOMAINS.iter().find(|(held, _)| *held == code).map_or(code, |(_, label)| label)
}
