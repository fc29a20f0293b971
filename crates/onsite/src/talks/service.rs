//! How talks appear: a list that tells who and when, a page whose reading is recorded, forms.

use std::fmt::Write as _;

use kit::{
    Actor, Column, Cx, Deed as Offer, Field, Form, Governed, Labelled as _, Lifecycle as _, Outcome, Pred,
    RecordView, Result, Secrecy, Service, Shown, Tab, Table, WriteCx,
    form::Kind,
    lifecycle,
    service::{Group, Waiting, Work, keep_files, target},
    shown::escaped,
};
use planning::{samples, units};
use preparation::cite::cited;
use registry::organisations;
use uuid::Uuid;

use super::{
    NOUN, Signature, State, Talk, TalkId,
    actions::{self, Entry, Point},
    open, store,
};
use crate::{
    officers,
    openings::{self, Part},
    rights,
    talk_plans::{self, PersonKind},
    talk_points,
};

const BY_NUMBER: &[&str] = &["number"];

const COLUMNS: &[Column] = &[
    Column::number("number", "编号", "t.number").opens(),
    Column::text("person", "谈话对象", "t.person"),
    Column::text("post", "职务", "t.post"),
    Column::reference("organisation", "被巡察单位", "t.organisation_id", "g.name", organisations::NOUN)
        .indexed_by(BY_NUMBER),
    Column::reference("inspection", "巡察", "t.inspection_id", "i.name", units::INSPECTIONS)
        .hidden()
        .indexed_by(BY_NUMBER),
    Column::choice("kind", "对象类别", "t.kind", PersonKind::CHOICES).indexed_by(BY_NUMBER),
    Column::date("talked_on", "谈话日期", "t.talked_on").sortable().filled(),
    Column::text("officers", "谈话人", "t.officers"),
    Column::choice("state", "状态", "t.state", State::CHOICES).indexed_by(BY_NUMBER),
    Column::choice("signature", "签字情况", "t.signature", Signature::CHOICES).hidden(),
];

/// The slice's description of itself.
pub fn service() -> Service {
    Service {
        noun: NOUN,
        label: "个别谈话",
        table: "talk",
        group: Group::Fieldwork,
        listed: true,
        icon: "message-circle",
        secrecy: Secrecy::Sealed,
        about: "由两名以上巡察干部进行的个别谈话：提纲按对象类别生成，记录加密保存，谈话对象签字后不能改写，要点分类归集。",
        list: Table {
            from: "talk t left join organisation g on g.id = t.organisation_id \
                   left join inspection i on i.id = t.inspection_id",
            alias: "t",
            title: "t.number",
            number: Some("t.number"),
            columns: COLUMNS,
            order: "-number",
        },
        visible: Talk::visible,
        show: |cx, id| Box::pin(show(cx, id)),
        deeds: deeds(),
        creates: rights::of_a_team,
        waiting: vec![
            Waiting { label: "谈话待整理记录", condition: to_record, due: None },
            Waiting { label: "谈话记录待签字", condition: to_sign, due: None },
        ],
        governed: Some(Governed {
            noun: NOUN,
            label: "个别谈话",
            transitions: lifecycle::transitions::<Talk>,
            permissions: || lifecycle::permissions(store::sample, samples::concerned, samples::stranger),
        }),
    }
}

fn deeds() -> Vec<Offer> {
    vec![
        Offer::create("登记谈话", create_fields, |cx, _, form| Box::pin(create(cx, form)))
            .next("谈话提纲按对象类别生成，可以修改；随后整理记录，由谈话对象签字。"),
        Offer::on("record", "整理记录", record_fields, |cx, id, form| Box::pin(record(cx, id, form)))
            .primary()
            .next("记录和要点加密保存；签字之前可以修改。"),
        Offer::on("sign", "登记签字", sign_fields, |cx, id, form| Box::pin(sign(cx, id, form)))
            .primary()
            .next("签字后记录不能改写，只能补充说明。"),
        Offer::on("edit", "修改", edit_fields, |cx, id, form| Box::pin(edit(cx, id, form))),
        Offer::on("supplement", "补充说明", supplement_fields, |cx, id, form| {
            Box::pin(supplement(cx, id, form))
        })
        .next("补充内容注明日期和姓名，附在原记录之后。"),
        Offer::on("consult", "查阅记录", consult_fields, |cx, id, form| Box::pin(consult(cx, id, form)))
            .opens()
            .next("查阅登记在册并通知督查人；记录在有效时间内显示。"),
    ]
}

fn to_record(actor: &Actor, _: chrono::NaiveDate) -> Pred {
    rights::own_work(actor, Pred::is("state", State::Held))
}

fn to_sign(actor: &Actor, _: chrono::NaiveDate) -> Pred {
    rights::own_work(actor, Pred::is("state", State::Recorded))
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
            Some(id) => Some(store::find(cx, TalkId(id)).await?),
            None => None,
        };
        Ok(entry_fields(held.as_ref()))
    })
}

fn entry_fields(held: Option<&Talk>) -> Vec<Field> {
    vec![
        Field::pick("plan", "谈话安排", talk_plans::NOUN)
            .maybe(held.and_then(|t| t.plan_id))
            .help("在名单中的，选择后姓名、职务和类别自动带入。"),
        Field::line("person", "谈话对象").max(60).maybe(held.map(|t| &t.person)).help("不在名单中的填写。"),
        Field::line("post", "职务").max(120).maybe(held.map(|t| &t.post)),
        Field::choice::<PersonKind>("kind", "对象类别")
            .chosen(held.map(|t| t.kind))
            .help("不选的按职务判断；提纲随类别而定。"),
        Field::date("talked_on", "谈话日期").required().maybe(held.map(|t| t.talked_on)),
        Field::line("begins", "开始时间").max(5).maybe(held.map(|t| &t.begins)).help("如 09:30。"),
        Field::line("ends", "结束时间").max(5).maybe(held.map(|t| &t.ends)),
        Field::line("place", "地点").max(80).required().maybe(held.map(|t| &t.place)),
        officers::field("officers", "谈话人"),
        Field::text("outline", "谈话提纲")
            .max(4_000)
            .maybe(held.map(|t| &t.outline))
            .help("留空则按对象类别生成。"),
    ]
}

fn record_fields(cx: &Cx, id: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let mut text = String::new();
        if let Some(id) = id {
            let talk = store::find(cx, TalkId(id)).await?;
            if cx.actor.in_team(talk.inspection_id) {
                text = open(cx, talk.id, "record", &talk.record_sealed)?;
            }
        }
        let point = vec![
            Field::dict("class", "类别", "talk_class").required(),
            Field::text("text", "要点").max(1_000).required(),
            Field::flag("top_leader", "涉及一把手"),
        ];
        Ok(vec![
            Field::text("record", "谈话记录").required().value(text).help("一问一答，如实记录，加密保存。"),
            Field::new("points", "要点", Kind::Rows(point))
                .required()
                .help("按类别归纳，一事一条；再次整理时重新填写。涉及主要负责人的勾选，归入一把手监督材料。"),
        ])
    })
}

fn sign_fields(cx: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async {
        Ok(vec![
            Field::choice::<Signature>("signature", "签字情况").required().chosen(Some(Signature::Signed)),
            Field::date("on", "签字日期").required().value(cx.today()),
            Field::new("files", "签字件扫描", Kind::Files),
        ])
    })
}

fn supplement_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async {
        Ok(vec![
            Field::text("text", "补充说明").max(5_000).required().help("加密保存。"),
            Field::new("files", "补充材料", Kind::Files),
        ])
    })
}

fn consult_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async {
        Ok(vec![
            Field::text("reason", "查阅理由")
                .max(500)
                .required()
                .help("写明因何工作需要查阅；理由进入查阅登记。"),
        ])
    })
}

async fn entry(cx: &Cx, form: &Form, inspection: Uuid) -> Result<Entry> {
    let talked_on = form.need_date("talked_on")?;
    Ok(Entry {
        plan: form.id("plan"),
        person: form.text("person"),
        post: form.text("post"),
        kind: form.choice("kind"),
        talked_on,
        begins: form.text("begins"),
        ends: form.text("ends"),
        place: form.text("place"),
        officers: officers::read(cx, form, "officers", inspection, talked_on).await?,
        outline: form.text("outline"),
    })
}

async fn create(cx: &mut WriteCx, form: &Form) -> Result<Outcome> {
    let unit = units::of(cx, form.need_id("unit")?).await?;
    let entry = entry(cx, form, unit.inspection_id).await?;
    let id = actions::create(cx, &unit, entry).await?;
    Ok(Outcome::new(NOUN, id, "已登记谈话，请整理记录。"))
}

async fn edit(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: TalkId = target(id)?;
    let talk = store::find(cx, id).await?;
    let entry = entry(cx, form, talk.inspection_id).await?;
    actions::edit(cx, id, entry).await?;
    Ok(Outcome::new(NOUN, id, "已保存修改。"))
}

async fn record(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: TalkId = target(id)?;
    let points = form
        .rows("points")
        .iter()
        .map(|row| Point {
            class: row.text("class"),
            top_leader: row.flag("top_leader"),
            text: row.text("text"),
        })
        .collect();
    actions::record(cx, id, &form.text("record"), points).await?;
    Ok(Outcome::new(NOUN, id, "已保存记录，请谈话对象签字。"))
}

async fn sign(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: TalkId = target(id)?;
    actions::sign(cx, id, form.need_choice("signature")?, form.need_date("on")?).await?;
    keep_files(cx, NOUN, id, form).await?;
    Ok(Outcome::new(NOUN, id, "已登记签字。"))
}

async fn supplement(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: TalkId = target(id)?;
    actions::supplement(cx, id, &form.text("text")).await?;
    keep_files(cx, NOUN, id, form).await?;
    Ok(Outcome::new(NOUN, id, "已补充说明。"))
}

async fn consult(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: TalkId = target(id)?;
    actions::consult(cx, id, form.text("reason")).await?;
    Ok(Outcome::new(NOUN, id, "已登记查阅，记录在有效时间内显示。"))
}

async fn show(cx: &Cx, id: Uuid) -> Result<RecordView> {
    let talk = store::find(cx, TalkId(id)).await?;
    let names = units::names(cx, talk.organisation_id, talk.inspection_id).await?;
    let organisation = Some(talk.organisation_id.0);
    let hours =
        if talk.ends.is_empty() { talk.begins.clone() } else { format!("{}—{}", talk.begins, talk.ends) };
    let mut view = RecordView::new(format!("{} {}", talk.person, talk.post), talk.version)
        .fact(
            "organisation",
            "被巡察单位",
            Shown::link(organisations::NOUN, organisation, names.organisation),
        )
        .fact(
            "inspection",
            "巡察",
            Shown::link(units::INSPECTIONS, Some(talk.inspection_id), names.inspection),
        )
        .fact("kind", "对象类别", Shown::choice(talk.kind.choice()))
        .fact("talked_on", "谈话日期", Shown::Date(talk.talked_on))
        .fact("hours", "时间", Shown::text(hours))
        .fact("place", "地点", Shown::text(talk.place.as_str()))
        .fact("officers", "谈话人", Shown::text(talk.officers.as_str()))
        .fact("signature", "签字情况", talk.signature.map_or(Shown::Empty, |s| Shown::choice(s.choice())))
        .fact("signed_on", "签字日期", Shown::date(talk.signed_on));
    let open_here = cx.actor.in_team(talk.inspection_id) || openings::holds(cx, id, Part::Talk).await?;
    if open_here {
        cx.record_read(NOUN, id).await;
        view = with_content(cx, &talk, view).await?;
    } else {
        view = view.fact("record", "谈话记录", Shown::text("已封存，需要查阅时请写明理由"));
    }
    view = cited(cx, view, NOUN, id, Some(talk.unit_id));
    view.number.clone_from(&talk.number);
    view.state = Some(talk.state.choice());
    view.secrecy = Secrecy::Sealed;
    view.deeds = talk.open_deeds(&cx.actor);
    Ok(view)
}

/// Adds what was said: the record, its points by class, the outline and the files.
async fn with_content(cx: &Cx, talk: &Talk, view: RecordView) -> Result<RecordView> {
    let text = |field, sealed: &str| open(cx, talk.id, field, sealed).map(Shown::long);
    let mut view = view
        .fact("record", "谈话记录", text("record", &talk.record_sealed)?)
        .fact("supplement", "补充说明", text("supplement", &talk.supplement_sealed)?)
        .fact("outline", "谈话提纲", Shown::long(talk.outline.as_str()));
    view.tabs.push(Tab::Html { key: "points", label: "要点", html: points_html(cx, talk).await? });
    view.tabs.push(Tab::Files);
    Ok(view)
}

async fn points_html(cx: &Cx, talk: &Talk) -> Result<String> {
    let points = talk_points::of_talk(cx, talk.id).await?;
    if points.is_empty() {
        return Ok(String::from(
            "<div class=\"empty\"><h2>还没有要点</h2><p>整理记录时按类别归纳，一事一条。</p></div>",
        ));
    }
    let classes = kit::dictionary::labels(cx, "talk_class").await?;
    let mut html = String::from(
        "<div class=\"table-wrap\"><table class=\"data\"><thead><tr><th scope=\"col\">类别</th><th scope=\"col\" class=\"col-wide\">要点</th>\
         <th scope=\"col\">一把手</th></tr></thead><tbody>",
    );
    for (point, text) in points {
        let class = classes.get(&point.class).unwrap_or(&point.class);
        let leader = if point.top_leader { "涉及" } else { "" };
        let _ =
            write!(html, "<tr><td>{}</td><td>{}</td><td>{leader}</td></tr>", escaped(class), escaped(&text));
    }
    html.push_str("</tbody></table></div>");
    Ok(html)
}
