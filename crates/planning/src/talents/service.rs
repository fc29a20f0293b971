//! How the pool appears: list, profile, forms.

use kit::{
    Column, Cx, Deed as Offer, Field, Form, Governed, Labelled as _, Lifecycle as _, Outcome, Pred,
    RecordView, Refusal, Result, Role, Secrecy, Service, Shown, Table, WriteCx, lifecycle,
    service::{Group, Waiting, Work, target},
};
use registry::{
    organisations::{self, OrganisationId},
    people::PersonId,
};
use uuid::Uuid;

use super::{
    NOUN, Political, Pool, State, Talent, TalentId,
    actions::{self, Entry},
    may_keep, may_read_relatives, store,
};
use crate::{rights, teams};

/// Code of the dictionary of specialities.
pub(crate) const SPECIALITY: &str = "speciality";

const COLUMNS: &[Column] = &[
    Column::text("name", "姓名", "p.name").opens(),
    Column::reference("organisation", "工作单位", "p.organisation_id", "o.name", organisations::NOUN),
    Column::text("title", "职务", "p.title"),
    Column::choice("pool", "人才库类别", "t.pool", Pool::CHOICES),
    Column::dict("speciality", "主专长", "t.speciality", SPECIALITY),
    Column::dict("second_speciality", "次专长", "t.second_speciality", SPECIALITY),
    Column::choice("political", "政治面貌", "t.political", Political::CHOICES).hidden(),
    Column::text("native_place", "籍贯", "t.native_place").hidden(),
    Column::choice("state", "在库状态", "t.state", State::CHOICES),
    Column::date("available_to", "可抽调至", "t.available_to").hidden(),
    Column::date("entered_on", "推荐日期", "t.entered_on").sortable().filled(),
];

/// The slice's description of itself.
pub fn service() -> Service {
    Service {
        noun: NOUN,
        label: "巡察人才库",
        table: "talent",
        group: Group::Prepare,
        listed: true,
        icon: "user-star",
        secrecy: Secrecy::Internal,
        about: "组长库、人才库和专家库：专长、任职经历、回避情形和可抽调时间。由组织部门审核入库。",
        list: Table {
            from: "talent t join person p on p.id = t.person_id \
                   left join organisation o on o.id = p.organisation_id",
            alias: "t",
            title: "p.name",
            number: None,
            columns: COLUMNS,
            order: "-entered_on",
        },
        visible: Talent::visible,
        show: |cx, id| Box::pin(show(cx, id)),
        deeds: vec![
            Offer::create("推荐入库", fields, |cx, _, form| Box::pin(create(cx, form)))
                .next("由组织部门审核后入库；未登记的人员同时登记到人员名册。"),
            Offer::on("edit", "修改", fields, |cx, id, form| Box::pin(edit(cx, id, form))),
            Offer::on("admit", "审核入库", opinion_fields, |cx, id, form| Box::pin(admit(cx, id, form)))
                .primary()
                .bulk()
                .next("入库后可以被抽调进巡察组。"),
            Offer::on("rest", "暂缓使用", reason_fields, |cx, id, form| Box::pin(rest(cx, id, form)))
                .next("不再出现在人选排序中，随时可以恢复。"),
            Offer::on("resume", "恢复使用", reason_fields, |cx, id, form| Box::pin(resume(cx, id, form))),
            Offer::on("leave", "出库", reason_fields, |cx, id, form| Box::pin(leave(cx, id, form)))
                .danger()
                .next("出库后保留记录，不再用于抽调。"),
        ],
        creates: may_keep,
        waiting: vec![Waiting {
            label: "待审核入库的人员",
            condition: |actor, _| {
                if actor.is(Role::OrganisationDepartment) {
                    Pred::is("state", State::Candidate)
                } else {
                    Pred::Nothing
                }
            },
            due: None,
        }],
        governed: Some(Governed {
            noun: NOUN,
            label: "巡察人才库",
            transitions: lifecycle::transitions::<Talent>,
            permissions: || lifecycle::permissions(sample, rights::concerned, rights::stranger),
        }),
    }
}

pub(super) fn sample(state: State) -> Talent {
    Talent {
        id: TalentId(rights::OWN),
        version: 1,
        person_id: PersonId(rights::OWN),
        pool: Pool::Members,
        state,
        speciality: String::from("finance"),
        second_speciality: String::new(),
        political: Political::Member,
        native_place: String::new(),
        career: String::new(),
        relatives_sealed: String::new(),
        available_from: None,
        available_to: None,
        note: String::new(),
        nominated_by: None,
        decided_by: None,
        decided_on: None,
        opinion: String::new(),
        entered_on: rights::sample_day(),
    }
}

fn fields(cx: &Cx, id: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let (held, relatives) = match id {
            Some(id) => {
                let held = store::find(cx, TalentId(id)).await?;
                let relatives = may_read_relatives(&cx.actor);
                let relatives = if relatives { Some(actions::relatives_of(cx, &held)?) } else { None };
                (Some(held), relatives)
            }
            None => (None, Some(String::new())),
        };
        let held = held.as_ref();
        let mut fields = if held.is_some() { Vec::new() } else { person_fields() };
        fields.extend([
            Field::choice::<Pool>("pool", "人才库类别")
                .required()
                .chosen(Some(held.map_or(Pool::Members, |talent| talent.pool))),
            Field::dict("speciality", "主专长", SPECIALITY)
                .required()
                .maybe(held.map(|talent| &talent.speciality)),
            Field::dict("second_speciality", "次专长", SPECIALITY)
                .maybe(held.map(|talent| &talent.second_speciality)),
            Field::choice::<Political>("political", "政治面貌")
                .required()
                .chosen(Some(held.map_or(Political::Member, |talent| talent.political))),
            Field::line("native_place", "籍贯")
                .max(40)
                .maybe(held.map(|talent| &talent.native_place))
                .help("写到县（区），如“云溪县”；用于籍贯回避的核对。"),
            Field::text("career", "任职经历").max(4_000).maybe(held.map(|talent| &talent.career)).help(
                "一行一段：起止年月 单位全称 职务，如“2015.03—2019.06 市教育局 财务科副科长”；现任写“至今”；起止之间用横线、波浪线或“至”都可以。",
            ),
        ]);
        if let Some(relatives) = relatives {
            fields.push(
                Field::text("relatives", "近亲属任职")
                    .max(2_000)
                    .value(relatives)
                    .help("一行一人：关系 姓名 单位全称 职务。加密保存，只有巡察办主任和组织部门能看到；核对回避时只用单位。"),
            );
        }
        fields.extend([
            Field::date("available_from", "可抽调自").maybe(held.and_then(|talent| talent.available_from)),
            Field::date("available_to", "可抽调至")
                .maybe(held.and_then(|talent| talent.available_to))
                .help("不填表示没有限制。"),
            Field::text("note", "备注").max(2_000).maybe(held.map(|talent| &talent.note)),
        ]);
        Ok(fields)
    })
}

fn person_fields() -> Vec<Field> {
    vec![
        Field::line("name", "姓名").max(40).required(),
        Field::pick("organisation", "工作单位", organisations::NOUN),
        Field::line("title", "职务").max(80),
    ]
}

fn opinion_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async { Ok(vec![Field::text("opinion", "审核意见").max(500)]) })
}

fn reason_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async { Ok(vec![Field::text("reason", "理由").max(500).required()]) })
}

fn entry(form: &Form) -> Result<Entry> {
    Ok(Entry {
        name: form.text("name"),
        organisation: form.id::<OrganisationId>("organisation"),
        title: form.text("title"),
        pool: form.need_choice("pool")?,
        speciality: form.text("speciality"),
        second_speciality: form.text("second_speciality"),
        political: form.need_choice("political")?,
        native_place: form.text("native_place"),
        career: form.text("career"),
        relatives: form.has("relatives").then(|| form.text("relatives")),
        available_from: form.date("available_from"),
        available_to: form.date("available_to"),
        note: form.text("note"),
    })
}

async fn create(cx: &mut WriteCx, form: &Form) -> Result<Outcome> {
    let id = actions::create(cx, entry(form)?).await?;
    Ok(Outcome::new(NOUN, id, "已推荐，等待组织部门审核入库。"))
}

async fn edit(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: TalentId = target(id)?;
    let who = who(cx, id).await?;
    let entry = Entry { name: who.name, title: who.title, ..entry(form)? };
    actions::edit(cx, id, entry).await?;
    Ok(Outcome::new(NOUN, id, "已保存修改。"))
}

async fn admit(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: TalentId = target(id)?;
    actions::admit(cx, id, form.text("opinion")).await?;
    Ok(Outcome::new(NOUN, id, "已入库。"))
}

async fn rest(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: TalentId = target(id)?;
    actions::rest(cx, id, form.text("reason")).await?;
    Ok(Outcome::new(NOUN, id, "已暂缓使用。"))
}

async fn resume(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: TalentId = target(id)?;
    actions::resume(cx, id, form.text("reason")).await?;
    Ok(Outcome::new(NOUN, id, "已恢复使用。"))
}

async fn leave(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: TalentId = target(id)?;
    actions::leave(cx, id, form.text("reason")).await?;
    Ok(Outcome::new(NOUN, id, "已出库。"))
}

#[derive(kit::sea_orm::FromQueryResult)]
struct Who {
    name: String,
    title: String,
    organisation_id: Option<Uuid>,
    organisation: Option<String>,
    account_id: Option<Uuid>,
}

async fn who(cx: &Cx, id: TalentId) -> Result<Who> {
    let mut sql = db::Sql::new(
        "select p.name, p.title, p.organisation_id, o.name as organisation, \
         (select a.id from account a where a.person_id = p.id order by a.id limit 1) as account_id \
         from talent t join person p on p.id = t.person_id left join organisation o on o.id = p.organisation_id \
         where t.id = ",
    );
    sql.bind(id);
    cx.first(sql).await?.ok_or_else(|| Refusal::not_found().into())
}

async fn show(cx: &Cx, id: Uuid) -> Result<RecordView> {
    let held = store::find(cx, TalentId(id)).await?;
    let who = who(cx, held.id).await?;
    let mut view = RecordView::new(&who.name, held.version)
        .fact(
            "organisation",
            "工作单位",
            Shown::link(organisations::NOUN, who.organisation_id, who.organisation.unwrap_or_default()),
        )
        .fact("title", "职务", Shown::text(who.title))
        .fact("pool", "人才库类别", Shown::choice(held.pool.choice()))
        .fact("speciality", "主专长", word(cx, &held.speciality).await?)
        .fact("second_speciality", "次专长", word(cx, &held.second_speciality).await?)
        .fact("political", "政治面貌", Shown::choice(held.political.choice()))
        .fact("native_place", "籍贯", Shown::text(&held.native_place))
        .fact("available_from", "可抽调自", Shown::date(held.available_from))
        .fact("available_to", "可抽调至", Shown::date(held.available_to))
        .fact("career", "任职经历", Shown::long(&held.career));
    if may_read_relatives(&cx.actor) && !held.relatives_sealed.is_empty() {
        view = view.fact("relatives", "近亲属任职", Shown::long(actions::relatives_of(cx, &held)?));
        cx.record_read(NOUN, id).await;
    }
    view = view.fact("note", "备注", Shown::long(&held.note)).fact(
        "opinion",
        "审核意见",
        Shown::long(&held.opinion),
    );
    view.secrecy = Secrecy::Sensitive;
    view.state = Some(held.state.choice());
    view.deeds = held.open_deeds(&cx.actor);
    if let Some(account) = who.account_id {
        view = view.related("service", "参加巡察", teams::NOUN, Pred::is("account_id", account), None);
    }
    Ok(view)
}

/// The word of a speciality.
async fn word(cx: &Cx, code: &str) -> Result<Shown> {
    if code.is_empty() {
        return Ok(Shown::Empty);
    }
    let labels = kit::dictionary::labels(cx, SPECIALITY).await?;
    Ok(Shown::text(labels.get(code).cloned().unwrap_or_else(|| code.to_owned())))
}
