//! How posts appear to administrators: list, page, forms, and what waits for approval.

use chrono::NaiveDate;
use kit::{
    Actor, Column, Cx, Field, Form, Governed, Labelled, Lifecycle as _, Outcome, Pred, RecordView, Result,
    Role, Secrecy, Service, Shown, Table, WriteCx,
    form::Kind,
    lifecycle::{Permission, permissions, transitions},
    service::{Group, Waiting, Work, target},
};
use uuid::Uuid;

use super::{
    NOUN, PostId, PostRecord, State,
    actions::{self, Proposal},
    store,
};
use crate::{
    accounts::{self, AccountId},
    organisations,
};

const COLUMNS: &[Column] = &[
    Column::title("name", "姓名", "a.name"),
    Column::reference("account", "登录名", "p.account_id", "a.login", accounts::NOUN),
    Column::choice("role", "岗位角色", "p.role", Role::CHOICES),
    Column::reference("organisation", "任职单位", "p.organisation_id", "o.name", organisations::NOUN),
    // The number alone: administrators have no business with what an inspection is about.
    Column::text("inspection", "授权的巡察", "i.number"),
    Column::date("from", "任职起始", "p.from_on").sortable().filled(),
    Column::date("to", "任职截止", "p.to_on"),
    Column::choice("state", "授权状态", "p.state", State::CHOICES),
    Column::text("basis", "依据", "p.basis").hidden(),
];

/// The slice's description of itself.
pub fn service() -> Service {
    use kit::Deed;
    Service {
        noun: NOUN,
        label: "任职授权",
        table: "post",
        group: Group::Admin,
        listed: true,
        icon: "key",
        secrecy: Secrecy::Internal,
        about: "账号的岗位及其起止日期和依据：系统管理员提出，安全管理员批准，任何人不能批准自己提出的或给自己的授权。",
        list: Table {
            from: "post p join account a on a.id = p.account_id \
                   left join organisation o on o.id = p.organisation_id \
                   left join inspection i on i.id = p.inspection_id",
            alias: "p",
            title: "a.name",
            number: None,
            columns: COLUMNS,
            order: "-from",
        },
        visible: PostRecord::visible,
        show: |cx, id| Box::pin(show(cx, id)),
        deeds: vec![
            Deed::create("提出任职授权", fields, |cx, _, form| Box::pin(create(cx, form)))
                .next("提出后由安全管理员批准，批准前不生效。"),
            Deed::on("edit", "修改", fields, |cx, id, form| Box::pin(edit(cx, id, form))),
            Deed::on("approve", "批准", opinion_fields, |cx, id, form| Box::pin(approve(cx, id, form)))
                .primary()
                .next("批准后在起止日期内立即生效。"),
            Deed::on("reject", "不批准", reason_fields, |cx, id, form| Box::pin(reject(cx, id, form))),
            Deed::on("withdraw", "撤回", reason_fields, |cx, id, form| Box::pin(withdraw(cx, id, form))),
            Deed::on("end", "终止", reason_fields, |cx, id, form| Box::pin(end(cx, id, form)))
                .danger()
                .next("终止立即生效，不能恢复；需要时重新提出。"),
        ],
        creates: |actor| actor.is(Role::SystemAdministrator),
        waiting: vec![Waiting {
            label: "待批准的任职授权",
            condition: |actor, _| {
                if actor.is(Role::SecurityAdministrator) {
                    Pred::is("state", State::Proposed)
                } else {
                    Pred::Nothing
                }
            },
            due: None,
        }],
        governed: Some(Governed {
            noun: NOUN,
            label: "任职授权",
            transitions: transitions::<PostRecord>,
            permissions: table,
        }),
    }
}

fn table() -> Vec<Permission> {
    let (own, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
    let person = |role: Role, account: Uuid| Actor::holding(account, kit::Post::of(role));
    permissions(|state| sample(AccountId(own), state), |role| person(role, own), |role| person(role, other))
}

fn sample(account: AccountId, state: State) -> PostRecord {
    PostRecord {
        id: PostId(Uuid::nil()),
        version: 1,
        account_id: account,
        role: Role::OfficeLiaison,
        organisation_id: None,
        inspection_id: None,
        from_on: NaiveDate::default(),
        to_on: None,
        state,
        basis: String::new(),
        proposed_by: None,
        decided_by: None,
        decision: String::new(),
    }
}

/// Every role but those of a team, which come with the authorisation of the team.
fn roles() -> Kind {
    let offered = Role::ALL.iter().filter(|role| !role.is_team());
    Kind::Options(offered.map(|role| (role.code().to_owned(), role.label().to_owned())).collect())
}

fn fields(cx: &Cx, id: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let held = match id {
            Some(id) => Some(store::find(cx, PostId(id)).await?),
            None => None,
        };
        let held = held.as_ref();
        Ok(vec![
            Field::pick("account", "账号", accounts::NOUN).required().maybe(held.map(|post| post.account_id)),
            Field::new("role", "岗位角色", roles())
                .required()
                .chosen(held.map(|post| post.role))
                .help("巡察组组长和组员随巡察组授权产生，不在这里提出。"),
            Field::pick("organisation", "任职单位", organisations::NOUN)
                .maybe(held.and_then(|post| post.organisation_id))
                .help("联络员、纪检监察、组织、审计、职能部门和区委巡察办岗位填写。"),
            Field::date("from", "任职起始").required().maybe(held.map(|post| post.from_on)),
            Field::date("to", "任职截止").maybe(held.and_then(|post| post.to_on)),
            Field::text("basis", "依据")
                .max(500)
                .required()
                .maybe(held.map(|post| &post.basis))
                .help("任职或抽调文件的名称和文号。"),
        ])
    })
}

fn opinion_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async { Ok(vec![Field::text("decision", "意见").max(500)]) })
}

fn reason_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async { Ok(vec![Field::text("reason", "原因").max(500).required()]) })
}

fn proposal(form: &Form) -> Result<Proposal> {
    Ok(Proposal {
        account: form.need_id("account")?,
        role: form.need_choice("role")?,
        organisation: form.id("organisation"),
        from: form.need_date("from")?,
        to: form.date("to"),
        basis: form.text("basis"),
    })
}

async fn create(cx: &mut WriteCx, form: &Form) -> Result<Outcome> {
    let id = actions::propose(cx, proposal(form)?).await?;
    Ok(Outcome::new(NOUN, id, "已提出，等待安全管理员批准。"))
}

async fn edit(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: PostId = target(id)?;
    actions::edit(cx, id, proposal(form)?).await?;
    Ok(Outcome::new(NOUN, id, "已保存修改。"))
}

async fn approve(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: PostId = target(id)?;
    actions::approve(cx, id, form.text("decision")).await?;
    Ok(Outcome::new(NOUN, id, "已批准。"))
}

async fn reject(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: PostId = target(id)?;
    actions::reject(cx, id, form.text("reason")).await?;
    Ok(Outcome::new(NOUN, id, "已登记为不批准。"))
}

async fn withdraw(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: PostId = target(id)?;
    actions::withdraw(cx, id, form.text("reason")).await?;
    Ok(Outcome::new(NOUN, id, "已撤回。"))
}

async fn end(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: PostId = target(id)?;
    actions::end(cx, id, form.text("reason")).await?;
    Ok(Outcome::new(NOUN, id, "已终止。"))
}

/// The number of the inspection that a team post is for.
async fn inspection_number(cx: &Cx, inspection: Option<Uuid>) -> Result<Shown> {
    let Some(inspection) = inspection else { return Ok(Shown::Empty) };
    let mut sql = db::Sql::new("select number from inspection where id = ");
    sql.bind(inspection);
    let rows = cx.rows(sql).await?;
    let number: Option<String> = rows.first().map(|row| row.try_get_by_index(0)).transpose()?;
    Ok(number.map_or(Shown::Empty, Shown::text))
}

async fn show(cx: &Cx, id: Uuid) -> Result<RecordView> {
    let post = store::find(cx, PostId(id)).await?;
    let account = accounts::find(cx, post.account_id).await?;
    let organisation = match (post.organisation_id, cx.actor.is(Role::SecurityAuditor)) {
        (Some(at), false) => {
            Shown::link(organisations::NOUN, Some(at.0), organisations::find(cx, at).await?.name)
        }
        // An auditor has no register of organisations to look into.
        (Some(at), true) => Shown::text(at.to_string()),
        (None, _) => Shown::Empty,
    };
    let mut view = RecordView::new(format!("{}·{}", account.name, post.role.label()), post.version)
        .fact("account", "账号", Shown::link(accounts::NOUN, Some(account.id.0), account.login))
        .fact("role", "岗位角色", Shown::choice(post.role.choice()))
        .fact("organisation", "任职单位", organisation)
        .fact("inspection", "授权的巡察", inspection_number(cx, post.inspection_id).await?)
        .fact("from", "任职起始", Shown::Date(post.from_on))
        .fact("to", "任职截止", Shown::date(post.to_on))
        .fact("basis", "依据", Shown::long(&post.basis))
        .fact("decision", "批准意见", Shown::long(&post.decision));
    view.state = Some(post.state.choice());
    view.deeds = post.open_deeds(&cx.actor);
    Ok(view)
}
