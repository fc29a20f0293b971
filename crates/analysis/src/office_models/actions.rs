//! What is done to models of the office's own.

use std::{collections::BTreeMap, time::Duration};

use db::Sql;
use kit::{Audience, Done, Form, Lifecycle as _, Refusal, Result, Role, WriteCx};
use models::{
    check::{self, Outcome},
    engine::apart,
    recipe::Card,
};

use super::{
    Chosen, Deed, Fixtures, NOUN, OfficeModel, OfficeModelId, State, WORKERS, compiled, store, text,
};
use crate::{said, work::Work};

/// How long the test data may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// Enters a new model.
pub async fn create(cx: &mut WriteCx, form: &Form) -> Result<OfficeModelId> {
    if !cx.actor.is_any(&WORKERS) {
        return Err(Refusal::forbidden("编写模型").into());
    }
    let code = form.text("code");
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if code.len() < 3 || !code.bytes().all(plain) {
        return Err(Refusal::field("code", "代号用小写字母、数字和连字符，至少 3 位").into());
    }
    if store::taken(cx, &code).await? {
        return Err(Refusal::field("code", "已有这个代号的模型").into());
    }
    let id = OfficeModelId(cx.new_id());
    let blank = OfficeModel {
        id,
        version: 1,
        code,
        name: String::new(),
        domain: String::new(),
        state: State::Draft,
        revision: 0,
        card: String::new(),
        query: String::new(),
        fixtures: String::new(),
        expected: String::new(),
        checked_digest: String::new(),
        check_note: String::new(),
        check_passed: false,
        owner_id: cx.actor.account,
        owner_name: cx.actor.name.clone(),
        changed_on: cx.today(),
    };
    let model = written(cx, blank, form)?;
    index(cx, &model);
    cx.insert(model).await?;
    cx.done(Done::new(NOUN, id, "create", "新建模型"));
    Ok(id)
}

/// The model as the form says; refused when it does not fit the tables.
fn written(cx: &WriteCx, held: OfficeModel, form: &Form) -> Result<OfficeModel> {
    let card = text::card(form, &held.code, held.revision + 1)?;
    let fixtures = text::fixtures(&form.text("fixtures"))?;
    let model = OfficeModel {
        name: card.name.clone(),
        domain: form.text("domain"),
        card: serde_json::to_string(&card)?,
        query: form.text("query"),
        fixtures: serde_json::to_string(&fixtures)?,
        expected: form.text("expected"),
        changed_on: cx.today(),
        ..held
    };
    compiled(&model.code, &model.domain, &model.card, &model.query)?;
    Ok(model)
}

fn index(cx: &mut WriteCx, model: &OfficeModel) {
    cx.index(NOUN, model.id, format!("{} {}", model.code, model.name));
}

/// Writes a model anew; what is adopted stays until the new text is adopted.
pub async fn edit(cx: &mut WriteCx, id: OfficeModelId, form: &Form) -> Result<()> {
    let before = store::find(cx, id).await?;
    before.decide(&cx.actor, Deed::Edit)?;
    let after = written(cx, before.clone(), form)?;
    index(cx, &after);
    let changes = cx.update(&before, after).await?;
    cx.done(Done::deed::<OfficeModel>(NOUN, id, Deed::Edit, before.state, before.state).changes(changes));
    Ok(())
}

/// Runs the test data of a model as it stands; whether the hits were the expected ones.
pub async fn test(cx: &mut WriteCx, id: OfficeModelId) -> Result<bool> {
    let before = store::find(cx, id).await?;
    before.decide(&cx.actor, Deed::Test)?;
    let chosen = compiled(&before.code, &before.domain, &before.card, &before.query)?;
    let fixtures: Fixtures = serde_json::from_str(&before.fixtures)?;
    let outcome = run_test(cx, chosen, fixtures, before.expected.clone()).await?;
    let passed = outcome.passed && outcome.expected > 0;
    let after = OfficeModel {
        checked_digest: before.digest()?,
        check_passed: passed,
        check_note: note(&outcome),
        ..before.clone()
    };
    cx.update(&before, after).await?;
    let done = Done::deed::<OfficeModel>(NOUN, id, Deed::Test, before.state, before.state);
    cx.done(done.note(if passed { "通过" } else { "未通过" }));
    Ok(passed)
}

async fn run_test(cx: &WriteCx, chosen: Chosen, fixtures: Fixtures, expected: String) -> Result<Outcome> {
    let work = Work::begin(cx.app())?;
    let folder = work.path("fixtures");
    std::fs::create_dir_all(&folder)?;
    let testing = async move {
        let texts: BTreeMap<&str, &str> =
            fixtures.iter().map(|(table, text)| (table.as_str(), text.as_str())).collect();
        Ok(check::check(&chosen.recipe, &chosen.tables, &texts, &expected, &folder).await)
    };
    apart(PATIENCE, testing).await.map_err(said)
}

fn note(outcome: &Outcome) -> String {
    let mut lines = Vec::new();
    if let Some(error) = &outcome.error {
        lines.push(format!("不能运行：{error}"));
    } else if outcome.expected == 0 {
        lines.push(String::from("期望结果里一条疑点也没有，检验没有意义。"));
    } else if outcome.passed {
        lines.push(format!("{} 条疑点与期望完全一致。", outcome.expected));
    }
    lines.extend(outcome.missing.iter().take(20).map(|line| format!("应有而没有：{line}")));
    lines.extend(outcome.surplus.iter().take(20).map(|line| format!("不应有：{line}")));
    lines.join("\n")
}

/// Lets everybody use the text as it stands, as the next version.
pub async fn adopt(cx: &mut WriteCx, id: OfficeModelId, opinion: String) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Adopt)?;
    if !before.is_proved()? {
        return Err(
            Refusal::conflict("现在的文本还没有通过检验，不能启用；请先检验，修改后要重新检验。").into()
        );
    }
    let revision = before.revision + 1;
    let mut card: Card = serde_json::from_str(&before.card)?;
    card.version = u32::try_from(revision).unwrap_or(u32::MAX);
    let mut sql = Sql::new(
        "insert into office_model_revision (id, office_model_id, revision, card, query, fixtures, expected, digest, adopted_on, \
         adopted_by_name, note) values (",
    );
    sql.bind(kit::ids::random()).push(", ").bind(id).push(", ").bind(revision).push(", ");
    sql.bind(serde_json::to_string(&card)?).push(", ").bind(before.query.as_str()).push(", ");
    sql.bind(before.fixtures.as_str()).push(", ").bind(before.expected.as_str()).push(", ");
    sql.bind(before.checked_digest.as_str()).push(", ").bind(cx.today()).push(", ");
    sql.bind(cx.actor.name.as_str()).push(", ").bind(opinion.as_str()).push(")");
    cx.execute(sql).await?;
    let after = OfficeModel { state, revision, ..before.clone() };
    if let Some(owner) = before.owner_id {
        cx.notify(Audience::Account(owner), format!("模型“{}”已启用", before.name), NOUN, id);
    }
    cx.update(&before, after).await?;
    cx.done(Done::deed::<OfficeModel>(NOUN, id, Deed::Adopt, before.state, state).note(opinion));
    Ok(())
}

/// Offers a model no longer, or takes it up again.
pub async fn turn(cx: &mut WriteCx, id: OfficeModelId, deed: Deed, reason: String) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, deed)?;
    cx.update(&before, OfficeModel { state, ..before.clone() }).await?;
    cx.done(Done::deed::<OfficeModel>(NOUN, id, deed, before.state, state).note(reason));
    Ok(())
}

/// Tells the director that a model waits for adoption.
pub async fn offer(cx: &mut WriteCx, id: OfficeModelId) -> Result<()> {
    let model = store::find(cx, id).await?;
    let director = Audience::Post { role: Role::OfficeDirector, organisation: None, inspection: None };
    cx.notify(director, format!("自建模型“{}”通过检验，待启用", model.name), NOUN, id);
    Ok(())
}
