//! How inspections appear: list, page, forms.

use kit::{
    Column, Cx, Deed as Offer, Field, Form, Governed, Labelled as _, Lifecycle as _, Outcome, Pred,
    RecordView, Result, Secrecy, Service, Shown, Table, WriteCx, dictionary,
    form::Kind,
    lifecycle,
    service::{Group, Work, target},
};
use registry::organisations;
use uuid::Uuid;

use super::{
    Inspection, InspectionId, InspectionKind, Level, LinkKind, Mode, Modes, NOUN,
    actions::{self, Entry},
    store,
};
use crate::{
    batches,
    inspection_units::{self, Stage},
    progress::State,
    rights, rounds, teams,
    terms::{self, TermId},
    topics,
};

/// The codes of `modes` as people read them.
const MODES_LABEL: &str = "replace(replace(replace(replace(replace(i.modes, 'regular_special', '常规+专项'), \
                           'audit', '巡审联动'), 'discipline', '巡纪联动'), 'organisation', '巡组联动'), ',', '、')";

const COLUMNS: &[Column] = &[
    Column::number("number", "编号", "i.number").opens(),
    Column::title("name", "任务名称", "i.name"),
    Column::choice("kind", "巡察类型", "i.kind", InspectionKind::CHOICES),
    Column::text("modes", "组织方式", MODES_LABEL).hidden(),
    Column::dict("field", "领域", "i.field", "field").hidden(),
    Column::text("team", "巡察组", "i.team"),
    Column::reference("round", "轮次", "i.round_id", "r.name", rounds::NOUN),
    Column::reference("batch", "批次", "i.batch_id", "b.name", batches::NOUN).hidden(),
    Column::choice("state", "进度", "i.state", State::CHOICES),
    Column::date("starts_on", "开始日期", "i.starts_on").sortable().filled(),
    Column::date("ends_on", "结束日期", "i.ends_on").hidden(),
    Column::date("announced_on", "公告日期", "i.announced_on").hidden(),
    Column::choice("level", "组织层级", "i.level", Level::CHOICES).hidden(),
    Column::reference("district", "区", "i.district_id", "d.name", organisations::NOUN).hidden(),
    Column::integer("year", "年度", "i.year").hidden(),
    Column::reference("term", "届次", "i.term_id", "t.name", terms::NOUN).hidden(),
];

/// The slice's description of itself.
pub fn service() -> Service {
    Service {
        noun: NOUN,
        label: "巡察任务",
        table: "inspection",
        group: Group::Plan,
        listed: true,
        icon: "target",
        secrecy: Secrecy::Internal,
        about: "一个巡察组经授权开展的一次巡察：类型、组织方式、对象和起止时间。",
        list: Table {
            from: "inspection i join term t on t.id = i.term_id left join round r on r.id = i.round_id \
                   left join batch b on b.id = i.batch_id left join organisation d on d.id = i.district_id",
            alias: "i",
            title: "i.name",
            number: Some("i.number"),
            columns: COLUMNS,
            order: "-starts_on",
        },
        visible: Inspection::visible,
        show: |cx, id| Box::pin(show(cx, id)),
        deeds: deeds(),
        creates: rights::keeps,
        waiting: Vec::new(),
        governed: Some(Governed {
            noun: NOUN,
            label: "巡察任务",
            transitions: lifecycle::transitions::<Inspection>,
            permissions: || lifecycle::permissions(sample, rights::concerned, rights::stranger),
        }),
    }
}

fn deeds() -> Vec<Offer> {
    vec![
        Offer::create("安排巡察任务", fields, |cx, _, form| Box::pin(create(cx, form))),
        Offer::on("edit", "修改", fields, |cx, id, form| Box::pin(edit(cx, id, form))),
        Offer::on("add_units", "列入单位", unit_fields, |cx, id, form| Box::pin(add_units(cx, id, form)))
            .next("所选单位成为本任务的巡察对象，逐家走授权、通知、进驻等环节。"),
        Offer::on("remove_unit", "移出单位", remove_fields, |cx, id, form| {
            Box::pin(remove_unit(cx, id, form))
        })
        .danger()
        .next("只能移出尚未授权的单位。"),
        Offer::on("link", "关联任务", link_fields, |cx, id, form| Box::pin(link(cx, id, form)))
            .next("两项任务互相可见，发现的问题双向共享、只计一次。"),
        Offer::on("unlink", "取消关联", other_fields, |cx, id, form| Box::pin(unlink(cx, id, form))),
        Offer::on("announce", "发布公告", announce_fields, |cx, id, form| {
            Box::pin(announce(cx, id, form))
        })
        .next("登记公告日期和载体；公告后审计机关可以看到这项任务。"),
        Offer::on("start", "启动", day_fields, |cx, id, form| Box::pin(start(cx, id, form)))
            .primary()
            .next("任务进入进行中，各单位可以办理进驻。"),
        Offer::on("finish", "结束", day_fields, |cx, id, form| Box::pin(finish(cx, id, form)))
            .primary()
            .next("现场工作结束，任务内容不再修改；报告、反馈和整改继续在各单位上办理。"),
    ]
}

pub(super) fn sample(state: State) -> Inspection {
    Inspection {
        id: InspectionId(rights::OWN),
        version: 1,
        number: String::new(),
        name: String::new(),
        term_id: TermId(rights::OWN),
        round_id: None,
        batch_id: None,
        kind: InspectionKind::Regular,
        modes: Modes::NONE,
        field: String::new(),
        topic_id: None,
        parent_id: None,
        level: Level::City,
        district_id: Some(rights::OWN.into()),
        team: String::new(),
        year: 2023,
        starts_on: rights::sample_day(),
        ends_on: None,
        announced_on: None,
        announced_where: String::new(),
        state,
    }
}

/// Name and label of the yes-or-no field of each mode.
const MODE_FIELDS: [(Mode, &str, &str); 4] = [
    (Mode::RegularSpecial, "mode_regular_special", "常规+专项"),
    (Mode::Audit, "mode_audit", "巡审联动"),
    (Mode::Discipline, "mode_discipline", "巡纪联动"),
    (Mode::Organisation, "mode_organisation", "巡组联动"),
];

fn fields(cx: &Cx, id: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let held = match id {
            Some(id) => Some(store::find(cx, InspectionId(id)).await?),
            None => None,
        };
        let held = held.as_ref();
        let mut fields = vec![
            Field::line("name", "任务名称").max(120).required().maybe(held.map(|i| &i.name)),
            Field::choice::<InspectionKind>("kind", "巡察类型")
                .required()
                .chosen(held.map(|i| i.kind))
                .help("只有常规巡察计入全覆盖。"),
            Field::pick("term", "届次", terms::NOUN).required().maybe(held.map(|i| i.term_id)),
            Field::pick("round", "轮次", rounds::NOUN).maybe(held.and_then(|i| i.round_id)),
            Field::pick("batch", "批次", batches::NOUN)
                .maybe(held.and_then(|i| i.batch_id))
                .help("选了批次可以不选轮次。机动巡察可以不列入轮次。"),
            Field::line("team", "巡察组").max(60).maybe(held.map(|i| &i.team)).help("如市委第一巡察组。"),
            Field::date("starts_on", "开始日期").required().maybe(held.map(|i| i.starts_on)),
            Field::date("ends_on", "结束日期").maybe(held.and_then(|i| i.ends_on)),
        ];
        for (mode, name, label) in MODE_FIELDS {
            let on = held.is_some_and(|i| i.modes.has(mode));
            fields.push(Field::flag(name, label).group("组织方式").value(if on { "1" } else { "" }));
        }
        fields.extend(scope_fields(held));
        Ok(fields)
    })
}

fn scope_fields(held: Option<&Inspection>) -> Vec<Field> {
    let group = "范围";
    vec![
        Field::dict("field", "领域", "field")
            .group(group)
            .maybe(held.map(|i| &i.field))
            .help("专项、机动巡察填写所查领域，便于跨轮次分析。"),
        Field::pick("topic", "市委点题", topics::NOUN).group(group).maybe(held.and_then(|i| i.topic_id)),
        Field::pick("parent", "原巡察任务", NOUN)
            .group(group)
            .maybe(held.and_then(|i| i.parent_id))
            .help("“回头看”填写回头看的是哪一次巡察。"),
        Field::choice::<Level>("level", "组织层级")
            .group(group)
            .required()
            .chosen(Some(held.map_or(Level::City, |i| i.level))),
        Field::pick("district", "区", organisations::NOUN)
            .group(group)
            .maybe(held.and_then(|i| i.district_id))
            .help("区级组织的，以及在某个区开展的提级、交叉巡察填写；该区巡察办可以看到。"),
    ]
}

fn unit_fields(cx: &Cx, id: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let starts_on = match id {
            Some(id) => Some(store::find(cx, InspectionId(id)).await?.starts_on),
            None => None,
        };
        Ok(vec![
            Field::new("organisations", "单位", Kind::PickMany(organisations::NOUN))
                .required()
                .help("可一次选择多家。“回头看”只能选原任务的对象。"),
            Field::date("planned_on", "计划进驻日期").required().maybe(starts_on),
        ])
    })
}

fn remove_fields(cx: &Cx, id: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let mut options = Vec::new();
        if let Some(id) = id {
            for unit in inspection_units::of_inspection(cx, InspectionId(id)).await? {
                if unit.state == Stage::Planned {
                    let name = organisations::find(cx, unit.organisation_id).await?.name;
                    options.push((unit.id.to_string(), name));
                }
            }
        }
        Ok(vec![Field::new("unit", "单位", Kind::Options(options)).required()])
    })
}

fn other_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async { Ok(vec![Field::pick("other", "另一项任务", NOUN).required()]) })
}

fn link_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async {
        Ok(vec![
            Field::pick("other", "另一项任务", NOUN).required(),
            Field::choice::<LinkKind>("kind", "联动方式").required().chosen(Some(LinkKind::RegularSpecial)),
        ])
    })
}

fn announce_fields(cx: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async {
        Ok(vec![
            Field::date("on", "公告日期").required().value(cx.today()),
            Field::line("place", "公告载体").max(200).required().help("如市日报、门户网站、单位公示栏。"),
        ])
    })
}

fn day_fields(cx: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async { Ok(vec![Field::date("on", "日期").required().value(cx.today())]) })
}

fn entry(form: &Form) -> Result<Entry> {
    let modes = MODE_FIELDS.into_iter().filter(|(_, name, _)| form.flag(name)).map(|(mode, _, _)| mode);
    Ok(Entry {
        name: form.text("name"),
        term: form.need_id("term")?,
        round: form.id("round"),
        batch: form.id("batch"),
        kind: form.need_choice("kind")?,
        modes: modes.collect(),
        field: form.text("field"),
        topic: form.id("topic"),
        parent: form.id("parent"),
        level: form.need_choice("level")?,
        district: form.id("district"),
        team: form.text("team"),
        starts_on: form.need_date("starts_on")?,
        ends_on: form.date("ends_on"),
    })
}

async fn create(cx: &mut WriteCx, form: &Form) -> Result<Outcome> {
    let id = actions::create(cx, entry(form)?).await?;
    Ok(Outcome::new(NOUN, id, "已安排巡察任务，接下来列入单位、组建巡察组。"))
}

async fn edit(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: InspectionId = target(id)?;
    actions::edit(cx, id, entry(form)?).await?;
    Ok(Outcome::new(NOUN, id, "已保存修改。"))
}

async fn add_units(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: InspectionId = target(id)?;
    let count = actions::add_units(cx, id, form.ids("organisations"), form.need_date("planned_on")?).await?;
    Ok(Outcome::new(NOUN, id, format!("已列入 {count} 家单位。")))
}

async fn remove_unit(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: InspectionId = target(id)?;
    let unit = Uuid::parse_str(&form.text("unit")).map_err(|_| kit::Refusal::field("unit", "请选择单位"))?;
    actions::remove_unit(cx, id, unit.into()).await?;
    Ok(Outcome::new(NOUN, id, "已移出单位。"))
}

async fn link(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: InspectionId = target(id)?;
    actions::link(cx, id, form.need_id("other")?, form.need_choice("kind")?).await?;
    Ok(Outcome::new(NOUN, id, "已关联任务。"))
}

async fn unlink(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: InspectionId = target(id)?;
    actions::unlink(cx, id, form.need_id("other")?).await?;
    Ok(Outcome::new(NOUN, id, "已取消关联。"))
}

async fn announce(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: InspectionId = target(id)?;
    actions::announce(cx, id, form.need_date("on")?, form.text("place")).await?;
    Ok(Outcome::new(NOUN, id, "已登记公告。"))
}

async fn start(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: InspectionId = target(id)?;
    actions::start(cx, id, form.need_date("on")?).await?;
    Ok(Outcome::new(NOUN, id, "任务已启动。"))
}

async fn finish(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: InspectionId = target(id)?;
    actions::finish(cx, id, form.need_date("on")?).await?;
    Ok(Outcome::new(NOUN, id, "任务已结束。"))
}

/// The name of the record, with a link when the actor can open it.
async fn named(cx: &Cx, noun: &'static str, id: Option<impl Into<Uuid>>, title: &str) -> Result<Shown> {
    let Some(id) = id.map(Into::into) else { return Ok(Shown::Empty) };
    if kit::service::can_see(cx, noun, id).await? {
        return Ok(Shown::link(noun, Some(id), title));
    }
    Ok(Shown::Empty)
}

#[derive(kit::sea_orm::FromQueryResult)]
struct Names {
    term: String,
    round: Option<String>,
    batch: Option<String>,
    topic: Option<String>,
    parent: Option<String>,
    district: Option<String>,
}

async fn names(cx: &Cx, id: InspectionId) -> Result<Names> {
    let mut sql = db::Sql::new(
        "select t.name as term, r.name as round, b.name as batch, p.number as topic, up.number as parent, \
         d.name as district from inspection i join term t on t.id = i.term_id \
         left join round r on r.id = i.round_id left join batch b on b.id = i.batch_id \
         left join topic p on p.id = i.topic_id left join inspection up on up.id = i.parent_id \
         left join organisation d on d.id = i.district_id where i.id = ",
    );
    sql.bind(id);
    cx.first(sql).await?.ok_or_else(|| kit::Refusal::not_found().into())
}

async fn show(cx: &Cx, id: Uuid) -> Result<RecordView> {
    let inspection = store::find(cx, InspectionId(id)).await?;
    let names = names(cx, inspection.id).await?;
    let title = |name: Option<String>| name.unwrap_or_default();
    let field = dictionary::find(cx, "field", &inspection.field).await?;
    let linked = store::linked(cx, inspection.id).await?;
    let mut view = RecordView::new(&inspection.name, inspection.version)
        .fact("kind", "巡察类型", Shown::choice(inspection.kind.choice()))
        .fact("modes", "组织方式", Shown::text(inspection.modes.label()))
        .fact("team", "巡察组", Shown::text(&inspection.team))
        .fact("field", "领域", Shown::text(field.map_or(inspection.field.clone(), |item| item.label)))
        .fact("term", "届次", named(cx, terms::NOUN, Some(inspection.term_id), &names.term).await?)
        .fact("round", "轮次", named(cx, rounds::NOUN, inspection.round_id, &title(names.round)).await?)
        .fact("batch", "批次", named(cx, batches::NOUN, inspection.batch_id, &title(names.batch)).await?)
        .fact("topic", "市委点题", named(cx, topics::NOUN, inspection.topic_id, &title(names.topic)).await?)
        .fact("parent", "原巡察任务", named(cx, NOUN, inspection.parent_id, &title(names.parent)).await?)
        .fact("level", "组织层级", Shown::choice(inspection.level.choice()))
        .fact("district", "区", Shown::text(title(names.district)))
        .fact("starts_on", "开始日期", Shown::Date(inspection.starts_on))
        .fact("ends_on", "结束日期", Shown::date(inspection.ends_on))
        .fact("announced_on", "公告日期", Shown::date(inspection.announced_on))
        .fact("announced_where", "公告载体", Shown::text(&inspection.announced_where))
        .related("units", "巡察对象", inspection_units::NOUN, Pred::is("inspection_id", id), None)
        .related("team", "巡察组成员", teams::NOUN, Pred::is("inspection_id", id), {
            rights::keeps(&cx.actor).then(|| format!("inspection={id}"))
        })
        .related(
            "linked",
            "关联任务",
            NOUN,
            Pred::within("id", linked.iter().map(|(other, _)| other.0).collect()),
            None,
        )
        .related("look_backs", "“回头看”", NOUN, Pred::is("parent_id", id), None);
    view.number.clone_from(&inspection.number);
    view.state = Some(inspection.state.choice());
    view.deeds = inspection.open_deeds(&cx.actor);
    Ok(view)
}
