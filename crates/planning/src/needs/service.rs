//! How needs appear: list, page with the pool ranked, forms.

use std::fmt::Write as _;

use kit::{
    Column, Cx, Deed as Offer, Field, Form, Governed, Labelled as _, Lifecycle as _, Outcome, Pred,
    RecordView, Result, Role, Secrecy, Service, Shown, Tab, Table, WriteCx,
    form::Kind,
    lifecycle,
    service::{Group, Waiting, Work, no_fields, target},
    shown::escape,
};
use uuid::Uuid;

use super::{
    Deed, Duty, NOUN, Need, NeedId, State,
    actions::{self, Entry},
    ranking::Ranked,
    store,
};
use crate::{
    inspections::{self, InspectionId},
    nominations, rights,
    talents::{self, Pool},
};

/// How many of the pool the page shows.
const SHOWN: usize = 40;

const COLUMNS: &[Column] = &[
    Column::choice("duty", "岗位", "n.duty", Duty::CHOICES).opens(),
    Column::reference(
        "inspection",
        "巡察任务",
        "n.inspection_id",
        "i.number || ' ' || i.name",
        inspections::NOUN,
    ),
    Column::text("team", "巡察组", "i.team"),
    Column::dict("speciality", "专长", "n.speciality", talents::SPECIALITY),
    Column::integer("number", "人数", "n.number"),
    Column::date("from_on", "抽调起", "n.from_on").sortable().filled(),
    Column::date("to_on", "抽调止", "n.to_on"),
    Column::choice("state", "办理情况", "n.state", State::CHOICES),
];

/// The slice's description of itself.
pub fn service() -> Service {
    Service {
        noun: NOUN,
        label: "点兵需求",
        table: "team_need",
        group: Group::Prepare,
        listed: true,
        icon: "user-search",
        secrecy: Secrecy::Internal,
        about: "联合点兵：巡察办提出各组所需岗位、专长和人数，系统对人才库排序，组织部门与巡察办共同确定人选。",
        list: Table {
            from: "team_need n join inspection i on i.id = n.inspection_id",
            alias: "n",
            title: "i.name",
            number: None,
            columns: COLUMNS,
            order: "-from_on",
        },
        visible: Need::visible,
        show: |cx, id| Box::pin(show(cx, id)),
        deeds: vec![
            Offer::create("提出需求", fields, |cx, _, form| Box::pin(create(cx, form)))
                .next("拟定后可先看人选排序，再送组织部门。"),
            Offer::on("edit", "修改", fields, |cx, id, form| Box::pin(edit(cx, id, form))),
            Offer::on("send", "送组织部门", no_fields, |cx, id, _| Box::pin(send(cx, id)))
                .primary()
                .bulk()
                .next("组织部门可以看到需求并提名；之后不能再修改需求。"),
            Offer::on("nominate", "提名人选", nominate_fields, |cx, id, form| {
                Box::pin(nominate(cx, id, form))
            })
            .next("由另一方答复：巡察办提名的由组织部门答复，组织部门提名的由巡察办答复。"),
            Offer::on("settle", "确认名单", no_fields, |cx, id, _| Box::pin(settle(cx, id)))
                .next("名单确认后，可以对双方同意的人选发抽调函。"),
            Offer::on("withdraw", "撤回", no_fields, |cx, id, _| Box::pin(withdraw(cx, id))).danger(),
        ],
        creates: rights::keeps,
        waiting: vec![Waiting {
            label: "待提出人选的点兵需求",
            condition: |actor, _| {
                if actor.is(Role::OrganisationDepartment) {
                    Pred::is("state", State::Sent)
                } else {
                    Pred::Nothing
                }
            },
            due: Some("from_on"),
        }],
        governed: Some(Governed {
            noun: NOUN,
            label: "点兵需求",
            transitions: lifecycle::transitions::<Need>,
            permissions: || lifecycle::permissions(sample, rights::concerned, rights::stranger),
        }),
    }
}

pub(super) fn sample(state: State) -> Need {
    Need {
        id: NeedId(rights::OWN),
        version: 1,
        inspection_id: InspectionId(rights::OWN),
        pool: Pool::Members,
        duty: Duty::Finance,
        speciality: String::from("finance"),
        number: 1,
        from_on: rights::sample_day(),
        to_on: rights::sample_day(),
        state,
        note: String::new(),
        prepared_by: None,
        sent_on: if state == State::Draft { None } else { Some(rights::sample_day()) },
        settled_on: None,
    }
}

fn fields(cx: &Cx, id: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let held = match id {
            Some(id) => Some(store::find(cx, NeedId(id)).await?),
            None => None,
        };
        let held = held.as_ref();
        Ok(vec![
            Field::pick("inspection", "巡察任务", inspections::NOUN)
                .required()
                .maybe(held.map(|need| need.inspection_id)),
            Field::choice::<Duty>("duty", "岗位").required().chosen(held.map(|need| need.duty)),
            Field::choice::<Pool>("pool", "人才库类别")
                .required()
                .chosen(Some(held.map_or(Pool::Members, |need| need.pool)))
                .help("组长、副组长从组长库中选。"),
            Field::dict("speciality", "专长", talents::SPECIALITY).maybe(held.map(|need| &need.speciality)),
            Field::new("number", "人数", Kind::Integer { min: 1, max: 30 })
                .required()
                .value(held.map_or(1, |need| need.number)),
            Field::date("from_on", "抽调起")
                .maybe(held.map(|need| need.from_on))
                .help("不填则与任务开始日期相同。"),
            Field::date("to_on", "抽调止")
                .maybe(held.map(|need| need.to_on))
                .help("不填则与任务结束日期相同。"),
            Field::text("note", "备注").max(1_000).maybe(held.map(|need| &need.note)),
        ])
    })
}

fn nominate_fields(cx: &Cx, id: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let ranked = match id {
            Some(id) => store::ranked(cx, &store::find(cx, NeedId(id)).await?).await?,
            None => Vec::new(),
        };
        let options = ranked
            .into_iter()
            .filter(|ranked| ranked.against.is_empty())
            .map(|ranked| {
                let words = format!("{}（{}）{}分", ranked.name, ranked.place, ranked.score);
                (ranked.id.to_string(), words)
            })
            .collect();
        Ok(vec![
            Field::new("talent", "人选", Kind::Options(options))
                .required()
                .help("按排序列出；应当回避或时间不合的人员不在其中。"),
        ])
    })
}

fn entry(form: &Form) -> Result<Entry> {
    Ok(Entry {
        inspection: form.need_id("inspection")?,
        pool: form.need_choice("pool")?,
        duty: form.need_choice("duty")?,
        speciality: form.text("speciality"),
        number: form.need_integer("number")?,
        from_on: form.date("from_on"),
        to_on: form.date("to_on"),
        note: form.text("note"),
    })
}

async fn create(cx: &mut WriteCx, form: &Form) -> Result<Outcome> {
    let id = actions::create(cx, entry(form)?).await?;
    Ok(Outcome::new(NOUN, id, "已提出需求。"))
}

async fn edit(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: NeedId = target(id)?;
    actions::edit(cx, id, entry(form)?).await?;
    Ok(Outcome::new(NOUN, id, "已保存修改。"))
}

async fn send(cx: &mut WriteCx, id: Option<Uuid>) -> Result<Outcome> {
    let id: NeedId = target(id)?;
    actions::send(cx, id).await?;
    Ok(Outcome::new(NOUN, id, "已送组织部门。"))
}

async fn nominate(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: NeedId = target(id)?;
    let talent = Uuid::parse_str(&form.text("talent"));
    let talent = talent.map_err(|_| kit::Refusal::field("talent", "请选择人选"))?;
    actions::nominate(cx, id, talent.into()).await?;
    Ok(Outcome::new(NOUN, id, "已提名，等待另一方答复。"))
}

async fn settle(cx: &mut WriteCx, id: Option<Uuid>) -> Result<Outcome> {
    let id: NeedId = target(id)?;
    actions::settle(cx, id).await?;
    Ok(Outcome::new(NOUN, id, "名单已确认。"))
}

async fn withdraw(cx: &mut WriteCx, id: Option<Uuid>) -> Result<Outcome> {
    let id: NeedId = target(id)?;
    actions::withdraw(cx, id).await?;
    Ok(Outcome::new(NOUN, id, "已撤回。"))
}

async fn show(cx: &Cx, id: Uuid) -> Result<RecordView> {
    let need = store::find(cx, NeedId(id)).await?;
    let inspection = inspections::find(cx, need.inspection_id).await?;
    let title = format!("{} {}", inspection.number, inspection.name);
    let labels = kit::dictionary::labels(cx, talents::SPECIALITY).await?;
    let speciality = labels.get(&need.speciality).cloned().unwrap_or_default();
    let mut view = RecordView::new(format!("{}：{}", inspection.team, need.duty.label()), need.version)
        .fact("inspection", "巡察任务", Shown::link(inspections::NOUN, Some(inspection.id.0), title))
        .fact("pool", "人才库类别", Shown::choice(need.pool.choice()))
        .fact("speciality", "专长", Shown::text(speciality))
        .fact("number", "人数", Shown::Integer(need.number))
        .fact("from_on", "抽调起", Shown::Date(need.from_on))
        .fact("to_on", "抽调止", Shown::Date(need.to_on))
        .fact("sent_on", "送出日期", Shown::date(need.sent_on))
        .fact("settled_on", "确认日期", Shown::date(need.settled_on))
        .fact("note", "备注", Shown::long(&need.note));
    view.state = Some(need.state.choice());
    view.deeds = need.open_deeds(&cx.actor);
    let own = Pred::is("need_id", need.id);
    view = view.related("nominations", "提名", nominations::NOUN, own, None);
    let open = Need::transition(need.state, Deed::Nominate).is_some() || need.state == State::Draft;
    if open && super::may_select(&cx.actor) {
        let html = board(&store::ranked(cx, &need).await?);
        view.tabs.push(Tab::Html { key: "ranking", label: "人选排序", html });
    }
    Ok(view)
}

/// The pool in order, with reasons; who cannot be called is struck out and says why.
fn board(ranked: &[Ranked]) -> String {
    if ranked.is_empty() {
        return String::from("<div class=\"empty\"><h2>人才库中还没有这一类人员</h2></div>");
    }
    let mut html = String::from(
        "<div class=\"table-wrap\" tabindex=\"0\" role=\"region\" aria-label=\"人选排序\"><table class=\"data\"><thead><tr>\
         <th scope=\"col\">姓名</th><th scope=\"col\">工作单位</th><th scope=\"col\" class=\"num\">得分</th>\
         <th scope=\"col\">得分理由</th><th scope=\"col\">不能抽调的原因</th></tr></thead><tbody>",
    );
    let free = ranked.iter().filter(|person| person.against.is_empty()).take(SHOWN);
    let struck = ranked.iter().filter(|person| !person.against.is_empty()).take(SHOWN);
    for person in free.chain(struck) {
        line(person, &mut html);
    }
    html.push_str("</tbody></table></div>");
    let _ = write!(
        html,
        "<p class=\"panel-body muted\">共 {} 人，列出可以抽调的前 {SHOWN} 人和不能抽调的前 {SHOWN} 人。分值由“期限和口径”中的人选排序各项决定。</p>",
        ranked.len()
    );
    html
}

fn line(person: &Ranked, html: &mut String) {
    let _ = write!(html, "<tr><td><a href=\"/{}/{}\">", talents::NOUN, person.id);
    let struck = !person.against.is_empty();
    html.push_str(if struck { "<s>" } else { "" });
    escape(&person.name, html);
    html.push_str(if struck { "</s></a></td><td>" } else { "</a></td><td>" });
    escape(&person.place, html);
    let _ = write!(html, "</td><td class=\"num\">{}</td><td>", person.score);
    escape(&person.told(), html);
    html.push_str("</td><td>");
    escape(&person.against.join("；"), html);
    html.push_str("</td></tr>");
}
