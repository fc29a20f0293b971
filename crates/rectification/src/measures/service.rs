//! How measures appear: list, page, forms, what waits.

use kit::{
    Column, Cx, Deed as DeedOf, Field, Form, Labelled as _, Lifecycle as _, Outcome, Pred, RecordView,
    Result, Role, Secrecy, Service, Shown, Tab, Table, WriteCx,
    form::Kind,
    service::{Group, Waiting, Work, target},
};
use uuid::Uuid;

use super::{
    Measure, MeasureId, NOUN, State, TermKind,
    actions::{self, Entry},
    governed, store, vague_phrases,
};
use crate::{
    access,
    html::{Grid, short},
    rect_plans::{self, RectPlanId},
    subjects::{self, INSPECTIONS, ORGANISATIONS, PROBLEMS},
};

const COLUMNS: &[Column] = &[
    Column::number("number", "措施编号", "m.number"),
    Column::title("text", "整改措施", "m.text"),
    Column::reference("problem", "反馈问题", "m.problem_id", "p.title", PROBLEMS),
    Column::reference("organisation", "被巡察单位", "m.organisation_id", "o.name", ORGANISATIONS),
    Column::reference("inspection", "巡察", "m.inspection_id", "i.name", INSPECTIONS).hidden(),
    Column::text("leader", "责任领导", "m.leader_name"),
    Column::text("owner", "责任人", "m.owner_name").hidden(),
    Column::text("department", "责任部门", "m.department").hidden(),
    Column::text("cooperating", "配合部门", "m.cooperating").hidden(),
    Column::choice("term_kind", "整改时限", "m.term_kind", TermKind::CHOICES),
    Column::clock("due_on", "完成期限", "m.due_on", "m.state in ('submitted', 'closed', 'long_term')")
        .sortable(),
    Column::choice("state", "状态", "m.state", State::CHOICES),
    Column::text("progress", "最新进展", "m.progress").hidden(),
    Column::text("goal", "整改目标", "m.goal").hidden(),
    Column::date("started_on", "启动日期", "m.started_on").hidden(),
    Column::date("submitted_on", "提交日期", "m.submitted_on").hidden(),
    Column::date("closed_on", "完成日期", "m.closed_on").hidden(),
];

/// The slice's description of itself.
pub fn service() -> Service {
    Service {
        noun: NOUN,
        label: "整改措施",
        table: "measure",
        group: Group::Rectify,
        listed: true,
        icon: "list-check",
        secrecy: Secrecy::Internal,
        about: "逐条对应反馈问题的整改措施：谁来办、谁负责、何时办结、有何佐证；提交人不能自己审核。",
        list: Table {
            from: "measure m left join problem p on p.id = m.problem_id left join organisation o on o.id = m.organisation_id \
                   left join inspection i on i.id = m.inspection_id",
            alias: "m",
            title: "m.text",
            number: Some("m.number"),
            columns: COLUMNS,
            order: "number",
        },
        visible: Measure::visible,
        show: |cx, id| Box::pin(show(cx, id)),
        deeds: deeds(),
        creates: access::may_begin,
        waiting: waiting(),
        governed: Some(governed()),
    }
}

fn deeds() -> Vec<DeedOf> {
    vec![
        DeedOf::create("新增措施", new_fields, |cx, _, form| Box::pin(create(cx, form))),
        DeedOf::on("edit", "修改", fields, |cx, id, form| Box::pin(edit(cx, id, form))),
        DeedOf::on("start", "启动", start_fields, |cx, id, form| Box::pin(start(cx, id, form)))
            .primary()
            .next("措施转为“进行中”；所属问题的首条措施启动后，问题同时转为“整改中”。"),
        DeedOf::on("report_progress", "报告进展", progress_fields, |cx, id, form| {
            Box::pin(report_progress(cx, id, form))
        })
        .next("进展逐条留存，不覆盖以前的记录。"),
        DeedOf::on("submit", "提交审核", submit_fields, |cx, id, form| Box::pin(submit(cx, id, form)))
            .primary()
            .next("措施提交巡察办审核，审核人不能是提交人；审核前不能再修改。"),
        DeedOf::on("approve_close", "审核通过", approve_fields, |cx, id, form| {
            Box::pin(approve_close(cx, id, form))
        })
        .primary()
        .bulk()
        .next("措施转为“已完成”；一个问题的措施全部完成或转长期坚持后，问题才能销号。"),
        DeedOf::on("return", "退回", return_fields, |cx, id, form| Box::pin(send_back(cx, id, form)))
            .danger()
            .next("措施退回单位，单位按意见继续整改后重新提交。"),
        DeedOf::on("make_long_term", "转长期坚持", long_term_fields, |cx, id, form| {
            Box::pin(make_long_term(cx, id, form))
        })
        .next("措施不再计算逾期，单位继续报告进展，办结时仍须提交审核。"),
        DeedOf::on("reopen", "重开", reason_fields, |cx, id, form| Box::pin(reopen(cx, id, form)))
            .danger()
            .next("措施重新进入整改，原完成日期清除，历次办理记录保留。"),
        kit::files::attach_deed(),
    ]
}

fn waiting() -> Vec<Waiting> {
    vec![
        Waiting {
            label: "待审核的整改措施",
            condition: |actor, _| {
                if actor.is_office() { Pred::is("state", State::Submitted) } else { Pred::Nothing }
            },
            due: Some("due_on"),
        },
        Waiting {
            label: "被退回的整改措施",
            condition: |actor, _| {
                let own = actor.own_organisations(Role::OrganisationLiaison, "organisation_id");
                own.and(Pred::one_of("state", [State::Returned, State::Reopened]))
            },
            due: Some("due_on"),
        },
        Waiting {
            label: "30 天内到期或已逾期的整改措施",
            condition: |actor, today| {
                let own = actor.own_organisations(Role::OrganisationLiaison, "organisation_id");
                own.and(Pred::one_of("state", State::open()))
                    .and(Pred::AtMost("due_on", kit::clock::days_after(today, 30).into()))
            },
            due: Some("due_on"),
        },
    ]
}

fn new_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async {
        let mut fields = vec![
            Field::pick("problem", "反馈问题", PROBLEMS)
                .required()
                .help("只能选择已反馈给本单位的问题；每个问题至少一条措施，没有措施的问题方案不能提交。"),
        ];
        fields.extend(entry_fields(None));
        Ok(fields)
    })
}

fn fields(cx: &Cx, id: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let held = match id {
            Some(id) => Some(store::find(cx, MeasureId(id)).await?),
            None => None,
        };
        Ok(entry_fields(held.as_ref()))
    })
}

fn entry_fields(held: Option<&Measure>) -> Vec<Field> {
    vec![
        Field::text("text", "整改措施")
            .max(4_000)
            .required()
            .maybe(held.map(|m| &m.text))
            .help("写清做什么、做到什么程度，能检查、能衡量；避免只写“加强”“进一步”等没有具体动作的表述。"),
        Field::text("goal", "整改目标").max(2_000).maybe(held.map(|m| &m.goal)),
        Field::line("leader", "责任领导")
            .max(80)
            .maybe(held.map(|m| &m.leader_name))
            .help("领导班子成员，对措施落实负责。"),
        Field::line("owner", "责任人").max(80).maybe(held.map(|m| &m.owner_name)),
        Field::line("department", "责任部门").max(120).maybe(held.map(|m| &m.department)),
        Field::line("cooperating", "配合部门").max(200).maybe(held.map(|m| &m.cooperating)),
        Field::choice::<TermKind>("term_kind", "整改时限").required().chosen(held.map(|m| m.term_kind)),
        Field::date("due_on", "完成期限")
            .maybe(held.and_then(|m| m.due_on))
            .help("须在问题整改期限之内；立行立改的留空则按规定期限计算，长期坚持的可填阶段性期限。"),
    ]
}

fn start_fields(cx: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move { Ok(vec![Field::date("started_on", "启动日期").required().value(cx.today())]) })
}

fn progress_fields(cx: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        Ok(vec![
            Field::date("on_day", "进展日期").required().value(cx.today()),
            Field::text("text", "进展情况")
                .max(4_000)
                .required()
                .help("写已经做了什么、取得什么结果，附数字。"),
            Field::new("percent", "完成比例（%）", Kind::Integer { min: 0, max: 100 }),
            Field::new("files", "佐证材料", Kind::Files),
        ])
    })
}

fn submit_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async {
        Ok(vec![
            Field::text("text", "完成情况")
                .max(4_000)
                .help("整改结果和成效；没有上传材料、也没有报告过进展的，此项必填。"),
            Field::new("files", "佐证材料", Kind::Files).help("制度文本、会议纪要、缴款凭证、照片等。"),
        ])
    })
}

fn approve_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async { Ok(vec![Field::text("opinion", "审核意见").max(2_000)]) })
}

fn return_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async {
        Ok(vec![
            Field::text("opinion", "退回意见")
                .max(2_000)
                .required()
                .help("指出哪里没有改到位、还要补什么材料。"),
        ])
    })
}

fn long_term_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async {
        Ok(vec![
            Field::date("due_on", "阶段性期限").help("需要在某日复核阶段成果的填写。"),
            Field::text("reason", "理由").max(2_000).required(),
        ])
    })
}

fn reason_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async { Ok(vec![Field::text("reason", "理由").max(2_000).required()]) })
}

fn entry(form: &Form) -> Result<Entry> {
    Ok(Entry {
        text: form.text("text"),
        goal: form.text("goal"),
        owner: form.text("owner"),
        leader: form.text("leader"),
        department: form.text("department"),
        cooperating: form.text("cooperating"),
        term: form.need_choice("term_kind")?,
        due_on: form.date("due_on"),
    })
}

/// What to say after storing `text`, pointing out words that say nothing.
fn saved(text: &str, message: &str) -> String {
    let phrases = vague_phrases(text);
    if phrases.is_empty() {
        return message.to_owned();
    }
    format!("{message}措施只有“{}”等表述，没有具体动作、数量或时间，建议补充。", phrases.join("”“"))
}

async fn create(cx: &mut WriteCx, form: &Form) -> Result<Outcome> {
    let entry = entry(form)?;
    let message = saved(&entry.text, "已新增措施。");
    let id = actions::create(cx, form.need_id("problem")?, entry).await?;
    Ok(Outcome::new(NOUN, id, message))
}

async fn edit(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: MeasureId = target(id)?;
    let entry = entry(form)?;
    let message = saved(&entry.text, "已保存修改。");
    actions::edit(cx, id, entry).await?;
    Ok(Outcome::new(NOUN, id, message))
}

async fn start(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: MeasureId = target(id)?;
    actions::start(cx, id, form.need_date("started_on")?).await?;
    Ok(Outcome::new(NOUN, id, "措施已启动。"))
}

async fn report_progress(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: MeasureId = target(id)?;
    let (on, text) = (form.need_date("on_day")?, form.text("text"));
    actions::report_progress(cx, id, on, text, form.integer("percent"), form).await?;
    Ok(Outcome::new(NOUN, id, "已记录进展。"))
}

async fn submit(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: MeasureId = target(id)?;
    actions::submit(cx, id, form.text("text"), form).await?;
    Ok(Outcome::new(NOUN, id, "已提交巡察办审核。"))
}

async fn approve_close(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: MeasureId = target(id)?;
    actions::approve_close(cx, id, form.text("opinion")).await?;
    Ok(Outcome::new(NOUN, id, "审核通过，措施已完成。"))
}

async fn send_back(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: MeasureId = target(id)?;
    actions::send_back(cx, id, form.text("opinion")).await?;
    Ok(Outcome::new(NOUN, id, "已退回单位。"))
}

async fn make_long_term(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: MeasureId = target(id)?;
    actions::make_long_term(cx, id, form.date("due_on"), form.text("reason")).await?;
    Ok(Outcome::new(NOUN, id, "已转长期坚持。"))
}

async fn reopen(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: MeasureId = target(id)?;
    actions::reopen(cx, id, form.text("reason")).await?;
    Ok(Outcome::new(NOUN, id, "措施已重开。"))
}

async fn show(cx: &Cx, id: Uuid) -> Result<RecordView> {
    let measure = store::find(cx, MeasureId(id)).await?;
    let problem = subjects::problem(cx, measure.problem_id).await?;
    let organisation = registry::organisations::find(cx, measure.organisation_id).await?;
    let inspection = subjects::inspection_name(cx, Some(measure.inspection_id)).await?;
    let plan = visible_plan(cx, measure.plan_id).await?;
    let due = kit::alarms(cx).await?.clock(measure.due_on, !measure.state.is_open());
    let problem_words = format!("{} {}", problem.number, problem.title);
    let mut view = RecordView::new(short(&measure.text), measure.version)
        .fact("problem", "反馈问题", Shown::link(PROBLEMS, Some(problem.id), problem_words))
        .fact("plan", "整改方案", Shown::link(rect_plans::NOUN, plan, "查看方案"))
        .fact(
            "organisation",
            "被巡察单位",
            Shown::link(ORGANISATIONS, Some(organisation.id.0), organisation.name),
        )
        .fact("inspection", "巡察", Shown::link(INSPECTIONS, Some(measure.inspection_id), inspection))
        .fact("text", "整改措施", Shown::long(&measure.text))
        .fact("vague", "表述提示", Shown::text(vague_phrases(&measure.text).join("、")))
        .fact("goal", "整改目标", Shown::long(&measure.goal))
        .fact("leader", "责任领导", Shown::text(&measure.leader_name))
        .fact("owner", "责任人", Shown::text(&measure.owner_name))
        .fact("department", "责任部门", Shown::text(&measure.department))
        .fact("cooperating", "配合部门", Shown::text(&measure.cooperating))
        .fact("term_kind", "整改时限", Shown::choice(measure.term_kind.choice()))
        .fact("due_on", "完成期限", Shown::date(measure.due_on))
        .fact("due_basis", "期限依据", Shown::text(&measure.due_basis))
        .fact("started_on", "启动日期", Shown::date(measure.started_on))
        .fact("submitted_on", "提交日期", Shown::date(measure.submitted_on))
        .fact("closed_on", "完成日期", Shown::date(measure.closed_on))
        .fact("progress", "最新进展", Shown::long(&measure.progress))
        .fact("opinion", "审核意见", Shown::long(&measure.opinion));
    view.number.clone_from(&measure.number);
    view.state = Some(measure.state.choice());
    view.deeds = measure.open_deeds(&cx.actor);
    view.clock = measure.due_on.map(|_| ("完成期限", due));
    view.people = [(&measure.leader_name, "责任领导"), (&measure.owner_name, "责任人")]
        .into_iter()
        .filter(|(name, _)| !name.is_empty())
        .map(|(name, part)| (name.clone(), part))
        .collect();
    view.tabs.push(Tab::Html {
        key: "progress",
        label: "进展记录",
        html: progress_html(cx, measure.id).await?,
    });
    view.tabs.push(Tab::Files);
    Ok(view)
}

/// The plan of a measure, unless it is a draft that the actor may not see.
async fn visible_plan(cx: &Cx, plan: Option<RectPlanId>) -> Result<Option<Uuid>> {
    match plan {
        Some(plan) if kit::service::can_see(cx, rect_plans::NOUN, plan.0).await? => Ok(Some(plan.0)),
        _ => Ok(None),
    }
}

async fn progress_html(cx: &Cx, id: MeasureId) -> Result<String> {
    let mut grid = Grid::new(&["进展日期", "进展情况", "完成比例（%）", "报告人", "报告时间"]);
    for line in store::progress_of(cx, id).await? {
        grid.row(&[
            Shown::Date(line.on_day),
            Shown::long(line.text),
            line.percent.map_or(Shown::Empty, Shown::Integer),
            Shown::text(line.by_name),
            Shown::Instant(line.at),
        ]);
    }
    Ok(grid.finish())
}
