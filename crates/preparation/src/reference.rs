//! What a person means by a number, a title or a pasted address: a record of any noun, within what the
//! person may see.

use kit::{Cx, Refusal, Result, Shown, lookup, service::can_see};
use uuid::Uuid;

/// A record that another one points at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// Its noun.
    pub noun: &'static str,
    /// The record.
    pub id: Uuid,
    /// What it is called in lists: its number, or its title when it has none.
    pub called: String,
}

/// The record that `text`, typed into `field`, names.
///
/// # Errors
/// A refusal on the field when there is none, or several.
pub async fn find(cx: &Cx, field: &str, text: &str) -> Result<Reference> {
    let app = cx.app().clone();
    if let Some((noun, id)) = address(text) {
        let service = app.registry().service(noun).filter(|service| service.reachable(&cx.actor));
        if let Some(service) = service
            && can_see(cx, service.noun, id).await?
        {
            return called(cx, service.noun, id).await;
        }
        return Err(missing(field, text));
    }
    let numbered = app.registry().services.iter().filter(|service| service.list.number.is_some());
    for service in numbered.filter(|service| service.reachable(&cx.actor)) {
        if let Ok(id) = lookup::record(cx, service.noun, text).await? {
            return called(cx, service.noun, id).await;
        }
    }
    Err(missing(field, text))
}

fn missing(field: &str, text: &str) -> kit::Error {
    let sentence = format!("没有找到“{text}”。请填写完整的编号，或粘贴该记录页面的地址");
    Refusal::field(field, sentence).into()
}

/// Noun and record of the address of a page, however much of it was pasted.
fn address(text: &str) -> Option<(&str, Uuid)> {
    let path = text.split(['?', '#']).next()?;
    let mut parts = path.trim_end_matches('/').rsplit('/');
    let id = Uuid::parse_str(parts.next()?).ok()?;
    parts.next().filter(|noun| !noun.is_empty()).map(|noun| (noun, id))
}

async fn called(cx: &Cx, noun: &'static str, id: Uuid) -> Result<Reference> {
    let app = cx.app().clone();
    let Some(service) = app.registry().service(noun) else { return Err(Refusal::not_found().into()) };
    let list = &service.list;
    let mut sql = db::Sql::new("select ");
    sql.push(list.number.unwrap_or(list.title)).push(" from ").push(list.from).push(" where ");
    sql.push(list.alias).push(".id = ").bind(id);
    let rows = cx.rows(sql).await?;
    let called = match rows.first() {
        Some(row) => row.try_get_by_index::<Option<String>>(0)?.unwrap_or_default(),
        None => String::new(),
    };
    Ok(Reference { noun, id, called })
}

/// The record as a link for those who may open it, else nothing: what one may not see is not named.
pub async fn shown(cx: &Cx, noun: &str, id: Option<Uuid>, called: &str) -> Result<Shown> {
    match id {
        Some(id) if can_see(cx, noun, id).await? => Ok(Shown::link(noun, Some(id), called)),
        _ => Ok(Shown::Empty),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_noun_and_record_however_it_was_pasted() {
        let id = Uuid::from_u128(7);
        for text in [
            format!("/problems/{id}"),
            format!("http://10.0.0.8:8080/problems/{id}?tab=files"),
            format!("problems/{id}/"),
        ] {
            assert_eq!(address(&text), Some(("problems", id)), "{text}");
        }
        assert_eq!(address("WT-2023-0007"), None);
        assert_eq!(address(&id.to_string()), None);
    }
}
