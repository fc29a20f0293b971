//! How checks appear: list, page, forms.

use kit::{
    Column, Cx, Deed as Offer, Field, Form, Governed, Labelled as _, Lifecycle as _, Outcome, Pred,
    RecordView, Result, Secrecy, Service, Shown, Tab, Table, WriteCx, lifecycle,
    service::{Group, Work, target},
};
use uuid::Uuid;

use super::{
    DistrictCheck, DistrictCheckId, NOUN, State,
    actions::{self, Entry},
    store,
};
use crate::{
    districts::{check_problems, district_field, may_keep},
    samples,
    shared::{self, ORGANISATIONS, next_number},
};

const COLUMNS: &[Column] = &[
    Column::number("number", "检查编号", "x.number"),
    Column::title("title", "检查名称", "x.title"),
    Column::reference("district", "区", "x.district_id", "d.name", ORGANISATIONS),
    Column::integer("year", "年度", "x.year").hidden(),
    Column::flag("with_province", "配合省委巡视", "x.with_province"),
    Column::date("checked_on", "检查日期", "x.checked_on"),
    Column::choice("state", "检查状态", "x.state", State::CHOICES),
    Column::integer(
        "problems",
        "问题数",
        "(select count(*) from district_check_problem p where p.check_id = x.id)",
    ),
    Column::integer(
        "closed",
        "已销号",
        "(select count(*) from district_check_problem p where p.check_id = x.id and p.state = 'closed')",
    ),
    Column::date("fed_back_on", "反馈日期", "x.fed_back_on").hidden(),
    Column::date("closed_on", "办结日期", "x.closed_on").hidden(),
];

/// The slice's description of itself.
pub fn service() -> Service {
    Service {
        noun: NOUN,
        label: "专项检查",
        table: "district_check",
        group: Group::District,
        listed: true,
        icon: "clipboard-check",
        secrecy: Secrecy::Internal,
        about: "对区级巡察工作开展的专项检查，发现的问题反馈给区委并跟踪整改销号。",
        list: Table {
            from: "district_check x join organisation d on d.id = x.district_id",
            alias: "x",
            title: "x.title",
            number: Some("x.number"),
            columns: COLUMNS,
            order: "-number",
        },
        visible: DistrictCheck::visible,
        show: |cx, id| Box::pin(show(cx, id)),
        deeds: vec![
            Offer::create("登记专项检查", fields, |cx, _, form| Box::pin(create(cx, form))),
            Offer::on("edit", "修改", fields, |cx, id, form| Box::pin(edit(cx, id, form))),
            Offer::on("feed_back", "反馈", feedback_fields, |cx, id, form| {
                Box::pin(feed_back(cx, id, form))
            })
            .primary()
            .next("反馈后区委巡察办能看到检查情况和问题，并开始整改。"),
            Offer::on("close", "办结", kit::service::no_fields, |cx, id, _| Box::pin(close(cx, id)))
                .primary()
                .next("全部问题销号后办结。"),
            kit::files::attach_deed(),
        ],
        creates: may_keep,
        waiting: Vec::new(),
        governed: Some(Governed {
            noun: NOUN,
            label: "专项检查",
            transitions: lifecycle::transitions::<DistrictCheck>,
            permissions: || lifecycle::permissions(store::sample, samples::concerned, samples::stranger),
        }),
    }
}

fn fields(cx: &Cx, id: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let held = match id {
            Some(id) => Some(store::find(cx, DistrictCheckId(id)).await?),
            None => None,
        };
        let held = held.as_ref();
        let number = match held {
            Some(held) => held.number.clone(),
            None => next_number(cx, "district_check", "QJ").await?,
        };
        Ok(vec![
            Field::line("number", "检查编号").max(40).required().value(number),
            Field::line("title", "检查名称").max(120).required().maybe(held.map(|x| &x.title)),
            district_field(held.map(|x| x.district_id)),
            Field::flag("with_province", "配合省委巡视")
                .value(if held.is_some_and(|x| x.with_province) { "1" } else { "" })
                .help("配合省委巡视同步开展的勾选。"),
            Field::date("checked_on", "检查日期").required().maybe(held.map(|x| x.checked_on)),
            Field::text("summary", "总体情况").max(4_000).maybe(held.map(|x| &x.summary)),
        ])
    })
}

fn feedback_fields(cx: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    let today = cx.today();
    Box::pin(async move { Ok(vec![Field::date("fed_back_on", "反馈日期").required().value(today)]) })
}

fn entry(form: &Form) -> Result<Entry> {
    Ok(Entry {
        number: form.text("number"),
        district: form.need_id("district")?,
        title: form.text("title"),
        with_province: form.flag("with_province"),
        checked_on: form.need_date("checked_on")?,
        summary: form.text("summary"),
    })
}

async fn create(cx: &mut WriteCx, form: &Form) -> Result<Outcome> {
    let id = actions::create(cx, entry(form)?).await?;
    Ok(Outcome::new(NOUN, id, "已登记专项检查，请登记发现的问题。"))
}

async fn edit(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: DistrictCheckId = target(id)?;
    actions::edit(cx, id, entry(form)?).await?;
    Ok(Outcome::new(NOUN, id, "已保存修改。"))
}

async fn feed_back(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: DistrictCheckId = target(id)?;
    actions::feed_back(cx, id, form.need_date("fed_back_on")?).await?;
    Ok(Outcome::new(NOUN, id, "已反馈。"))
}

async fn close(cx: &mut WriteCx, id: Option<Uuid>) -> Result<Outcome> {
    let id: DistrictCheckId = target(id)?;
    actions::close(cx, id).await?;
    Ok(Outcome::new(NOUN, id, "已办结。"))
}

async fn show(cx: &Cx, id: Uuid) -> Result<RecordView> {
    let check = store::find(cx, DistrictCheckId(id)).await?;
    let deeds = check.open_deeds(&cx.actor);
    let (problems, open) = store::problems(cx, check.id).await?;
    let adding = check.state == State::Checking && may_keep(&cx.actor);
    let mut view = RecordView::new(check.title, check.version)
        .fact("district", "区", shared::organisation(cx, Some(check.district_id)).await?)
        .fact("with_province", "配合省委巡视", Shown::Flag(check.with_province))
        .fact("checked_on", "检查日期", Shown::Date(check.checked_on))
        .fact("fed_back_on", "反馈日期", Shown::date(check.fed_back_on))
        .fact("rate", "问题销号率", Shown::Rate { numerator: problems - open, denominator: problems })
        .fact("closed_on", "办结日期", Shown::date(check.closed_on))
        .fact("summary", "总体情况", Shown::long(check.summary))
        .related(
            "problems",
            "检查问题",
            check_problems::NOUN,
            Pred::is("check_id", id),
            adding.then(|| format!("check={id}")),
        );
    view.number = check.number;
    view.state = Some(check.state.choice());
    view.deeds = deeds;
    view.tabs.push(Tab::Files);
    Ok(view)
}
