//! What these commands take for granted about the product, in one place: its command line, its
//! addresses, the names of form fields and the shape of its JSON. The journeys' counterpart is
//! `tests/browser/product.mjs`.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, Result};
use serde_json::Value;

use crate::{process, tree};

/// The package and the program of the same name.
pub(crate) const PROGRAM: &str = "xuncha";
/// The environment variable by which the tests learn of a PostgreSQL server.
pub(crate) const TEST_DATABASE: &str = "XUNCHA_TEST_DATABASE";
/// The packages whose feature [`DATABASE_TEST_FEATURE`] gives other packages databases for tests: the
/// database's own, and the one through which slices get an app on one.
pub(crate) const DATABASE_PACKAGES: [&str; 2] = ["db", "kit"];
/// The feature that marks packages with database tests.
pub(crate) const DATABASE_TEST_FEATURE: &str = "testing";

/// The folder of the migrations; a kept city older than the newest of them is made anew.
pub(crate) const MIGRATIONS: &str = "migrations";

/// Answers 200 as soon as requests are served.
pub(crate) const HEALTH: &str = "/healthz";
/// The form to sign in; also the page without any record that others are compared with.
pub(crate) const SIGN_IN: &str = "/sign-in";
/// The sign-in form's fields.
pub(crate) const LOGIN: &str = "login";
pub(crate) const PASSWORD: &str = "password";

/// The noun with most rows in the demonstration city.
const NOUN: &str = "problems";
/// The most rows that one page of the JSON API gives.
const LARGEST_PAGE: u32 = 200;
/// The roles that see all problems, best first.
const SEES_ALL: [&str; 3] = ["office_director", "leading_group", "committee_leader"];
/// The seed of measured cities.
pub(crate) const SEED: u32 = 1;
/// The noun whose records anybody of the office may change at any time, with the field that is
/// changed: an edit of a problem depends on its state.
const WRITTEN_NOUN: &str = "organisations";
pub(crate) const WRITTEN_FIELD: &str = "note";

/// The hidden field by which forms are known as ours, and the header that says the same for scripts.
pub(crate) const TOKEN_FIELD: &str = "csrf";
pub(crate) const TOKEN_HEADER: &str = "X-Csrf";
/// The hidden field of the form that offers a long export in the background.
pub(crate) const EXPORT_FIELD: &str = "query";
/// Where files are sent to in portions.
pub(crate) const UPLOADS: &str = "/api/v1/uploads";
/// Which byte a portion begins at.
pub(crate) const OFFSET_HEADER: &str = "Upload-Offset";
/// The nouns of which a whole term has tens of thousands of records.
pub(crate) const TERM_NOUNS: [&str; 4] = ["drafts", "evidence", "talks", "petitions"];
/// The page that says what waits for whom.
pub(crate) const HOME: &str = "/";

/// What a city is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Size {
    /// Problems; its natural number when none is said.
    pub(crate) problems: Option<u64>,
    /// Whether it has the work on site of a whole term.
    pub(crate) term: bool,
}

/// Where the product keeps its records and files.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    /// The data folder: files, and the records too unless a database is named.
    pub(crate) data: PathBuf,
    /// The address of a PostgreSQL database.
    pub(crate) database: Option<String>,
}

impl Place {
    fn arguments(&self, command: &mut Command) {
        command.arg("--data").arg(&self.data);
        if let Some(url) = &self.database {
            command.args(["--database-url", url]);
        }
    }
}

/// Someone who may sign in to a demonstration city.
#[derive(Clone, Debug)]
pub(crate) struct Account {
    pub(crate) login: String,
    pub(crate) password: String,
    pub(crate) role: String,
}

/// How the program is built.
#[derive(Clone, Copy)]
pub(crate) enum Profile {
    Debug,
    Release,
}

/// Builds the program and answers where it is.
pub(crate) fn build(profile: Profile) -> Result<PathBuf> {
    let mut command = cargo();
    // The whole workspace's features, so that nothing is built twice with different ones; unoptimised, those of the
    // tests, which have been built already.
    command.args(["build", "--workspace", "--locked"]);
    let folder = match profile {
        Profile::Debug => {
            command.args(["--bins", "--tests"]);
            "debug"
        }
        Profile::Release => {
            // Without the cluster, which turns more of the query engine on than the product has.
            command.args(["--exclude", "cluster", "--bin", PROGRAM, "--release"]);
            "release"
        }
    };
    process::run(&mut command)?;
    Ok(tree::target().join(folder).join(PROGRAM))
}

/// The cargo that runs us, at the root of the repository.
pub(crate) fn cargo() -> Command {
    let program = PathBuf::from(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    let mut command = Command::new(&program);
    command.current_dir(tree::root());
    if on_build_machine() {
        // what speeds up building again is nine gigabytes, and nothing is built again there, nor stepped through
        command.env("CARGO_INCREMENTAL", "0").env("CARGO_PROFILE_DEV_DEBUG", "0");
        lint_while_compiling(&mut command, &program.with_file_name("clippy-driver"));
    }
    command
}

/// Lets whatever is compiled be linted on the way, as `cargo clippy -- -D warnings` does, which by itself would read every
/// library a second time: a fifth of all that a build machine does.
fn lint_while_compiling(cargo: &mut Command, linter: &Path) {
    cargo.env("RUSTC_WORKSPACE_WRAPPER", linter);
    cargo.env("CLIPPY_ARGS", "-D__CLIPPY_HACKERY__warnings__CLIPPY_HACKERY__");
}

/// Whether this is a build machine: everything is built once, and a check that cannot run is a failure.
pub(crate) fn on_build_machine() -> bool {
    std::env::var("CI").is_ok_and(|value| value == "true" || value == "1")
}

/// Fills `place` with a demonstration city of that size; answers its accounts as the program prints them, in JSON.
pub(crate) fn make_city(program: &Path, place: &Place, seed: u32, size: Size) -> Result<String> {
    let mut command = Command::new(program);
    command.arg("demo");
    place.arguments(&mut command);
    command.args(["--seed", &seed.to_string()]);
    if let Some(problems) = size.problems {
        command.args(["--scale", &problems.to_string()]);
    }
    if size.term {
        command.arg("--term-work");
    }
    process::output(command.args(["--no-serve", "--json"]))
}

/// Reads `{"accounts":[{"login","password","role","name"}, …]}`.
pub(crate) fn accounts(json: &str) -> Result<Vec<Account>> {
    let value: Value = serde_json::from_str(json).context("the accounts of the city are not JSON")?;
    let accounts = value.get("accounts").and_then(Value::as_array).context("the city names no accounts")?;
    accounts.iter().map(account).collect()
}

fn account(value: &Value) -> Result<Account> {
    let text = |name: &str| {
        value
            .get(name)
            .and_then(Value::as_str)
            .map(str::to_owned)
            .with_context(|| format!("account without {name}"))
    };
    Ok(Account { login: text("login")?, password: text("password")?, role: text("role")? })
}

/// The account that sees most.
pub(crate) fn all_seeing(accounts: &[Account]) -> Result<&Account> {
    let of_role = |role: &&str| accounts.iter().find(|account| account.role == *role);
    SEES_ALL.iter().find_map(of_role).or(accounts.first()).context("the city has no accounts")
}

/// The command that serves `place`.
pub(crate) fn serve(program: &Path, place: &Place, listen: SocketAddr) -> Command {
    let mut command = Command::new(program);
    command.arg("serve");
    place.arguments(&mut command);
    command.args(["--listen", &listen.to_string()]);
    command
}

/// The command that writes every kind of official document into `folder` and lists them in JSON.
pub(crate) fn papers(program: &Path, place: &Place, folder: &Path) -> Command {
    let mut command = Command::new(program);
    command.arg("papers").arg(folder);
    place.arguments(&mut command);
    command.arg("--json");
    command
}

/// The command that prints all figures of the year 2023.
pub(crate) fn figures(program: &Path, place: &Place) -> Command {
    let mut command = Command::new(program);
    command.arg("figures");
    place.arguments(&mut command);
    command.args(["--as-of", "2023-12-31", "--year", "2023", "--json"]);
    command
}

/// The command that takes over a sheet of problems.
pub(crate) fn import(program: &Path, place: &Place, sheet: &Path) -> Command {
    let mut command = Command::new(program);
    command.args(["import", NOUN]).arg(sheet);
    place.arguments(&mut command);
    command.arg("--json");
    command
}

/// The first page of the longest list.
pub(crate) fn list() -> String {
    format!("/{NOUN}?size=50&sort=-found_on")
}

/// The first page of the problems in either of two states, in the usual order.
pub(crate) fn list_filtered() -> String {
    format!("/{NOUN}?size=50&f.state=rectifying&f.state=submitted")
}

/// The first page by a column that may be empty.
pub(crate) fn list_sorted() -> String {
    format!("/{NOUN}?size=50&sort=due_on")
}

/// The first page of the problems found since a day that lies `back` days before the middle of the year.
pub(crate) fn list_narrowed(back: u32) -> String {
    format!("/{NOUN}?size=50&sort=-found_on&f.found_on.from=2023-06-{:02}", 30 - back.min(29))
}

/// The page of the longest list that begins after the cursor.
pub(crate) fn list_after(cursor: &str) -> String {
    format!("/{NOUN}?size=50&sort=-found_on&after={}", crate::form::encode(cursor))
}

/// A large page of the same list in JSON, with no more columns than its order needs.
pub(crate) fn api_list(after: Option<&str>) -> String {
    format!("{}&sort=-found_on&col=found_on", api_whole(after))
}

/// A page of the longest list as JSON, with all that its records tell.
pub(crate) fn api_whole(after: Option<&str>) -> String {
    let after = after.map(|cursor| format!("&after={}", crate::form::encode(cursor))).unwrap_or_default();
    format!("/api/v1/{NOUN}?size={LARGEST_PAGE}{after}")
}

/// The records that are changed, as JSON.
pub(crate) fn api_written() -> String {
    format!("/api/v1/{WRITTEN_NOUN}?size={LARGEST_PAGE}")
}

/// The rows of a JSON page.
pub(crate) fn rows(page: &Value) -> Result<&Vec<Value>> {
    page.get("items").and_then(Value::as_array).context("the JSON page has no items")
}

/// The cursor behind a JSON page; none at the end.
pub(crate) fn next_cursor(page: &Value) -> Option<String> {
    page.get("next")?.as_str().map(str::to_owned)
}

/// The ids of the rows of a JSON page.
pub(crate) fn ids(page: &Value) -> Result<Vec<String>> {
    let id = |row: &Value| row.get("id").and_then(Value::as_str).map(str::to_owned);
    rows(page)?.iter().map(|row| id(row).context("a row without id")).collect()
}

/// The page of one record.
pub(crate) fn record(id: &str) -> String {
    record_of(NOUN, id)
}

/// The page of a record of any noun.
pub(crate) fn record_of(noun: &str, id: &str) -> String {
    format!("/{noun}/{id}")
}

/// The first page of any list, and of the same in JSON.
pub(crate) fn list_of(noun: &str) -> String {
    format!("/{noun}?size=50")
}
pub(crate) fn api_list_of(noun: &str) -> String {
    format!("/api/v1/{noun}?size=50")
}

/// How many rows a JSON list has, as far as it counts.
pub(crate) fn total(page: &Value) -> i64 {
    page.get("total").and_then(Value::as_i64).unwrap_or_default()
}

/// What is known of an organisation, on one page.
pub(crate) fn profile(organisation: &str) -> String {
    format!("/profiles/{organisation}")
}

/// The job at `address`, once it has made a file.
pub(crate) fn result(job: &str) -> String {
    format!("{job}/result")
}

/// The form that changes one record.
pub(crate) fn edit(id: &str) -> String {
    format!("/{WRITTEN_NOUN}/{id}/edit")
}

/// The whole list as a spreadsheet.
pub(crate) fn export() -> String {
    format!("/{NOUN}/export")
}

/// All figures as a page, as of a day that lies `back` days before the end of the year.
pub(crate) fn figures_page(back: u32) -> String {
    format!("/figures?year=2023&as_of=2023-12-{:02}", 31 - back.min(30))
}

/// The annual review as a page, as of such a day.
pub(crate) fn annual(back: u32) -> String {
    format!("/annual-review?year=2023&as_of=2023-12-{:02}", 31 - back.min(30))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accounts_are_read_and_the_one_who_sees_most_is_preferred() {
        let json = r#"{"accounts":[{"login":"a","password":"p","role":"organisation_liaison","name":"甲"},
                       {"login":"b","password":"q","role":"office_director","name":"乙"}]}"#;
        let accounts = accounts(json).unwrap();
        assert_eq!(all_seeing(&accounts).unwrap().login, "b");
    }

    #[test]
    fn an_account_without_password_is_an_error() {
        assert!(accounts(r#"{"accounts":[{"login":"a","role":"director"}]}"#).is_err());
    }

    #[test]
    fn the_last_json_page_has_no_cursor() {
        let page = serde_json::json!({"items": [{"id": "7"}], "next": null});
        assert_eq!(next_cursor(&page), None);
        assert_eq!(ids(&page).unwrap(), ["7"]);
    }
}
