//! How secondments appear: list, page, forms.

use kit::{
    Column, Cx, Deed as Offer, Field, Form, Governed, Labelled as _, Lifecycle as _, Outcome, Pred,
    RecordView, Refusal, Result, Role, Secrecy, Service, Shown, Table, WriteCx, lifecycle,
    service::{Group, Waiting, Work, target},
};
use registry::organisations;
use uuid::Uuid;

use super::{Deed, Grade, NOUN, Secondment, SecondmentId, State, actions, store};
use crate::{
    inspections::{self, InspectionId},
    needs::Duty,
    nominations::NominationId,
    rights,
    talents::{self, TalentId},
};

const COLUMNS: &[Column] = &[
    Column::text("name", "姓名", "p.name").opens(),
    Column::reference("addressee", "派出单位", "s.addressee_id", "o.name", organisations::NOUN),
    Column::choice("duty", "岗位", "s.duty", Duty::CHOICES),
    Column::text("team", "巡察组", "i.team"),
    Column::text("number", "函号", "s.number"),
    Column::date("from_on", "抽调起", "s.from_on"),
    Column::date("to_on", "抽调止", "s.to_on"),
    Column::choice("state", "抽调情况", "s.state", State::CHOICES),
    Column::choice("grade", "考核等次", "s.grade", Grade::CHOICES),
    Column::date("prepared_on", "拟函日期", "s.prepared_on").sortable().filled(),
];

/// The slice's description of itself.
pub fn service() -> Service {
    Service {
        noun: NOUN,
        label: "抽调与考核",
        table: "secondment",
        group: Group::Prepare,
        listed: true,
        icon: "send",
        secrecy: Secrecy::Internal,
        about: "抽调函、派出单位答复和结束后的考核；考核结果反馈派出单位，并计入以后的人选排序。",
        list: Table {
            from: "secondment s join inspection i on i.id = s.inspection_id join talent t on t.id = s.talent_id \
                   join person p on p.id = t.person_id left join organisation o on o.id = s.addressee_id",
            alias: "s",
            title: "p.name",
            number: Some("s.number"),
            columns: COLUMNS,
            order: "-prepared_on",
        },
        visible: Secondment::visible,
        show: |cx, id| Box::pin(show(cx, id)),
        deeds: vec![
            Offer::on("send", "发函", send_fields, |cx, id, form| Box::pin(send(cx, id, form)))
                .primary()
                .next("发函后登记派出单位的答复。"),
            Offer::on("grant", "登记同意", answer_fields, |cx, id, form| {
                Box::pin(answer(cx, id, form, Deed::Grant))
            })
            .next("可以在巡察组成员中提名，由本人申报回避后授权。"),
            Offer::on("refuse", "登记不同意", answer_fields, |cx, id, form| {
                Box::pin(answer(cx, id, form, Deed::Refuse))
            })
            .next("可以在点兵需求中另行提名。"),
            Offer::on("appraise", "考核并反馈派出单位", appraise_fields, |cx, id, form| {
                Box::pin(appraise(cx, id, form))
            })
            .next("考核结果反馈派出单位，抽调结束。"),
            Offer::on("cancel", "取消", reason_fields, |cx, id, form| Box::pin(cancel(cx, id, form)))
                .danger(),
        ],
        creates: |_| false,
        waiting: vec![
            Waiting {
                label: "待发出的抽调函",
                condition: |actor, _| {
                    if actor.is_office() { Pred::is("state", State::Draft) } else { Pred::Nothing }
                },
                due: None,
            },
            Waiting {
                label: "抽调期满待考核的人员",
                condition: |actor, day| {
                    if actor.is_office() || actor.is(Role::TeamHead) {
                        Pred::is("state", State::Granted).and(Pred::AtMost("to_on", day.into()))
                    } else {
                        Pred::Nothing
                    }
                },
                due: None,
            },
        ],
        governed: Some(Governed {
            noun: NOUN,
            label: "抽调与考核",
            transitions: lifecycle::transitions::<Secondment>,
            permissions: || lifecycle::permissions(sample, rights::concerned, rights::stranger),
        }),
    }
}

pub(super) fn sample(state: State) -> Secondment {
    Secondment {
        id: SecondmentId(rights::OWN),
        version: 1,
        nomination_id: NominationId(rights::OWN),
        inspection_id: InspectionId(rights::OWN),
        talent_id: TalentId(rights::OWN),
        addressee_id: None,
        number: String::new(),
        duty: Duty::Finance,
        from_on: rights::sample_day(),
        to_on: rights::sample_day(),
        state,
        prepared_by: None,
        prepared_on: rights::sample_day(),
        sent_on: None,
        answer: String::new(),
        answered_on: None,
        grade: None,
        appraisal: String::new(),
        appraised_by: None,
        appraised_on: None,
    }
}

fn send_fields(cx: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async {
        Ok(vec![
            Field::line("number", "函号").max(60).required().help("如“澜委巡函〔2024〕3号”。"),
            Field::date("on", "发函日期").required().value(cx.today()),
        ])
    })
}

fn answer_fields(cx: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async {
        Ok(vec![
            Field::text("answer", "派出单位答复").max(1_000).required(),
            Field::date("on", "答复日期").required().value(cx.today()),
        ])
    })
}

fn appraise_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async {
        Ok(vec![
            Field::choice::<Grade>("grade", "考核等次").required(),
            Field::text("appraisal", "现实表现")
                .max(2_000)
                .required()
                .help("写工作表现，不写巡察发现的问题和线索；这段文字反馈派出单位。"),
        ])
    })
}

fn reason_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async { Ok(vec![Field::text("reason", "理由").max(500).required()]) })
}

async fn send(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: SecondmentId = target(id)?;
    actions::send(cx, id, form.text("number"), form.need_date("on")?).await?;
    Ok(Outcome::new(NOUN, id, "已登记发函。"))
}

async fn answer(cx: &mut WriteCx, id: Option<Uuid>, form: &Form, deed: Deed) -> Result<Outcome> {
    let id: SecondmentId = target(id)?;
    actions::answer(cx, id, deed, form.text("answer"), form.need_date("on")?).await?;
    Ok(Outcome::new(NOUN, id, "已登记派出单位答复。"))
}

async fn appraise(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: SecondmentId = target(id)?;
    actions::appraise(cx, id, form.need_choice("grade")?, form.text("appraisal")).await?;
    Ok(Outcome::new(NOUN, id, "已考核并反馈派出单位。"))
}

async fn cancel(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: SecondmentId = target(id)?;
    actions::cancel(cx, id, form.text("reason")).await?;
    Ok(Outcome::new(NOUN, id, "已取消。"))
}

#[derive(kit::sea_orm::FromQueryResult)]
struct Names {
    name: String,
    title: String,
    addressee: Option<String>,
    number: String,
    inspection: String,
    team: String,
    appraiser: Option<String>,
}

async fn names(cx: &Cx, id: SecondmentId) -> Result<Names> {
    let mut sql = db::Sql::new(
        "select p.name, p.title, o.name as addressee, i.number, i.name as inspection, i.team, b.name as appraiser \
         from secondment s join inspection i on i.id = s.inspection_id join talent t on t.id = s.talent_id \
         join person p on p.id = t.person_id left join organisation o on o.id = s.addressee_id \
         left join account b on b.id = s.appraised_by where s.id = ",
    );
    sql.bind(id);
    cx.first(sql).await?.ok_or_else(|| Refusal::not_found().into())
}

async fn show(cx: &Cx, id: Uuid) -> Result<RecordView> {
    let held = store::find(cx, SecondmentId(id)).await?;
    let names = names(cx, held.id).await?;
    let inspection = format!("{} {}", names.number, names.inspection);
    let talent = if kit::service::can_see(cx, talents::NOUN, held.talent_id.0).await? {
        Shown::link(talents::NOUN, Some(held.talent_id.0), &names.name)
    } else {
        Shown::text(&names.name)
    };
    let inspection = if kit::service::can_see(cx, inspections::NOUN, held.inspection_id.0).await? {
        Shown::link(inspections::NOUN, Some(held.inspection_id.0), inspection)
    } else {
        Shown::text(inspection)
    };
    let addressee = held.addressee_id.map(Uuid::from);
    let mut view = RecordView::new(&names.name, held.version)
        .fact("talent", "人选", talent)
        .fact("title", "职务", Shown::text(names.title))
        .fact(
            "addressee",
            "派出单位",
            Shown::link(organisations::NOUN, addressee, names.addressee.unwrap_or_default()),
        )
        .fact("inspection", "巡察任务", inspection)
        .fact("team", "巡察组", Shown::text(names.team))
        .fact("duty", "岗位", Shown::choice(held.duty.choice()))
        .fact("from_on", "抽调起", Shown::Date(held.from_on))
        .fact("to_on", "抽调止", Shown::Date(held.to_on))
        .fact("sent_on", "发函日期", Shown::date(held.sent_on))
        .fact("answered_on", "答复日期", Shown::date(held.answered_on))
        .fact("answer", "派出单位答复", Shown::long(&held.answer))
        .fact("grade", "考核等次", held.grade.map_or(Shown::Empty, |grade| Shown::choice(grade.choice())))
        .fact("appraisal", "现实表现", Shown::long(&held.appraisal))
        .fact("appraiser", "考核人", Shown::text(names.appraiser.unwrap_or_default()))
        .fact("appraised_on", "反馈日期", Shown::date(held.appraised_on));
    view.number.clone_from(&held.number);
    view.state = Some(held.state.choice());
    view.deeds = held.open_deeds(&cx.actor);
    Ok(view)
}
