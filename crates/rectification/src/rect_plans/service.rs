//! How plans of rectification appear: list, page with the three lists, forms, what waits.

use kit::{
    Column, Cx, Deed as DeedOf, Field, Form, Labelled as _, Lifecycle as _, Outcome, Pred, RecordView,
    Result, Role, Secrecy, Service, Shown, Tab, Table, WriteCx,
    service::{Group, Waiting, Work, no_fields, target},
};
use uuid::Uuid;

use super::{
    NOUN, RectPlan, RectPlanId, State, Uncovered,
    actions::{self, Entry},
    governed, store, uncovered,
};
use crate::{
    html::{Grid, paragraph},
    measures::{self, Gap, Measure, vague_phrases},
    opinions, reports,
    subjects::{self, FedBackProblem, INSPECTIONS, ORGANISATIONS, PROBLEMS, UNITS},
};

const COLUMNS: &[Column] = &[
    Column::number("number", "方案编号", "r.number").opens(),
    Column::reference("organisation", "被巡察单位", "r.organisation_id", "o.name", ORGANISATIONS),
    Column::reference("inspection", "巡察", "r.inspection_id", "i.name", INSPECTIONS),
    Column::text("first_responsible", "第一责任人", "r.first_responsible"),
    Column::choice("state", "状态", "r.state", State::CHOICES),
    Column::clock("due_on", "提交期限", "r.due_on", "r.state in ('submitted', 'approved')").sortable(),
    Column::date("submitted_on", "提交日期", "r.submitted_on"),
    Column::date("reviewed_on", "审核日期", "r.reviewed_on").hidden(),
    Column::title("text", "总体要求", "r.text").hidden(),
];

/// The slice's description of itself.
pub fn service() -> Service {
    Service {
        noun: NOUN,
        label: "整改方案",
        table: "rect_plan",
        group: Group::Rectify,
        listed: true,
        icon: "file-check",
        secrecy: Secrecy::Internal,
        about: "被巡察单位的整改方案，含问题、任务、责任三张清单；每个反馈问题都有措施才能提交。",
        list: Table {
            from: "rect_plan r left join organisation o on o.id = r.organisation_id left join inspection i on i.id = r.inspection_id",
            alias: "r",
            title: "o.name",
            number: Some("r.number"),
            columns: COLUMNS,
            order: "-number",
        },
        visible: RectPlan::visible,
        show: |cx, id| Box::pin(show(cx, id)),
        deeds: deeds(),
        creates: |actor| actor.is(Role::OrganisationLiaison),
        waiting: waiting(),
        governed: Some(governed()),
    }
}

fn deeds() -> Vec<DeedOf> {
    vec![
        DeedOf::create("拟订方案", new_fields, |cx, _, form| Box::pin(create(cx, form)))
            .next("方案建立后逐个问题填写整改措施，再提交巡察办审核。"),
        DeedOf::on("edit", "修改", fields, |cx, id, form| Box::pin(edit(cx, id, form))),
        DeedOf::on("submit", "提交审核", no_fields, |cx, id, _| Box::pin(submit(cx, id)))
            .primary()
            .next("系统先核对每个反馈问题是否都有责任人、责任领导和期限齐全的措施，再送五方会审。"),
        DeedOf::on("approve", "审核通过", approve_fields, |cx, id, form| Box::pin(approve(cx, id, form)))
            .primary()
            .next("会审意见齐备且都同意才能通过；方案生效后各种整改报告自动安排，措施内容由巡察办修改。"),
        DeedOf::on("return", "退回修改", return_fields, |cx, id, form| Box::pin(send_back(cx, id, form)))
            .danger()
            .next("方案退回单位，单位按意见修改后重新提交。"),
        kit::files::attach_deed(),
    ]
}

fn waiting() -> Vec<Waiting> {
    vec![
        Waiting {
            label: "待审核的整改方案",
            condition: |actor, _| {
                if actor.is_office() { Pred::is("state", State::Submitted) } else { Pred::Nothing }
            },
            due: None,
        },
        Waiting {
            label: "待提交的整改方案",
            condition: |actor, _| {
                let own = actor.own_organisations(Role::OrganisationLiaison, "organisation_id");
                own.and(Pred::one_of("state", [State::Draft, State::Returned]))
            },
            due: Some("due_on"),
        },
    ]
}

fn new_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async {
        let mut fields = vec![
            Field::pick("unit", "被巡察单位", UNITS)
                .required()
                .help("选择本单位接受的那次巡察；反馈之后才能拟订方案，每次巡察一份。"),
        ];
        fields.extend(entry_fields(None));
        Ok(fields)
    })
}

fn fields(cx: &Cx, id: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let held = match id {
            Some(id) => Some(store::find(cx, RectPlanId(id)).await?),
            None => None,
        };
        Ok(entry_fields(held.as_ref()))
    })
}

fn entry_fields(held: Option<&RectPlan>) -> Vec<Field> {
    vec![
        Field::line("first_responsible", "第一责任人")
            .max(80)
            .required()
            .maybe(held.map(|r| &r.first_responsible))
            .help("党组织书记是整改第一责任人，填写姓名和职务。"),
        Field::text("text", "总体要求")
            .maybe(held.map(|r| &r.text))
            .help("整改目标、组织领导、工作步骤和要求；具体措施逐条填写在“整改措施”中。"),
    ]
}

fn approve_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async { Ok(vec![Field::text("opinion", "审核意见").max(4_000)]) })
}

fn return_fields(cx: &Cx, id: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let compiled = match id {
            Some(id) => opinions::compiled(&opinions::current_of_plan(cx, RectPlanId(id)).await?),
            None => String::new(),
        };
        Ok(vec![
            Field::text("opinion", "退回意见")
                .max(4_000)
                .required()
                .value(compiled)
                .help("汇总各会审单位意见，指出措施空泛、只改个案不补制度、责任不清、期限不合理等问题。"),
        ])
    })
}

fn entry(form: &Form) -> Entry {
    Entry { first_responsible: form.text("first_responsible"), text: form.text("text") }
}

async fn create(cx: &mut WriteCx, form: &Form) -> Result<Outcome> {
    let id = actions::create(cx, form.need_id("unit")?, entry(form)).await?;
    Ok(Outcome::new(NOUN, id, "已建立整改方案，请逐个问题填写整改措施。"))
}

async fn edit(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: RectPlanId = target(id)?;
    actions::edit(cx, id, entry(form)).await?;
    Ok(Outcome::new(NOUN, id, "已保存修改。"))
}

async fn submit(cx: &mut WriteCx, id: Option<Uuid>) -> Result<Outcome> {
    let id: RectPlanId = target(id)?;
    actions::submit(cx, id).await?;
    Ok(Outcome::new(NOUN, id, "方案已提交巡察办审核。"))
}

async fn approve(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: RectPlanId = target(id)?;
    actions::approve(cx, id, form.text("opinion")).await?;
    Ok(Outcome::new(NOUN, id, "方案审核通过。"))
}

async fn send_back(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: RectPlanId = target(id)?;
    actions::send_back(cx, id, form.text("opinion")).await?;
    Ok(Outcome::new(NOUN, id, "方案已退回单位修改。"))
}

async fn show(cx: &Cx, id: Uuid) -> Result<RecordView> {
    let plan = store::find(cx, RectPlanId(id)).await?;
    let unit = subjects::unit(cx, plan.unit_id).await?;
    let problems = subjects::problems_of(cx, plan.unit_id).await?;
    let measures = measures::of_unit(cx, plan.unit_id).await?;
    let lacking = uncovered(&problems, &measures);
    let waits = matches!(plan.state, State::Draft | State::Returned);
    let count = |n: usize| Shown::Integer(i64::try_from(n).unwrap_or(i64::MAX));
    let mut view = RecordView::new(format!("{}整改方案", unit.organisation_name), plan.version)
        .fact(
            "organisation",
            "被巡察单位",
            Shown::link(ORGANISATIONS, Some(unit.organisation_id.0), &unit.organisation_name),
        )
        .fact("inspection", "巡察", Shown::link(INSPECTIONS, Some(unit.inspection_id), &unit.inspection_name))
        .fact("fed_back_on", "反馈日期", Shown::date(unit.fed_back_on))
        .fact("first_responsible", "第一责任人", Shown::text(&plan.first_responsible))
        .fact("problems", "反馈问题数", count(problems.len()))
        .fact("measures", "整改措施数", count(measures.len()))
        .fact("uncovered", "措施不全的问题数", count(lacking.len()))
        .fact("due_on", "提交期限", Shown::date(plan.due_on))
        .fact("due_basis", "期限依据", Shown::text(&plan.due_basis))
        .fact("submitted_on", "提交日期", Shown::date(plan.submitted_on))
        .fact("reviewed_on", "审核日期", Shown::date(plan.reviewed_on))
        .fact("text", "总体要求", Shown::long(&plan.text))
        .fact("opinion", "审核意见", Shown::long(&plan.opinion));
    view.number.clone_from(&plan.number);
    view.state = Some(plan.state.choice());
    view.deeds = plan.open_deeds(&cx.actor);
    let alarms = kit::alarms(cx).await?;
    view.clock = plan.due_on.map(|_| ("提交期限", alarms.clock(plan.due_on, !waits)));
    view.people = vec![(plan.first_responsible.clone(), "第一责任人")];
    view.tabs.push(Tab::Html {
        key: "lists",
        label: "三清单",
        html: lists_html(&problems, &measures, &lacking),
    });
    let mut view = view
        .related("measures", "整改措施", measures::NOUN, Pred::is("plan_id", id), None)
        .related("reports", "整改报告", reports::NOUN, Pred::is("plan_id", id), None);
    if opinions::Opinion::visible(&cx.actor) != Pred::Nothing {
        view = view.related("opinions", "会审意见", opinions::NOUN, Pred::is("plan_id", id), None);
    }
    view.tabs.push(Tab::Files);
    Ok(view)
}

/// The lists of problems, tasks and responsibilities as one table, with what is missing.
fn lists_html(problems: &[FedBackProblem], measures: &[Measure], lacking: &[Uncovered]) -> String {
    let words = if lacking.is_empty() {
        format!("{} 个反馈问题均有责任人、责任领导和期限齐全的措施。", problems.len())
    } else {
        let words: Vec<String> = lacking.iter().map(Uncovered::words).collect();
        format!("以下反馈问题还没有齐全的措施：{}。", words.join("；"))
    };
    let mut grid = Grid::new(&[
        "问题编号",
        "反馈问题",
        "整改目标",
        "整改措施",
        "责任领导",
        "责任人",
        "责任部门",
        "配合部门",
        "整改时限",
        "完成期限",
        "状态",
        "核对",
    ]);
    for problem in problems {
        let mut own = measures.iter().filter(|measure| measure.problem_id == problem.id).peekable();
        if own.peek().is_none() {
            grid.row(&missing_row(problem));
        }
        for measure in own {
            grid.row(&row(problem, measure));
        }
    }
    paragraph(&words) + &grid.finish()
}

fn problem_cells(problem: &FedBackProblem) -> [Shown; 2] {
    let text = if problem.feedback_text.is_empty() { &problem.title } else { &problem.feedback_text };
    [Shown::link(PROBLEMS, Some(problem.id), &problem.number), Shown::long(text)]
}

fn missing_row(problem: &FedBackProblem) -> Vec<Shown> {
    let mut cells = problem_cells(problem).to_vec();
    cells.extend(std::iter::repeat_n(Shown::Empty, 9));
    cells.push(Shown::text("没有整改措施"));
    cells
}

fn row(problem: &FedBackProblem, measure: &Measure) -> Vec<Shown> {
    let mut cells = problem_cells(problem).to_vec();
    cells.extend([
        Shown::long(&measure.goal),
        Shown::Link { label: measure.text.clone(), href: format!("/{}/{}", measures::NOUN, measure.id) },
        Shown::text(&measure.leader_name),
        Shown::text(&measure.owner_name),
        Shown::text(&measure.department),
        Shown::text(&measure.cooperating),
        Shown::choice(measure.term_kind.choice()),
        Shown::date(measure.due_on),
        Shown::choice(measure.state.choice()),
        Shown::text(remarks(measure)),
    ]);
    cells
}

/// What a reviewer should look at in a measure.
fn remarks(measure: &Measure) -> String {
    let mut remarks: Vec<String> =
        measure.gaps().into_iter().map(|gap: Gap| gap.label().to_owned()).collect();
    let phrases = vague_phrases(&measure.text);
    if !phrases.is_empty() {
        remarks.push(format!("表述空泛：{}", phrases.join("、")));
    }
    remarks.join("；")
}
