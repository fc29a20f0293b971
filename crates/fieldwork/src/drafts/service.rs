//! How drafts appear: list, page, and what waits for whose signature.

use chrono::NaiveDate;
use kit::{
    Actor, Column, Cx, Deed as Offer, Form, Governed, Labelled as _, Lifecycle as _, Outcome, Pred,
    RecordView, Result, Role, Secrecy, Service, Shown, Tab, Table, WriteCx,
    dictionary::{self, shown},
    lifecycle,
    service::{Group, Waiting, target},
};
use planning::{samples, units};
use registry::organisations;
use uuid::Uuid;

use super::{
    Draft, DraftId, NOUN, Officer, State, actions, completeness, content, forms, panels, prefill, store,
};
use crate::{classify, draft_sources, evidence, fact_sheets, problems};

const COLUMNS: &[Column] = &[
    Column::number("number", "预编号", "d.number"),
    Column::text("official_number", "底稿编号", "d.official_number").sortable(),
    Column::title("title", "问题", "d.title"),
    Column::reference("organisation", "被巡察单位", "d.organisation_id", "o.name", organisations::NOUN)
        .indexed_by(&["number"]),
    Column::reference("inspection", "巡察", "d.inspection_id", "i.name", units::INSPECTIONS)
        .indexed_by(&["number"])
        .hidden(),
    Column::choice("state", "状态", "d.state", State::CHOICES).indexed_by(&["number"]),
    Column::text("author", "编写人", "d.author_name"),
    Column::dict("source", "问题来源", "d.source", "problem_source").indexed_by(&["number"]).hidden(),
    Column::date("found_on", "发现日期", "d.found_on").sortable().filled(),
    Column::date("approved_on", "审批日期", "d.approved_on").sortable().hidden(),
    Column::money("amount", "涉及金额（元）", "d.amount_fen").hidden(),
    Column::integer("people_affected", "涉及人数", "d.people_affected").hidden(),
    Column::reference("problem", "形成的问题", "d.problem_id", "p.title", problems::NOUN).hidden(),
    Column::text("overview", "问题概况", "d.overview").hidden(),
    Column::text("facts", "基本事实", "d.facts").hidden(),
    Column::text("phenomenon", "现象", "d.phenomenon").hidden(),
    Column::text("qualification", "定性", "d.qualification").hidden(),
    Column::text("responsibility", "责任", "d.responsibility").hidden(),
];

/// The slice's description of itself.
pub fn service() -> Service {
    Service {
        noun: NOUN,
        label: "问题底稿",
        table: "draft",
        group: Group::Fieldwork,
        listed: true,
        icon: "file-text",
        secrecy: Secrecy::Sensitive,
        about: "一事一稿，至少两名承办人；承办人、审核人、组长依次签名，审批后正式编号，才能形成问题。",
        list: Table {
            from: "draft d left join organisation o on o.id = d.organisation_id \
                   left join inspection i on i.id = d.inspection_id left join problem p on p.id = d.problem_id",
            alias: "d",
            title: "d.title",
            number: Some("d.number"),
            columns: COLUMNS,
            order: "-number",
        },
        visible: Draft::visible,
        show: |cx, id| Box::pin(show(cx, id)),
        deeds: deeds(),
        creates: |actor| actor.is_any(&[Role::TeamHead, Role::TeamMember]),
        waiting: vec![
            Waiting { label: "底稿待我签名", condition: to_sign, due: None },
            Waiting { label: "底稿待审批", condition: to_approve, due: None },
            Waiting { label: "底稿退回修改", condition: to_correct, due: None },
            Waiting { label: "起草中的底稿", condition: to_finish, due: None },
            Waiting { label: "已审批、待形成问题的底稿", condition: to_use, due: None },
        ],
        governed: Some(Governed {
            noun: NOUN,
            label: "问题底稿",
            transitions: lifecycle::transitions::<Draft>,
            permissions: || lifecycle::permissions(store::sample, samples::concerned, samples::stranger),
        }),
    }
}

fn deeds() -> Vec<Offer> {
    vec![
        Offer::create("编写底稿", forms::create, |cx, _, form| Box::pin(create(cx, form)))
            .filled(|cx, query| Box::pin(prefill::fill(cx, query)))
            .next("保存后得到预编号，可以随时修改；登记佐证材料、补齐内容后签名提交。"),
        Offer::on("submit", "签名并提交", forms::submit, |cx, id, form| Box::pin(submit(cx, id, form)))
            .primary()
            .next("提交即作为第一承办人签名，随后其他承办人依次会签、审核人审核、组长审批；提交后不能修改。"),
        Offer::on("co_sign", "承办人会签", forms::signature, |cx, id, form| {
            Box::pin(co_sign(cx, id, form))
        })
        .primary()
        .next("确认底稿和佐证材料属实并签名；最后一名承办人签名后转审核。"),
        Offer::on("review", "审核签名", forms::signature, |cx, id, form| Box::pin(review(cx, id, form)))
            .primary()
            .next("签名后转组长审批；审核人不能再审批。"),
        Offer::on("approve", "审批签名", forms::signature, |cx, id, form| {
            Box::pin(approve(cx, id, form))
        })
        .primary()
        .next("签名后底稿正式编号，可以形成问题。"),
        Offer::on("make_problem", "形成问题", forms::make_problem, |cx, id, form| {
            Box::pin(make_problem(cx, id, form))
        })
        .primary()
        .next("生成一个“已发现”的问题并与底稿互相关联；分类为建议，请核对后确认。"),
        Offer::on("edit", "修改", forms::edit, |cx, id, form| Box::pin(edit(cx, id, form))),
        Offer::on("join_problem", "并入已有问题", forms::join, |cx, id, form| {
            Box::pin(join_problem(cx, id, form))
        })
        .next("底稿编号加到问题上，几份底稿共同支撑一个问题。"),
        Offer::on("return", "退回修改", forms::reason, |cx, id, form| {
            Box::pin(return_for_more(cx, id, form))
        })
        .next("底稿回到编写人，已有的签名全部失效，修改后重新签名。"),
        Offer::on("attach", "上传签字件", forms::attach, |cx, id, form| Box::pin(attach(cx, id, form))),
        Offer::on("withdraw", "撤回", forms::reason, |cx, id, form| Box::pin(withdraw(cx, id, form)))
            .danger()
            .next("不再据此形成问题；编号保留，不再使用。"),
    ]
}

fn own(actor: &Actor) -> Pred {
    actor.own_inspections(Role::TeamHead)
}

fn by_name(actor: &Actor) -> Pred {
    actor.account.map_or(Pred::Nothing, |account| Pred::is("next_signer_id", account))
}

fn to_sign(actor: &Actor, _: NaiveDate) -> Pred {
    let named = by_name(actor).and(Pred::one_of("state", [State::Signing, State::Review]));
    let free = own(actor).and(Pred::is("state", State::Review)).and(Pred::Absent("next_signer_id"));
    Pred::any(vec![named, free])
}

fn to_approve(actor: &Actor, _: NaiveDate) -> Pred {
    own(actor).and(Pred::is("state", State::Approval))
}

fn written(actor: &Actor, state: State) -> Pred {
    let author = actor.account.filter(|_| actor.is_any(&[Role::TeamHead, Role::TeamMember]));
    author.map_or(Pred::Nothing, |account| Pred::is("author_id", account).and(Pred::is("state", state)))
}

fn to_correct(actor: &Actor, _: NaiveDate) -> Pred {
    written(actor, State::Returned)
}

fn to_finish(actor: &Actor, _: NaiveDate) -> Pred {
    written(actor, State::PreNumbered)
}

fn to_use(actor: &Actor, _: NaiveDate) -> Pred {
    own(actor).and(Pred::is("state", State::Approved))
}

async fn create(cx: &mut WriteCx, form: &Form) -> Result<Outcome> {
    let entry = forms::read(form)?;
    let id = actions::create(cx, form.need_id("unit")?, entry, forms::read_source(form)).await?;
    Ok(Outcome::new(NOUN, id, "已保存底稿并预编号，请登记佐证材料。"))
}

async fn edit(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: DraftId = target(id)?;
    actions::edit(cx, id, forms::read(form)?).await?;
    Ok(Outcome::new(NOUN, id, "已保存修改。"))
}

async fn submit(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: DraftId = target(id)?;
    actions::submit(cx, id, form.id("reviewer")).await?;
    Ok(Outcome::new(NOUN, id, "已签名提交，等待其他承办人会签。"))
}

async fn co_sign(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: DraftId = target(id)?;
    actions::co_sign(cx, id, form.text("opinion")).await?;
    Ok(Outcome::new(NOUN, id, "已会签。"))
}

async fn review(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: DraftId = target(id)?;
    actions::review(cx, id, form.text("opinion")).await?;
    Ok(Outcome::new(NOUN, id, "已审核，等待组长审批。"))
}

async fn approve(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: DraftId = target(id)?;
    actions::approve(cx, id, form.text("opinion")).await?;
    Ok(Outcome::new(NOUN, id, "已审批，底稿正式编号。"))
}

async fn return_for_more(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: DraftId = target(id)?;
    actions::return_for_more(cx, id, form.text("opinion")).await?;
    Ok(Outcome::new(NOUN, id, "已退回编写人修改。"))
}

async fn withdraw(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: DraftId = target(id)?;
    actions::withdraw(cx, id, form.text("opinion")).await?;
    Ok(Outcome::new(NOUN, id, "已撤回底稿。"))
}

async fn attach(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: DraftId = target(id)?;
    actions::attach(cx, id, form).await?;
    Ok(Outcome::new(NOUN, id, "已上传签字件。"))
}

async fn make_problem(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let problem = actions::make_problem(cx, target(id)?, problems::entry_of(form)?).await?;
    Ok(Outcome::new(problems::NOUN, problem, "已形成问题，与底稿互相关联。"))
}

async fn join_problem(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let problem: problems::ProblemId = form.need_id("problem")?;
    actions::join_problem(cx, target(id)?, problem).await?;
    Ok(Outcome::new(problems::NOUN, problem, "底稿已并入这个问题。"))
}

async fn show(cx: &Cx, id: Uuid) -> Result<RecordView> {
    let draft = store::find(cx, DraftId(id)).await?;
    if !cx.actor.in_team(draft.inspection_id) {
        cx.record_read(NOUN, id).await;
    }
    let officers = store::officers(cx, draft.id).await?;
    let mut view = facts(cx, &draft, &officers).await?;
    view.number = draft.called().to_owned();
    view.state = Some(draft.state.choice());
    view.secrecy = Secrecy::Sensitive;
    view.deeds = draft.open_deeds(&cx.actor);
    view.people = people(&draft, &officers);
    let editable = matches!(draft.state, State::PreNumbered | State::Returned);
    let writes = super::may_create(&cx.actor, draft.inspection_id) && draft.state != State::Withdrawn;
    let evidence = evidence::digests(cx, draft.id).await?;
    if editable {
        let gaps = completeness::gaps(&draft, &officers, evidence.len())?;
        view.tabs.push(Tab::Html { key: "check", label: "完整性", html: panels::gaps(&gaps) });
    }
    let new = writes.then(|| format!("draft={id}"));
    view = view
        .related("evidence", "佐证材料", evidence::NOUN, Pred::is("draft_id", id), new.clone())
        .related("sources", "来源", draft_sources::NOUN, Pred::is("draft_id", id), new.clone())
        .related("fact_sheets", "事实确认单", fact_sheets::NOUN, Pred::is("draft_id", id), new);
    let digest = content::digest(&draft, &officers, &evidence);
    let signatures = store::signatures(cx, draft.id).await?;
    let html = panels::signatures(&draft, &signatures, &digest);
    view.tabs.push(Tab::Html { key: "signatures", label: "签名", html });
    if draft.state == State::Approved {
        let suggested = classify::suggestions(cx, &forms::words(&draft)).await?;
        let html = panels::suggestions(cx, &suggested).await?;
        view.tabs.push(Tab::Html { key: "suggestions", label: "分类建议", html });
    }
    if let Some(problem) = draft.problem_id {
        view = view.related("problem", "形成的问题", problems::NOUN, Pred::is("id", problem), None);
    }
    view.tabs.push(Tab::Files);
    Ok(view)
}

async fn facts(cx: &Cx, draft: &Draft, officers: &[Officer]) -> Result<RecordView> {
    let names = units::names(cx, draft.organisation_id, draft.inspection_id).await?;
    let listed: Vec<&str> = officers.iter().map(|officer| officer.name.as_str()).collect();
    let mut view = RecordView::new(&draft.title, draft.version)
        .fact(
            "organisation",
            "被巡察单位",
            Shown::link(organisations::NOUN, Some(draft.organisation_id.0), names.organisation),
        )
        .fact(
            "inspection",
            "巡察",
            Shown::link(units::INSPECTIONS, Some(draft.inspection_id), names.inspection),
        )
        .fact("pre_number", "预编号", Shown::text(&draft.number))
        .fact("official_number", "底稿编号", Shown::text(draft.official_number.clone().unwrap_or_default()))
        .fact("found_on", "发现日期", Shown::Date(draft.found_on))
        .fact("source", "问题来源", shown(cx, "problem_source", &draft.source).await?)
        .fact("officers", "承办人", Shown::text(listed.join("、")))
        .fact("period", "发生时间", Shown::text(period(draft)))
        .fact("amount", "涉及金额（元）", draft.amount_fen.map_or(Shown::Empty, Shown::Money))
        .fact("people_affected", "涉及人数", draft.people_affected.map_or(Shown::Empty, Shown::Integer))
        .fact("frameworks", "监督重点", labels(cx, "framework_2", draft.framework_codes()).await?)
        .fact("fields", "领域", labels(cx, "field", draft.field_codes()).await?);
    if !draft.opinion.is_empty() {
        view = view.fact("opinion", "退回或撤回理由", Shown::long(&draft.opinion));
    }
    Ok(view
        .fact("learnt", "了解方法和经过", Shown::long(&draft.learnt))
        .fact("overview", "问题概况", Shown::long(&draft.overview))
        .fact("facts", "基本事实", Shown::long(&draft.facts))
        .fact("phenomenon", "现象", Shown::long(&draft.phenomenon))
        .fact("qualification", "定性", Shown::long(&draft.qualification))
        .fact("bases", "定性依据", Shown::long(bases_text(draft)?))
        .fact("responsibility", "责任", Shown::long(&draft.responsibility))
        .fact("bodies", "责任主体", Shown::long(bodies_text(cx, draft).await?))
        .fact("effect", "影响和后果", Shown::long(&draft.effect))
        .fact("exchange", "与单位主要负责人交换意见", Shown::long(&draft.exchange))
        .fact("exchanged_on", "交换意见日期", Shown::date(draft.exchanged_on)))
}

/// When the matter happened, in words.
pub(super) fn period(draft: &Draft) -> String {
    match (draft.period_from, draft.period_to) {
        (None, _) => String::new(),
        (Some(from), None) => format!("{from} 起"),
        (Some(from), Some(to)) => format!("{from} 至 {to}"),
    }
}

async fn labels(cx: &Cx, kind: &str, codes: impl Iterator<Item = &str>) -> Result<Shown> {
    let labels = dictionary::labels(cx, kind).await?;
    let words: Vec<&str> = codes.map(|code| labels.get(code).map_or(code, String::as_str)).collect();
    Ok(Shown::text(words.join("、")))
}

/// The rules with their articles, one a line.
pub(super) fn bases_text(draft: &Draft) -> Result<String> {
    let lines: Vec<String> =
        draft.bases()?.iter().map(|basis| format!("《{}》{}", basis.rule, basis.article)).collect();
    Ok(lines.join("\n"))
}

/// Who is responsible, one a line.
pub(super) async fn bodies_text(cx: &Cx, draft: &Draft) -> Result<String> {
    let labels = dictionary::labels(cx, "responsibility_kind").await?;
    let label = |code: &String| labels.get(code).cloned().unwrap_or_else(|| code.clone());
    let lines: Vec<String> =
        draft.bodies()?.iter().map(|body| format!("{}：{}", label(&body.kind), body.name)).collect();
    Ok(lines.join("\n"))
}

fn people(draft: &Draft, officers: &[Officer]) -> Vec<(String, &'static str)> {
    let part = |officer: &Officer| {
        if Some(officer.account_id) == draft.author_id { "编写人、承办人" } else { "承办人" }
    };
    officers.iter().map(|officer| (officer.name.clone(), part(officer))).collect()
}
