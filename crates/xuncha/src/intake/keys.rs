//! The ring of keys to which letters are closed (密钥环). The newest is given to hosts; older ones stay, because letters
//! may be on their way to them, and open what was closed to them for good.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use chrono::{DateTime, Utc};
use db::Sql;
use intake::envelope::fingerprint;
use kit::{Actor, App, Cx, Refusal, Result, Role, WriteCx, audit::Outcome, seal::envelope};
use uuid::Uuid;

/// A key of the ring, without its secret half.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// Fingerprint of its public half.
    pub print: String,
    /// Since when it is given to hosts.
    pub from: DateTime<Utc>,
    /// Until when it was; nothing while it is.
    pub to: Option<DateTime<Utc>>,
    /// Who made it.
    pub made_by: String,
    /// Letters that were closed to it and have arrived.
    pub letters: i64,
}

/// Who may change the key.
pub fn may_renew(actor: &Actor) -> bool {
    actor.is(Role::OfficeDirector)
}

fn context(id: Uuid) -> String {
    format!("intake_key/{id}/secret")
}

/// The public half of the key that is given to hosts; makes the first one.
pub(super) async fn current(cx: &mut WriteCx) -> Result<String> {
    let held = "select public_key from intake_key where retired_at is null order by made_at desc, id limit 1";
    match cx.rows(Sql::new(held)).await?.first() {
        Some(row) => Ok(row.try_get_by_index(0)?),
        None => make(cx).await,
    }
}

/// Puts a new key into the place of the one that is given to hosts; answers its fingerprint. Hosts close letters to it
/// as soon as they have loaded the next bulletin.
///
/// # Errors
/// A refusal for anybody but the director.
pub async fn renew(app: &App, actor: &Arc<Actor>) -> Result<String> {
    if !may_renew(actor) {
        return Err(Refusal::forbidden("更换来信公钥").into());
    }
    let public = app.write(actor, |cx| {
        Box::pin(async move {
            let mut sql = Sql::new("update intake_key set retired_at = ");
            sql.bind(cx.moment()).push(" where retired_at is null");
            cx.execute(sql).await?;
            make(cx).await
        })
    });
    Ok(fingerprint(&public.await?))
}

async fn make(cx: &mut WriteCx) -> Result<String> {
    let (id, secret) = (cx.new_id(), envelope::new_secret()?);
    let public = envelope::public_half(&secret)?;
    let sealed = cx.app().seal().seal(&context(id), &kit::seal::hex(&secret))?;
    let mut sql =
        Sql::new("insert into intake_key (id, public_key, secret_sealed, made_at, made_by) values (");
    sql.bind(id).push(", ").bind(public.as_str()).push(", ").bind(sealed);
    sql.push(", ").bind(cx.moment()).push(", ").bind(cx.actor.name.as_str()).push(")");
    cx.execute(sql).await?;
    cx.record("new_intake_key", "intake", Some(id), Outcome::Done);
    Ok(public)
}

/// The ring, the newest key first.
pub async fn ring(cx: &Cx) -> Result<Vec<Key>> {
    let mut letters: BTreeMap<String, i64> = BTreeMap::new();
    let counted = "select key_print, count(*) from intake_letter group by key_print";
    for row in cx.rows(Sql::new(counted)).await? {
        letters.insert(row.try_get_by_index(0)?, row.try_get_by_index(1)?);
    }
    let held =
        "select public_key, made_at, retired_at, made_by from intake_key order by made_at desc, id desc";
    let keys = cx.rows(Sql::new(held)).await?.into_iter().map(|row| {
        let print = fingerprint(&row.try_get_by_index::<String>(0)?);
        Ok(Key {
            letters: letters.get(&print).copied().unwrap_or(0),
            print,
            from: row.try_get_by_index(1)?,
            to: row.try_get_by_index(2)?,
            made_by: row.try_get_by_index(3)?,
        })
    });
    keys.collect()
}

/// The secret halves, by the fingerprint of the public ones.
pub(super) async fn secrets(cx: &Cx) -> Result<HashMap<String, Vec<u8>>> {
    let rows = cx.rows(Sql::new("select id, public_key, secret_sealed from intake_key")).await?;
    let mut secrets = HashMap::new();
    for row in rows {
        let (id, public, sealed): (Uuid, String, String) =
            (row.try_get_by_index(0)?, row.try_get_by_index(1)?, row.try_get_by_index(2)?);
        let secret = kit::seal::unhex(&cx.app().seal().open(&context(id), &sealed)?).unwrap_or_default();
        secrets.insert(fingerprint(&public), secret);
    }
    Ok(secrets)
}
