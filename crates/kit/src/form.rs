//! Forms: one description of the fields serves the page, the API, the import and the checks.
//!
//! A form keeps everything that was typed; errors hang on fields; nothing is stored before every
//! field has been read into the type it describes.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use serde_json::Value as Json;
use uuid::Uuid;

use crate::{
    Choice, Cx, Deed, Labelled, Pred, Refusal, Result, clock, dictionary,
    error::Reason,
    files::Upload,
    units::{self, Area, Fen},
};

/// What a field holds.
#[derive(Clone, Debug)]
pub enum Kind {
    /// One line.
    Line,
    /// Several lines.
    Text,
    /// A day.
    Date,
    /// Money, typed in yuan.
    Money,
    /// Area, typed in ㎡.
    Area,
    /// A whole number between two bounds.
    Integer {
        /// Smallest.
        min: i64,
        /// Largest.
        max: i64,
    },
    /// One value of an enumeration.
    Choice(&'static [Choice]),
    /// One of a few values known when the form is made: what is sent, what is read.
    Options(Vec<(String, String)>),
    /// One value of a versioned dictionary.
    Dict(&'static str),
    /// Several values of a versioned dictionary.
    DictMany(&'static str),
    /// One record of a noun: its id, its title or its number.
    Pick(&'static str),
    /// Several records of a noun, each by id, title or number.
    PickMany(&'static str),
    /// Yes or no.
    Flag,
    /// A password; never shown again.
    Password,
    /// Files.
    Files,
    /// One line that the form brings along unseen, such as the record it was opened from.
    Hidden,
    /// Lines of a small table; the field's value holds those there are at first, as a JSON list of objects.
    Rows(Vec<Field>),
}

/// One field of a form.
#[derive(Clone, Debug)]
pub struct Field {
    /// Name in the form and in JSON.
    pub name: &'static str,
    /// Chinese label.
    pub label: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// Whether it must be filled in.
    pub required: bool,
    /// Longest text in characters.
    pub max: usize,
    /// Help from the method handbook, beside the field.
    pub help: &'static str,
    /// What the field holds when the form is opened: for choices the code, for records the id.
    pub value: String,
    /// Heading under which the field stands.
    pub group: &'static str,
    /// Which records a picker offers, of those that the person may see; others may still be named.
    pub among: fn(&Cx) -> Pred,
}

impl Field {
    /// A field with nothing in it.
    pub fn new(name: &'static str, label: &'static str, kind: Kind) -> Self {
        let max = match kind {
            Kind::Text => 20_000,
            _ => 200,
        };
        Self {
            name,
            label,
            kind,
            required: false,
            max,
            help: "",
            value: String::new(),
            group: "",
            among: |_| Pred::All,
        }
    }

    /// One line of text.
    pub fn line(name: &'static str, label: &'static str) -> Self {
        Self::new(name, label, Kind::Line)
    }

    /// Several lines of text.
    pub fn text(name: &'static str, label: &'static str) -> Self {
        Self::new(name, label, Kind::Text)
    }

    /// A day.
    pub fn date(name: &'static str, label: &'static str) -> Self {
        Self::new(name, label, Kind::Date)
    }

    /// A value of the enumeration `T`.
    pub fn choice<T: Labelled>(name: &'static str, label: &'static str) -> Self {
        Self::new(name, label, Kind::Choice(T::CHOICES))
    }

    /// A record of `noun`.
    pub fn pick(name: &'static str, label: &'static str, noun: &'static str) -> Self {
        Self::new(name, label, Kind::Pick(noun))
    }

    /// A value of the dictionary `kind`.
    pub fn dict(name: &'static str, label: &'static str, kind: &'static str) -> Self {
        Self::new(name, label, Kind::Dict(kind))
    }

    /// A line that is brought along unseen.
    pub fn hidden(name: &'static str, label: &'static str) -> Self {
        Self::new(name, label, Kind::Hidden)
    }

    /// Several values of the dictionary `kind`; `value` holds their codes, separated by commas.
    pub fn dict_many(name: &'static str, label: &'static str, kind: &'static str) -> Self {
        Self::new(name, label, Kind::DictMany(kind))
    }

    /// Yes or no.
    pub fn flag(name: &'static str, label: &'static str) -> Self {
        Self::new(name, label, Kind::Flag)
    }

    /// Must be filled in.
    #[must_use]
    pub fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// At most `max` characters.
    #[must_use]
    pub fn max(mut self, max: usize) -> Self {
        self.max = max;
        self
    }

    /// Help beside the field.
    #[must_use]
    pub fn help(mut self, help: &'static str) -> Self {
        self.help = help;
        self
    }

    /// What the field holds at first.
    #[must_use]
    pub fn value(mut self, value: impl ToString) -> Self {
        self.value = value.to_string();
        self
    }

    /// What the field holds at first, when there is something.
    #[must_use]
    pub fn maybe(self, value: Option<impl ToString>) -> Self {
        match value {
            Some(value) => self.value(value),
            None => self,
        }
    }

    /// What an enumeration's field holds at first.
    #[must_use]
    pub fn chosen<T: Labelled>(self, value: Option<T>) -> Self {
        self.maybe(value.map(Labelled::code))
    }

    /// A picker offers the records that fulfil `among` (on columns of the noun's own table).
    #[must_use]
    pub fn among(mut self, among: fn(&Cx) -> Pred) -> Self {
        self.among = among;
        self
    }

    /// Heading under which the field stands.
    #[must_use]
    pub fn group(mut self, group: &'static str) -> Self {
        self.group = group;
        self
    }
}

/// A field that has been read.
#[derive(Clone, Debug, PartialEq)]
enum Read {
    Text(String),
    Date(NaiveDate),
    Number(i64),
    Flag(bool),
    Ids(Vec<Uuid>),
    Codes(Vec<String>),
}

/// A filled-in form.
#[derive(Clone, Debug, Default)]
pub struct Form {
    typed: BTreeMap<String, Vec<String>>,
    read: HashMap<&'static str, Read>,
    rows: HashMap<&'static str, Vec<Form>>,
    /// Files that came with it, already stored aside.
    pub files: Vec<Upload>,
}

/// The deed that changes what a record says, by whatever noun.
pub const EDIT: &str = "edit";
const WITHOUT_VERSION: &str =
    "没有说明是对哪个版本（version）的修改，无法判断别人是否已先修改，没有处理。请重新打开这条记录再修改。";

/// Names that every form may carry beside its own fields.
pub const SYSTEM_FIELDS: [&str; 5] = ["csrf", "_key", "version", "do", "next"];

impl Form {
    /// A form with these entries, as an import or a test fills it in.
    pub fn of<N: AsRef<str>>(entries: impl IntoIterator<Item = (N, String)>) -> Self {
        let mut form = Self::default();
        for (name, value) in entries {
            form.put(name.as_ref(), value);
        }
        form
    }

    /// Adds an entry.
    pub fn put(&mut self, name: &str, value: impl Into<String>) {
        self.typed.entry(name.to_owned()).or_default().push(value.into());
    }

    /// Reads the body of an ordinary form.
    pub fn from_urlencoded(body: &[u8]) -> Result<Self> {
        let mut form = Self::default();
        for pair in body.split(|&byte| byte == b'&').filter(|pair| !pair.is_empty()) {
            let (name, value) =
                pair.iter().position(|&byte| byte == b'=').map_or((pair, [].as_slice()), |at| {
                    let (name, value) = pair.split_at(at);
                    (name, value.get(1..).unwrap_or_default())
                });
            form.put(&decode(name)?, decode(value)?);
            if form.typed.len() > 5_000 {
                return Err(Refusal::bad_request("表单的字段过多，没有处理。").into());
            }
        }
        Ok(form)
    }

    /// Reads a JSON object: texts, numbers, booleans, lists of those, and lists of objects for rows.
    pub fn from_json(body: &Json) -> Result<Self> {
        let Json::Object(entries) = body else {
            return Err(Refusal::bad_request("请求内容应为 JSON 对象。").into());
        };
        let mut form = Self::default();
        for (name, value) in entries {
            form.put_json(name, value)?;
        }
        Ok(form)
    }

    /// Adds the lines of a small table, given as the JSON list in which a field of [`Kind::Rows`] holds them.
    pub fn put_rows(&mut self, name: &str, lines: &str) -> Result<()> {
        self.put_json(name, &serde_json::from_str(lines)?)
    }

    fn put_json(&mut self, name: &str, value: &Json) -> Result<()> {
        match value {
            Json::Null => {}
            Json::String(text) => self.put(name, text.as_str()),
            Json::Number(number) => self.put(name, number.to_string()),
            Json::Bool(flag) => self.put(name, if *flag { "1" } else { "" }),
            Json::Array(items) => {
                for (at, item) in items.iter().enumerate() {
                    match item {
                        Json::Object(fields) => {
                            for (field, value) in fields {
                                self.put_json(&format!("{name}.{at}.{field}"), value)?;
                            }
                        }
                        other => self.put_json(name, other)?,
                    }
                }
            }
            Json::Object(_) => return Err(Refusal::bad_request(format!("字段 {name} 的格式不正确。")).into()),
        }
        Ok(())
    }

    /// The text typed into `name`, as it was.
    pub fn typed(&self, name: &str) -> &str {
        self.typed.get(name).and_then(|values| values.first()).map_or("", String::as_str)
    }

    /// All texts typed into `name`.
    pub fn typed_all(&self, name: &str) -> &[String] {
        self.typed.get(name).map_or(&[], Vec::as_slice)
    }

    /// Whether `name` was sent at all.
    pub fn has(&self, name: &str) -> bool {
        self.typed.contains_key(name)
    }

    /// Everything that was typed, for drafts and digests.
    pub fn entries(&self) -> impl Iterator<Item = (&str, &[String])> {
        self.typed.iter().map(|(name, values)| (name.as_str(), values.as_slice()))
    }

    /// Takes out entries that belong to the page and not to the deed.
    pub fn forget(&mut self, names: &[&str]) {
        for name in names {
            self.typed.remove(*name);
        }
    }

    /// The version of the record the person was looking at.
    ///
    /// # Errors
    /// A refusal when what stands there is no version: a form that has lost it would overwrite what others wrote.
    pub fn version(&self) -> Result<Option<i64>> {
        let text = self.typed("version");
        if text.is_empty() {
            return Ok(None);
        }
        text.parse().map(Some).map_err(|_| Refusal::bad_request(WITHOUT_VERSION).into())
    }

    /// Refuses what came from outside and changes a record's content without saying which version it is about.
    pub fn demand_version(&self, deed: &Deed, id: Option<Uuid>) -> Result<()> {
        if self.version()?.is_none() && id.is_some() && deed.key == EDIT {
            return Err(Refusal::bad_request(WITHOUT_VERSION).into());
        }
        Ok(())
    }

    /// Reads every field into its type.
    ///
    /// # Errors
    /// A refusal with one sentence for each field that cannot be accepted.
    pub async fn check(&mut self, cx: &Cx, fields: &[Field]) -> Result<()> {
        let mut errors = Vec::new();
        for field in fields {
            if let Kind::Rows(columns) = &field.kind {
                let rows = Box::pin(self.check_rows(cx, field, columns, &mut errors)).await?;
                self.rows.insert(field.name, rows);
                continue;
            }
            match self.read_field(cx, field).await? {
                Ok(Some(read)) => {
                    self.read.insert(field.name, read);
                }
                Ok(None) => {
                    self.read.remove(field.name);
                }
                Err(sentence) => errors.push((field.name.to_owned(), sentence)),
            }
        }
        if errors.is_empty() {
            return Ok(());
        }
        let mut refusal =
            Refusal::new(Reason::Invalid, format!("有 {} 处需要改正，已填写的内容都还在。", errors.len()));
        refusal.fields = errors;
        Err(refusal.into())
    }

    /// Refuses names that no field has; the API is strict where a page may carry more.
    pub fn check_names(&self, fields: &[Field]) -> Result<()> {
        let known = |name: &str| {
            let stem = name.split('.').next().unwrap_or(name);
            SYSTEM_FIELDS.contains(&name) || fields.iter().any(|field| field.name == stem)
        };
        match self.typed.keys().find(|name| !known(name)) {
            Some(name) => Err(Refusal::bad_request(format!("没有名为 {name} 的字段。")).into()),
            None => Ok(()),
        }
    }

    async fn check_rows(
        &self,
        cx: &Cx,
        field: &Field,
        columns: &[Field],
        errors: &mut Vec<(String, String)>,
    ) -> Result<Vec<Form>> {
        let mut rows: BTreeMap<u32, Form> = BTreeMap::new();
        let prefix = format!("{}.", field.name);
        for (name, values) in &self.typed {
            let Some((at, column)) = name.strip_prefix(&prefix).and_then(|rest| rest.split_once('.')) else {
                continue;
            };
            let Ok(at) = at.parse::<u32>() else { continue };
            rows.entry(at).or_default().typed.insert(column.to_owned(), values.clone());
        }
        rows.retain(|_, row| row.typed.values().flatten().any(|text| !text.trim().is_empty()));
        if rows.len() > 500 {
            errors.push((field.name.to_owned(), String::from("一次最多填写 500 行")));
            return Ok(Vec::new());
        }
        if field.required && rows.is_empty() {
            errors.push((field.name.to_owned(), format!("请至少填写一行{}", field.label)));
        }
        for (at, row) in &mut rows {
            if let Err(error) = row.check(cx, columns).await {
                let crate::Error::Refusal(refusal) = error else { return Err(error) };
                let named = |(name, text): (String, String)| (format!("{}.{at}.{name}", field.name), text);
                errors.extend(refusal.fields.into_iter().map(named));
            }
        }
        Ok(rows.into_values().collect())
    }

    async fn read_field(&self, cx: &Cx, field: &Field) -> Result<std::result::Result<Option<Read>, String>> {
        if matches!(field.kind, Kind::Files) {
            let missing = field.required && self.files.is_empty();
            return Ok(if missing { Err(format!("请选择{}", field.label)) } else { Ok(None) });
        }
        if matches!(field.kind, Kind::Flag) {
            return Ok(read_flag(field, self.typed(field.name)).map(Some));
        }
        if let Kind::PickMany(noun) = field.kind {
            return self.read_many(cx, field, noun).await;
        }
        if let Kind::DictMany(kind) = field.kind {
            return self.read_codes(cx, field, kind).await;
        }
        let raw = self.typed(field.name);
        let text = if matches!(field.kind, Kind::Password) { raw } else { raw.trim() };
        if text.is_empty() {
            return Ok(if field.required { Err(format!("请填写{}", field.label)) } else { Ok(None) });
        }
        if let Err(sentence) = check_text(text, field) {
            return Ok(Err(sentence));
        }
        Ok(match &field.kind {
            Kind::Dict(kind) => match dictionary::find(cx, kind, text).await? {
                Some(item) => Ok(Some(Read::Text(item.code))),
                None => Err(format!("“{text}”不在{}的选项中", field.label)),
            },
            Kind::Pick(noun) => match crate::lookup::record(cx, noun, text).await? {
                Ok(id) => Ok(Some(Read::Ids(vec![id]))),
                Err(sentence) => Err(sentence),
            },
            kind => read_plain(kind, field, text).map(Some),
        })
    }

    async fn read_many(
        &self,
        cx: &Cx,
        field: &Field,
        noun: &'static str,
    ) -> Result<std::result::Result<Option<Read>, String>> {
        let mut ids = Vec::new();
        for text in self.typed_all(field.name).iter().map(|text| text.trim()).filter(|text| !text.is_empty())
        {
            if ids.len() >= 1_000 {
                return Ok(Err(format!("{}一次最多选择 1000 个", field.label)));
            }
            if let Err(sentence) = check_text(text, field) {
                return Ok(Err(sentence));
            }
            match crate::lookup::record(cx, noun, text).await? {
                Ok(id) if ids.contains(&id) => {}
                Ok(id) => ids.push(id),
                Err(sentence) => return Ok(Err(sentence)),
            }
        }
        Ok(if ids.is_empty() && field.required {
            Err(format!("请选择{}", field.label))
        } else {
            Ok(Some(Read::Ids(ids)))
        })
    }

    async fn read_codes(
        &self,
        cx: &Cx,
        field: &Field,
        kind: &'static str,
    ) -> Result<std::result::Result<Option<Read>, String>> {
        let mut codes: Vec<String> = Vec::new();
        // Ledgers write several values into one cell.
        let typed =
            self.typed_all(field.name).iter().flat_map(|text| text.split(['、', '，', ',', '；', ';']));
        for text in typed.map(str::trim).filter(|text| !text.is_empty()) {
            match dictionary::find(cx, kind, text).await? {
                Some(item) if codes.contains(&item.code) => {}
                Some(item) => codes.push(item.code),
                None => return Ok(Err(format!("“{text}”不在{}的选项中", field.label))),
            }
        }
        Ok(if codes.is_empty() && field.required {
            Err(format!("请选择{}", field.label))
        } else {
            Ok(Some(Read::Codes(codes)))
        })
    }

    fn get(&self, name: &str) -> Option<&Read> {
        self.read.get(name)
    }

    /// The text of a field; empty when nothing was entered.
    pub fn text(&self, name: &str) -> String {
        match self.get(name) {
            Some(Read::Text(text)) => text.clone(),
            _ => String::new(),
        }
    }

    /// The text of a field, when something was entered.
    pub fn optional(&self, name: &str) -> Option<String> {
        Some(self.text(name)).filter(|text| !text.is_empty())
    }

    /// The day of a field.
    pub fn date(&self, name: &str) -> Option<NaiveDate> {
        match self.get(name) {
            Some(Read::Date(day)) => Some(*day),
            _ => None,
        }
    }

    /// The number of a field.
    pub fn integer(&self, name: &str) -> Option<i64> {
        match self.get(name) {
            Some(Read::Number(number)) => Some(*number),
            _ => None,
        }
    }

    /// The money of a field.
    pub fn money(&self, name: &str) -> Option<Fen> {
        self.integer(name).map(Fen)
    }

    /// The area of a field.
    pub fn area(&self, name: &str) -> Option<Area> {
        self.integer(name).map(Area)
    }

    /// Whether a yes-or-no field says yes.
    pub fn flag(&self, name: &str) -> bool {
        matches!(self.get(name), Some(Read::Flag(true)))
    }

    /// The enumeration's value of a field.
    pub fn choice<T: Labelled>(&self, name: &str) -> Option<T> {
        match self.get(name) {
            Some(Read::Text(code)) => T::parse(code),
            _ => None,
        }
    }

    /// The record picked in a field.
    pub fn id<T: From<Uuid>>(&self, name: &str) -> Option<T> {
        match self.get(name) {
            Some(Read::Ids(ids)) => ids.first().copied().map(T::from),
            _ => None,
        }
    }

    /// The records picked in a field.
    pub fn ids<T: From<Uuid>>(&self, name: &str) -> Vec<T> {
        match self.get(name) {
            Some(Read::Ids(ids)) => ids.iter().copied().map(T::from).collect(),
            _ => Vec::new(),
        }
    }

    /// The dictionary's codes chosen in a field.
    pub fn codes(&self, name: &str) -> Vec<String> {
        match self.get(name) {
            Some(Read::Codes(codes)) => codes.clone(),
            _ => Vec::new(),
        }
    }

    /// The lines of a row editor.
    pub fn rows(&self, name: &str) -> &[Form] {
        self.rows.get(name).map_or(&[], Vec::as_slice)
    }

    /// The day of a field that must hold one.
    pub fn need_date(&self, name: &str) -> Result<NaiveDate> {
        self.date(name).ok_or_else(|| missing(name))
    }

    /// The number of a field that must hold one.
    pub fn need_integer(&self, name: &str) -> Result<i64> {
        self.integer(name).ok_or_else(|| missing(name))
    }

    /// The value of a field that must hold one.
    pub fn need_choice<T: Labelled>(&self, name: &str) -> Result<T> {
        self.choice(name).ok_or_else(|| missing(name))
    }

    /// The record of a field that must hold one.
    pub fn need_id<T: From<Uuid>>(&self, name: &str) -> Result<T> {
        self.id(name).ok_or_else(|| missing(name))
    }
}

fn missing(name: &str) -> crate::Error {
    Refusal::field(name, "此项必填").into()
}

fn decode(bytes: &[u8]) -> Result<String> {
    let spaced: Vec<u8> = bytes.iter().map(|&byte| if byte == b'+' { b' ' } else { byte }).collect();
    let decoded: Vec<u8> = percent_encoding::percent_decode(&spaced).collect();
    String::from_utf8(decoded)
        .map_err(|_| Refusal::bad_request("表单内容不是有效的 UTF-8 文字，没有处理。").into())
}

fn check_text(text: &str, field: &Field) -> std::result::Result<(), String> {
    if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
        return Err(format!("{}含有不可见的控制字符，请删除后再提交", field.label));
    }
    let length = text.chars().count();
    if length > field.max {
        return Err(format!("{}最多 {} 个字，现在有 {length} 个字", field.label, field.max));
    }
    Ok(())
}

/// Yes or no, as pages, programs and ledgers write it; what is neither is not taken for no.
fn read_flag(field: &Field, typed: &str) -> std::result::Result<Read, String> {
    match typed.trim().to_ascii_lowercase().as_str() {
        "1" | "on" | "true" | "yes" | "是" | "√" => Ok(Read::Flag(true)),
        "" | "0" | "off" | "false" | "no" | "否" | "×" => Ok(Read::Flag(false)),
        _ => Err(format!("{}只能填写“是”或“否”", field.label)),
    }
}

fn read_plain(kind: &Kind, field: &Field, text: &str) -> std::result::Result<Read, String> {
    let label = field.label;
    match kind {
        Kind::Date => clock::parse_day(text)
            .map(Read::Date)
            .ok_or_else(|| format!("{label}应是一个存在的日期，如 2023-06-30")),
        Kind::Money => Fen::from_yuan(text)
            .map(|fen| Read::Number(fen.0))
            .ok_or_else(|| format!("{label}应填数字，以元为单位，最多两位小数，如 12800.50")),
        Kind::Area => Area::from_square_metres(text)
            .map(|area| Read::Number(area.0))
            .ok_or_else(|| format!("{label}应是面积（㎡），最多四位小数")),
        Kind::Integer { min, max } => units::parse_decimal(text, 1)
            .filter(|number| (min..=max).contains(&number))
            .map(Read::Number)
            .ok_or_else(|| format!("{label}应是 {min} 到 {max} 之间的整数")),
        Kind::Choice(choices) => choices
            .iter()
            .find(|choice| choice.code == text || choice.label == text)
            .map(|choice| Read::Text(choice.code.to_owned()))
            .ok_or_else(|| format!("“{text}”不在{label}的选项中")),
        Kind::Options(options) => options
            .iter()
            .find(|(code, words)| code == text || words == text)
            .map(|(code, _)| Read::Text(code.clone()))
            .ok_or_else(|| format!("“{text}”不在{label}的选项中")),
        _ => Ok(Read::Text(text.replace("\r\n", "\n"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn broken_utf8_is_refused_with_a_sentence() {
        assert!(Form::from_urlencoded(b"a=%ff%fe").is_err());
    }

    #[test]
    fn a_yes_or_no_that_is_neither_is_refused_and_not_taken_for_no() {
        let field = Field::new("key", "重点问题", Kind::Flag);
        for (typed, read) in
            [("1", true), ("TRUE", true), ("是", true), ("", false), ("false", false), ("否", false)]
        {
            assert_eq!(read_flag(&field, typed), Ok(Read::Flag(read)), "{typed}");
        }
        for typed in ["xxx", "2", "1.5", "是的"] {
            assert!(read_flag(&field, typed).is_err(), "{typed}");
        }
    }

    #[test]
    fn a_date_that_does_not_exist_is_not_read() {
        let field = Field::date("on", "日期");
        assert!(read_plain(&Kind::Date, &field, "2023-02-30").is_err());
        assert!(read_plain(&Kind::Date, &field, "0000-01-01").is_err());
        assert!(read_plain(&Kind::Date, &field, "9999-01-01").is_err());
    }

    #[test]
    fn a_nul_in_a_text_is_refused() {
        assert!(check_text("a\0b", &Field::line("t", "标题")).is_err());
    }

    #[test]
    fn rows_come_from_numbered_names_and_from_json_lists_alike() {
        let typed = Form::from_urlencoded("item.0.text=甲&item.1.text=乙".as_bytes()).unwrap();
        let json =
            Form::from_json(&serde_json::json!({ "item": [{ "text": "甲" }, { "text": "乙" }] })).unwrap();
        assert_eq!(typed.typed, json.typed);
    }
}
