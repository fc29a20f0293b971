//! How openings appear: the supervisor's list.

use kit::{
    Column, Cx, Deed as Offer, Governed, Labelled as _, Lifecycle as _, Outcome, Pred, RecordView, Result,
    Role, Secrecy, Service, Shown, Table, WriteCx, lifecycle,
    service::{Group, Waiting, no_fields, target},
};
use planning::{samples, units};
use uuid::Uuid;

use super::{NOUN, Opening, OpeningId, Part, State, actions, store};

const COLUMNS: &[Column] = &[
    Column::text("opened_by", "查阅人", "o.opened_by").opens(),
    Column::choice("part", "查阅内容", "o.part", Part::CHOICES),
    Column::text("number", "编号", "o.number"),
    Column::reference("inspection", "巡察", "o.inspection_id", "i.name", units::INSPECTIONS)
        .indexed_by(&["opened_at"]),
    Column::text("reason", "查阅理由", "o.reason"),
    Column::instant("opened_at", "查阅时间", "o.opened_at").sortable().filled(),
    Column::choice("state", "督查状态", "o.state", State::CHOICES).indexed_by(&["opened_at"]),
    Column::text("seen_by", "知悉人", "o.seen_by").hidden(),
];

/// The slice's description of itself.
pub fn service() -> Service {
    Service {
        noun: NOUN,
        label: "敏感内容查阅登记",
        table: "opening",
        group: Group::Fieldwork,
        listed: true,
        icon: "eye",
        secrecy: Secrecy::Sensitive,
        about: "本组以外的人查阅谈话记录、信访内容，任何人查阅举报人身份，都要写明理由，逐次登记，由巡察办主任知悉；本人不能知悉自己的查阅。",
        list: Table {
            from: "opening o left join inspection i on i.id = o.inspection_id",
            alias: "o",
            title: "o.opened_by",
            number: None,
            columns: COLUMNS,
            order: "-opened_at",
        },
        visible: Opening::visible,
        show: |cx, id| Box::pin(show(cx, id)),
        deeds: vec![
            Offer::on("acknowledge", "知悉", no_fields, |cx, id, _| Box::pin(acknowledge(cx, id)))
                .primary()
                .bulk()
                .next("登记您已知悉这次查阅；理由不充分的，请向查阅人核实。"),
        ],
        creates: |_| false,
        waiting: vec![Waiting {
            label: "敏感内容查阅待知悉",
            condition: |actor, _| {
                if actor.is(Role::OfficeDirector) { Pred::is("state", State::New) } else { Pred::Nothing }
            },
            due: None,
        }],
        governed: Some(Governed {
            noun: NOUN,
            label: "敏感内容查阅登记",
            transitions: lifecycle::transitions::<Opening>,
            permissions: || lifecycle::permissions(store::sample, samples::concerned, samples::stranger),
        }),
    }
}

async fn acknowledge(cx: &mut WriteCx, id: Option<Uuid>) -> Result<Outcome> {
    let id: OpeningId = target(id)?;
    actions::acknowledge(cx, id).await?;
    Ok(Outcome::new(NOUN, id, "已登记知悉。"))
}

async fn show(cx: &Cx, id: Uuid) -> Result<RecordView> {
    let opening = store::find(cx, OpeningId(id)).await?;
    let seen = opening.seen_on.map_or_else(String::new, |on| format!("{} {on}", opening.seen_by));
    let mut view =
        RecordView::new(format!("{} 查阅{}", opening.opened_by, opening.part.label()), opening.version)
            .fact("part", "查阅内容", Shown::choice(opening.part.choice()))
            .fact("number", "编号", Shown::text(opening.number.as_str()))
            .fact("reason", "查阅理由", Shown::long(opening.reason.as_str()))
            .fact("opened_at", "查阅时间", Shown::Instant(opening.opened_at))
            .fact("until_at", "有效至", Shown::Instant(opening.until_at))
            .fact("seen", "知悉", Shown::text(seen));
    view.state = Some(opening.state.choice());
    view.secrecy = Secrecy::Sensitive;
    view.deeds = opening.open_deeds(&cx.actor);
    Ok(view)
}
