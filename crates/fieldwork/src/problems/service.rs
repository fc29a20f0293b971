//! How problems appear: list, page, forms.

use chrono::NaiveDate;
use kit::{
    Actor, Column, Cx, Deed as Offer, Field, Form, Governed, Labelled as _, Lifecycle as _, Outcome, Pred,
    RecordView, Result, Role, Secrecy, Service, Shown, Tab, Table, WriteCx,
    form::Kind,
    lifecycle,
    service::{Group, Told, Waiting, Work, no_fields, target},
};
use registry::organisations;
use uuid::Uuid;

use super::{
    Deed, NOUN, Problem, ProblemId, State,
    actions::{self, Correction, Entry, Reopening},
    reads_findings, store,
};
use crate::{closures, drafts, inspects};
use kit::dictionary::shown;
use planning::{samples, units};

// How a problem became known (`source`, `draft_number`) is no column: lists are one for all, and the
// unit must not learn that somebody complained.
const COLUMNS: &[Column] = &[
    Column::number("number", "问题编号", "p.number"),
    Column::title("title", "问题", "p.title"),
    Column::reference("organisation", "被巡察单位", "p.organisation_id", "o.name", organisations::NOUN)
        .indexed_by(&["number"]),
    Column::reference("inspection", "巡察", "p.inspection_id", "i.name", units::INSPECTIONS)
        .indexed_by(&["number"])
        .hidden(),
    Column::dict("field", "领域", "p.field", "field").indexed_by(&["number"]).hidden(),
    Column::dict("category_1", "问题类别", "p.category_1", "category_1").indexed_by(&["number"]),
    Column::choice("state", "状态", "p.state", State::CHOICES).indexed_by(&["number", "due_on"]),
    Column::flag("key_problem", "重点", "p.key_problem").indexed_by(&["number"]).hidden(),
    Column::date("found_on", "发现日期", "p.found_on").sortable().filled(),
    Column::date("fed_back_on", "反馈日期", "p.fed_back_on").sortable().hidden(),
    Column::clock("due_on", "整改期限", "p.due_on", "p.state in ('closed', 'withdrawn')").sortable(),
    Column::money("amount", "涉及金额（元）", "p.amount_fen"),
    Column::reference("term", "届次", "p.term_id", "t.name", "terms").hidden(),
    Column::reference("round", "轮次", "p.round_id", "r.name", "rounds").hidden().indexed_by(&["number"]),
    Column::text("team", "巡察组", "p.team").hidden(),
    Column::dict("framework_1", "监督重点", "p.framework_1", "framework_1").hidden().indexed_by(&["number"]),
    Column::dict("framework_2", "监督重点（二级）", "p.framework_2", "framework_2")
        .hidden()
        .indexed_by(&["number"]),
    Column::dict("category_2", "问题类别（二级）", "p.category_2", "category_2")
        .hidden()
        .indexed_by(&["number"]),
    Column::dict("nature", "问题性质", "p.nature", "problem_nature").hidden().indexed_by(&["number"]),
    Column::dict("responsibility", "责任类型", "p.responsibility", "responsibility_kind")
        .hidden()
        .indexed_by(&["number"]),
    Column::dict("discipline", "六项纪律", "p.discipline", "discipline_kind")
        .hidden()
        .indexed_by(&["number"]),
    Column::flag("eight_rules", "违反八项规定精神", "p.eight_rules").hidden().indexed_by(&["number"]),
    Column::flag("audit_linked", "巡审联动", "p.audit_linked").hidden().indexed_by(&["number"]),
    Column::flag("common", "共性问题", "p.common").hidden().indexed_by(&["number"]),
    Column::integer("people_affected", "涉及人数", "p.people_affected").hidden(),
    Column::date("closed_on", "销号日期", "p.closed_on").hidden(),
    Column::text("text", "问题表现", "p.text").hidden().only(reads_findings).in_index(),
    Column::text("feedback_text", "反馈表述", "p.feedback_text").hidden(),
];

/// The slice's description of itself.
pub fn service() -> Service {
    Service {
        noun: NOUN,
        label: "问题",
        table: "problem",
        group: Group::Fieldwork,
        listed: true,
        icon: "alert-circle",
        secrecy: Secrecy::Internal,
        about: "巡察发现的问题，从发现、反馈、整改到销号逐一跟踪。",
        list: Table {
            // Left joins keep the problem first in SQLite's plan, so that its index gives the order.
            from: "problem p left join organisation o on o.id = p.organisation_id \
                   left join inspection i on i.id = p.inspection_id left join term t on t.id = p.term_id \
                   left join round r on r.id = p.round_id",
            alias: "p",
            title: "p.title",
            number: Some("p.number"),
            columns: COLUMNS,
            order: "-number",
        },
        visible: Problem::visible,
        show: |cx, id| Box::pin(show(cx, id)),
        deeds: deeds(),
        creates: super::may_create,
        waiting: vec![
            Waiting { label: "反馈问题待启动整改", condition: to_begin, due: Some("due_on") },
            Waiting { label: "整改中的问题", condition: to_rectify, due: Some("due_on") },
            Waiting { label: "提请销号待审核", condition: to_review, due: Some("due_on") },
        ],
        governed: Some(Governed {
            noun: NOUN,
            label: "问题",
            transitions: lifecycle::transitions::<Problem>,
            permissions: || lifecycle::permissions(store::sample, samples::concerned, samples::stranger),
        }),
    }
}

fn deeds() -> Vec<Offer> {
    vec![
        Offer::create("登记问题", create_fields, |cx, _, form| Box::pin(create(cx, form)))
            .next("只用于没有底稿的历史台账；巡察组发现的问题由已审批的底稿形成。登记后状态为“已发现”，反馈前只有巡察组、巡察办和领导小组可见。"),
        Offer::on("feed_back", "反馈", feed_back_fields, |cx, id, form| Box::pin(feed_back(cx, id, form)))
            .primary()
            .bulk()
            .next("问题向被巡察单位公开，整改期限从反馈之日起算，单位联络员会收到通知。"),
        Offer::on("begin", "启动整改", no_fields, |cx, id, _| Box::pin(begin(cx, id)))
            .primary()
            .next("问题进入“整改中”，首条整改措施启动时也会自动进入。巡察办录入历史台账时可以代单位登记，办理记录会写明是代为登记，并通知单位联络员。"),
        Offer::on("submit", "提请销号", submit_fields, |cx, id, form| Box::pin(submit(cx, id, form)))
            .primary()
            .next("所有整改措施均已完成或转为长期的，提交巡察办审核；提交人不能审核。"),
        Offer::on("close", "销号", close_fields, |cx, id, form| Box::pin(close(cx, id, form)))
            .primary()
            .bulk()
            .next("问题计入整改完成，写入销号记录；以后发现整改不实可以重开。"),
        Offer::on("return", "审核退回", opinion_fields, |cx, id, form| {
            Box::pin(return_for_more(cx, id, form))
        })
        .next("问题回到“整改中”，单位联络员会收到退回意见。"),
        Offer::on("make_long_term", "转长期整改", reason_fields, |cx, id, form| {
            Box::pin(make_long_term(cx, id, form))
        })
        .next("问题转入长期跟踪，不计入整改完成；条件成熟时由单位提请销号。"),
        Offer::on("edit", "修改", edit_fields, |cx, id, form| Box::pin(edit(cx, id, form))),
        Offer::on("reopen", "重开", reopen_fields, |cx, id, form| Box::pin(reopen(cx, id, form)))
            .danger()
            .next("自重开之日起不再计入整改完成，销号记录保留，单位须继续整改。"),
        Offer::on("withdraw", "撤销", reason_fields, |cx, id, form| Box::pin(withdraw(cx, id, form)))
            .danger()
            .next("问题不再反馈；编号保留，不再使用。"),
        kit::files::attach_deed(),
    ]
}

fn to_begin(actor: &Actor, _: NaiveDate) -> Pred {
    own_in_state(actor, State::FedBack)
}

fn to_rectify(actor: &Actor, _: NaiveDate) -> Pred {
    own_in_state(actor, State::Rectifying)
}

fn own_in_state(actor: &Actor, state: State) -> Pred {
    actor.own_organisations(Role::OrganisationLiaison, "organisation_id").and(Pred::is("state", state))
}

fn to_review(actor: &Actor, _: NaiveDate) -> Pred {
    if actor.is_office() { Pred::is("state", State::Submitted) } else { Pred::Nothing }
}

fn create_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async {
        let mut fields = vec![
            Field::pick("unit", "被巡察对象", units::NOUN)
                .required()
                .help("选择一次巡察中的一个单位，届次、轮次和巡察类型随之确定。"),
        ];
        fields.extend(entry_fields(None));
        Ok(fields)
    })
}

fn edit_fields(cx: &Cx, id: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let held = match id {
            Some(id) => Some(store::find(cx, ProblemId(id)).await?),
            None => None,
        };
        let fed_back = held.as_ref().is_none_or(Problem::is_fed_back);
        let mut fields = entry_fields(held.as_ref());
        if fed_back {
            let feedback = Field::text("feedback_text", "反馈表述")
                .max(4_000)
                .help("与印发的反馈意见逐字一致。")
                .maybe(held.as_ref().map(|problem| &problem.feedback_text));
            let reason =
                Field::text("reason", "修改理由").max(1_000).help("问题反馈后修改，须写明理由并留存。");
            fields.extend([feedback, if held.is_some() { reason.required() } else { reason }]);
        }
        Ok(fields)
    })
}

fn entry_fields(held: Option<&Problem>) -> Vec<Field> {
    let mut fields = matter_fields(held);
    fields.extend(class_fields(held));
    fields.extend(origin_fields(held));
    fields
}

fn matter_fields(held: Option<&Problem>) -> Vec<Field> {
    let group = "问题内容";
    vec![
        Field::line("title", "问题")
            .max(200)
            .required()
            .maybe(held.map(|p| &p.title))
            .help("一事一条，用一句话写明问题的定性和表现。")
            .group(group),
        Field::text("text", "问题表现")
            .required()
            .maybe(held.map(|p| &p.text))
            .help("写明责任主体、时间、地点、主要情节、影响，以及违反的规定。")
            .group(group),
        Field::date("found_on", "发现日期").required().maybe(held.map(|p| p.found_on)).group(group),
        Field::new("amount", "涉及金额（元）", Kind::Money)
            .maybe(held.and_then(|p| p.amount_fen))
            .help("问题涉及的资金，没有的不填。")
            .group(group),
        Field::new("people_affected", "涉及人数", Kind::Integer { min: 0, max: 100_000_000 })
            .maybe(held.and_then(|p| p.people_affected))
            .group(group),
    ]
}

fn class_fields(held: Option<&Problem>) -> Vec<Field> {
    let group = "问题分类";
    let dict =
        |name, label, kind, value: Option<&String>| Field::dict(name, label, kind).maybe(value).group(group);
    let flag = |name, label, value: Option<bool>| {
        Field::flag(name, label).value(if value == Some(true) { "1" } else { "" }).group(group)
    };
    vec![
        dict("framework_1", "监督重点", "framework_1", held.map(|p| &p.framework_1))
            .help("按“四个落实”归类；填写了二级的，一级可以不填。"),
        dict("framework_2", "监督重点（二级）", "framework_2", held.map(|p| &p.framework_2)),
        dict("category_1", "问题类别", "category_1", held.map(|p| &p.category_1)),
        dict("category_2", "问题类别（二级）", "category_2", held.map(|p| &p.category_2)),
        dict("field", "领域", "field", held.map(|p| &p.field)).help("属于重点监督领域的填写。"),
        dict("nature", "问题性质", "problem_nature", held.map(|p| &p.nature)).required(),
        dict("responsibility", "责任类型", "responsibility_kind", held.map(|p| &p.responsibility)),
        dict("discipline", "六项纪律", "discipline_kind", held.map(|p| &p.discipline)),
        flag("key_problem", "重点问题", held.map(|p| p.key_problem)),
        flag("eight_rules", "违反中央八项规定精神", held.map(|p| p.eight_rules)),
        flag("audit_linked", "巡审联动发现", held.map(|p| p.audit_linked))
            .help("巡审联动发现的问题只登记一次，审计机关在反馈后可以看到。"),
        flag("common", "共性问题", held.map(|p| p.common)),
    ]
}

fn origin_fields(held: Option<&Problem>) -> Vec<Field> {
    let group = "来源";
    vec![
        Field::dict("source", "问题来源", "problem_source")
            .maybe(held.map(|p| &p.source))
            .help("仅巡察机构可见，不向被巡察单位公开。")
            .group(group),
        Field::line("draft_number", "底稿编号")
            .max(60)
            .maybe(held.map(|p| &p.draft_number))
            .help("由底稿形成的问题自动填写；历史台账照录原编号。")
            .group(group),
    ]
}

fn feed_back_fields(cx: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        Ok(vec![
            Field::date("fed_back_on", "反馈日期").required().value(cx.today()),
            Field::text("feedback_text", "反馈表述")
                .max(4_000)
                .help("被巡察单位看到的就是这段话，看不到问题表现。不填的，以问题标题作为反馈表述。"),
        ])
    })
}

fn submit_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async {
        Ok(vec![
            Field::text("statement", "整改完成情况")
                .max(4_000)
                .required()
                .help("写明做了什么、取得什么成效，佐证材料作为附件上传。"),
        ])
    })
}

fn close_fields(cx: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        Ok(vec![
            Field::date("closed_on", "销号日期").required().value(cx.today()),
            Field::text("opinion", "审核意见")
                .max(2_000)
                .required()
                .help("写明查验了哪些佐证、是否整改到位。"),
        ])
    })
}

fn opinion_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async {
        Ok(vec![
            Field::text("opinion", "退回意见")
                .max(2_000)
                .required()
                .help("写明哪里没有整改到位、需要补充什么。"),
        ])
    })
}

fn reason_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async { Ok(vec![Field::text("reason", "理由").max(2_000).required()]) })
}

fn reopen_fields(cx: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        Ok(vec![
            Field::date("reopened_on", "重开日期").required().value(cx.today()),
            Field::text("reason", "重开理由")
                .max(2_000)
                .required()
                .help("如：巡察“回头看”发现问题反弹、整改不实。"),
            Field::date("due_on", "重新整改期限").help("不填的，沿用原期限。"),
        ])
    })
}

/// The fields of a problem that is made of a draft; its draft's number is known.
pub(crate) fn draft_fields() -> Vec<Field> {
    let mut fields = entry_fields(None);
    fields.retain(|field| field.name != "draft_number");
    fields
}

/// What was entered.
pub(crate) fn entry(form: &Form) -> Result<Entry> {
    Ok(Entry {
        title: form.text("title"),
        text: form.text("text"),
        framework_1: form.text("framework_1"),
        framework_2: form.text("framework_2"),
        category_1: form.text("category_1"),
        category_2: form.text("category_2"),
        field: form.text("field"),
        nature: form.text("nature"),
        responsibility: form.text("responsibility"),
        discipline: form.text("discipline"),
        eight_rules: form.flag("eight_rules"),
        key_problem: form.flag("key_problem"),
        audit_linked: form.flag("audit_linked"),
        common: form.flag("common"),
        amount: form.money("amount"),
        people_affected: form.integer("people_affected"),
        source: form.text("source"),
        draft_number: form.text("draft_number"),
        found_on: form.need_date("found_on")?,
    })
}

async fn create(cx: &mut WriteCx, form: &Form) -> Result<Outcome> {
    let id = actions::create(cx, form.need_id("unit")?, entry(form)?).await?;
    Ok(Outcome::new(NOUN, id, "已登记问题。"))
}

async fn edit(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: ProblemId = target(id)?;
    let correction = Correction {
        entry: entry(form)?,
        feedback_text: form.optional("feedback_text"),
        reason: form.text("reason"),
    };
    actions::edit(cx, id, correction).await?;
    Ok(Outcome::new(NOUN, id, "已保存修改。"))
}

async fn withdraw(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: ProblemId = target(id)?;
    actions::withdraw(cx, id, form.text("reason")).await?;
    Ok(Outcome::new(NOUN, id, "已撤销问题。"))
}

async fn feed_back(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: ProblemId = target(id)?;
    actions::feed_back(cx, id, form.need_date("fed_back_on")?, form.optional("feedback_text")).await?;
    Ok(Outcome::new(NOUN, id, "已反馈，整改期限开始计算。"))
}

async fn begin(cx: &mut WriteCx, id: Option<Uuid>) -> Result<Outcome> {
    let id: ProblemId = target(id)?;
    actions::begin(cx, id).await?;
    Ok(Outcome::new(NOUN, id, "已启动整改。"))
}

async fn submit(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: ProblemId = target(id)?;
    actions::submit(cx, id, form.text("statement")).await?;
    Ok(Outcome::new(NOUN, id, "已提请销号，等待巡察办审核。"))
}

async fn close(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: ProblemId = target(id)?;
    actions::close(cx, id, form.need_date("closed_on")?, form.text("opinion")).await?;
    Ok(Outcome::new(NOUN, id, "已销号。"))
}

async fn return_for_more(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: ProblemId = target(id)?;
    actions::return_for_more(cx, id, form.text("opinion")).await?;
    Ok(Outcome::new(NOUN, id, "已退回整改。"))
}

async fn make_long_term(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: ProblemId = target(id)?;
    actions::make_long_term(cx, id, form.text("reason")).await?;
    Ok(Outcome::new(NOUN, id, "已转为长期整改。"))
}

async fn reopen(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: ProblemId = target(id)?;
    let reopening = Reopening {
        on: form.need_date("reopened_on")?,
        reason: form.text("reason"),
        due_on: form.date("due_on"),
    };
    actions::reopen(cx, id, reopening).await?;
    Ok(Outcome::new(NOUN, id, "已重开，需继续整改。"))
}

async fn show(cx: &Cx, id: Uuid) -> Result<RecordView> {
    let problem = store::find(cx, ProblemId(id)).await?;
    let names = units::names(cx, problem.organisation_id, problem.inspection_id).await?;
    let mut view = RecordView::new(&problem.title, problem.version)
        .fact(
            "organisation",
            "被巡察单位",
            Shown::link(organisations::NOUN, Some(problem.organisation_id.0), names.organisation),
        )
        .fact(
            "inspection",
            "巡察",
            Shown::link(units::INSPECTIONS, Some(problem.inspection_id), names.inspection),
        )
        .fact("team", "巡察组", Shown::text(&problem.team))
        .fact("found_on", "发现日期", Shown::Date(problem.found_on))
        .fact("fed_back_on", "反馈日期", Shown::date(problem.fed_back_on))
        .fact("closed_on", "销号日期", Shown::date(problem.closed_on))
        .fact("amount", "涉及金额（元）", problem.amount_fen.map_or(Shown::Empty, Shown::Money))
        .fact("people_affected", "涉及人数", problem.people_affected.map_or(Shown::Empty, Shown::Integer));
    if reads_findings(&cx.actor) {
        view = view.fact("text", "问题表现", Shown::long(&problem.text));
    }
    view = view.fact("feedback_text", "反馈表述", Shown::long(&problem.feedback_text)).fact(
        "due_basis",
        "期限依据",
        Shown::text(&problem.due_basis),
    );
    view = classify(cx, &problem, view).await?;
    // How a problem became known is for those who inspect.
    if inspects(&cx.actor, problem.inspection_id) {
        view = view
            .fact("source", "问题来源", shown(cx, "problem_source", &problem.source).await?)
            .fact("origin", "形成方式", Shown::choice(problem.origin.choice()))
            .fact("draft_number", "底稿编号", Shown::text(&problem.draft_number))
            .related("drafts", "底稿", drafts::NOUN, Pred::is("problem_id", id), None);
    } else {
        view.told = Told::Since(Deed::FeedBack.code());
    }
    view.number.clone_from(&problem.number);
    view.state = Some(problem.state.choice());
    view.deeds = problem.open_deeds(&cx.actor);
    if cx.actor.is_office() {
        view.for_others = vec![Deed::Begin.code()];
    }
    if problem.is_fed_back() {
        let done = problem.state == State::Closed;
        view.clock = Some(("整改期限", kit::alarms(cx).await?.clock(problem.due_on, done)));
        view = view
            .related("measures", "整改措施", "measures", Pred::is("problem_id", id), new_step(cx, &problem))
            .related(
                "cooperations",
                "配合整改",
                "cooperations",
                Pred::is("problem_id", id),
                new_step(cx, &problem),
            )
            .related("closures", "销号记录", closures::NOUN, Pred::is("problem_id", id), None);
    }
    // What proves a finding hangs on its draft; here the unit and others read along.
    view.may_attach = Some(problem.is_fed_back() && !view.deeds.is_empty());
    view.tabs.push(Tab::Files);
    Ok(view)
}

async fn classify(cx: &Cx, problem: &Problem, mut view: RecordView) -> Result<RecordView> {
    let dictionaries = [
        ("framework_1", "监督重点", "framework_1", &problem.framework_1),
        ("framework_2", "监督重点（二级）", "framework_2", &problem.framework_2),
        ("category_1", "问题类别", "category_1", &problem.category_1),
        ("category_2", "问题类别（二级）", "category_2", &problem.category_2),
        ("field", "领域", "field", &problem.field),
        ("nature", "问题性质", "problem_nature", &problem.nature),
        ("responsibility", "责任类型", "responsibility_kind", &problem.responsibility),
        ("discipline", "六项纪律", "discipline_kind", &problem.discipline),
    ];
    for (key, name, kind, code) in dictionaries {
        view = view.fact(key, name, shown(cx, kind, code).await?);
    }
    Ok(view
        .fact("key_problem", "重点问题", Shown::Flag(problem.key_problem))
        .fact("eight_rules", "违反中央八项规定精神", Shown::Flag(problem.eight_rules))
        .fact("audit_linked", "巡审联动发现", Shown::Flag(problem.audit_linked))
        .fact("common", "共性问题", Shown::Flag(problem.common)))
}

/// The query that fills the form of a new measure or cooperation, for who may plan one.
fn new_step(cx: &Cx, problem: &Problem) -> Option<String> {
    let open = matches!(problem.state, State::FedBack | State::Rectifying | State::LongTerm);
    let unit = cx.actor.is_at(Role::OrganisationLiaison, problem.organisation_id.0);
    (open && (unit || cx.actor.is_office())).then(|| format!("problem={}", problem.id))
}
