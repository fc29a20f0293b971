//! How accounts appear to administrators: list, page, forms.

use kit::{
    Actor, Column, Cx, Field, Form, Governed, Labelled as _, Lifecycle as _, Outcome, Pred, RecordView,
    Result, Role, Secrecy, Service, Shown, Table, WriteCx,
    form::Kind,
    lifecycle::{Permission, permissions, transitions},
    service::{Group, Work, target},
};
use uuid::Uuid;

use super::{
    Account, AccountId, NOUN, State,
    actions::{self, NewAccount},
    factor, store,
};
use crate::posts;

const COLUMNS: &[Column] = &[
    Column::number("login", "登录名", "a.login"),
    Column::title("name", "姓名", "a.name"),
    Column::choice("state", "账号状态", "a.state", State::CHOICES),
    Column::date("valid_to", "有效期至", "a.valid_to"),
    Column::instant("password_changed_at", "密码设置时间", "a.password_changed_at").hidden(),
    Column::flag("password_initial", "仍为初始密码", "a.password_initial").hidden(),
];

/// The slice's description of itself.
pub fn service() -> Service {
    use kit::Deed;
    Service {
        noun: NOUN,
        label: "账号",
        table: "account",
        group: Group::Admin,
        listed: true,
        icon: "user",
        secrecy: Secrecy::Internal,
        about: "登录平台的账号；账号本身没有权限，权限由经批准的任职授权给出。",
        list: Table {
            from: "account a",
            alias: "a",
            title: "a.name",
            number: Some("a.login"),
            columns: COLUMNS,
            order: "login",
        },
        visible: Account::visible,
        show: |cx, id| Box::pin(show(cx, id)),
        deeds: vec![
            Deed::create("建立账号", new_fields, |cx, _, form| Box::pin(create(cx, form)))
                .next("账号建立后没有任何权限，请接着提出任职授权，由安全管理员批准。"),
            Deed::on("edit", "修改", edit_fields, |cx, id, form| Box::pin(edit(cx, id, form))),
            Deed::on("reset_password", "重置密码", password_fields, |cx, id, form| {
                Box::pin(reset_password(cx, id, form))
            })
            .next("该账号的所有登录立即结束，本人须用新的初始密码登录后自行修改。"),
            Deed::on("ask_factor_reset", "申请重置第二因素", reason_fields, |cx, id, form| {
                Box::pin(ask_factor_reset(cx, id, form))
            })
            .next("申请交安全管理员批准；请先当面核实本人身份。"),
            Deed::on("reset_factor", "批准重置第二因素", kit::service::no_fields, |cx, id, _| {
                Box::pin(reset_factor(cx, id))
            })
            .danger()
            .next("该账号的验证器和恢复码全部作废，登录立即结束；岗位要求第二因素的，下次登录时重新设置。"),
            Deed::on("disable", "停用", reason_fields, |cx, id, form| Box::pin(disable(cx, id, form)))
                .danger()
                .next("停用立即生效，该账号的所有登录随即结束。"),
            Deed::on("enable", "恢复使用", reason_fields, |cx, id, form| Box::pin(enable(cx, id, form)))
                .next("恢复后按仍在有效期内的任职授权使用平台。"),
        ],
        creates: |actor| actor.is(Role::SystemAdministrator),
        waiting: Vec::new(),
        governed: Some(Governed {
            noun: NOUN,
            label: "账号",
            transitions: transitions::<Account>,
            permissions: table,
        }),
    }
}

fn table() -> Vec<Permission> {
    let (own, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
    let person = |role: Role, account: Uuid| Actor::holding(account, kit::Post::of(role));
    permissions(|state| sample(AccountId(own), state), |role| person(role, own), |role| person(role, other))
}

fn sample(id: AccountId, state: State) -> Account {
    Account {
        id,
        version: 1,
        login: String::new(),
        name: String::new(),
        password_hash: String::new(),
        state,
        person_id: None,
        valid_to: None,
        password_changed_at: chrono::DateTime::UNIX_EPOCH,
        password_initial: false,
    }
}

fn initial_password() -> Field {
    Field::new("password", "初始密码", Kind::Password)
        .required()
        .help("12 到 128 个字符，不含登录名、姓名和常见词；请当面告知本人，首次登录后修改。")
}

fn new_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async {
        Ok(vec![
            Field::line("login", "登录名")
                .max(40)
                .required()
                .help("小写字母、数字、点、横线或下划线，建立后不再更改。"),
            Field::line("name", "姓名").max(40).required(),
            initial_password(),
            Field::date("valid_to", "有效期至").help("借调人员填写借调结束日期。"),
        ])
    })
}

fn edit_fields(cx: &Cx, id: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let held = match id {
            Some(id) => Some(store::find(cx, AccountId(id)).await?),
            None => None,
        };
        let held = held.as_ref();
        Ok(vec![
            Field::line("name", "姓名").max(40).required().maybe(held.map(|account| &account.name)),
            Field::date("valid_to", "有效期至").maybe(held.and_then(|account| account.valid_to)),
        ])
    })
}

fn password_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async { Ok(vec![initial_password()]) })
}

fn reason_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async { Ok(vec![Field::text("reason", "原因").max(500).required()]) })
}

async fn create(cx: &mut WriteCx, form: &Form) -> Result<Outcome> {
    let new = NewAccount {
        login: form.text("login"),
        name: form.text("name"),
        password: form.text("password"),
        valid_to: form.date("valid_to"),
    };
    let id = actions::create(cx, new).await?;
    Ok(Outcome::new(NOUN, id, "已建立账号，请接着提出任职授权。"))
}

async fn edit(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: AccountId = target(id)?;
    actions::edit(cx, id, form.text("name"), form.date("valid_to")).await?;
    Ok(Outcome::new(NOUN, id, "已保存修改。"))
}

async fn reset_password(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: AccountId = target(id)?;
    actions::reset_password(cx, id, form.text("password")).await?;
    Ok(Outcome::new(NOUN, id, "已重置密码。"))
}

async fn ask_factor_reset(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: AccountId = target(id)?;
    actions::ask_factor_reset(cx, id, form.text("reason")).await?;
    Ok(Outcome::new(NOUN, id, "已提出申请，等待安全管理员批准。"))
}

async fn reset_factor(cx: &mut WriteCx, id: Option<Uuid>) -> Result<Outcome> {
    let id: AccountId = target(id)?;
    actions::reset_factor(cx, id).await?;
    Ok(Outcome::new(NOUN, id, "已重置第二因素，该账号的登录已全部结束。"))
}

async fn disable(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: AccountId = target(id)?;
    actions::disable(cx, id, form.text("reason")).await?;
    Ok(Outcome::new(NOUN, id, "已停用，该账号的登录已全部结束。"))
}

async fn enable(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: AccountId = target(id)?;
    actions::enable(cx, id, form.text("reason")).await?;
    Ok(Outcome::new(NOUN, id, "已恢复使用。"))
}

async fn show(cx: &Cx, id: Uuid) -> Result<RecordView> {
    let account = store::find(cx, AccountId(id)).await?;
    let factor = factor::of(cx, id).await?.filter(|factor| factor.confirmed_at.is_some());
    let asked = factor.as_ref().and_then(|factor| factor.reset_asked_by);
    let reason = factor.as_ref().map(|factor| factor.reset_reason.clone()).unwrap_or_default();
    let since = factor.as_ref().and_then(|factor| factor.confirmed_at);
    let mut view = RecordView::new(&account.name, account.version)
        .fact("login", "登录名", Shown::text(&account.login))
        .fact("valid_to", "有效期至", Shown::date(account.valid_to))
        .fact("password_changed_at", "密码设置时间", Shown::Instant(account.password_changed_at))
        .fact("password_initial", "仍为初始密码", Shown::Flag(account.password_initial))
        .fact("factor", "第二因素启用时间", since.map_or(Shown::Empty, Shown::Instant))
        .fact("factor_reset", "申请重置第二因素的原因", Shown::text(reason))
        .related("posts", "任职授权", posts::NOUN, Pred::is("account_id", id), Some(format!("account={id}")));
    view.state = Some(account.state.choice());
    view.deeds = account.open_deeds(&cx.actor);
    view.deeds.retain(|deed| match *deed {
        "ask_factor_reset" => factor.is_some() && asked.is_none(),
        "reset_factor" => asked.is_some() && asked != cx.actor.account,
        _ => true,
    });
    view.number = account.login;
    Ok(view)
}
