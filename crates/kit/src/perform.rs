//! Doing a deed: the one way in for pages, API, command line and imports.

use std::sync::Arc;

use db::Sql;
use uuid::Uuid;

use crate::{
    Actor, App, Cx, Deed, Error, Form, Outcome, Refusal, Result, Service, WriteCx,
    audit::{self, Outcome as Ended},
    dictionary,
    error::{Difference, Reason},
    form::{Field, Kind},
    jobs, lookup, seal,
    service::At,
};

/// A deed somebody asks for.
#[derive(Clone, Debug)]
pub struct Request {
    /// Noun of the record.
    pub noun: String,
    /// The record; none for a deed that makes one.
    pub id: Option<Uuid>,
    /// Code of the deed.
    pub deed: String,
    /// What was filled in.
    pub form: Form,
    /// The same key again means the same request again: it is answered, not repeated.
    pub key: Option<String>,
    /// Refuse names that the form does not have.
    pub strict: bool,
}

/// Does what is asked, in one transaction, once.
pub async fn perform(app: &App, actor: &Arc<Actor>, request: Request) -> Result<Outcome> {
    if let (jobs::NOUN, Some(id)) = (request.noun.as_str(), request.id) {
        jobs::ask_to_stop(app, actor, id, &request.deed).await?;
    }
    app.write(actor, |cx| Box::pin(async move { perform_in(cx, request).await })).await
}

/// Does what is asked inside an open transaction.
pub async fn perform_in(cx: &mut WriteCx, request: Request) -> Result<Outcome> {
    let id = request.id.map(|id| id.to_string()).unwrap_or_default();
    let what = [request.noun.as_str(), &id, &request.deed];
    let once = request.key.as_ref().map(|key| Once::new(cx, key, what, &request.form));
    if let Some(once) = &once
        && let Some(earlier) = once.earlier(cx).await?
    {
        return Ok(earlier);
    }
    let app = cx.app().clone();
    let (service, deed) = find(&app, &request)?;
    let mut form = request.form;
    let outcome = run(cx, service, deed, request.id, &mut form, request.strict).await?;
    if let Some(once) = once {
        once.remember(cx, &outcome).await?;
    }
    Ok(outcome)
}

fn find<'a>(app: &'a App, request: &Request) -> Result<(&'a Service, &'a Deed)> {
    let service = app.registry().service(&request.noun).ok_or_else(Refusal::not_found)?;
    let deed = service.deed(&request.deed).ok_or_else(Refusal::not_found)?;
    let fits = match deed.at {
        At::List => request.id.is_none(),
        At::Record => request.id.is_some(),
    };
    if fits { Ok((service, deed)) } else { Err(Refusal::not_found().into()) }
}

/// Checks the form against its description and does the deed.
pub async fn run(
    cx: &mut WriteCx,
    service: &Service,
    deed: &Deed,
    id: Option<Uuid>,
    form: &mut Form,
    strict: bool,
) -> Result<Outcome> {
    if let Some(id) = id
        && !crate::service::can_see(cx, service.noun, id).await?
    {
        return Err(Refusal::not_found().into());
    }
    let fields = (deed.fields)(cx, id).await?;
    if strict {
        form.check_names(&fields)?;
    }
    check_version(cx, service, id, form, &fields).await?;
    crate::files::take_in(cx, form, &fields).await?;
    form.check(cx, &fields).await?;
    let recorded = cx.recorded();
    let outer = cx.set_noun(service.noun);
    let outcome = (deed.run)(cx, id, form).await;
    cx.set_noun(outer);
    let outcome = outcome?;
    if cx.recorded() == recorded {
        // No deed goes unrecorded, whatever its slice forgot or found unchanged.
        cx.record(deed.key, service.noun, Some(outcome.id), Ended::Done);
    }
    Ok(outcome)
}

/// Refuses an edit of a version that is no longer stored, with both texts.
async fn check_version(
    cx: &Cx,
    service: &Service,
    id: Option<Uuid>,
    form: &Form,
    fields: &[Field],
) -> Result<()> {
    let (Some(id), Some(seen)) = (id, form.version()?) else { return Ok(()) };
    let mut sql = Sql::new("select version from ");
    sql.push(service.table).push(" where id = ").bind(id);
    if cx.number(sql).await? == seen {
        return Ok(());
    }
    let Error::Refusal(mut refusal) = Error::from(Refusal::stale()) else { return Ok(()) };
    let comparable = |field: &&Field| {
        // Why somebody changes a record is not kept in it, so there is nothing to compare.
        form.has(field.name)
            && field.name != "reason"
            && !matches!(field.kind, Kind::Password | Kind::Files | Kind::Rows(_) | Kind::Hidden)
    };
    for field in fields.iter().filter(comparable) {
        let (mine, stored) = (said(cx, field, form.typed_all(field.name)).await?, held(cx, field).await?);
        if mine != stored {
            refusal.differences.push(Difference { label: field.label.to_owned(), mine, stored });
        }
    }
    Err(refusal.into())
}

/// What a field holds, as people read it.
async fn held(cx: &Cx, field: &Field) -> Result<String> {
    let values: Vec<String> = match field.kind {
        Kind::PickMany(_) | Kind::DictMany(_) => field.value.split(',').map(str::to_owned).collect(),
        _ => vec![field.value.clone()],
    };
    said(cx, field, &values).await
}

/// Values of a field as people read them: names for records, words for codes.
async fn said(cx: &Cx, field: &Field, values: &[String]) -> Result<String> {
    let mut words = Vec::new();
    for value in values.iter().map(|value| value.trim()).filter(|value| !value.is_empty()) {
        let word = match &field.kind {
            Kind::Pick(noun) | Kind::PickMany(noun) => match Uuid::parse_str(value) {
                Ok(id) => lookup::name(cx, noun, id).await?,
                Err(_) => None,
            },
            Kind::Dict(kind) | Kind::DictMany(kind) => {
                dictionary::find(cx, kind, value).await?.map(|item| item.label)
            }
            Kind::Choice(choices) => {
                choices.iter().find(|choice| choice.code == value).map(|choice| choice.label.to_owned())
            }
            Kind::Options(options) => {
                options.iter().find(|(code, _)| code == value).map(|(_, label)| label.clone())
            }
            Kind::Flag => Some(String::from("是")),
            _ => None,
        };
        words.push(word.unwrap_or_else(|| value.replace("\r\n", "\n")));
    }
    if matches!(field.kind, Kind::PickMany(_) | Kind::DictMany(_)) {
        words.sort();
    }
    Ok(words.join("、"))
}

/// A request that is done once, however often it is sent: its answer is kept under its key.
pub(crate) struct Once {
    key: String,
    /// What tells two requests apart; keyed, because a form may hold a password.
    digest: String,
}

impl Once {
    /// The request that `what` and `form` say together, under the key that came with it.
    pub(crate) fn new(cx: &Cx, key: &str, what: [&str; 3], form: &Form) -> Self {
        let mut parts = Vec::from(what);
        for (name, values) in form.entries().filter(|(name, _)| *name != "csrf" && *name != "_key") {
            parts.push(name);
            parts.extend(values.iter().map(String::as_str));
        }
        parts.extend(form.files.iter().map(|file| file.digest.as_str()));
        let digest = cx.app().seal().token("request", &seal::digest(&audit::netstrings(parts)));
        Self { key: key.to_owned(), digest }
    }

    /// What was answered when the request came before.
    ///
    /// # Errors
    /// A refusal when another request came under the same key.
    pub(crate) async fn earlier(&self, cx: &Cx) -> Result<Option<Outcome>> {
        if self.key.is_empty() || self.key.len() > 100 {
            return Err(Refusal::bad_request("幂等键应为 1 到 100 个字符。").into());
        }
        let mut sql = Sql::new("select digest, noun, record_id, message from idempotency where actor = ");
        sql.bind(audit::actor_text(&cx.actor)).push(" and key = ").bind(self.key.as_str());
        let rows = cx.rows(sql).await?;
        let Some(row) = rows.first() else { return Ok(None) };
        if row.try_get_by_index::<String>(0)? != self.digest {
            let message = "同一个提交编号已用于另一次不同的提交，这次没有处理。请刷新页面后重新填写。";
            return Err(Refusal::new(Reason::Conflict, message).into());
        }
        let noun: String = row.try_get_by_index(1)?;
        let noun = cx.app().registry().service(&noun).map_or("", |service| service.noun);
        Ok(Some(Outcome::new(noun, row.try_get_by_index::<Uuid>(2)?, row.try_get_by_index::<String>(3)?)))
    }

    /// Keeps the answer.
    pub(crate) async fn remember(self, cx: &mut WriteCx, outcome: &Outcome) -> Result<()> {
        let mut sql =
            Sql::new("insert into idempotency (actor, key, digest, noun, record_id, message, at) values (");
        sql.bind(audit::actor_text(&cx.actor)).push(", ").bind(self.key).push(", ").bind(self.digest);
        sql.push(", ").bind(outcome.noun).push(", ").bind(outcome.id).push(", ");
        sql.bind(outcome.message.as_str()).push(", ").bind(cx.now).push(")");
        cx.execute(sql).await?;
        Ok(())
    }
}

/// Records in the audit that something was refused.
pub async fn record_refusal(app: &App, actor: &Actor, deed: &str, noun: &str, id: Option<Uuid>) {
    app.record_later(audit::Draft::new(actor, app.clock().now(), deed, noun, id, Ended::Refused)).await;
}
