//! What one run of an import remembers: names already resolved, records already looked for, records made.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use db::Sql;
use kit::{Cx, Refusal, Result, Service, lookup, units::half_width};
use uuid::Uuid;

use super::close;

/// Names compared for closeness at most.
const MOST_TITLES: i64 = 5_000;

/// A record that the run made or changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Made {
    /// Noun of the record.
    pub(super) noun: &'static str,
    /// The record.
    pub(super) id: Uuid,
    /// Row that brought it.
    pub(super) row: u32,
    /// What an edit replaced, by field; nothing for a new record.
    pub(super) before: Option<BTreeMap<String, String>>,
}

/// What one run remembers.
#[derive(Default)]
pub(super) struct Memo {
    found: HashMap<(&'static str, String), Uuid>,
    missing: HashMap<(&'static str, String), String>,
    titles: HashMap<&'static str, Arc<Vec<String>>>,
    serials: HashMap<&'static str, i64>,
    /// Records made, in order.
    pub(super) made: Vec<Made>,
    /// What the person should know beside the rows, with how many rows it is about.
    pub(super) notes: BTreeMap<String, usize>,
    /// Row being worked on.
    pub(super) row: u32,
}

impl Memo {
    /// The record of `noun` called `text` within the actor's scope, differences of width and spaces aside, or a
    /// sentence why none is.
    pub(super) async fn resolve(
        &mut self,
        cx: &Cx,
        noun: &'static str,
        text: &str,
    ) -> Result<std::result::Result<Uuid, String>> {
        let name = (noun, text.to_owned());
        if let Some(id) = self.found.get(&name) {
            return Ok(Ok(*id));
        }
        if let Some(reason) = self.missing.get(&name) {
            return Ok(Err(reason.clone()));
        }
        if cx.app().registry().service(noun).is_none() {
            return Err(Refusal::invalid(format!("本机没有启用“{noun}”，不能按名称查找。")).into());
        }
        match called(cx, noun, text).await? {
            Ok(id) => {
                self.found.insert(name, id);
                Ok(Ok(id))
            }
            Err(reason) => {
                let titles = self.titles(cx, noun).await?;
                let close = close::names(text, titles.iter().map(String::as_str));
                let reason = with_close(reason, &close);
                self.missing.insert(name, reason.clone());
                Ok(Err(reason))
            }
        }
    }

    async fn titles(&mut self, cx: &Cx, noun: &'static str) -> Result<Arc<Vec<String>>> {
        if let Some(titles) = self.titles.get(noun) {
            return Ok(Arc::clone(titles));
        }
        let mut titles = Vec::new();
        if let Some(service) = cx.app().registry().service(noun) {
            let mut sql = Sql::new("select ");
            sql.push(service.list.title).push(" from ").push(service.list.from).push(" where ");
            service.scope(&cx.actor).write(service.list.alias, &mut sql);
            sql.push(" limit ").bind(MOST_TITLES);
            for row in cx.rows(sql).await? {
                titles.push(row.try_get_by_index(0)?);
            }
        }
        let titles = Arc::new(titles);
        self.titles.insert(noun, Arc::clone(&titles));
        Ok(titles)
    }

    /// Notes a record that was made or changed; names of its noun are looked for anew.
    pub(super) fn note_made(
        &mut self,
        noun: &'static str,
        id: Uuid,
        before: Option<BTreeMap<String, String>>,
    ) {
        self.missing.retain(|(of, _), _| *of != noun);
        self.titles.remove(noun);
        self.made.push(Made { noun, id, row: self.row, before });
    }

    /// Forgets what a refused row made, and every name it brought.
    pub(super) fn take_back(&mut self, made: usize) {
        for gone in self.made.drain(made..) {
            self.found.retain(|_, id| *id != gone.id);
            self.titles.remove(gone.noun);
        }
    }

    /// Says something about the row being worked on that the person should know.
    pub(super) fn note(&mut self, sentence: impl Into<String>) {
        *self.notes.entry(sentence.into()).or_default() += 1;
    }

    /// Counts up the serials given out under `prefix`, from 1.
    pub(super) fn serial(&mut self, prefix: &'static str) -> i64 {
        let last = self.serials.entry(prefix).or_default();
        *last += 1;
        *last
    }
}

/// Readers of sheets make brackets and digits narrow, names are kept as they are written officially.
async fn called(cx: &Cx, noun: &str, text: &str) -> Result<std::result::Result<Uuid, String>> {
    let exact = lookup::record(cx, noun, text).await?;
    if exact.is_ok() {
        return Ok(exact);
    }
    match written_alike(cx, noun, text).await?.as_slice() {
        [title] if title != text => lookup::record(cx, noun, title).await,
        _ => Ok(exact),
    }
}

/// Titles of `noun` that are `text` but for spaces and differences of width.
async fn written_alike(cx: &Cx, noun: &str, text: &str) -> Result<Vec<String>> {
    let (Some(service), Some(pattern)) = (cx.app().registry().service(noun), pattern(text)) else {
        return Ok(Vec::new());
    };
    let mut sql = Sql::new("select distinct ");
    sql.push(service.list.title).push(" from ").push(service.list.from).push(" where ");
    service.scope(&cx.actor).write(service.list.alias, &mut sql);
    sql.push(" and ").push(service.list.title).push(" like ").bind(pattern);
    let (rows, wanted) = (cx.rows(sql).await?, plain(text));
    let titles = rows.iter().map(|row| Ok(row.try_get_by_index::<String>(0)?)).collect::<Result<Vec<_>>>()?;
    Ok(titles.into_iter().filter(|title| plain(title) == wanted).collect())
}

/// What every text that is `text` but for spaces and widths is like: its Chinese characters in their order. The
/// database has no widths to leave out, and a text with hardly a Chinese character would be like all others.
fn pattern(text: &str) -> Option<String> {
    let plain = plain(text);
    let kept = plain.chars().filter(|c| !c.is_ascii());
    let pattern = kept.clone().fold(String::from("%"), |pattern, c| pattern + &format!("{c}%"));
    (kept.count() > 1).then_some(pattern)
}

/// Records of `service` whose column `column` is `id`, by the plain form of their `texts` columns,
/// as they were when this run first asked for them.
pub(super) async fn known(
    cx: &Cx,
    service: &Service,
    column: &str,
    id: Uuid,
    texts: &[&str],
) -> Result<Arc<HashMap<String, Uuid>>> {
    let key = format!("import/{}/{column}/{id}/{}", service.noun, texts.join("/"));
    let alias = service.list.alias;
    let mut sql = Sql::new("select ");
    sql.push(alias).push(".id");
    for text in texts {
        sql.push(", ").push(alias).push(".").push(text);
    }
    sql.push(" from ").push(service.table).push(" ").push(alias).push(" where ");
    service.scope(&cx.actor).write(alias, &mut sql);
    sql.push(" and ").push(alias).push(".").push(column).push(" = ").bind(id);
    let count = texts.len();
    cx.once(key, async move {
        let mut known = HashMap::new();
        for row in cx.rows(sql).await? {
            for at in 1..=count {
                let text: String = row.try_get_by_index(at)?;
                if !text.is_empty() {
                    known.insert(plain(&text), row.try_get_by_index(0)?);
                }
            }
        }
        Ok(known)
    })
    .await
}

/// `reason` with the names that are close, for the person to choose from.
pub(super) fn with_close(reason: String, close: &[&str]) -> String {
    if close.is_empty() {
        return reason;
    }
    let quoted: Vec<String> = close.iter().map(|name| format!("“{name}”")).collect();
    format!("{reason}；相近的有{}，没有自动采用，请核对后改为规范名称", quoted.join("、"))
}

/// A text without spaces and differences of width, by which texts typed twice are held equal.
pub(super) fn plain(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).map(half_width).filter(|c| *c != ' ').collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_looked_for_by_its_chinese_characters_whatever_signs_stand_between() {
        assert_eq!(pattern("市一中(东校区)2部").as_deref(), Some("%市%一%中%东%校%区%部%"));
        assert_eq!(pattern("市一中（东 校区）２部"), pattern("市一中(东校区)2部"));
        assert_eq!(pattern("A-1局"), None);
    }
}
