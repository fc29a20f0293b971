//! How draws appear: list, record to be printed, forms.

use kit::{
    Column, Cx, Deed as Offer, Field, Form, Governed, Labelled as _, Lifecycle as _, Outcome, RecordView,
    Refusal, Result, Secrecy, Service, Shown, Table, WriteCx,
    form::Kind,
    lifecycle,
    service::{Group, Work, target},
};
use uuid::Uuid;

use super::{
    Draw, DrawId, NOUN, State,
    actions::{self, Entry},
    store,
};
use crate::{
    inspections::{self, InspectionId},
    needs::{self, Duty},
    rights,
    talents::Pool,
};

const COLUMNS: &[Column] = &[
    Column::choice("duty", "岗位", "d.duty", Duty::CHOICES).opens(),
    Column::reference(
        "inspection",
        "巡察任务",
        "d.inspection_id",
        "i.number || ' ' || i.name",
        inspections::NOUN,
    ),
    Column::text("team", "巡察组", "i.team"),
    Column::integer("number", "抽取人数", "d.number"),
    Column::choice("state", "抽签情况", "d.state", State::CHOICES),
    Column::text("witness", "见证人", "d.witness"),
    Column::date("listed_on", "公布日期", "d.listed_on").sortable().filled(),
];

/// The slice's description of itself.
pub fn service() -> Service {
    Service {
        noun: NOUN,
        label: "抽签",
        table: "draw",
        group: Group::Prepare,
        listed: true,
        icon: "arrows-shuffle",
        secrecy: Secrecy::Internal,
        about: "从符合条件的名单中公开抽签：先公布名单和摘要，再由见证人报数，结果任何人都能按打印件复算。",
        list: Table {
            from: "draw d join inspection i on i.id = d.inspection_id",
            alias: "d",
            title: "i.name",
            number: None,
            columns: COLUMNS,
            order: "-listed_on",
        },
        visible: Draw::visible,
        show: |cx, id| Box::pin(show(cx, id)),
        deeds: vec![
            Offer::create("公布抽签名单", fields, |cx, _, form| Box::pin(list(cx, form)))
                .next("名单和摘要随即固定；由另一人在见证人报数后抽签。"),
            Offer::on("draw", "抽签", draw_fields, |cx, id, form| Box::pin(draw(cx, id, form)))
                .primary()
                .next("结果由名单摘要和见证人所报数字唯一决定，不能重抽。"),
            Offer::on("void", "作废", void_fields, |cx, id, form| Box::pin(void(cx, id, form)))
                .danger()
                .next("作废的抽签保留记录，注明理由。"),
        ],
        creates: needs::may_select,
        waiting: Vec::new(),
        governed: Some(Governed {
            noun: NOUN,
            label: "抽签",
            transitions: lifecycle::transitions::<Draw>,
            permissions: || lifecycle::permissions(sample, rights::concerned, rights::stranger),
        }),
    }
}

pub(super) fn sample(state: State) -> Draw {
    Draw {
        id: DrawId(rights::OWN),
        version: 1,
        inspection_id: InspectionId(rights::OWN),
        pool: Pool::Heads,
        duty: Duty::Head,
        number: 1,
        state,
        list: String::new(),
        list_digest: String::new(),
        excluded: String::new(),
        witness: String::new(),
        nonce: String::new(),
        seed: String::new(),
        picked: String::new(),
        listed_by: None,
        listed_on: rights::sample_day(),
        drawn_by: None,
        drawn_at: None,
        note: String::new(),
    }
}

fn fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async {
        Ok(vec![
            Field::pick("inspection", "巡察任务", inspections::NOUN).required(),
            Field::choice::<Duty>("duty", "岗位").required().chosen(Some(Duty::Head)),
            Field::choice::<Pool>("pool", "人才库类别").required().chosen(Some(Pool::Heads)),
            Field::new("number", "抽取人数", Kind::Integer { min: 1, max: 30 }).required().value(1),
        ])
    })
}

fn draw_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async {
        Ok(vec![
            Field::line("witness", "见证人").max(60).required(),
            Field::line("nonce", "见证人所报数字")
                .max(20)
                .required()
                .help("由见证人在名单公布之后当场报出，至少四位数字。"),
        ])
    })
}

fn void_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async { Ok(vec![Field::text("reason", "理由").max(500).required()]) })
}

async fn list(cx: &mut WriteCx, form: &Form) -> Result<Outcome> {
    let entry = Entry {
        inspection: form.need_id("inspection")?,
        pool: form.need_choice("pool")?,
        duty: form.need_choice("duty")?,
        number: form.need_integer("number")?,
    };
    let id = actions::list(cx, entry).await?;
    Ok(Outcome::new(NOUN, id, "名单已公布，请由另一人在见证人报数后抽签。"))
}

async fn draw(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: DrawId = target(id)?;
    actions::draw(cx, id, form.text("witness"), form.text("nonce")).await?;
    Ok(Outcome::new(NOUN, id, "抽签完成。"))
}

async fn void(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: DrawId = target(id)?;
    actions::void(cx, id, form.text("reason")).await?;
    Ok(Outcome::new(NOUN, id, "已作废。"))
}

#[derive(kit::sea_orm::FromQueryResult)]
struct Names {
    lister: Option<String>,
    drawer: Option<String>,
}

async fn show(cx: &Cx, id: Uuid) -> Result<RecordView> {
    let held = store::find(cx, DrawId(id)).await?;
    let inspection = inspections::find(cx, held.inspection_id).await?;
    let mut sql = db::Sql::new(
        "select a.name as lister, b.name as drawer from draw d left join account a on a.id = d.listed_by \
         left join account b on b.id = d.drawn_by where d.id = ",
    );
    sql.bind(held.id);
    let names: Names = cx.first(sql).await?.ok_or_else(Refusal::not_found)?;
    let title = format!("{} {}", inspection.number, inspection.name);
    let mut view = RecordView::new(format!("{}{}抽签", inspection.team, held.duty.label()), held.version)
        .fact("inspection", "巡察任务", Shown::link(inspections::NOUN, Some(inspection.id.0), title))
        .fact("pool", "人才库类别", Shown::choice(held.pool.choice()))
        .fact("number", "抽取人数", Shown::Integer(held.number))
        .fact("listed_on", "公布日期", Shown::Date(held.listed_on))
        .fact("lister", "公布人", Shown::text(names.lister.unwrap_or_default()))
        .fact("witness", "见证人", Shown::text(&held.witness))
        .fact("nonce", "见证人所报数字", Shown::text(&held.nonce))
        .fact("drawer", "抽签人", Shown::text(names.drawer.unwrap_or_default()))
        .fact("drawn_at", "抽签时间", held.drawn_at.map_or(Shown::Empty, Shown::Instant))
        .fact("picked", "抽取结果", Shown::long(&held.picked))
        .fact("list_digest", "名单摘要（SM3）", Shown::long(&held.list_digest))
        .fact("seed", "种子（SM3）", Shown::long(&held.seed))
        .fact("list", "名单", Shown::long(&held.list))
        .fact("excluded", "不列入名单的人员", Shown::long(&held.excluded))
        .fact("note", "作废理由", Shown::long(&held.note));
    view.state = Some(held.state.choice());
    view.deeds = held.open_deeds(&cx.actor);
    Ok(view)
}
