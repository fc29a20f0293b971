//! What a template can say about a record: its columns, facts and related lists, as the record's page shows them to the
//! one who drafts. Sealed nouns give nothing.

use std::collections::BTreeSet;

use db::Sql;
use kit::{
    Cx, Pred, Refusal, Result, Secrecy, Service, Shown, Tab,
    service::can_see,
    table::{self, Ask},
};
use serde_json::{Map, Value, json};
use uuid::Uuid;

/// Rows of a related list that a document may hold.
const ROWS: usize = 300;

/// Names that every record has.
pub(crate) const ALWAYS: [&str; 6] = ["名称", "编号", "状态", "机关", "今天", "年份"];

/// A record as a template sees it.
#[derive(Clone, Debug)]
pub(crate) struct Facts {
    /// Everything by its Chinese name.
    pub(crate) values: Map<String, Value>,
    /// What the record is called.
    pub(crate) label: String,
    /// The inspection it belongs to.
    pub(crate) inspection: Option<Uuid>,
    /// The organisation it concerns.
    pub(crate) organisation: Option<Uuid>,
}

/// The service of `noun`, when documents may be made of its records.
pub(crate) fn service<'a>(cx: &'a Cx, noun: &str) -> Result<&'a Service> {
    let found = cx.app().registry().service(noun).ok_or_else(Refusal::not_found)?;
    if found.secrecy == Secrecy::Sealed {
        return Err(Refusal::invalid("密封内容不能写入公文，请改用专门的移交渠道。").into());
    }
    Ok(found)
}

/// The facts of record `id`, within what the person sees.
pub(crate) async fn of_record(cx: &Cx, noun: &str, id: Uuid) -> Result<Facts> {
    let service = service(cx, noun)?;
    if !can_see(cx, noun, id).await? {
        return Err(Refusal::not_found().into());
    }
    let view = (service.show)(cx, id).await?;
    if view.secrecy == Secrecy::Sealed {
        return Err(Refusal::invalid("密封内容不能写入公文，请改用专门的移交渠道。").into());
    }
    let mut values = Map::new();
    let state = view.state.map(|state| state.label.to_owned()).unwrap_or_default();
    for (name, text) in always(cx, view.title.clone(), view.number.clone(), state) {
        values.insert(name.to_owned(), Value::String(text));
    }
    add_columns(cx, service, id, &mut values).await?;
    for fact in &view.facts {
        values.insert(name_of(fact.label), Value::String(written(&fact.value)));
    }
    for tab in &view.tabs {
        if let Tab::Related { label, noun, condition, .. } = tab {
            let rows = related(cx, noun, condition).await?;
            values.insert(name_of(label), Value::Array(rows));
        }
    }
    let link = |to: &str| view.facts.iter().find_map(|fact| linked(&fact.value, to));
    let own = |to: &str| (noun == to).then_some(id);
    Ok(Facts {
        label: view.title.clone(),
        inspection: own("inspections").or_else(|| link("inspections")),
        organisation: own("organisations").or_else(|| link("organisations")),
        values,
    })
}

/// What every record says: [`ALWAYS`] by name.
pub(crate) fn always(cx: &Cx, title: String, number: String, state: String) -> [(&'static str, String); 6] {
    let today = cx.today();
    let office = cx.app().office().to_owned();
    let texts = [title, number, state, office, papers::text::date(today), today.format("%Y").to_string()];
    let mut texts = texts.into_iter();
    ALWAYS.map(|name| (name, texts.next().unwrap_or_default()))
}

/// The newest record of `noun` that the person sees.
pub(crate) async fn newest(cx: &Cx, noun: &str) -> Result<Option<Uuid>> {
    let service = service(cx, noun)?;
    let (table, alias) = (&service.list, service.list.alias);
    let mut sql = Sql::new("select ");
    sql.push(alias).push(".id from ").push(table.from).push(" where ");
    service.scope(&cx.actor).write(alias, &mut sql);
    sql.push(" order by ").push(alias).push(".id desc limit 1");
    Ok(cx.rows(sql).await?.first().map(|row| row.try_get_by_index(0)).transpose()?)
}

/// Every name that a template of `noun` may use, as far as the records at hand show them.
pub(crate) async fn names(cx: &Cx, noun: &str) -> Result<BTreeSet<String>> {
    let service = service(cx, noun)?;
    let mut names: BTreeSet<String> = ALWAYS.iter().map(|name| (*name).to_owned()).collect();
    names.extend(
        service.list.columns.iter().filter(|one| one.open_to(&cx.actor)).map(|one| name_of(one.label)),
    );
    if let Some(id) = newest(cx, noun).await? {
        names.extend(of_record(cx, noun, id).await?.values.into_iter().map(|(name, _)| name));
    }
    Ok(names)
}

async fn add_columns(cx: &Cx, service: &Service, id: Uuid, values: &mut Map<String, Value>) -> Result<()> {
    let mut ask = Ask::usual(&service.list)?;
    ask.columns = service.list.columns.iter().filter(|column| column.open_to(&cx.actor)).collect();
    let (visible, only) = (service.scope(&cx.actor), Pred::is("id", id));
    table::each(cx, service.noun, &service.list, &visible, &only, &ask, |columns, row| {
        for (column, cell) in columns.iter().zip(&row.cells) {
            values.insert(name_of(column.label), Value::String(written(cell)));
        }
        Ok(())
    })
    .await?;
    Ok(())
}

async fn related(cx: &Cx, noun: &str, condition: &Pred) -> Result<Vec<Value>> {
    let registry = cx.app().registry();
    let Some(service) = registry.service(noun).filter(|one| one.secrecy != Secrecy::Sealed) else {
        return Ok(Vec::new());
    };
    let visible = service.scope(&cx.actor);
    if visible == Pred::Nothing {
        return Ok(Vec::new());
    }
    let mut ask = Ask::usual(&service.list)?;
    ask.columns = service.list.columns.iter().filter(|column| column.open_to(&cx.actor)).collect();
    let mut rows = Vec::new();
    table::each(cx, service.noun, &service.list, &visible, condition, &ask, |columns, row| {
        if rows.len() < ROWS {
            let cell = |text: String| if text.is_empty() { String::from("\u{3000}") } else { in_cell(&text) };
            let cells: Map<String, Value> = columns
                .iter()
                .zip(&row.cells)
                .map(|(column, shown)| (name_of(column.label), json!(cell(written(shown)))))
                .collect();
            rows.push(Value::Object(cells));
        }
        Ok(())
    })
    .await?;
    Ok(rows)
}

/// A value as it stands in a text: days in words.
fn written(value: &Shown) -> String {
    match value {
        Shown::Date(day) | Shown::Clock { due: day, .. } => papers::text::date(*day),
        other => other.plain(),
    }
}

/// A text that stays inside its cell of a table.
fn in_cell(text: &str) -> String {
    text.replace(['\n', '\r'], " ").replace('|', "｜")
}

fn linked(value: &Shown, noun: &str) -> Option<Uuid> {
    let Shown::Link { href, .. } = value else { return None };
    let id = href.strip_prefix('/')?.strip_prefix(noun)?.strip_prefix('/')?;
    Uuid::parse_str(id).ok()
}

/// A label as a name: without brackets and marks.
fn name_of(label: &str) -> String {
    label.chars().filter(|c| c.is_alphanumeric() || *c == '_').collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_with_brackets_is_a_name_without_them() {
        assert_eq!(name_of("涉及金额（元）"), "涉及金额元");
    }

    #[test]
    fn a_cell_cannot_break_its_table() {
        assert_eq!(in_cell("甲|乙\n丙"), "甲｜乙 丙");
    }

    #[test]
    fn only_links_to_the_noun_itself_count() {
        let id = Uuid::from_u128(7);
        let link = |href: String| Shown::Link { label: String::new(), href };
        assert_eq!(linked(&link(format!("/inspections/{id}")), "inspections"), Some(id));
        assert_eq!(linked(&link(format!("/inspections_of/{id}")), "inspections"), None);
    }
}
