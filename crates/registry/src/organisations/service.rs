//! How organisations appear: list, page, forms.

use db::Sql;
use kit::{
    Column, Cx, Deed, Field, Form, Labelled as _, Outcome, Pred, RecordView, Result, Secrecy, Service, Shown,
    Tab, Table, WriteCx,
    service::{Group, Work, target},
};
use uuid::Uuid;

use super::{
    NOUN, OrganisationId, OrganisationKind,
    actions::{self, Entry},
    may_keep, store, visible,
};

const COLUMNS: &[Column] = &[
    Column::number("code", "单位代码", "o.code"),
    Column::title("name", "单位名称", "o.name"),
    Column::choice("kind", "单位类别", "o.kind", OrganisationKind::CHOICES),
    Column::reference("parent", "上级单位", "o.parent_id", "up.name", NOUN),
    Column::reference("district", "所属区", "o.district_id", "d.name", NOUN).hidden(),
    Column::date("valid_from", "设立日期", "o.valid_from").hidden(),
    Column::date("valid_to", "撤并日期", "o.valid_to").hidden(),
];

/// The slice's description of itself.
pub fn service() -> Service {
    Service {
        noun: NOUN,
        label: "组织机构",
        table: "organisation",
        group: Group::Admin,
        listed: true,
        icon: "building",
        secrecy: Secrecy::Internal,
        about: "被巡察单位、移交对象和各区，按有效期管理；撤并后的单位仍保留历史。",
        list: Table {
            from: "organisation o left join organisation up on up.id = o.parent_id \
                   left join organisation d on d.id = o.district_id",
            alias: "o",
            title: "o.name",
            number: Some("o.code"),
            columns: COLUMNS,
            order: "code",
        },
        visible,
        show: |cx, id| Box::pin(show(cx, id)),
        deeds: vec![
            Deed::create("登记单位", fields, |cx, _, form| Box::pin(create(cx, form))),
            Deed::on("edit", "修改", fields, |cx, id, form| Box::pin(edit(cx, id, form))),
            Deed::on("put_in_charge", "登记分管市领导", leader_fields, |cx, id, form| {
                Box::pin(put_in_charge(cx, id, form))
            })
            .next("从所填日期起由新的市领导分管，此前的分管记录保留。"),
        ],
        creates: may_keep,
        waiting: Vec::new(),
        governed: None,
    }
}

fn fields(cx: &Cx, id: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let held = match id {
            Some(id) => Some(store::find(cx, OrganisationId(id)).await?),
            None => None,
        };
        let held = held.as_ref();
        Ok(vec![
            Field::line("code", "单位代码").max(40).required().maybe(held.map(|o| &o.code)),
            Field::line("name", "单位名称")
                .max(120)
                .required()
                .maybe(held.map(|o| &o.name))
                .help("填写规范全称，与印章一致。"),
            Field::choice::<OrganisationKind>("kind", "单位类别").required().chosen(held.map(|o| o.kind)),
            Field::pick("parent", "上级单位", NOUN).maybe(held.and_then(|o| o.parent_id)),
            Field::pick("district", "所属区", NOUN)
                .maybe(held.and_then(|o| o.district_id))
                .help("区及以下单位填写。"),
            Field::date("valid_from", "设立日期").required().maybe(held.map(|o| o.valid_from)),
            Field::date("valid_to", "撤并日期").maybe(held.and_then(|o| o.valid_to)),
            Field::text("note", "备注").max(2_000).maybe(held.map(|o| &o.note)),
        ])
    })
}

fn leader_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async {
        Ok(vec![
            Field::line("leader_name", "市领导姓名").max(40).required(),
            Field::line("leader_title", "职务").max(80).required(),
            Field::date("from_on", "分管起始日期").required(),
        ])
    })
}

fn entry(form: &Form) -> Result<Entry> {
    Ok(Entry {
        code: form.text("code"),
        name: form.text("name"),
        kind: form.need_choice("kind")?,
        parent: form.id("parent"),
        district: form.id("district"),
        valid_from: form.need_date("valid_from")?,
        valid_to: form.date("valid_to"),
        note: form.text("note"),
    })
}

async fn create(cx: &mut WriteCx, form: &Form) -> Result<Outcome> {
    let id = actions::create(cx, entry(form)?).await?;
    Ok(Outcome::new(NOUN, id, "已登记单位。"))
}

async fn edit(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: OrganisationId = target(id)?;
    actions::edit(cx, id, entry(form)?).await?;
    Ok(Outcome::new(NOUN, id, "已保存修改。"))
}

async fn put_in_charge(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: OrganisationId = target(id)?;
    let (name, title) = (form.text("leader_name"), form.text("leader_title"));
    actions::put_in_charge(cx, id, name, title, form.need_date("from_on")?).await?;
    Ok(Outcome::new(NOUN, id, "已登记分管市领导。"))
}

async fn show(cx: &Cx, id: Uuid) -> Result<RecordView> {
    let organisation = store::find(cx, OrganisationId(id)).await?;
    let parent = match organisation.parent_id {
        Some(parent) => Shown::link(NOUN, Some(parent.0), store::find(cx, parent).await?.name),
        None => Shown::Empty,
    };
    let leader = store::leader_on(cx, organisation.id, cx.today()).await?;
    let mut view = RecordView::new(&organisation.name, organisation.version)
        .fact("kind", "单位类别", Shown::choice(organisation.kind.choice()))
        .fact("parent", "上级单位", parent)
        .fact("valid_from", "设立日期", Shown::Date(organisation.valid_from))
        .fact("valid_to", "撤并日期", Shown::date(organisation.valid_to))
        .fact(
            "leader",
            "分管市领导",
            Shown::text(leader.map(|(name, title)| format!("{name}（{title}）")).unwrap_or_default()),
        )
        .fact("note", "备注", Shown::long(organisation.note))
        .related("below", "下属单位", NOUN, Pred::is("parent_id", id), None);
    view.number = organisation.code;
    if let Some(html) = leaders_html(cx, organisation.id).await? {
        view.tabs.push(Tab::Html { key: "leaders", label: "历任分管市领导", html });
    }
    if may_keep(&cx.actor) {
        view.deeds = vec!["edit", "put_in_charge"];
    }
    Ok(view)
}

async fn leaders_html(cx: &Cx, id: OrganisationId) -> Result<Option<String>> {
    let mut sql = Sql::new(
        "select leader_name, leader_title, from_on, to_on from organisation_leader where organisation_id = ",
    );
    sql.bind(id).push(" order by from_on desc");
    let rows = cx.rows(sql).await?;
    if rows.is_empty() {
        return Ok(None);
    }
    let mut html = String::from(
        "<div class=\"table-wrap\"><table class=\"data\"><thead><tr><th scope=\"col\">姓名</th><th scope=\"col\">职务</th>\
         <th scope=\"col\">起</th><th scope=\"col\">止</th></tr></thead><tbody>",
    );
    for row in rows {
        html.push_str("<tr>");
        let cells = [
            Shown::text(row.try_get_by_index::<String>(0)?),
            Shown::text(row.try_get_by_index::<String>(1)?),
            Shown::Date(row.try_get_by_index(2)?),
            Shown::date(row.try_get_by_index(3)?),
        ];
        for cell in cells {
            html.push_str("<td>");
            cell.html(&mut html);
            html.push_str("</td>");
        }
        html.push_str("</tr>");
    }
    html.push_str("</tbody></table></div>");
    Ok(Some(html))
}
