//! How points appear: a list by class without their texts; a page that opens with the talk.

use kit::{
    Column, Cx, RecordView, Result, Secrecy, Service, Shown, Table, dictionary::shown, service::Group,
};
use planning::units;
use registry::organisations;
use uuid::Uuid;

use super::{NOUN, TalkPointId, open, store, visible};
use crate::{
    openings::{self, Part},
    talks,
};

const BY_DAY: &[&str] = &["talked_on"];

const COLUMNS: &[Column] = &[
    Column::text("talk", "谈话", "t.number").opens(),
    Column::reference("organisation", "被巡察单位", "q.organisation_id", "g.name", organisations::NOUN)
        .indexed_by(BY_DAY),
    Column::reference("inspection", "巡察", "q.inspection_id", "i.name", units::INSPECTIONS)
        .hidden()
        .indexed_by(BY_DAY),
    Column::dict("class", "类别", "q.class", "talk_class").indexed_by(BY_DAY),
    Column::flag("top_leader", "涉及一把手", "q.top_leader").indexed_by(BY_DAY),
    Column::date("talked_on", "谈话日期", "q.talked_on").sortable().filled(),
];

/// The slice's description of itself.
pub fn service() -> Service {
    Service {
        noun: NOUN,
        label: "谈话要点",
        table: "talk_point",
        group: Group::Fieldwork,
        listed: true,
        icon: "message-star",
        secrecy: Secrecy::Sealed,
        about: "谈话记录归纳出的要点，按类别归集；筛选“涉及一把手”可集中查看主要负责人的有关反映。",
        list: Table {
            from: "talk_point q join talk t on t.id = q.talk_id left join organisation g on g.id = q.organisation_id \
                   left join inspection i on i.id = q.inspection_id",
            alias: "q",
            title: "t.number",
            number: None,
            columns: COLUMNS,
            order: "-talked_on",
        },
        visible,
        show: |cx, id| Box::pin(show(cx, id)),
        deeds: Vec::new(),
        creates: |_| false,
        waiting: Vec::new(),
        governed: None,
    }
}

async fn show(cx: &Cx, id: Uuid) -> Result<RecordView> {
    let point = store::find(cx, TalkPointId(id)).await?;
    let talk = talks::find(cx, point.talk_id).await?;
    let may = cx.actor.in_team(point.inspection_id) || openings::holds(cx, talk.id.0, Part::Talk).await?;
    let text = if may {
        cx.record_read(NOUN, id).await;
        Shown::long(open(cx, point.id, &point.text_sealed)?)
    } else {
        Shown::text("已封存，请到谈话页面写明理由后查阅")
    };
    let mut view = RecordView::new(format!("{} 要点", talk.number), point.version)
        .fact("talk", "谈话", Shown::link(talks::NOUN, Some(talk.id.0), talk.number.as_str()))
        .fact("class", "类别", shown(cx, "talk_class", &point.class).await?)
        .fact("top_leader", "涉及一把手", Shown::Flag(point.top_leader))
        .fact("talked_on", "谈话日期", Shown::Date(point.talked_on))
        .fact("text", "要点", text);
    view.secrecy = Secrecy::Sealed;
    Ok(view)
}
