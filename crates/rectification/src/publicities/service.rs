//! How publicities appear: list, page with the comparison of both texts, forms.

use kit::{
    Column, Cx, Deed as DeedOf, Field, Form, Labelled as _, Lifecycle as _, Outcome, Pred, RecordView,
    Result, Role, Secrecy, Service, Shown, Tab, Table, WriteCx,
    form::Kind,
    service::{Group, Waiting, Work, no_fields, target},
};
use uuid::Uuid;

use super::{
    Deed, Exclusion, Ground, NOUN, Publicity, PublicityId, State,
    actions::{self, Entry, Publication},
    governed, left_out, store, uncovered,
};
use crate::{
    common::about,
    html::{Grid, paragraph},
    subjects::{self, INSPECTIONS, ORGANISATIONS, UNITS},
};

const COLUMNS: &[Column] = &[
    Column::number("number", "编号", "b.number").opens(),
    Column::reference("organisation", "被巡察单位", "b.organisation_id", "o.name", ORGANISATIONS),
    Column::reference("inspection", "巡察", "b.inspection_id", "i.name", INSPECTIONS).hidden(),
    Column::choice("state", "公开状态", "b.state", State::CHOICES),
    Column::clock("due_on", "公开期限", "b.due_on", "b.state in ('published', 'closed')").sortable(),
    Column::date("inner_on", "党内公开", "b.inner_on"),
    Column::date("outer_on", "社会公开", "b.outer_on"),
    Column::text("where", "公开载体", "b.outer_where").hidden(),
];

/// The slice's description of itself.
pub fn service() -> Service {
    Service {
        noun: NOUN,
        label: "整改公开",
        table: "publicity",
        group: Group::Rectify,
        listed: true,
        icon: "share",
        secrecy: Secrecy::Internal,
        about: "整改情况双公开：党内一稿、社会一稿，自动比对差异；不公开的逐处写明理由并经审核，公开后留存证明和反响。",
        list: Table {
            from: "publicity b join organisation o on o.id = b.organisation_id join inspection i on i.id = b.inspection_id",
            alias: "b",
            title: "o.name",
            number: Some("b.number"),
            columns: COLUMNS,
            order: "-number",
        },
        visible: Publicity::visible,
        show: |cx, id| Box::pin(show(cx, id)),
        deeds: vec![
            DeedOf::create("拟公开稿", new_fields, |cx, _, form| Box::pin(create(cx, form))),
            DeedOf::on("edit", "修改", fields, |cx, id, form| Box::pin(edit(cx, id, form))),
            DeedOf::on("submit", "提交审核", no_fields, |cx, id, _| Box::pin(submit(cx, id)))
                .primary()
                .next("系统逐句比对两稿；社会公开稿少的内容须已列入不公开事项，再送巡察办审核。"),
            DeedOf::on("approve", "审核通过", opinion_fields, |cx, id, form| {
                Box::pin(review(cx, id, Deed::Approve, form))
            })
            .primary()
            .next("两稿和不公开事项一并通过，单位按此公开。"),
            DeedOf::on("return", "退回", return_fields, |cx, id, form| {
                Box::pin(review(cx, id, Deed::Return, form))
            })
            .danger(),
            DeedOf::on("publish", "登记公开", publish_fields, |cx, id, form| {
                Box::pin(publish(cx, id, form))
            })
            .primary(),
            DeedOf::on("close", "登记反响并办结", close_fields, |cx, id, form| {
                Box::pin(close(cx, id, form))
            })
            .primary(),
            kit::files::attach_deed(),
        ],
        creates: |actor| actor.is(Role::OrganisationLiaison),
        waiting: vec![
            Waiting {
                label: "待审核的整改公开稿",
                condition: |actor, _| {
                    if actor.is_office() { Pred::is("state", State::Submitted) } else { Pred::Nothing }
                },
                due: None,
            },
            Waiting {
                label: "待公开的整改情况",
                condition: |actor, _| {
                    let own = actor.own_organisations(Role::OrganisationLiaison, "organisation_id");
                    own.and(Pred::one_of("state", [State::Draft, State::Returned, State::Approved]))
                },
                due: Some("due_on"),
            },
        ],
        governed: Some(governed()),
    }
}

fn new_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async {
        let mut fields = vec![Field::pick("unit", "被巡察单位", UNITS).required()];
        fields.extend(entry_fields(None));
        Ok(fields)
    })
}

fn fields(cx: &Cx, id: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let held = match id {
            Some(id) => Some(store::find(cx, PublicityId(id)).await?),
            None => None,
        };
        Ok(entry_fields(held.as_ref()))
    })
}

fn entry_fields(held: Option<&Publicity>) -> Vec<Field> {
    let columns = vec![
        Field::line("passage", "不公开的内容").max(400).required(),
        Field::choice::<Ground>("ground", "理由").required(),
        Field::line("reason", "说明").max(400).required(),
    ];
    vec![
        Field::text("inner_text", "党内公开稿")
            .required()
            .maybe(held.map(|b| &b.inner_text))
            .help("公开范围与反馈通报范围相同。"),
        Field::line("inner_scope", "党内公开范围").max(200).required().maybe(held.map(|b| &b.inner_scope)),
        Field::text("outer_text", "社会公开稿").required().maybe(held.map(|b| &b.outer_text)),
        Field::line("outer_where", "社会公开载体").max(200).required().maybe(held.map(|b| &b.outer_where)),
        Field::line("contact", "意见反映方式")
            .max(200)
            .required()
            .maybe(held.map(|b| &b.contact))
            .help("电话、信箱和地址。"),
        Field::new("exclusions", "不公开事项", Kind::Rows(columns))
            .value(held.map(|b| b.exclusions.clone()).unwrap_or_default())
            .help("社会公开稿比党内稿少的内容逐处列出，注明属于哪一类情形。"),
    ]
}

fn opinion_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async { Ok(vec![Field::text("opinion", "审核意见").max(2_000)]) })
}

fn return_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async { Ok(vec![Field::text("opinion", "退回意见").max(2_000).required()]) })
}

fn publish_fields(cx: &Cx, id: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let place = match id {
            Some(id) => store::find(cx, PublicityId(id)).await?.outer_where,
            None => String::new(),
        };
        Ok(vec![
            Field::date("inner_on", "党内公开日期").required().value(cx.today()),
            Field::date("outer_on", "社会公开日期").required().value(cx.today()),
            Field::date("outer_until", "征求意见截止").required(),
            Field::line("outer_where", "社会公开载体").max(200).required().value(place),
            Field::new("files", "公开证明", Kind::Files)
                .required()
                .help("党内通报件、网页截图、报纸版面等。"),
        ])
    })
}

fn close_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async {
        Ok(vec![
            Field::text("comments", "群众意见和回复")
                .max(10_000)
                .required()
                .help("归纳收到的意见和处理结果，不写反映人姓名；没有意见的写“无”。"),
        ])
    })
}

fn entry(form: &Form) -> Result<Entry> {
    let mut exclusions = Vec::new();
    for row in form.rows("exclusions") {
        let ground: Ground = row.need_choice("ground")?;
        exclusions.push(Exclusion {
            passage: row.text("passage"),
            ground: ground.code().to_owned(),
            reason: row.text("reason"),
        });
    }
    Ok(Entry {
        inner_text: form.text("inner_text"),
        inner_scope: form.text("inner_scope"),
        outer_text: form.text("outer_text"),
        outer_where: form.text("outer_where"),
        contact: form.text("contact"),
        exclusions,
    })
}

async fn create(cx: &mut WriteCx, form: &Form) -> Result<Outcome> {
    let id = actions::create(cx, form.need_id("unit")?, entry(form)?).await?;
    Ok(Outcome::new(NOUN, id, "已拟稿。"))
}

async fn edit(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: PublicityId = target(id)?;
    actions::edit(cx, id, entry(form)?).await?;
    Ok(Outcome::new(NOUN, id, "已保存修改。"))
}

async fn submit(cx: &mut WriteCx, id: Option<Uuid>) -> Result<Outcome> {
    let id: PublicityId = target(id)?;
    actions::submit(cx, id).await?;
    Ok(Outcome::new(NOUN, id, "已提交审核。"))
}

async fn review(cx: &mut WriteCx, id: Option<Uuid>, deed: Deed, form: &Form) -> Result<Outcome> {
    let id: PublicityId = target(id)?;
    actions::review(cx, id, deed, form.text("opinion")).await?;
    Ok(Outcome::new(NOUN, id, if deed == Deed::Approve { "审核通过。" } else { "已退回。" }))
}

async fn publish(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: PublicityId = target(id)?;
    let publication = Publication {
        inner_on: form.need_date("inner_on")?,
        outer_on: form.need_date("outer_on")?,
        outer_until: form.need_date("outer_until")?,
        outer_where: form.text("outer_where"),
    };
    actions::publish(cx, id, publication, form).await?;
    Ok(Outcome::new(NOUN, id, "已登记公开。"))
}

async fn close(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: PublicityId = target(id)?;
    actions::close(cx, id, form.text("comments")).await?;
    Ok(Outcome::new(NOUN, id, "已办结。"))
}

async fn show(cx: &Cx, id: Uuid) -> Result<RecordView> {
    let held = store::find(cx, PublicityId(id)).await?;
    let unit = subjects::unit(cx, held.unit_id).await?;
    let mut view = about(RecordView::new(format!("{}整改公开", unit.organisation_name), held.version), &unit)
        .fact("inner_scope", "党内公开范围", Shown::text(&held.inner_scope))
        .fact("inner_on", "党内公开日期", Shown::date(held.inner_on))
        .fact("outer_where", "社会公开载体", Shown::text(&held.outer_where))
        .fact("outer_on", "社会公开日期", Shown::date(held.outer_on))
        .fact("outer_until", "征求意见截止", Shown::date(held.outer_until))
        .fact("contact", "意见反映方式", Shown::text(&held.contact))
        .fact("due_on", "公开期限", Shown::date(held.due_on))
        .fact("due_basis", "期限依据", Shown::text(&held.due_basis))
        .fact("inner_text", "党内公开稿", Shown::long(&held.inner_text))
        .fact("outer_text", "社会公开稿", Shown::long(&held.outer_text))
        .fact("opinion", "审核意见", Shown::long(&held.opinion))
        .fact("comments", "群众意见和回复", Shown::long(&held.comments));
    view.number.clone_from(&held.number);
    view.state = Some(held.state.choice());
    view.deeds = held.open_deeds(&cx.actor);
    let done = matches!(held.state, State::Published | State::Closed);
    let clock = kit::alarms(cx).await?.clock(held.due_on, done);
    view.clock = held.due_on.map(|_| ("公开期限", clock));
    view.tabs.push(Tab::Html { key: "compare", label: "两稿比对", html: compare_html(&held) });
    view.tabs.push(Tab::Files);
    Ok(view)
}

fn compare_html(held: &Publicity) -> String {
    let (left, exclusions) = (left_out(&held.inner_text, &held.outer_text), held.excluded());
    let open = uncovered(&left, &exclusions);
    let words =
        format!("社会公开稿比党内公开稿少 {} 处内容，其中 {} 处没有列入不公开事项。", left.len(), open.len());
    let mut grid = Grid::new(&["党内稿有、社会稿没有的内容", "是否列入不公开事项"]);
    for sentence in &left {
        grid.row(&[Shown::long(sentence), Shown::Flag(!open.contains(sentence))]);
    }
    let mut excluded = Grid::new(&["不公开的内容", "理由", "说明"]);
    for exclusion in exclusions {
        let ground = Ground::parse(&exclusion.ground).map_or("", Ground::label);
        excluded.row(&[Shown::long(exclusion.passage), Shown::text(ground), Shown::long(exclusion.reason)]);
    }
    paragraph(&words) + &grid.finish() + &excluded.finish()
}
