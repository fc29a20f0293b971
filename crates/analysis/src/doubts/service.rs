//! How doubts appear: list, page, forms.

use chrono::NaiveDate;
use fieldwork::{leads, problems, suspect_projects};
use kit::{
    Actor, Column, Cx, Deed as Offer, Field, Form, Governed, Labelled as _, Lifecycle as _, Outcome, Pred,
    RecordView, Result, Role, Secrecy, Service, Shown, Tab, Table, WriteCx,
    form::Kind,
    grid::Grid,
    lifecycle,
    service::{Group, Waiting, Work, keep_files, target},
};
use planning::{samples, units};
use registry::organisations;
use uuid::Uuid;

use super::{
    Doubt, DoubtId, Level, NOUN, State,
    actions::{self, Verification},
    store,
};
use crate::model_runs;

const COLUMNS: &[Column] = &[
    Column::number("number", "疑点编号", "d.number"),
    Column::title("explanation", "疑点", "d.explanation"),
    Column::choice("level", "等级", "d.level", Level::CHOICES),
    Column::choice("state", "状态", "d.state", State::CHOICES),
    Column::reference("run", "模型", "d.run_id", "m.model_name", model_runs::NOUN),
    Column::reference("inspection", "巡察", "d.inspection_id", "i.name", units::INSPECTIONS).hidden(),
    Column::reference("organisation", "被巡察单位", "d.organisation_id", "o.name", organisations::NOUN),
    Column::text("assignee", "核实人", "a.name"),
    Column::date("found_on", "提出日期", "d.found_on").sortable().filled(),
    Column::date("verified_on", "核实日期", "d.verified_on").hidden(),
];

/// The slice's description of itself.
pub fn service() -> Service {
    Service {
        noun: NOUN,
        label: "疑点",
        table: "doubt",
        group: Group::Models,
        listed: true,
        icon: "alert-triangle",
        secrecy: Secrecy::Sensitive,
        about: "数据模型提出、等待人工核实的疑点。疑点不是问题，核实后才能转为问题或线索；对被巡察单位不可见。",
        list: Table {
            from: "doubt d left join model_run m on m.id = d.run_id \
                   left join inspection i on i.id = d.inspection_id \
                   left join organisation o on o.id = d.organisation_id left join account a on a.id = d.assignee_id",
            alias: "d",
            title: "d.explanation",
            number: Some("d.number"),
            columns: COLUMNS,
            order: "-number",
        },
        visible: Doubt::visible,
        show: |cx, id| Box::pin(show(cx, id)),
        deeds: deeds(),
        creates: |_| false,
        waiting: vec![
            Waiting { label: "疑点待分派", condition: to_assign, due: None },
            Waiting { label: "疑点待核实", condition: to_verify, due: None },
            Waiting { label: "疑点待处理", condition: to_decide, due: None },
        ],
        governed: Some(Governed {
            noun: NOUN,
            label: "疑点",
            transitions: lifecycle::transitions::<Doubt>,
            permissions: || lifecycle::permissions(store::sample, samples::concerned, samples::stranger),
        }),
    }
}

fn deeds() -> Vec<Offer> {
    vec![
        Offer::on("assign", "分派", assign_fields, |cx, id, form| Box::pin(assign(cx, id, form)))
            .primary()
            .bulk()
            .next("核实人收到通知，疑点出现在其待办中。"),
        Offer::on("verify", "填写核实情况", verify_fields, |cx, id, form| {
            Box::pin(verify(cx, id, form))
        })
        .primary()
        .next("由组长决定排除、转为问题、转为线索或者转交。"),
        Offer::on("to_problem", "转为问题", problem_fields, |cx, id, form| {
            Box::pin(to_problem(cx, id, form))
        })
        .next("疑点与问题互相关联，计入模型的准确率。"),
        Offer::on("to_lead", "转为线索", lead_fields, |cx, id, form| Box::pin(to_lead(cx, id, form)))
            .next("疑点与线索互相关联；线索内容仍然加密，不会抄到疑点里。"),
        Offer::on("to_project", "转为涉嫌项目", project_fields, |cx, id, form| {
            Box::pin(to_project(cx, id, form))
        })
        .next("疑点与涉嫌违法违规项目互相关联，计入模型的准确率。"),
        Offer::on("pass_on", "转交", pass_fields, |cx, id, form| Box::pin(pass_on(cx, id, form)))
            .next("记录转交对象，疑点办结。"),
        Offer::on("exclude", "排除", exclude_fields, |cx, id, form| Box::pin(exclude(cx, id, form)))
            .bulk()
            .next("理由进入办理过程，计入模型的准确率，用于改进参数。"),
        Offer::on("reopen", "重新核实", reopen_fields, |cx, id, form| Box::pin(reopen(cx, id, form)))
            .next("疑点回到核实中。"),
    ]
}

/// Doubts of the inspections whose team the person leads.
fn led(actor: &Actor, state: State) -> Pred {
    actor.own_inspections(Role::TeamHead).and(Pred::is("state", state))
}

fn to_assign(actor: &Actor, _: NaiveDate) -> Pred {
    led(actor, State::Open)
}

fn to_verify(actor: &Actor, _: NaiveDate) -> Pred {
    actor.account.map_or(Pred::Nothing, |account| {
        Pred::is("assignee_id", account).and(Pred::is("state", State::Assigned))
    })
}

fn to_decide(actor: &Actor, _: NaiveDate) -> Pred {
    led(actor, State::Verified)
}

fn assign_fields(cx: &Cx, id: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let mut options = Vec::new();
        let mut held = None;
        if let Some(id) = id {
            let doubt = store::find(cx, DoubtId(id)).await?;
            let team = store::team(cx, doubt.inspection_id).await?;
            options = team.into_iter().map(|(account, name)| (account.to_string(), name)).collect();
            held = doubt.assignee_id;
        }
        let field = Field::new("assignee", "核实人", Kind::Options(options)).required().maybe(held);
        Ok(vec![field.help("本次巡察组当前在任的成员；弱疑点宜由同一人合并核实。")])
    })
}

fn verify_fields(cx: &Cx, id: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let held = match id {
            Some(id) => Some(store::find(cx, DoubtId(id)).await?),
            None => None,
        };
        let held = held.as_ref();
        Ok(vec![
            Field::text("method", "核实方法")
                .max(2_000)
                .required()
                .maybe(held.map(|doubt| &doubt.method))
                .help("查了什么资料、问了什么人、去了哪里；可参照页面上的“怎样核实”。"),
            Field::text("finding", "核实结果")
                .max(4_000)
                .required()
                .maybe(held.map(|doubt| &doubt.finding))
                .help("写清事实，不写推断；与数据不一致的要写明原因。"),
            Field::text("evidence", "证据").max(4_000).maybe(held.map(|doubt| &doubt.evidence)),
            Field::new("files", "佐证材料", Kind::Files),
        ])
    })
}

fn problem_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async {
        Ok(vec![
            Field::pick("problem", "问题", problems::NOUN)
                .required()
                .help("先登记问题，再在这里选择；一个问题可以由多条疑点合成。"),
        ])
    })
}

fn lead_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async {
        Ok(vec![Field::pick("lead", "线索", leads::NOUN).required().help("先登记线索，再填写线索编号。")])
    })
}

fn project_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async {
        Ok(vec![
            Field::pick("project", "涉嫌违法违规项目", suspect_projects::NOUN)
                .required()
                .help("先登记项目，再在这里选择；同一项目只登记一次。"),
        ])
    })
}

fn pass_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async {
        Ok(vec![
            Field::text("to", "转交对象和要求")
                .max(1_000)
                .required()
                .help("如转后续巡察组、转主管部门核查，写明交接人和要求。"),
        ])
    })
}

fn exclude_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async {
        Ok(vec![
            Field::text("reason", "排除理由")
                .max(2_000)
                .required()
                .help("写明属于哪种误报以及依据；同样理由的疑点可以成批排除。"),
        ])
    })
}

fn reopen_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async { Ok(vec![Field::text("reason", "重新核实的理由").max(2_000).required()]) })
}

async fn assign(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: DoubtId = target(id)?;
    let account =
        form.text("assignee").parse().map_err(|_| kit::Refusal::field("assignee", "请选择核实人"))?;
    actions::assign(cx, id, account).await?;
    Ok(Outcome::new(NOUN, id, "已分派。"))
}

async fn verify(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: DoubtId = target(id)?;
    let verification = Verification {
        method: form.text("method"),
        finding: form.text("finding"),
        evidence: form.text("evidence"),
    };
    actions::verify(cx, id, verification).await?;
    keep_files(cx, NOUN, id, form).await?;
    Ok(Outcome::new(NOUN, id, "已保存核实情况。"))
}

async fn to_problem(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: DoubtId = target(id)?;
    actions::to_problem(cx, id, form.need_id("problem")?).await?;
    Ok(Outcome::new(NOUN, id, "已转为问题。"))
}

async fn to_lead(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: DoubtId = target(id)?;
    actions::to_lead(cx, id, form.need_id("lead")?).await?;
    Ok(Outcome::new(NOUN, id, "已转为线索。"))
}

async fn to_project(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: DoubtId = target(id)?;
    actions::to_project(cx, id, form.need_id("project")?).await?;
    Ok(Outcome::new(NOUN, id, "已转为涉嫌违法违规项目。"))
}

async fn pass_on(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: DoubtId = target(id)?;
    actions::pass_on(cx, id, form.text("to")).await?;
    Ok(Outcome::new(NOUN, id, "已转交。"))
}

async fn exclude(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: DoubtId = target(id)?;
    actions::exclude(cx, id, form.text("reason")).await?;
    Ok(Outcome::new(NOUN, id, "已排除。"))
}

async fn reopen(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: DoubtId = target(id)?;
    actions::reopen(cx, id, form.text("reason")).await?;
    Ok(Outcome::new(NOUN, id, "已退回核实。"))
}

async fn show(cx: &Cx, id: Uuid) -> Result<RecordView> {
    let doubt = store::find(cx, DoubtId(id)).await?;
    cx.record_read(NOUN, id).await;
    let names = units::names(cx, doubt.organisation_id, doubt.inspection_id).await?;
    let (assignee, verifier) = (
        store::account_name(cx, doubt.assignee_id).await?,
        store::account_name(cx, doubt.verified_by).await?,
    );
    let mut view = RecordView::new(&doubt.explanation, doubt.version)
        .fact("level", "等级", Shown::choice(doubt.level.choice()))
        .fact(
            "run",
            "模型",
            Shown::link(model_runs::NOUN, Some(doubt.run_id.0), model_runs::name_of(cx, &doubt.model).await?),
        )
        .fact(
            "organisation",
            "被巡察单位",
            Shown::link(organisations::NOUN, Some(doubt.organisation_id.0), names.organisation),
        )
        .fact(
            "inspection",
            "巡察",
            Shown::link(units::INSPECTIONS, Some(doubt.inspection_id), names.inspection),
        )
        .fact("found_on", "提出日期", Shown::Date(doubt.found_on))
        .fact("assignee", "核实人", Shown::text(assignee))
        .fact("assigned_on", "分派日期", Shown::date(doubt.assigned_on))
        .fact("method", "核实方法", Shown::long(&doubt.method))
        .fact("finding", "核实结果", Shown::long(&doubt.finding))
        .fact("evidence", "证据", Shown::long(&doubt.evidence))
        .fact("verified_by", "填写人", Shown::text(verifier))
        .fact("verified_on", "核实日期", Shown::date(doubt.verified_on))
        .fact("conclusion", "处理说明", Shown::long(&doubt.conclusion))
        .fact("concluded_on", "处理日期", Shown::date(doubt.concluded_on));
    view.tabs.push(Tab::Html { key: "values", label: "数据", html: values(&doubt) });
    view.tabs.push(Tab::Html {
        key: "model",
        label: "怎样核实",
        html: model_runs::guidance(cx, &doubt.model).await?,
    });
    if let Some(problem) = doubt.problem_id {
        view = view.related("problem", "问题", problems::NOUN, Pred::is("id", problem), None);
    }
    if let Some(lead) = doubt.lead_id {
        view = view.related("lead", "线索", leads::NOUN, Pred::is("id", lead), None);
    }
    if let Some(project) = doubt.project_id {
        let condition = Pred::is("id", project);
        view = view.related("project", "涉嫌违法违规项目", suspect_projects::NOUN, condition, None);
    }
    view.number.clone_from(&doubt.number);
    view.state = Some(doubt.state.choice());
    view.secrecy = Secrecy::Sensitive;
    view.deeds = doubt.open_deeds(&cx.actor);
    view.tabs.push(Tab::Files);
    Ok(view)
}

/// The values that raised the doubt, under the Chinese names of the fields where they have one.
fn values(doubt: &Doubt) -> String {
    let facts: serde_json::Map<String, serde_json::Value> =
        serde_json::from_str(&doubt.facts).unwrap_or_default();
    let shown = |value: &serde_json::Value| match value {
        serde_json::Value::Null => Shown::Empty,
        serde_json::Value::String(text) => Shown::text(text),
        serde_json::Value::Bool(flag) => Shown::Flag(*flag),
        other => Shown::text(other.to_string()),
    };
    let rows: Vec<Vec<Shown>> = facts
        .iter()
        .map(|(name, value)| vec![Shown::text(model_runs::column_label(&doubt.model, name)), shown(value)])
        .collect();
    Grid::of(&["项目", "值"], &rows)
}
