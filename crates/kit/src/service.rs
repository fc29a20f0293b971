//! A slice's description of itself: its list, its record page, its deeds. Pages, the JSON API, the
//! OpenAPI document, imports and the exhaustive tests are all made from it, so none can lag behind.

use db::Sql;
use futures_util::future::BoxFuture;
use uuid::Uuid;

use crate::{
    Actor, Choice, Cx, Governed, Pred, Result, Shown, WriteCx, files,
    form::{Field, Form},
    jobs, labelled,
    table::Table,
    web::Query,
};

labelled! {
    /// Groups of the navigation, in the order of the office's work.
    pub enum Group: "导航" {
        /// Terms, coverage, rounds.
        Plan = "plan" => "计划", Grey;
        /// Preparing a round.
        Prepare = "prepare" => "准备", Grey;
        /// Work on site.
        Fieldwork = "fieldwork" => "了解", Grey;
        /// Reports and decisions.
        Report = "report" => "报告", Grey;
        /// Feedback and rectification.
        Rectify = "rectify" => "反馈整改", Grey;
        /// Transfers to other bodies.
        Transfer = "transfer" => "移交", Grey;
        /// Use of results.
        Results = "results" => "成果", Grey;
        /// Guidance of districts.
        District = "district" => "区级", Grey;
        /// Supervision models.
        Models = "models" => "数据模型", Grey;
        /// Figures and the annual review.
        Figures = "figures" => "统计", Grey;
        /// Archive.
        Archive = "archive" => "档案", Grey;
        /// Administration.
        Admin = "admin" => "管理", Grey;
    }
}

impl Group {
    /// Icon beside the heading.
    pub fn icon(self) -> &'static str {
        match self {
            Self::Plan => "calendar-event",
            Self::Prepare => "users",
            Self::Fieldwork => "clipboard-list",
            Self::Report => "file-text",
            Self::Rectify => "checks",
            Self::Transfer => "send",
            Self::Results => "trophy",
            Self::District => "map-pin",
            Self::Models => "network",
            Self::Figures => "chart-bar",
            Self::Archive => "archive",
            Self::Admin => "settings",
        }
    }
}

labelled! {
    /// How closely a thing is kept.
    pub enum Secrecy: "密级" {
        /// For everybody.
        Open = "open" => "公开", Grey;
        /// For those who work with it.
        Internal = "internal" => "内部", Grey;
        /// For few; reading is recorded and watermarked.
        Sensitive = "sensitive" => "敏感", Orange;
        /// Encrypted at rest; opening asks a reason and is recorded.
        Sealed = "sealed" => "密封", Red;
    }
}

/// The future of a read or a deed.
pub type Work<'a, T> = BoxFuture<'a, Result<T>>;
/// Makes the fields of a deed's form, filled with what is stored.
pub type FieldsOf = for<'a> fn(&'a Cx, Option<Uuid>) -> Work<'a, Vec<Field>>;
/// What a form takes over from what the address names, such as the record it is made from: values by field.
pub type Fill = for<'a> fn(&'a Cx, &'a Query) -> Work<'a, Vec<(&'static str, String)>>;
/// Does a deed.
pub type Run = for<'a> fn(&'a mut WriteCx, Option<Uuid>, &'a Form) -> Work<'a, Outcome>;
/// Makes the record page.
pub type Show = for<'a> fn(&'a Cx, Uuid) -> Work<'a, RecordView>;

/// What a deed led to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Noun of the record to show next.
    pub noun: &'static str,
    /// That record.
    pub id: Uuid,
    /// What to tell the person.
    pub message: String,
}

impl Outcome {
    /// Shows `id` of `noun` next.
    pub fn new(noun: &'static str, id: impl Into<Uuid>, message: impl Into<String>) -> Self {
        Self { noun, id: id.into(), message: message.into() }
    }
}

/// Where a deed is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum At {
    /// On the list: it makes a new record.
    List,
    /// On a record.
    Record,
}

/// How a deed's button looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// The one next step.
    Primary,
    /// Beside it.
    Plain,
    /// Cannot be taken back.
    Danger,
}

/// A deed as pages and API offer it.
#[derive(Clone, Copy)]
pub struct Deed {
    /// Code, and path segment.
    pub key: &'static str,
    /// What the button says.
    pub label: &'static str,
    /// Where it is done.
    pub at: At,
    /// How the button looks.
    pub weight: Weight,
    /// What happens next, said in the dialog.
    pub next: &'static str,
    /// Whether it can be done to many records at once.
    pub bulk: bool,
    /// Whether it opens what is sealed in the record, asking a reason of its own: the page itself shows
    /// nothing sealed before, and needs no reason.
    pub opens: bool,
    /// Its form.
    pub fields: FieldsOf,
    /// What its form takes over from the address.
    pub fill: Option<Fill>,
    /// Doing it.
    pub run: Run,
}

impl Deed {
    /// A deed that makes a new record.
    pub const fn create(label: &'static str, fields: FieldsOf, run: Run) -> Self {
        Self {
            key: "create",
            label,
            at: At::List,
            weight: Weight::Primary,
            next: "",
            bulk: false,
            opens: false,
            fields,
            fill: None,
            run,
        }
    }

    /// A deed on a record.
    pub const fn on(key: &'static str, label: &'static str, fields: FieldsOf, run: Run) -> Self {
        Self {
            key,
            label,
            at: At::Record,
            weight: Weight::Plain,
            next: "",
            bulk: false,
            opens: false,
            fields,
            fill: None,
            run,
        }
    }

    /// The one next step.
    #[must_use]
    pub const fn primary(mut self) -> Self {
        self.weight = Weight::Primary;
        self
    }

    /// Cannot be taken back.
    #[must_use]
    pub const fn danger(mut self) -> Self {
        self.weight = Weight::Danger;
        self
    }

    /// What happens next.
    #[must_use]
    pub const fn next(mut self, next: &'static str) -> Self {
        self.next = next;
        self
    }

    /// Takes over what `fill` finds for the address of the form.
    #[must_use]
    pub const fn filled(mut self, fill: Fill) -> Self {
        self.fill = Some(fill);
        self
    }

    /// Opens what is sealed, with a reason of its own.
    #[must_use]
    pub const fn opens(mut self) -> Self {
        self.opens = true;
        self
    }

    /// Can be done to many records at once.
    #[must_use]
    pub const fn bulk(mut self) -> Self {
        self.bulk = true;
        self
    }
}

/// A form without fields.
pub fn no_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async { Ok(Vec::new()) })
}

/// The record a deed is done to; a deed on a list has none, which is a fault of ours.
pub fn target<T: From<Uuid>>(id: Option<Uuid>) -> Result<T> {
    id.map(T::from).ok_or_else(|| crate::Error::Fault(String::from("a deed on a record without record")))
}

/// One line of a record's facts.
#[derive(Clone, Debug)]
pub struct Fact {
    /// Name in JSON.
    pub key: &'static str,
    /// Chinese label.
    pub label: &'static str,
    /// The value.
    pub value: Shown,
    /// Spans both columns.
    pub wide: bool,
}

/// What hangs on a record.
#[derive(Clone, Debug)]
pub enum Tab {
    /// Records of another noun that fulfil a condition.
    Related {
        /// Key in the address.
        key: &'static str,
        /// Chinese label.
        label: &'static str,
        /// Noun of the records.
        noun: &'static str,
        /// Which ones.
        condition: Pred,
        /// Query that fills the form of a new one, such as `problem=ID`, or the whole address of another form,
        /// beginning with `/`; none when none can be made here.
        create: Option<String>,
    },
    /// A piece of page made by the slice.
    Html {
        /// Key in the address.
        key: &'static str,
        /// Chinese label.
        label: &'static str,
        /// The markup, already escaped.
        html: String,
    },
    /// Files attached to the record; some can be added where the service has [`files::attach_deed`].
    Files,
}

/// A record as its page and the API show it.
#[derive(Clone, Debug)]
pub struct RecordView {
    /// Its title.
    pub title: String,
    /// Its number.
    pub number: String,
    /// Where it stands.
    pub state: Option<Choice>,
    /// How closely it is kept.
    pub secrecy: Secrecy,
    /// Its version, for edits.
    pub version: i64,
    /// Its facts.
    pub facts: Vec<Fact>,
    /// The deeds open to this person now.
    pub deeds: Vec<&'static str>,
    /// Those of them that are somebody else's next step: this person may do them for others, and is not asked to.
    pub for_others: Vec<&'static str>,
    /// What hangs on it.
    pub tabs: Vec<Tab>,
    /// Whether this person may add files now; when the slice does not say, whoever has a deed open to them may.
    pub may_attach: Option<bool>,
    /// The clock that runs: label and value.
    pub clock: Option<(&'static str, Shown)>,
    /// Who has to do with it: name and part.
    pub people: Vec<(String, &'static str)>,
    /// How much of its history this person is told.
    pub told: Told,
}

/// How much of its history a record tells whoever reads it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Told {
    /// All of it.
    #[default]
    Whole,
    /// From this deed on, by which the person came to know of the record; what others did with it before is theirs.
    Since(&'static str),
    /// These deeds and no others.
    Only(Vec<&'static str>),
}

impl RecordView {
    /// A record called `title`.
    pub fn new(title: impl Into<String>, version: i64) -> Self {
        Self {
            title: title.into(),
            number: String::new(),
            state: None,
            secrecy: Secrecy::Internal,
            version,
            facts: Vec::new(),
            deeds: Vec::new(),
            for_others: Vec::new(),
            tabs: Vec::new(),
            may_attach: None,
            clock: None,
            people: Vec::new(),
            told: Told::Whole,
        }
    }

    /// Adds a fact.
    #[must_use]
    pub fn fact(mut self, key: &'static str, label: &'static str, value: Shown) -> Self {
        let wide = matches!(value, Shown::Long(_));
        self.facts.push(Fact { key, label, value, wide });
        self
    }

    /// Files hang on it; this person `may` add some now. The service also needs [`files::attach_deed`].
    #[must_use]
    pub fn takes_files(mut self, may: bool) -> Self {
        self.tabs.push(Tab::Files);
        self.may_attach = Some(may);
        self
    }

    /// Adds records of another noun.
    #[must_use]
    pub fn related(
        mut self,
        key: &'static str,
        label: &'static str,
        noun: &'static str,
        condition: Pred,
        create: Option<String>,
    ) -> Self {
        self.tabs.push(Tab::Related { key, label, noun, condition, create });
        self
    }
}

/// Work that waits for a person: records that fulfil a condition.
#[derive(Clone, Copy)]
pub struct Waiting {
    /// Heading on the home page.
    pub label: &'static str,
    /// Which records wait for `actor` on `day`; [`Pred::Nothing`] when none can.
    pub condition: fn(&Actor, chrono::NaiveDate) -> Pred,
    /// Key of the deadline's column.
    pub due: Option<&'static str>,
}

/// A slice's description of itself.
pub struct Service {
    /// Path segment: plural, snake_case.
    pub noun: &'static str,
    /// Chinese name.
    pub label: &'static str,
    /// The database table that holds the records.
    pub table: &'static str,
    /// Where it stands in the navigation.
    pub group: Group,
    /// Whether it stands in the navigation at all.
    pub listed: bool,
    /// Icon beside the entry.
    pub icon: &'static str,
    /// How closely its records are kept.
    pub secrecy: Secrecy,
    /// One sentence under the heading of the list.
    pub about: &'static str,
    /// The list.
    pub list: Table,
    /// What an actor can see by his posts; [`Service::scope`] is what limits statements.
    pub visible: fn(&Actor) -> Pred,
    /// The record page.
    pub show: Show,
    /// The deeds.
    pub deeds: Vec<Deed>,
    /// Who is offered the making of a new record.
    pub creates: fn(&Actor) -> bool,
    /// Work that waits.
    pub waiting: Vec<Waiting>,
    /// States and permissions for the printed tables; none for nouns without states.
    pub governed: Option<Governed>,
}

impl Service {
    /// The deed named `key`.
    pub fn deed(&self, key: &str) -> Option<&Deed> {
        self.deeds.iter().find(|deed| deed.key == key)
    }

    /// Whether `actor` can see any of it.
    pub fn reachable(&self, actor: &Actor) -> bool {
        (self.visible)(actor) != Pred::Nothing
    }

    /// What `actor` can see of it: [`Service::visible`] without what the actor is barred from.
    pub fn scope(&self, actor: &Actor) -> Pred {
        (self.visible)(actor).and(actor.bars.beyond(self.table))
    }
}

/// A page outside the services: its own address, offered to some.
#[derive(Clone)]
pub struct Page {
    /// `GET` or `POST`.
    pub method: &'static str,
    /// The address, with `{id}`-like parts.
    pub path: &'static str,
    /// Chinese name.
    pub label: &'static str,
    /// Where it stands in the navigation, when it does.
    pub group: Option<Group>,
    /// Icon beside the entry.
    pub icon: &'static str,
    /// Who may open it.
    pub offered: fn(&Actor) -> bool,
    /// Open to people who are not signed in.
    pub public: bool,
    /// What answers.
    pub handler: axum::routing::MethodRouter<crate::App>,
}

/// What the document of the API says of a page that answers programs.
#[derive(Clone, Copy)]
pub struct Operation {
    /// `get` or `post`, of the same page.
    pub method: &'static str,
    /// The page's address.
    pub path: &'static str,
    /// What the operation goes by, for those who make programs from the document.
    pub name: &'static str,
    /// Chinese heading under which it stands.
    pub tag: &'static str,
    /// What it does, in a line.
    pub summary: &'static str,
    /// The JSON schema of what is sent; null for nothing.
    pub takes: fn() -> serde_json::Value,
    /// The JSON schema of the answer.
    pub answers: fn() -> serde_json::Value,
}

/// Everything the areas offer, put together by the program.
#[derive(Default)]
pub struct Registry {
    /// The services in the order of the work.
    pub services: Vec<Service>,
    /// Pages outside them.
    pub pages: Vec<Page>,
    /// Which of these pages answer programs, and how.
    pub operations: Vec<Operation>,
    /// Turns a session token into an actor, given by the area that keeps the accounts.
    pub identify: Option<Identify>,
    /// How many unread notices a person has.
    pub unread: Option<Unread>,
    /// Pages of later areas that a record of an earlier one leads to.
    pub beside: Vec<Beside>,
    /// Who somebody is today, for work that is done later in their name.
    pub person: Option<Person>,
    /// The kinds of jobs.
    pub jobs: Vec<jobs::Kind>,
    /// What a later area hangs on the records of every noun.
    pub hangs: Option<Hang>,
    /// Finds what an account must not have to do with, given by the area that decides on it.
    pub bars: Option<BarsOf>,
    /// Nouns that leave the navigation first where a group would be too long, the last of them before the others;
    /// the page of the group still names them.
    pub aside: &'static [&'static str],
    /// Nouns whose records people look for first when they search everything, the most sought first.
    pub sought: &'static [&'static str],
    /// Tables in which an organisation is only an address: the directory everybody may read.
    pub directory: &'static [&'static str],
    /// Looks at a PDF that a stranger made, apart from the program's own memory.
    pub apart: Option<Apart>,
}

/// A page that the record page of a noun leads to, though its area does not know of it.
#[derive(Clone, Copy)]
pub struct Beside {
    /// Noun of the record.
    pub noun: &'static str,
    /// What the link says.
    pub label: &'static str,
    /// The page's address for that record, for those who may open it.
    pub address: AddressOf,
}

/// Where a link leads for one record; nowhere for those who may not go there.
pub type AddressOf = for<'a> fn(&'a Cx, Uuid) -> Work<'a, Option<String>>;
/// A tab that a later area adds to the page of any record, when it has something for this person.
pub type Hang = for<'a> fn(&'a Cx, &'a Service, &'a RecordView, Uuid) -> Work<'a, Option<Tab>>;

/// Finds what an account must not have to do with.
pub type BarsOf = for<'a> fn(&'a Cx, Uuid) -> Work<'a, crate::access::Bars>;

/// Tells what a file is known by, as text; nothing when it cannot be read within the bounds it is read in.
pub type Apart = fn(&[u8]) -> Option<String>;

/// Counts a person's unread notices.
pub type Unread = for<'a> fn(&'a Cx) -> Work<'a, i64>;

/// Finds the person of an account with the posts that hold today; nobody when it is out of use.
pub type Person = for<'a> fn(&'a crate::App, Uuid) -> Work<'a, Option<Actor>>;

/// Finds who a session token belongs to.
pub type Identify = for<'a> fn(&'a crate::App, &'a str) -> BoxFuture<'a, Result<Option<Actor>>>;

impl Registry {
    /// The service of `noun`.
    pub fn service(&self, noun: &str) -> Option<&Service> {
        self.services.iter().find(|service| service.noun == noun)
    }

    /// The kind of jobs named `code`.
    pub fn job(&self, code: &str) -> Option<&jobs::Kind> {
        self.jobs.iter().find(|kind| kind.code == code)
    }
}

/// Whether `actor` can see record `id` of `noun`.
pub async fn can_see(cx: &Cx, noun: &str, id: Uuid) -> Result<bool> {
    let Some(service) = cx.app().registry().service(noun) else { return Ok(false) };
    let scope = service.scope(&cx.actor);
    if let Some(held) = &cx.held
        && let Some(is_seen) = held.lock().await.fulfils(service.table, id, &scope)
    {
        return Ok(is_seen);
    }
    let mut sql = Sql::new("select count(*) from ");
    sql.push(service.table).push(" t where t.id = ").bind(id).push(" and ");
    scope.write("t", &mut sql);
    Ok(cx.number(sql).await? > 0)
}

/// Appends ` and …` so that rows which refer to a record by noun and id are left out when the actor is
/// barred from that record. Nothing is appended for whoever is barred from nothing.
pub fn write_unbarred(cx: &Cx, noun: &str, record: &str, sql: &mut Sql) {
    for service in &cx.app().registry().services {
        let beyond = cx.actor.bars.beyond(service.table);
        if beyond == Pred::All {
            continue;
        }
        sql.push(" and (").push(noun).push(" <> ").bind(service.noun).push(" or ").push(record);
        sql.push(" is null or ").push(record).push(" in (select t.id from ").push(service.table);
        sql.push(" t where ");
        beyond.write("t", sql);
        sql.push("))");
    }
}

/// Stores the files of a form with a record; a deed with a file field calls it.
pub async fn keep_files(
    cx: &mut WriteCx,
    noun: &'static str,
    record: impl Into<Uuid>,
    form: &Form,
) -> Result<()> {
    let record = record.into();
    for upload in &form.files {
        files::attach(cx, noun, record, upload, "").await?;
    }
    Ok(())
}

/// The codes of `T`'s deeds that a page may offer, for services without a [`crate::Lifecycle`].
pub fn deed_codes<T: crate::Labelled>() -> Vec<&'static str> {
    T::ALL.iter().map(|deed| deed.code()).collect()
}
