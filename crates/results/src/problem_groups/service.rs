//! How groups appear: list, page with every member and its likeness, forms.

use chrono::Datelike as _;
use kit::{
    Column, Cx, Deed as Offer, Field, Form, Governed, Labelled as _, Lifecycle as _, Outcome, Pred,
    RecordView, Result, Secrecy, Service, Shown, Tab, Table, WriteCx,
    form::Kind,
    jobs, lifecycle,
    service::{Group, Waiting, Work, target},
    shown::escaped,
};
use uuid::Uuid;

use super::{Deed, NOUN, ProblemGroup, ProblemGroupId, State, actions, may_keep, store};
use crate::{
    handovers, samples,
    shared::{self, FIELD, ORGANISATIONS, PROBLEMS, next_number},
};

const COLUMNS: &[Column] = &[
    Column::number("number", "编号", "g.number"),
    Column::title("title", "共性表现", "g.title"),
    Column::text("shared", "共同用语", "g.shared"),
    Column::dict("category", "问题类别", "g.category", "category_2"),
    Column::dict("field", "领域", "g.field", FIELD).hidden(),
    Column::integer("problems", "问题数", "g.problems"),
    Column::integer("organisations", "涉及单位数", "g.organisations"),
    Column::choice("state", "归并状态", "g.state", State::CHOICES),
    Column::date("found_on", "提出日期", "g.found_on").hidden(),
];

/// The slice's description of itself.
pub fn service() -> Service {
    Service {
        noun: NOUN,
        label: "共性问题归并",
        table: "problem_group",
        group: Group::Results,
        listed: true,
        icon: "affiliate",
        secrecy: Secrecy::Internal,
        about: "按表述和分类把不同单位、不同轮次的相似问题归到一起，写明共同用语；是否共性问题由人确认，一步列入移交。",
        list: Table {
            from: "problem_group g",
            alias: "g",
            title: "g.title",
            number: Some("g.number"),
            columns: COLUMNS,
            order: "-number",
        },
        visible: ProblemGroup::visible,
        show: |cx, id| Box::pin(show(cx, id)),
        deeds: vec![
            Offer::create("归并相似问题", order_fields, |cx, _, form| Box::pin(order(cx, form)))
                .next("在后台比对；没有处理过的旧建议由新结果代替，已确认和已否定的保留。"),
            Offer::on("confirm", "确认", confirm_fields, |cx, id, form| Box::pin(confirm(cx, id, form)))
                .primary()
                .next("确认后可以一步列入移交清单。"),
            Offer::on("exclude", "移出问题", exclude_fields, |cx, id, form| {
                Box::pin(exclude(cx, id, form))
            }),
            Offer::on("hand_over", "列入移交", hand_over_fields, |cx, id, form| {
                Box::pin(hand_over(cx, id, form))
            })
            .primary()
            .next("起草一份移交清单并加入全部问题，审定和移交后由成果运用台账跟踪。"),
            Offer::on("dismiss", "不成立", dismiss_fields, |cx, id, form| Box::pin(dismiss(cx, id, form)))
                .danger()
                .next("同样的一组问题不再提出。"),
        ],
        creates: may_keep,
        waiting: vec![Waiting {
            label: "待确认的共性问题",
            condition: |actor, _| {
                if may_keep(actor) { Pred::is("state", State::Proposed) } else { Pred::Nothing }
            },
            due: None,
        }],
        governed: Some(Governed {
            noun: NOUN,
            label: "共性问题归并",
            transitions: lifecycle::transitions::<ProblemGroup>,
            permissions: || {
                lifecycle::permissions::<ProblemGroup>(sample, samples::concerned, samples::stranger)
            },
        }),
    }
}

fn sample(state: State) -> ProblemGroup {
    ProblemGroup {
        id: ProblemGroupId(Uuid::nil()),
        version: 1,
        number: String::new(),
        title: String::new(),
        shared: String::new(),
        category: String::new(),
        field: String::new(),
        problems: 0,
        organisations: 0,
        state,
        found_on: chrono::NaiveDate::MIN,
        mark: String::new(),
        decided_on: None,
        decided_by: None,
        decision: String::new(),
        handover_id: None,
    }
}

fn order_fields(cx: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    let year = cx.today().year();
    Box::pin(async move {
        let since = chrono::NaiveDate::from_ymd_opt(year - 4, 1, 1).unwrap_or_default();
        Ok(vec![
            Field::date("since", "比对此日以来反馈的问题")
                .required()
                .value(since)
                .help("已列入移交清单的不再比对；相似度和最少单位数在“期限和口径”中设定。"),
        ])
    })
}

fn confirm_fields(cx: &Cx, id: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let title = match id {
            Some(id) => store::find(cx, ProblemGroupId(id)).await?.title,
            None => String::new(),
        };
        Ok(vec![
            Field::line("title", "共性表现")
                .max(200)
                .required()
                .value(title)
                .help("归并后的表述，不写单位名称和个人姓名。"),
            Field::text("reason", "认定理由").max(2_000).required(),
        ])
    })
}

fn dismiss_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async { Ok(vec![Field::text("reason", "不成立的理由").max(2_000).required()]) })
}

fn exclude_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async {
        Ok(vec![
            Field::new("problems", "移出的问题", Kind::PickMany(PROBLEMS)).required(),
            Field::text("reason", "理由").max(500).required(),
        ])
    })
}

fn hand_over_fields(cx: &Cx, id: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let field = match id {
            Some(id) => store::find(cx, ProblemGroupId(id)).await?.field,
            None => String::new(),
        };
        Ok(vec![
            Field::line("number", "清单编号")
                .max(40)
                .required()
                .value(next_number(cx, "handover", "GX").await?),
            Field::pick("recipient", "移交单位", ORGANISATIONS)
                .required()
                .help("负责监管这一领域的职能部门。"),
            Field::dict("field", "领域", FIELD).required().value(field),
            Field::text("note", "移交要求").max(2_000).help("如纳入日常监管、开展专项治理、定期反馈等。"),
        ])
    })
}

async fn order(cx: &mut WriteCx, form: &Form) -> Result<Outcome> {
    let id = actions::order(cx, form.need_date("since")?).await?;
    Ok(Outcome::new(jobs::NOUN, id.0, "已排入后台任务，完成后在收件箱告知。"))
}

async fn confirm(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: ProblemGroupId = target(id)?;
    actions::decide(cx, id, Deed::Confirm, Some(form.text("title")), form.text("reason")).await?;
    Ok(Outcome::new(NOUN, id, "已确认为共性问题。"))
}

async fn dismiss(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: ProblemGroupId = target(id)?;
    actions::decide(cx, id, Deed::Dismiss, None, form.text("reason")).await?;
    Ok(Outcome::new(NOUN, id, "已登记为不成立。"))
}

async fn exclude(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: ProblemGroupId = target(id)?;
    actions::exclude(cx, id, form.ids("problems"), form.text("reason")).await?;
    Ok(Outcome::new(NOUN, id, "已移出。"))
}

async fn hand_over(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: ProblemGroupId = target(id)?;
    let recipient = form.need_id("recipient")?;
    let list =
        actions::hand_over(cx, id, form.text("number"), form.text("field"), recipient, form.text("note"))
            .await?;
    Ok(Outcome::new(handovers::NOUN, list, "已起草移交清单，请送审定。"))
}

async fn show(cx: &Cx, id: Uuid) -> Result<RecordView> {
    let held = store::find(cx, ProblemGroupId(id)).await?;
    let members = store::members(cx, held.id).await?;
    let list = held.handover_id.map(|id| id.0);
    let mut view = RecordView::new(&held.title, held.version)
        .fact("shared", "共同用语", Shown::text(&held.shared))
        .fact("category", "问题类别", shared::dictionary(cx, "category_2", &held.category).await?)
        .fact("field", "领域", shared::dictionary(cx, FIELD, &held.field).await?)
        .fact("problems", "问题数", Shown::Integer(held.problems))
        .fact("organisations", "涉及单位数", Shown::Integer(held.organisations))
        .fact("found_on", "提出日期", Shown::Date(held.found_on))
        .fact("decided_on", "处理日期", Shown::date(held.decided_on))
        .fact("decision", "处理理由", Shown::long(&held.decision))
        .fact("handover", "移交清单", shared::linked(cx, handovers::NOUN, list, "查看清单").await?);
    view.number.clone_from(&held.number);
    view.state = Some(held.state.choice());
    view.deeds = held.open_deeds(&cx.actor);
    view.tabs.push(Tab::Html { key: "members", label: "问题和相似度", html: members_html(&members) });
    Ok(view)
}

/// The members: what each says, how like the head it is, and whether it is handed over already.
fn members_html(members: &[store::Member]) -> String {
    let mut html = String::from(
        "<p class=\"panel-body\">相似度是与本组第一个问题比较的结果：表述按相邻两字的重合程度计算，越少见的用语权重越大；类别、领域相同的另加。</p>\
         <div class=\"table-wrap\"><table class=\"data\"><thead><tr><th scope=\"col\">问题编号</th><th scope=\"col\">问题</th>\
         <th scope=\"col\">被巡察单位</th><th scope=\"col\">巡察</th><th scope=\"col\">相似度</th>\
         <th scope=\"col\">已列入清单</th></tr></thead><tbody>",
    );
    for member in members {
        use std::fmt::Write as _;
        let _ = write!(
            html,
            "<tr><td class=\"nowrap\"><a href=\"/{PROBLEMS}/{}\">{}</a></td><td class=\"cell-text\">{}</td>\
             <td class=\"cell-text\">{}</td><td class=\"cell-text\">{}</td><td class=\"num\">{}%</td><td>{}</td></tr>",
            member.problem_id,
            escaped(&member.number),
            escaped(&member.title),
            escaped(&member.organisation),
            escaped(&member.inspection),
            member.likeness,
            escaped(member.listed.as_deref().unwrap_or_default()),
        );
    }
    html.push_str("</tbody></table></div>");
    html
}
