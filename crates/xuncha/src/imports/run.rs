//! Trying and storing the rows of a ledger: one transaction, through the deeds of the slices.

use std::{
    collections::{HashMap, HashSet, VecDeque},
    sync::{Arc, OnceLock},
};

use db::Sql;
use kit::{
    Actor, App, Error, Field, Form, Refusal, Result, Service, WriteCx, error::Reason, form::Kind as Holds,
    jobs::Progress, perform,
};
use uuid::Uuid;

use super::{
    Kind, To, batches,
    compare::{Compared, compare},
    ledger::{Choices, Ledger},
    memo::{Memo, plain},
    report::{Difference, Fate, Report},
    row::{CellValue, Fault, Filled, On, Row, Step, Target},
    words,
};

/// A ledger with what is to be done with it.
#[derive(Clone)]
pub struct Plan {
    /// The kind of ledger.
    pub kind: &'static Kind,
    /// The recognised file.
    pub ledger: Arc<Ledger>,
    /// Whether records that are there are brought to what the file says.
    pub update: bool,
}

impl Plan {
    /// Reads a file with what was chosen about it.
    pub fn read(app: &App, kind: &'static Kind, name: &str, bytes: &[u8], choices: &Choices) -> Result<Self> {
        let today = app.clock().day(app.clock().now());
        let ledger = super::ledger::read(kind, name, bytes, choices, today)?;
        Ok(Self { kind, ledger: Arc::new(ledger), update: choices.update })
    }
}

/// Tries every row and keeps nothing.
pub async fn preview(app: &App, actor: &Arc<Actor>, plan: &Plan) -> Result<Report> {
    run(app, actor, plan, false, &Progress::unwatched()).await
}

/// Stores every row that is new (and, when the plan says so, every change), or nothing when one row
/// is refused.
pub async fn commit(app: &App, actor: &Arc<Actor>, plan: &Plan, progress: &Progress) -> Result<Report> {
    run(app, actor, plan, true, progress).await
}

async fn run(app: &App, actor: &Arc<Actor>, plan: &Plan, keep: bool, progress: &Progress) -> Result<Report> {
    if !plan.kind.is_offered(app, actor) {
        return Err(Refusal::forbidden(&format!("导入{}", plan.kind.label)).into());
    }
    let report = Report::of(plan.kind, &plan.ledger);
    if !plan.ledger.is_understood() {
        return Ok(report);
    }
    match attempt(app, actor, plan, &report, keep, progress, Storing::Together).await? {
        Some(report) => Ok(report),
        // Some record is not taken by the database. One by one, the row that brings it is named.
        None => attempt(app, actor, plan, &report, keep, progress, Storing::OneByOne)
            .await?
            .ok_or_else(|| Error::Fault(String::from("an import without report"))),
    }
}

/// How new records go into the database.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Storing {
    /// Some hundred to a statement.
    Together,
    /// Each with its row.
    OneByOne,
}

/// All rows in one transaction; nothing when records could not be stored together.
async fn attempt(
    app: &App,
    actor: &Arc<Actor>,
    plan: &Plan,
    report: &Report,
    keep: bool,
    progress: &Progress,
    storing: Storing,
) -> Result<Option<Report>> {
    // The transaction of a trial ends with an error, so that nothing of it remains; what was found
    // out comes back through this cell.
    let found = Arc::new(OnceLock::new());
    let (plan, told, progress, report) = (plan.clone(), Arc::clone(&found), progress.clone(), report.clone());
    let outcome = app
        .write(actor, |cx| {
            Box::pin(async move {
                if storing == Storing::Together {
                    cx.hold_back();
                }
                let outcome = Run::begin(cx, &plan).await?.all(cx, report, keep, &progress).await;
                if cx.failed_together().await {
                    let _ = told.set(None);
                }
                let report = outcome?;
                let stored = report.committed;
                let _ = told.set(Some(report));
                if stored { Ok(()) } else { Err(Refusal::new(Reason::Conflict, "trial").into()) }
            })
        })
        .await;
    match (outcome, Arc::into_inner(found).and_then(OnceLock::into_inner)) {
        (_, Some(None)) => Ok(None),
        (Ok(()), Some(Some(report))) => Ok(Some(report)),
        (Err(_), Some(Some(report))) if !report.committed => Ok(Some(report)),
        (Err(error), _) => Err(error),
        (Ok(()), None) => Err(Error::Fault(String::from("an import without report"))),
    }
}

/// One run over the rows.
struct Run<'p> {
    plan: &'p Plan,
    app: App,
    memo: Memo,
    /// Rows that earlier batches brought.
    imported: HashMap<String, batches::Known>,
    /// Existing records by the number or title the file gives.
    by_name: HashMap<String, Uuid>,
    /// The form that makes a record.
    form: Vec<Field>,
    /// Titles of rows still to come, which others may refer to.
    to_come: HashMap<String, usize>,
    /// Keys of rows already seen, with their row and content.
    seen: HashMap<String, (u32, String)>,
    kept: Vec<batches::Kept>,
}

impl<'p> Run<'p> {
    async fn begin(cx: &WriteCx, plan: &'p Plan) -> Result<Self> {
        let app = cx.app().clone();
        let keys: Vec<String> =
            plan.ledger.rows.iter().filter_map(|row| key_digest(&app, plan.kind, row)).collect();
        let imported = batches::known(cx, plan.kind, &keys).await?;
        let by_name = existing_by_name(cx, plan).await?;
        let form = match service(&app, plan.kind.noun)?.deed("create") {
            Some(create) => (create.fields)(cx, None).await?,
            None => Vec::new(),
        };
        let mut to_come = HashMap::new();
        for title in plan.ledger.rows.iter().filter_map(|row| title(plan.kind, row)) {
            *to_come.entry(title).or_default() += 1;
        }
        Ok(Self {
            plan,
            app,
            memo: Memo::default(),
            imported,
            by_name,
            form,
            to_come,
            seen: HashMap::new(),
            kept: Vec::new(),
        })
    }

    /// Works through all rows; a row that refers to a later one waits for it.
    async fn all(
        mut self,
        cx: &mut WriteCx,
        mut report: Report,
        keep: bool,
        progress: &Progress,
    ) -> Result<Report> {
        let mut fates: Vec<(u32, Fate)> = Vec::with_capacity(self.plan.ledger.rows.len());
        let mut waiting: VecDeque<&Row> = self.plan.ledger.rows.iter().collect();
        let mut put_back = 0;
        cx.begin_step().await?;
        while let Some(row) = waiting.pop_front() {
            if put_back < waiting.len() && self.must_wait(row) {
                waiting.push_back(row);
                put_back += 1;
                continue;
            }
            put_back = 0;
            progress.step(fates.len(), self.plan.ledger.rows.len())?;
            let fate = self.guarded(cx, row).await?;
            self.came(row);
            fates.push((row.number, fate));
        }
        cx.store_held().await?;
        fates.sort_by_key(|(row, _)| *row);
        for (row, fate) in fates {
            report.count(row, fate);
        }
        let notes = std::mem::take(&mut self.memo.notes);
        report.notes.extend(notes.into_iter().map(|(sentence, rows)| format!("{rows} 行：{sentence}")));
        if keep && report.is_clean() && report.stored_rows() > 0 {
            report.committed = true;
            report.batch = Some(cx.new_id());
            batches::store(cx, self.plan, &report, &self.memo.made, &self.kept).await?;
        }
        Ok(report)
    }

    fn must_wait(&self, row: &Row) -> bool {
        let own = title(self.plan.kind, row);
        self.plan.kind.columns.iter().any(|column| {
            let To::Pick { noun, .. } = column.to else { return false };
            let named = plain(&row.text(column.spec.key));
            noun == self.plan.kind.noun && own.as_ref() != Some(&named) && self.to_come.contains_key(&named)
        })
    }

    fn came(&mut self, row: &Row) {
        let Some(title) = title(self.plan.kind, row) else { return };
        if let Some(count) = self.to_come.get_mut(&title) {
            *count -= 1;
            if *count == 0 {
                self.to_come.remove(&title);
            }
        }
    }

    /// One row; what a refused one did is taken back, so that it cannot mislead the rows after it and
    /// the database goes on after a statement it refused.
    async fn guarded(&mut self, cx: &mut WriteCx, row: &Row) -> Result<Fate> {
        let made = self.memo.made.len();
        self.memo.row = row.number;
        let fate = match self.row(cx, row).await {
            Ok(fate) => fate,
            Err(Error::Refusal(refusal))
                if refusal.reason == Reason::Overloaded || cx.failed_together().await =>
            {
                return Err(refusal.into());
            }
            Err(Error::Refusal(refusal)) => Fate::Refused(self.faults(row, &refusal)),
            Err(fault) => return Err(fault),
        };
        match fate {
            Fate::Refused(_) => {
                self.memo.take_back(made);
                cx.undo_step().await?;
            }
            Fate::Accepted(_) | Fate::Updated(_) => {
                cx.begin_step().await?;
            }
            Fate::Unchanged | Fate::Differs(_) | Fate::Repeated(_) => {}
        }
        Ok(fate)
    }

    async fn row(&mut self, cx: &mut WriteCx, row: &Row) -> Result<Fate> {
        if !row.faults.is_empty() {
            let (filled, faults) = self.fill(cx, row).await?;
            return Ok(Fate::Refused(self.with_further(cx, row, filled, faults).await?));
        }
        let key = key_digest(&self.app, self.plan.kind, row);
        let content = content_digest(&self.app, row);
        if let Some(key) = &key {
            match self.seen.get(key) {
                Some((first, same)) if *same == content => return Ok(Fate::Repeated(*first)),
                Some((first, _)) => {
                    let reason = format!("与第 {first} 行说的是同一条，内容却不同，请只保留一行");
                    return Ok(Fate::Refused(vec![whole_row(row, &reason)]));
                }
                None => {
                    self.seen.insert(key.clone(), (row.number, content.clone()));
                }
            }
        }
        let known = key.as_ref().and_then(|key| self.imported.get(key)).cloned();
        if known.as_ref().is_some_and(|known| known.content == content) {
            return Ok(Fate::Unchanged);
        }
        let (filled, faults) = self.fill(cx, row).await?;
        if !faults.is_empty() {
            return Ok(Fate::Refused(self.with_further(cx, row, filled, faults).await?));
        }
        let mut targets = (self.plan.kind.complete)(cx, &mut self.memo, row, filled).await?;
        if let ([only], Some(known)) = (targets.as_mut_slice(), &known) {
            only.existing = only.existing.or(Some(known.record));
        }
        let (fate, first) = self.targets(cx, row, targets).await?;
        if let (Some(key), Some(record), Fate::Accepted(_) | Fate::Updated(_)) = (key, first, &fate) {
            self.kept.push(batches::Kept { key, content, record, row: row.number, cells: row.addresses() });
        }
        Ok(fate)
    }

    /// What the columns fill in, with names and words of dictionaries resolved, and every cell that cannot be taken.
    async fn fill(&mut self, cx: &WriteCx, row: &Row) -> Result<(Filled, Vec<Fault>)> {
        let mut filled = Filled::default();
        let mut faults = row.faults.clone();
        for column in self.plan.kind.columns {
            let Some(cell) = row.get(column.spec.key) else { continue };
            let read = match column.to {
                To::Field(field) => self.word(cx, field, cell).await?.map(|text| (field, text)),
                To::Pick { field, noun } => {
                    self.memo.resolve(cx, noun, &cell.typed()).await?.map(|id| (field, id.to_string()))
                }
                To::Number | To::Own | To::Told(_) => continue,
            };
            match read {
                Ok((field, text)) => filled.put(field, text),
                Err(reason) => faults.push(Fault {
                    address: cell.address.clone(),
                    column: column.spec.label.to_owned(),
                    written: cell.raw.clone(),
                    reason,
                }),
            }
        }
        filled.existing = self.existing(row);
        Ok((filled, faults))
    }

    /// What a cell fills into `field`: as it is written, and where a dictionary holds the words, as it has them.
    async fn word(
        &self,
        cx: &WriteCx,
        field: &str,
        cell: &CellValue,
    ) -> Result<std::result::Result<String, String>> {
        let text = cell.typed();
        match self.form.iter().find(|own| own.name == field).map(|own| (&own.kind, own.label)) {
            Some((Holds::Dict(kind), label)) if !text.is_empty() => {
                words::entry(cx, kind, label, &text).await
            }
            _ => Ok(Ok(text)),
        }
    }

    /// `faults` with what else stands against the row, so that a person corrects it once: what its deeds refuse
    /// of cells that could be read.
    async fn with_further(
        &mut self,
        cx: &mut WriteCx,
        row: &Row,
        filled: Filled,
        mut faults: Vec<Fault>,
    ) -> Result<Vec<Fault>> {
        let tried = match (self.plan.kind.complete)(cx, &mut self.memo, row, filled).await {
            Ok(targets) => self.targets(cx, row, targets).await.map(drop),
            Err(error) => Err(error),
        };
        match tried {
            Ok(()) => {}
            Err(Error::Refusal(refusal))
                if refusal.reason == Reason::Overloaded || cx.failed_together().await =>
            {
                return Err(refusal.into());
            }
            Err(Error::Refusal(refusal)) => {
                let known: HashSet<String> = faults.iter().map(|fault| fault.column.clone()).collect();
                let further = self.faults(row, &refusal).into_iter();
                faults.extend(further.filter(|fault| {
                    // Of a cell that could not be read the deed says that it is empty; of the whole row it may say
                    // what follows from that.
                    !fault.column.is_empty() && !known.contains(&fault.column)
                }));
            }
            Err(fault) => return Err(fault),
        }
        Ok(faults)
    }

    fn existing(&mut self, row: &Row) -> Option<Uuid> {
        let kind = self.plan.kind;
        if let Some(column) = kind.number() {
            let number = row.text(column.spec.key);
            if let Some(id) = self.by_name.get(&number) {
                return Some(*id);
            }
            if column.to == To::Number && !number.is_empty() {
                self.memo.note("台账编号在系统中没有对应记录，按新记录登记并由系统另行编号。");
            }
        }
        self.by_name.get(&row.text(kind.title?)).copied()
    }

    async fn targets(
        &mut self,
        cx: &mut WriteCx,
        row: &Row,
        targets: Vec<Target>,
    ) -> Result<(Fate, Option<Uuid>)> {
        let (mut accepted, mut differing, mut updated) = (false, Vec::new(), Vec::new());
        let mut first = None;
        for target in targets {
            let (id, fate) = self.target(cx, row, target).await?;
            first = first.or(Some(id));
            match fate {
                Fate::Accepted(_) => accepted = true,
                Fate::Differs(cells) => differing.extend(cells),
                Fate::Updated(cells) => updated.extend(cells),
                _ => {}
            }
        }
        let fate = match (accepted, differing.is_empty(), updated.is_empty()) {
            (true, _, true) => Fate::Accepted(differing),
            (_, _, false) => Fate::Updated(updated),
            (false, false, true) => Fate::Differs(differing),
            (false, true, true) => Fate::Unchanged,
        };
        Ok((fate, first))
    }

    async fn target(&mut self, cx: &mut WriteCx, row: &Row, target: Target) -> Result<(Uuid, Fate)> {
        let app = self.app.clone();
        let service = service(&app, self.plan.kind.noun)?;
        let (id, mut fate) = if let Some(id) = target.existing {
            (id, self.compared(cx, service, row, &target, id).await?)
        } else {
            let id = self.deed(cx, service, "create", None, &target.entries).await?;
            self.memo.note_made(service.noun, id, None);
            (id, Fate::Accepted(Vec::new()))
        };
        let is_new = target.existing.is_none();
        for step in target.steps.iter().filter(|step| is_new || step.always) {
            self.step(cx, &app, step, id).await?;
            if fate == Fate::Unchanged {
                fate = Fate::Accepted(Vec::new());
            }
        }
        Ok((id, fate))
    }

    async fn compared(
        &mut self,
        cx: &mut WriteCx,
        service: &Service,
        row: &Row,
        target: &Target,
        id: Uuid,
    ) -> Result<Fate> {
        if self.plan.kind.sealed {
            self.memo.note("已登记过，内容加密保存，没有比对，也没有改动。");
            return Ok(Fate::Unchanged);
        }
        let Some(compared) = compare(cx, self.plan.kind, service, row, target, id).await? else {
            return Ok(Fate::Unchanged);
        };
        if compared.changed.is_empty() {
            return Ok(Fate::Unchanged);
        }
        if !self.plan.update {
            return Ok(Fate::Differs(compared.differences));
        }
        let differences = compared.differences.clone();
        self.update(cx, service, id, compared).await?;
        Ok(Fate::Updated(differences))
    }

    async fn update(
        &mut self,
        cx: &mut WriteCx,
        service: &Service,
        id: Uuid,
        compared: Compared,
    ) -> Result<()> {
        let mut entries: Vec<(&str, String)> = compared
            .stored
            .iter()
            .filter(|(name, _)| !compared.changed.iter().any(|(changed, _)| changed == name))
            .map(|(name, value)| (name.as_str(), value.clone()))
            .collect();
        // Records that others rely on ask why they are changed.
        if compared.stored.get("reason").is_some_and(String::is_empty) {
            entries.retain(|(name, _)| *name != "reason");
            entries.push(("reason", format!("按导入的台账“{}”更新", self.plan.ledger.file)));
        }
        entries.extend(compared.changed.iter().map(|(name, value)| (*name, value.clone())));
        self.deed(cx, service, "edit", Some(id), &entries).await?;
        self.memo.note_made(service.noun, id, Some(compared.stored));
        Ok(())
    }

    async fn step(&mut self, cx: &mut WriteCx, app: &App, step: &Step, record: Uuid) -> Result<()> {
        let service = service(app, step.noun)?;
        let mut entries = step.entries.clone();
        entries.extend(step.record_field.map(|field| (field, record.to_string())));
        let on = match step.on {
            On::Record => Some(record),
            On::Other(id) => Some(id),
            On::List => None,
        };
        let id = self.deed(cx, service, step.deed, on, &entries).await?;
        if step.on == On::List {
            self.memo.note_made(service.noun, id, None);
        }
        Ok(())
    }

    async fn deed<N: AsRef<str>>(
        &self,
        cx: &mut WriteCx,
        service: &Service,
        deed: &str,
        id: Option<Uuid>,
        entries: &[(N, String)],
    ) -> Result<Uuid> {
        let deed =
            service.deed(deed).ok_or_else(|| Error::Fault(format!("{} has no deed {deed}", service.noun)))?;
        let mut form = Form::default();
        // Fields that hold several values keep them in one text; only few forms have any.
        let several = entries.iter().any(|(_, text)| text.starts_with('[') || text.contains(','));
        let fields = if several { (deed.fields)(cx, id).await? } else { Vec::new() };
        for (name, text) in entries {
            let name = name.as_ref();
            match fields.iter().find(|field| field.name == name).map(|field| &field.kind) {
                Some(Holds::Rows(_)) if !text.is_empty() => form.put_rows(name, text)?,
                Some(Holds::PickMany(_)) => text.split(',').for_each(|one| form.put(name, one)),
                _ => form.put(name, text.clone()),
            }
        }
        Ok(perform::run(cx, service, deed, id, &mut form, false).await?.id)
    }

    /// A deed's refusal, hung on the cells that filled the fields it names.
    fn faults(&self, row: &Row, refusal: &Refusal) -> Vec<Fault> {
        if refusal.fields.is_empty() {
            return vec![whole_row(row, &refusal.message)];
        }
        let fault = |(name, reason): &(String, String)| match self.plan.kind.column_of_field(name) {
            Some(column) => Fault {
                address: self.address(row, column.spec.key),
                column: column.spec.label.to_owned(),
                written: row.get(column.spec.key).map(|cell| cell.raw.clone()).unwrap_or_default(),
                reason: reason.clone(),
            },
            None => whole_row(row, reason),
        };
        refusal.fields.iter().map(fault).collect()
    }

    /// The cell of a column in a row, whether it is filled or not; the row, when the file has no such column.
    fn address(&self, row: &Row, key: &str) -> String {
        if let Some(cell) = row.get(key) {
            return cell.address.clone();
        }
        let column = self.plan.ledger.columns.iter().find(|column| column.key == key);
        let nowhere = || format!("第 {} 行", row.number);
        column.map_or_else(nowhere, |column| format!("{}{}", column.letter, row.number))
    }
}

fn service<'a>(app: &'a App, noun: &str) -> Result<&'a Service> {
    app.registry().service(noun).ok_or_else(|| Error::Fault(format!("no service for noun {noun}")))
}

/// A fault of the row as a whole.
pub(super) fn whole_row(row: &Row, reason: &str) -> Fault {
    Fault {
        address: first_cell(row),
        column: String::new(),
        written: String::new(),
        reason: reason.to_owned(),
    }
}

fn first_cell(row: &Row) -> String {
    format!("A{}", row.number)
}

fn title(kind: &Kind, row: &Row) -> Option<String> {
    Some(plain(&row.text(kind.title?))).filter(|title| !title.is_empty())
}

/// Keyed, because keys may hold what is sealed elsewhere.
fn key_digest(app: &App, kind: &Kind, row: &Row) -> Option<String> {
    let parts: Vec<String> = kind.key.iter().map(|key| plain(&row.text(key))).collect();
    if parts.iter().all(String::is_empty) {
        return None;
    }
    Some(app.seal().token("import-key", &format!("{}\u{1e}{}", kind.code, parts.join("\u{1e}"))))
}

fn content_digest(app: &App, row: &Row) -> String {
    app.seal().token("import-row", &row.content())
}

/// Existing records by the numbers and unique titles that the file names, within the actor's scope.
async fn existing_by_name(cx: &WriteCx, plan: &Plan) -> Result<HashMap<String, Uuid>> {
    let app = cx.app().clone();
    let service = service(&app, plan.kind.noun)?;
    let mut found = HashMap::new();
    let sources = [
        (plan.kind.title.and_then(|key| plan.kind.column(key)), Some(service.list.title)),
        (plan.kind.number(), service.list.number),
    ];
    for (column, expression) in sources {
        let (Some(column), Some(expression)) = (column, expression) else { continue };
        let named: HashSet<String> = plan
            .ledger
            .rows
            .iter()
            .map(|row| row.text(column.spec.key))
            .filter(|text| !text.is_empty())
            .collect();
        let named: Vec<String> = named.into_iter().collect();
        for chunk in named.chunks(500) {
            let mut sql = Sql::new("select ");
            sql.push(service.list.alias)
                .push(".id, ")
                .push(expression)
                .push(" from ")
                .push(service.list.from);
            sql.push(" where ");
            service.scope(&cx.actor).write(service.list.alias, &mut sql);
            sql.push(" and ").push(expression).push(" in ").bind_list(chunk.iter().cloned());
            for row in cx.rows(sql).await? {
                found.insert(row.try_get_by_index::<String>(1)?, row.try_get_by_index::<Uuid>(0)?);
            }
        }
    }
    Ok(found)
}

impl Report {
    /// Every value that differs, for tests and pages.
    pub fn all_differences(&self) -> impl Iterator<Item = &Difference> {
        self.differing.iter().chain(&self.updated).flat_map(|row| &row.cells)
    }
}
