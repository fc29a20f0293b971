//! The keys to which letters are closed. The newest is given to hosts; older ones stay, because letters may be
//! on their way to them.

use std::collections::HashMap;

use db::Sql;
use intake::envelope::fingerprint;
use kit::{Cx, Result, WriteCx, audit::Outcome, seal::envelope};
use uuid::Uuid;

fn context(id: Uuid) -> String {
    format!("intake_key/{id}/secret")
}

/// The public half of the newest key; makes the first one.
pub(super) async fn current(cx: &mut WriteCx) -> Result<String> {
    let held =
        cx.rows(Sql::new("select public_key from intake_key order by made_at desc, id limit 1")).await?;
    match held.first() {
        Some(row) => Ok(row.try_get_by_index(0)?),
        None => renew(cx).await,
    }
}

/// Makes a new key; letters are closed to it as soon as the hosts know it.
pub(super) async fn renew(cx: &mut WriteCx) -> Result<String> {
    let (id, secret) = (cx.new_id(), envelope::new_secret()?);
    let public = envelope::public_half(&secret)?;
    let sealed = cx.app().seal().seal(&context(id), &kit::seal::hex(&secret))?;
    let mut sql = Sql::new("insert into intake_key (id, public_key, secret_sealed, made_at) values (");
    sql.bind(id).push(", ").bind(public.as_str()).push(", ").bind(sealed);
    sql.push(", ").bind(cx.now).push(")");
    cx.execute(sql).await?;
    cx.record("new_intake_key", "intake", Some(id), Outcome::Done);
    Ok(public)
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
