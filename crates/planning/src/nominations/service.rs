//! How nominations appear: list, page, answers.

use kit::{
    Column, Cx, Deed as Offer, Field, Form, Governed, Labelled as _, Lifecycle as _, Outcome, Pred,
    RecordView, Refusal, Result, Role, Secrecy, Service, Shown, Table, WriteCx, lifecycle,
    service::{Group, Waiting, Work, no_fields, target},
};
use uuid::Uuid;

use super::{NOUN, Nomination, NominationId, Side, State, actions, store};
use crate::{
    inspections::InspectionId,
    needs::{self, Duty, NeedId},
    rights, secondments,
    talents::{self, TalentId},
};

const COLUMNS: &[Column] = &[
    Column::text("name", "姓名", "p.name").opens(),
    Column::text("place", "工作单位", "o.name"),
    Column::choice("duty", "岗位", "d.duty", Duty::CHOICES),
    Column::text("team", "巡察组", "i.team"),
    Column::choice("side", "提名方", "m.side", Side::CHOICES),
    Column::integer("score", "排序得分", "m.score"),
    Column::choice("state", "答复情况", "m.state", State::CHOICES),
    Column::date("nominated_on", "提名日期", "m.nominated_on").sortable().filled(),
];

/// The slice's description of itself.
pub fn service() -> Service {
    Service {
        noun: NOUN,
        label: "提名人选",
        table: "nomination",
        group: Group::Prepare,
        listed: false,
        icon: "user-search",
        secrecy: Secrecy::Internal,
        about: "为点兵需求提名的人选；一方提名，另一方答复。",
        list: Table {
            from: "nomination m join team_need d on d.id = m.need_id join inspection i on i.id = m.inspection_id \
                   join talent t on t.id = m.talent_id join person p on p.id = t.person_id \
                   left join organisation o on o.id = p.organisation_id",
            alias: "m",
            title: "p.name",
            number: None,
            columns: COLUMNS,
            order: "-nominated_on",
        },
        visible: Nomination::visible,
        show: |cx, id| Box::pin(show(cx, id)),
        deeds: vec![
            Offer::on("agree", "同意", opinion_fields, |cx, id, form| Box::pin(agree(cx, id, form)))
                .primary()
                .bulk()
                .next("双方同意的人选够数后，巡察办确认名单。"),
            Offer::on("decline", "不同意", reason_fields, |cx, id, form| Box::pin(decline(cx, id, form)))
                .next("可以在点兵需求中另行提名。"),
            Offer::on("withdraw", "撤回", no_fields, |cx, id, _| Box::pin(withdraw(cx, id))),
            Offer::on("call", "拟发抽调函", no_fields, |cx, id, _| Box::pin(call(cx, id)))
                .next("按需求的岗位和时间拟好抽调函，发给派出单位。"),
        ],
        creates: |_| false,
        waiting: vec![Waiting {
            label: "待答复的提名人选",
            condition: |actor, _| {
                let side = if actor.is_office() {
                    Side::Department
                } else if actor.is(Role::OrganisationDepartment) {
                    Side::Office
                } else {
                    return Pred::Nothing;
                };
                Pred::is("state", State::Proposed).and(Pred::is("side", side))
            },
            due: None,
        }],
        governed: Some(Governed {
            noun: NOUN,
            label: "提名人选",
            transitions: lifecycle::transitions::<Nomination>,
            permissions: || lifecycle::permissions(sample, rights::concerned, rights::stranger),
        }),
    }
}

pub(super) fn sample(state: State) -> Nomination {
    Nomination {
        id: NominationId(rights::OWN),
        version: 1,
        need_id: NeedId(rights::OWN),
        inspection_id: InspectionId(rights::OWN),
        talent_id: TalentId(rights::OWN),
        side: Side::Office,
        state,
        score: 0,
        reasons: String::new(),
        opinion: String::new(),
        nominated_by: None,
        nominated_on: rights::sample_day(),
        answered_by: None,
        answered_on: None,
    }
}

fn opinion_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async { Ok(vec![Field::text("opinion", "意见").max(500)]) })
}

fn reason_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async { Ok(vec![Field::text("opinion", "理由").max(500).required()]) })
}

async fn agree(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: NominationId = target(id)?;
    actions::agree(cx, id, form.text("opinion")).await?;
    Ok(Outcome::new(NOUN, id, "已同意。"))
}

async fn decline(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: NominationId = target(id)?;
    actions::decline(cx, id, form.text("opinion")).await?;
    Ok(Outcome::new(NOUN, id, "已答复不同意。"))
}

async fn withdraw(cx: &mut WriteCx, id: Option<Uuid>) -> Result<Outcome> {
    let id: NominationId = target(id)?;
    actions::withdraw(cx, id).await?;
    Ok(Outcome::new(NOUN, id, "已撤回。"))
}

async fn call(cx: &mut WriteCx, id: Option<Uuid>) -> Result<Outcome> {
    let id: NominationId = target(id)?;
    let letter = actions::call(cx, id).await?;
    Ok(Outcome::new(secondments::NOUN, letter, "抽调函已拟好，请核对后发出。"))
}

#[derive(kit::sea_orm::FromQueryResult)]
struct Names {
    name: String,
    place: Option<String>,
    duty: Duty,
    team: String,
    nominator: Option<String>,
    answerer: Option<String>,
}

async fn names(cx: &Cx, id: NominationId) -> Result<Names> {
    let mut sql = db::Sql::new(
        "select p.name, o.name as place, d.duty, i.team, b.name as nominator, c.name as answerer from nomination m \
         join team_need d on d.id = m.need_id join inspection i on i.id = m.inspection_id \
         join talent t on t.id = m.talent_id join person p on p.id = t.person_id \
         left join organisation o on o.id = p.organisation_id left join account b on b.id = m.nominated_by \
         left join account c on c.id = m.answered_by where m.id = ",
    );
    sql.bind(id);
    cx.first(sql).await?.ok_or_else(|| Refusal::not_found().into())
}

async fn show(cx: &Cx, id: Uuid) -> Result<RecordView> {
    let held = store::find(cx, NominationId(id)).await?;
    let names = names(cx, held.id).await?;
    let need = format!("{}：{}", names.team, names.duty.label());
    let mut view = RecordView::new(&names.name, held.version)
        .fact("talent", "人选", Shown::link(talents::NOUN, Some(held.talent_id.0), names.name))
        .fact("place", "工作单位", Shown::text(names.place.unwrap_or_default()))
        .fact("need", "点兵需求", Shown::link(needs::NOUN, Some(held.need_id.0), need))
        .fact("side", "提名方", Shown::choice(held.side.choice()))
        .fact("nominator", "提名人", Shown::text(names.nominator.unwrap_or_default()))
        .fact("nominated_on", "提名日期", Shown::Date(held.nominated_on))
        .fact("score", "排序得分", Shown::Integer(held.score))
        .fact("reasons", "得分理由", Shown::long(&held.reasons))
        .fact("answerer", "答复人", Shown::text(names.answerer.unwrap_or_default()))
        .fact("answered_on", "答复日期", Shown::date(held.answered_on))
        .fact("opinion", "答复意见", Shown::long(&held.opinion));
    view.state = Some(held.state.choice());
    view.deeds = held.open_deeds(&cx.actor);
    let own = Pred::is("nomination_id", held.id);
    Ok(view.related("secondments", "抽调函", secondments::NOUN, own, None))
}
