//! `cargo xtask bench models`: how fast the program's own commands work through large files of data, how much memory
//! that takes, and whether the published indicators come out as their publisher computes them.
//!
//! Everything goes through the command line of the release program, reading of files included.

mod made;
mod same;

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, ExitCode, Stdio},
};

use anyhow::{Result, bail};

use crate::{
    procfs::{self, Cost},
    tree,
};

/// What is measured, beside the program.
pub(super) struct Ask<'a> {
    /// The program.
    pub(super) program: &'a Path,
    /// The publisher's program for the indicators.
    pub(super) cardinal: Option<&'a Path>,
    /// Also ten times as many bids, and facets over ten million rows.
    pub(super) large: bool,
    /// How often each is repeated.
    pub(super) repeats: usize,
    /// Where results go as JSON.
    pub(super) json: Option<&'a Path>,
}

/// Tenders of the usual size; five bids each.
const TENDERS: u64 = 200_000;
const FIRMS: u64 = 50_000;
const RELEASES: u64 = 500_000;

/// All eleven indicators, as the publisher's program is told of them.
const SETTINGS: &str = "[R003]\n[R018]\n[R024]\nthreshold = 0.02\n[R025]\nthreshold = 0.1\n[R028]\n[R030]\n[R035]\n[R036]\n[R038]\n[R048]\n[R058]\n";

pub(super) fn run(ask: &Ask<'_>) -> Result<ExitCode> {
    let folder = tree::target().join("bench").join("models");
    fs::create_dir_all(&folder)?;
    let bench = Bench { ask, folder };
    let mut table = Vec::new();
    for measure in [Bench::screens, Bench::network, Bench::suite, Bench::csv, Bench::indicators] {
        measure(&bench, &mut table)?;
    }
    if ask.large {
        bench.growth(&mut table)?;
    }
    print(&table);
    if let Some(path) = ask.json {
        let rows: Vec<_> = table.iter().map(Row::json).collect();
        fs::write(path, serde_json::to_string_pretty(&rows)?)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// One line of the result.
struct Row {
    what: String,
    target: &'static str,
    measured: String,
    detail: String,
}

impl Row {
    fn json(&self) -> serde_json::Value {
        serde_json::json!({
            "what": self.what, "target": self.target, "measured": self.measured, "detail": self.detail,
        })
    }
}

fn print(table: &[Row]) {
    println!("| what | target | measured | |\n| --- | --- | --- | --- |");
    for row in table {
        println!("| {} | {} | {} | {} |", row.what, row.target, row.measured, row.detail);
    }
}

/// Several runs.
struct Runs(Vec<Cost>);

impl Runs {
    fn middle(&self, of: impl Fn(&Cost) -> f64) -> f64 {
        let mut values: Vec<f64> = self.0.iter().map(of).collect();
        values.sort_by(f64::total_cmp);
        values.get(values.len() / 2).copied().unwrap_or_default()
    }

    fn wall(&self) -> f64 {
        self.middle(|ran| ran.wall.as_secs_f64())
    }

    fn cpu(&self) -> f64 {
        self.middle(|ran| ran.cpu.as_secs_f64())
    }

    fn peak(&self) -> u64 {
        self.0.iter().map(|ran| ran.peak).max().unwrap_or_default()
    }

    fn said(&self) -> String {
        let least = self.0.iter().map(|ran| ran.wall.as_secs_f64()).fold(f64::INFINITY, f64::min);
        let most = self.0.iter().map(|ran| ran.wall.as_secs_f64()).fold(0.0, f64::max);
        format!(
            "{:.2} s ({least:.2}–{most:.2}), {:.2} s of processor, {} MiB",
            self.wall(),
            self.cpu(),
            self.peak() >> 20
        )
    }
}

struct Bench<'a> {
    ask: &'a Ask<'a>,
    folder: PathBuf,
}

impl Bench<'_> {
    /// A file of the folder; made when it is not there yet.
    fn file(&self, name: &str, make: impl FnOnce(&Path) -> Result<()>) -> Result<PathBuf> {
        let path = self.folder.join(name);
        if !path.is_file() {
            eprintln!("xtask: making {name}");
            let unfinished = self.folder.join("unfinished");
            make(&unfinished)?;
            fs::rename(&unfinished, &path)?;
        }
        Ok(path)
    }

    fn bids(&self, tenders: u64) -> Result<PathBuf> {
        self.file(&format!("bids-{tenders}.csv"), |path| made::bids(path, tenders, FIRMS))
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(self.ask.program);
        command.arg("models").args(arguments);
        command
    }

    fn repeated(&self, mut command: impl FnMut() -> Command) -> Result<Runs> {
        let runs: Result<Vec<_>> =
            (0..self.ask.repeats.max(1)).map(|_| ran(command().stdout(Stdio::null()))).collect();
        Ok(Runs(runs?))
    }

    fn screens(&self, table: &mut Vec<Row>) -> Result<()> {
        let (data, out) = (self.bids(TENDERS)?, self.folder.join("screens.csv"));
        let runs = self.repeated(|| {
            let mut command = self.command(&[
                "screens",
                "--tender",
                "标段编号",
                "--bid",
                "投标报价",
                "--winner",
                "是否中标",
            ]);
            command.arg("--data").arg(&data).arg("--out").arg(&out);
            command
        })?;
        table.push(row("screens of 200,000 tenders", "≤ 1 s", &runs));
        Ok(())
    }

    fn network(&self, table: &mut Vec<Row>) -> Result<()> {
        let data = self.bids(TENDERS)?;
        let runs = self.repeated(|| {
            let mut command = self.command(&[
                "network",
                "--tender",
                "标段编号",
                "--bidder",
                "投标人",
                "--winner",
                "是否中标",
                "--day",
                "开标日期",
                "--json",
            ]);
            command.arg("--data").arg(&data);
            command
        })?;
        table.push(row("network of 50,000 firms, 1,000,000 bids", "≤ 3 s", &runs));
        Ok(())
    }

    fn suite_command(&self, tenders: u64) -> Result<Command> {
        let bids = self.bids(tenders)?;
        let payments = self.folder.join(format!("payments-{tenders}.csv"));
        let contracts = self.file(&format!("contracts-{tenders}.csv"), |path| {
            made::contracts(path, &payments, tenders, FIRMS)
        })?;
        let officials = self.folder.join("officials.csv");
        let parties = self.file("parties.csv", |path| made::people(path, &officials, FIRMS))?;
        let mut command = self.command(&["run", "--suite", "bidding", "--json", "--timings"]);
        for (name, file) in [
            ("bids", bids),
            ("contracts", contracts),
            ("payments", payments),
            ("parties", parties),
            ("officials", officials),
        ] {
            command.arg("--data").arg(format!("{name}={}", file.display()));
        }
        Ok(command)
    }

    fn suite(&self, table: &mut Vec<Row>) -> Result<()> {
        self.suite_command(TENDERS)?;
        let runs = self.repeated(|| self.suite_command(TENDERS).unwrap_or_else(|_| self.command(&[])))?;
        table.push(row("all bidding models, 1,000,000 bids", "≤ 6 s, ≤ 1.5 GB", &runs));
        Ok(())
    }

    /// From 10⁶ to 10⁷ bids, and facets over ten million rows.
    fn growth(&self, table: &mut Vec<Row>) -> Result<()> {
        let small = ran(&mut self.suite_command(TENDERS)?)?;
        let large = ran(&mut self.suite_command(TENDERS * 10)?)?;
        table.push(Row {
            what: "10⁶ to 10⁷ bids".to_owned(),
            target: "≤ 12 ×",
            measured: format!("{:.1} ×", large.wall.as_secs_f64() / small.wall.as_secs_f64()),
            detail: Runs(vec![large]).said(),
        });
        Ok(())
    }

    fn csv(&self, table: &mut Vec<Row>) -> Result<()> {
        let data = self.bids(TENDERS)?;
        let size = fs::metadata(&data)?.len() as f64 / 1e6;
        let out = self.folder.join("bids.parquet");
        let runs = self.repeated(|| {
            let mut command = self.command(&["convert"]);
            command.arg(&data).arg("--table").arg("bids").arg("--out").arg(&out);
            command
        })?;
        let mut row = row("csv of 1,000,000 bids into typed Parquet", "≥ 150 MB/s", &runs);
        row.measured = format!("{:.0} MB/s", size / runs.wall());
        row.detail = format!("{size:.0} MB; {}", runs.said());
        table.push(row);
        let wide = self.file("narrow.csv", |path| made::narrow(path, 10_000_000))?;
        let columns = self.folder.join("narrow.parquet");
        if !columns.is_file() {
            ran(self.command(&["convert"]).arg(&wide).arg("--out").arg(&columns))?;
        }
        for column in ["类别", "编号"] {
            let runs = self.repeated(|| {
                let mut command = self.command(&["facet"]);
                command.arg(&columns).args(["--column", column]);
                command
            })?;
            table.push(self::row(&format!("facet of “{column}” over 10,000,000 rows"), "≤ 300 ms", &runs));
        }
        Ok(())
    }

    fn indicators(&self, table: &mut Vec<Row>) -> Result<()> {
        let data = self.file(&format!("releases-{RELEASES}.jsonl"), |path| made::releases(path, RELEASES))?;
        let ours_out = self.folder.join("ours.json");
        let ours = || -> Result<Command> {
            let mut command = self.command(&["run", "--suite", "cardinal", "--json"]);
            command.arg("--data").arg(&data).stdout(fs::File::create(&ours_out)?);
            // With their own fences these two would flag nothing in a market like this.
            command.args(["--set", "R024.threshold=0.02", "--set", "R025.threshold=0.1"]);
            Ok(command)
        };
        let Some(program) = self.ask.cardinal else {
            let runs = Runs(vec![ran(&mut ours()?)?]);
            table.push(row("the eleven indicators over 500,000 releases", "≥ 3 × the publisher's", &runs));
            return Ok(());
        };
        let theirs_out = self.folder.join("theirs.json");
        let settings = self.folder.join("settings.ini");
        fs::write(&settings, SETTINGS)?;
        let theirs = || -> Result<Command> {
            let mut command = Command::new(program);
            command
                .arg("indicators")
                .arg("--settings")
                .arg(&settings)
                .arg(&data)
                .stdout(fs::File::create(&theirs_out)?);
            Ok(command)
        };
        // In turn, so that what else the machine does falls on both.
        let (mut our_runs, mut their_runs) = (Vec::new(), Vec::new());
        for _ in 0..self.ask.repeats.clamp(1, 3) {
            our_runs.push(ran(&mut ours()?)?);
            their_runs.push(ran(&mut theirs()?)?);
        }
        let (ours, theirs) = (Runs(our_runs), Runs(their_runs));
        let compared = same::compare(&fs::read_to_string(&ours_out)?, &fs::read_to_string(&theirs_out)?)?;
        table.push(Row {
            what: "the eleven indicators over 500,000 releases".to_owned(),
            target: "≥ 3 × the publisher's",
            measured: format!(
                "{:.1} × by the clock, {:.1} × by processor time",
                theirs.wall() / ours.wall(),
                theirs.cpu() / ours.cpu()
            ),
            detail: format!("ours {}; theirs {}; {compared}", ours.said(), theirs.said()),
        });
        Ok(())
    }
}

fn row(what: &str, target: &'static str, runs: &Runs) -> Row {
    Row { what: what.to_owned(), target, measured: format!("{:.2} s", runs.wall()), detail: runs.said() }
}

/// What a run of a program took that came to a good end.
fn ran(command: &mut Command) -> Result<Cost> {
    let (cost, status) = procfs::cost_of(command)?;
    if !status.success() {
        bail!("{command:?} ended with {status}");
    }
    Ok(cost)
}
