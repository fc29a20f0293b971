//! How assemblies appear: with shares of votes and of problems in the report.

use std::fmt::Write as _;

use kit::{
    Column, Cx, Deed as Offer, Field, Form, Governed, Labelled as _, Lifecycle as _, Outcome, Pred,
    RecordView, Result, Secrecy, Service, Shown, Tab, Table, WriteCx,
    form::Kind as FieldKind,
    lifecycle,
    service::{Group, Waiting, Work, keep_files, no_fields, target},
    shown::escaped,
};
use planning::{samples, units};
use registry::{organisations, policies};
use uuid::Uuid;

use super::{
    Assembly, AssemblyId, Kind, NOUN, Sheets, State, Votes,
    actions::{self, Entry},
    store,
};
use crate::rights;

const BY_DAY: &[&str] = &["held_on"];

const COLUMNS: &[Column] = &[
    Column::choice("kind", "会议", "a.kind", Kind::CHOICES).opens().indexed_by(BY_DAY),
    Column::reference("organisation", "被巡察单位", "a.organisation_id", "g.name", organisations::NOUN)
        .indexed_by(BY_DAY),
    Column::reference("inspection", "巡察", "a.inspection_id", "i.name", units::INSPECTIONS)
        .hidden()
        .indexed_by(BY_DAY),
    Column::date("held_on", "召开日期", "a.held_on").sortable().filled(),
    Column::text("place", "地点", "a.place"),
    Column::integer("attendance", "到会人数", "a.attendance"),
    Column::integer("valid", "有效测评表", "a.valid").hidden(),
    Column::choice("state", "状态", "a.state", State::CHOICES),
];

/// The slice's description of itself.
pub fn service() -> Service {
    Service {
        noun: NOUN,
        label: "进驻会议和测评",
        table: "assembly",
        group: Group::Fieldwork,
        listed: true,
        icon: "users-group",
        secrecy: Secrecy::Internal,
        about: "进驻沟通会、进驻动员会、民主测评和听取汇报；测评票数核对后汇总，汇报材料计算问题篇幅占比。",
        list: Table {
            from: "assembly a left join organisation g on g.id = a.organisation_id \
                   left join inspection i on i.id = a.inspection_id",
            alias: "a",
            title: "a.place",
            number: None,
            columns: COLUMNS,
            order: "-held_on",
        },
        visible: Assembly::visible,
        show: |cx, id| Box::pin(show(cx, id)),
        deeds: vec![
            Offer::create("登记会议", create_fields, |cx, _, form| Box::pin(create(cx, form)))
                .next("保存后可以继续修改，核对无误后定稿。"),
            Offer::on("finalise", "定稿", no_fields, |cx, id, _| Box::pin(finalise(cx, id)))
                .primary()
                .next("定稿后不再修改，组长可以重新打开。"),
            Offer::on("edit", "修改", edit_fields, |cx, id, form| Box::pin(edit(cx, id, form))),
            Offer::on("reopen", "重新登记", reason_fields, |cx, id, form| Box::pin(reopen(cx, id, form))),
        ],
        creates: rights::of_a_team,
        waiting: vec![Waiting {
            label: "进驻会议待定稿",
            condition: |actor, _| rights::own_work(actor, Pred::is("state", State::Draft)),
            due: None,
        }],
        governed: Some(Governed {
            noun: NOUN,
            label: "进驻会议和测评",
            transitions: lifecycle::transitions::<Assembly>,
            permissions: || lifecycle::permissions(store::sample, samples::concerned, samples::stranger),
        }),
    }
}

fn create_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async {
        let mut fields = vec![Field::pick("unit", "被巡察对象", units::NOUN).required()];
        fields.extend(entry_fields(None));
        Ok(fields)
    })
}

fn edit_fields(cx: &Cx, id: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let held = match id {
            Some(id) => Some(store::find(cx, AssemblyId(id)).await?),
            None => None,
        };
        Ok(entry_fields(held.as_ref()))
    })
}

fn entry_fields(held: Option<&Assembly>) -> Vec<Field> {
    let count = |name, label, value: Option<i64>| {
        let kind = FieldKind::Integer { min: 0, max: 10_000_000 };
        Field::new(name, label, kind).value(value.unwrap_or(0))
    };
    let votes = vec![
        Field::line("subject", "测评对象").max(60).required(),
        count("good", "好", None),
        count("fair", "较好", None),
        count("average", "一般", None),
        count("poor", "差", None),
    ];
    vec![
        Field::choice::<Kind>("kind", "会议").required().chosen(held.map(|a| a.kind)),
        Field::date("held_on", "召开日期").required().maybe(held.map(|a| a.held_on)),
        Field::line("place", "地点").max(80).required().maybe(held.map(|a| &a.place)),
        Field::line("chair", "主持人").max(60).maybe(held.map(|a| &a.chair)),
        count("attendance", "到会人数", held.map(|a| a.attendance)),
        Field::text("summary", "主要内容").max(4_000).maybe(held.map(|a| &a.summary)),
        count("given", "发出测评表", held.map(|a| a.given)).group("民主测评"),
        count("returned", "收回测评表", held.map(|a| a.returned)).group("民主测评"),
        count("valid", "有效测评表", held.map(|a| a.valid)).group("民主测评"),
        Field::new("votes", "测评结果", FieldKind::Rows(votes))
            .help("领导班子和每名成员各一行；修改时重新填写。")
            .group("民主测评"),
        count("report_chars", "汇报材料字数", held.map(|a| a.report_chars)).group("听取汇报"),
        count("problem_chars", "其中问题部分字数", held.map(|a| a.problem_chars))
            .help("用于计算问题篇幅占比，要求见“期限和口径”。")
            .group("听取汇报"),
        Field::new("files", "材料", FieldKind::Files).help("动员讲话、表态发言、汇报材料、测评汇总表等。"),
    ]
}

fn reason_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async { Ok(vec![Field::text("reason", "理由").max(500).required()]) })
}

fn entry(form: &Form) -> Result<Entry> {
    let count = |form: &Form, name| form.integer(name).unwrap_or(0);
    Ok(Entry {
        kind: form.need_choice("kind")?,
        held_on: form.need_date("held_on")?,
        place: form.text("place"),
        chair: form.text("chair"),
        attendance: count(form, "attendance"),
        summary: form.text("summary"),
        sheets: Sheets {
            given: count(form, "given"),
            returned: count(form, "returned"),
            valid: count(form, "valid"),
        },
        votes: form
            .rows("votes")
            .iter()
            .map(|row| Votes {
                subject: row.text("subject"),
                good: count(row, "good"),
                fair: count(row, "fair"),
                average: count(row, "average"),
                poor: count(row, "poor"),
            })
            .collect(),
        report_chars: count(form, "report_chars"),
        problem_chars: count(form, "problem_chars"),
    })
}

async fn create(cx: &mut WriteCx, form: &Form) -> Result<Outcome> {
    let id = actions::create(cx, form.need_id("unit")?, entry(form)?).await?;
    keep_files(cx, NOUN, id, form).await?;
    Ok(Outcome::new(NOUN, id, "已登记会议。"))
}

async fn edit(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: AssemblyId = target(id)?;
    actions::edit(cx, id, entry(form)?).await?;
    keep_files(cx, NOUN, id, form).await?;
    Ok(Outcome::new(NOUN, id, "已保存修改。"))
}

async fn finalise(cx: &mut WriteCx, id: Option<Uuid>) -> Result<Outcome> {
    let id: AssemblyId = target(id)?;
    actions::finalise(cx, id).await?;
    Ok(Outcome::new(NOUN, id, "已定稿。"))
}

async fn reopen(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: AssemblyId = target(id)?;
    actions::reopen(cx, id, form.text("reason")).await?;
    Ok(Outcome::new(NOUN, id, "已重新打开，可以修改。"))
}

async fn show(cx: &Cx, id: Uuid) -> Result<RecordView> {
    let assembly = store::find(cx, AssemblyId(id)).await?;
    let names = units::names(cx, assembly.organisation_id, assembly.inspection_id).await?;
    let organisation = Some(assembly.organisation_id.0);
    let title = format!("{} {}", names.organisation, assembly.kind.label());
    let mut view = RecordView::new(title, assembly.version)
        .fact(
            "organisation",
            "被巡察单位",
            Shown::link(organisations::NOUN, organisation, names.organisation),
        )
        .fact(
            "inspection",
            "巡察",
            Shown::link(units::INSPECTIONS, Some(assembly.inspection_id), names.inspection),
        )
        .fact("held_on", "召开日期", Shown::Date(assembly.held_on))
        .fact("place", "地点", Shown::text(assembly.place.as_str()))
        .fact("chair", "主持人", Shown::text(assembly.chair.as_str()))
        .fact("attendance", "到会人数", Shown::Integer(assembly.attendance))
        .fact("summary", "主要内容", Shown::long(assembly.summary.as_str()));
    match assembly.kind {
        Kind::Assessment => {
            let html = votes_html(&assembly, &store::votes(cx, assembly.id).await?);
            view.tabs.push(Tab::Html { key: "votes", label: "测评结果", html });
        }
        Kind::Report => view = with_share(cx, &assembly, view).await?,
        Kind::Communication | Kind::Mobilisation => {}
    }
    view.tabs.push(Tab::Files);
    view.state = Some(assembly.state.choice());
    view.deeds = assembly.open_deeds(&cx.actor);
    Ok(view)
}

/// The share of problems in the organisation's report, beside what is asked for.
async fn with_share(cx: &Cx, assembly: &Assembly, view: RecordView) -> Result<RecordView> {
    let wanted = policies::amount(cx, "report_problem_share", assembly.held_on).await?;
    let (numerator, denominator) = (assembly.problem_chars, assembly.report_chars);
    let enough = denominator > 0 && numerator * 100 >= denominator * wanted;
    let verdict = match (denominator, enough) {
        (0, _) => String::from("未填写材料字数"),
        (_, true) => format!("达到 {wanted}% 的要求"),
        (_, false) => format!("低于 {wanted}% 的要求，可以退回重写"),
    };
    Ok(view.fact("share", "问题篇幅占比", Shown::Rate { numerator, denominator }).fact(
        "verdict",
        "核对",
        Shown::text(verdict),
    ))
}

fn votes_html(assembly: &Assembly, votes: &[Votes]) -> String {
    let mut html = format!(
        "<p class=\"muted\">发出 {}，收回 {}，有效 {}</p><div class=\"table-wrap\"><table class=\"data\"><thead><tr>\
         <th scope=\"col\">测评对象</th><th scope=\"col\" class=\"num\">好</th><th scope=\"col\" class=\"num\">较好</th>\
         <th scope=\"col\" class=\"num\">一般</th><th scope=\"col\" class=\"num\">差</th>\
         <th scope=\"col\" class=\"num\">好和较好占比</th></tr></thead><tbody>",
        assembly.given, assembly.returned, assembly.valid
    );
    for line in votes {
        let share = Shown::Rate { numerator: line.good + line.fair, denominator: line.total() }.plain();
        let _ = write!(
            html,
            "<tr><td>{}</td><td class=\"num\">{}</td><td class=\"num\">{}</td><td class=\"num\">{}</td>\
             <td class=\"num\">{}</td><td class=\"num\">{share}</td></tr>",
            escaped(&line.subject),
            line.good,
            line.fair,
            line.average,
            line.poor
        );
    }
    html.push_str("</tbody></table></div>");
    html
}
