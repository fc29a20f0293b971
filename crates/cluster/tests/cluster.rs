//! A cluster of processes on loopback: the same answers as the embedded engine, also when an executor falls out; nothing is
//! read outside of the shared folder; what cannot be reached is told in a sentence.
#![expect(clippy::expect_used, reason = "outside of test functions a helper that fails is a failed test")]

use std::{
    fmt::Write as _,
    fs::{self, File},
    io::{BufRead as _, BufReader, Write as _},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, Command, Stdio},
    sync::Arc,
    time::{Duration, Instant},
};

use ballista_core::{
    config::BallistaConfig, execution_plans::execute_physical_plan, extension::SessionConfigExt as _,
    planner::BallistaQueryPlanner, serde::BallistaPhysicalExtensionCodec,
};
use datafusion::{
    execution::SessionStateBuilder,
    prelude::{ParquetReadOptions, SessionConfig, SessionContext},
};
use datafusion_proto::protobuf::{LogicalPlanNode, PhysicalPlanNode};
use futures_util::TryStreamExt as _;
use models::{
    job::{self, DataFile, Question},
    library,
};

/// What a machine that is busy with other things may take at most.
const PATIENCE: Duration = Duration::from_mins(10);

/// A process that ends with the test; one whose test was ended by force sees its input close.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // One that has ended already cannot be ended again.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Running {
    fn start(folder: &Path, name: &str, arguments: &[&str]) -> Self {
        let log = File::create(folder.join(format!("{name}.log"))).expect("a log");
        let child = Command::new(env!("CARGO_BIN_EXE_xuncha-cluster"))
            .args(arguments)
            .arg("--with-parent")
            .current_dir(folder)
            .env("XUNCHA_LOG", "info")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn();
        Self(child.expect("the program starts"))
    }

    /// The first line that it prints.
    fn first_line(&mut self) -> String {
        let mut line = String::new();
        let out = self.0.stdout.take().expect("its output");
        BufReader::new(out).read_line(&mut line).expect("a line");
        line
    }
}

/// A scheduler and two executors, with folders of their own below one.
struct Cluster {
    folder: tempfile::TempDir,
    scheduler: String,
    executors: Vec<Running>,
    _scheduler: Running,
}

impl Cluster {
    fn start() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let at = folder.path();
        fs::create_dir(at.join("shared")).expect("a shared folder");
        let mut first = Running::start(
            at,
            "scheduler",
            &["scheduler", "--listen", "127.0.0.1:0", "--shared", "shared", "--lost-after", "15"],
        );
        let line = first.first_line();
        let scheduler =
            line.split(' ').find(|word| word.contains("127.0.0.1:")).expect("an address").to_owned();
        let executor = |number: usize| {
            let (name, work) = (format!("executor-{number}"), format!("work-{number}"));
            let address = ["executor", "--scheduler", &scheduler, "--shared", "shared", "--work", &work];
            let mut executor =
                Running::start(at, &name, &[&address[..], &["--parts", "1", "--memory", "256"]].concat());
            executor.first_line();
            executor
        };
        let executors = vec![executor(1), executor(2)];
        Self { scheduler, executors, _scheduler: first, folder }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn ask(&self, question: &Question) -> Asked {
        Asked::start(self.folder.path(), &self.scheduler, question)
    }

    /// Whether the executor has written parts that others need.
    fn has_written(&self, number: usize) -> bool {
        holds_parts(&self.path(&format!("work-{number}")))
    }
}

fn holds_parts(folder: &Path) -> bool {
    fs::read_dir(folder).into_iter().flatten().flatten().any(|entry| {
        let path = entry.path();
        if path.is_dir() { holds_parts(&path) } else { path.extension().is_some_and(|end| end == "arrow") }
    })
}

/// Somebody who waits for an answer.
struct Asked {
    running: Running,
    /// Open as long as somebody waits.
    input: Option<ChildStdin>,
    out: PathBuf,
    err: PathBuf,
}

impl Asked {
    fn start(folder: &Path, scheduler: &str, question: &Question) -> Self {
        let (out, err) = (folder.join("answer.json"), folder.join("answer.err"));
        let mut child = Command::new(env!("CARGO_BIN_EXE_xuncha-cluster"))
            .args(["run", "--scheduler", scheduler, "--shared", "shared"])
            .current_dir(folder)
            .stdin(Stdio::piped())
            .stdout(File::create(&out).expect("a file"))
            .stderr(File::create(&err).expect("a file"))
            .spawn()
            .expect("the program starts");
        let mut input = child.stdin.take().expect("its input");
        let line = serde_json::to_string(question).expect("a question");
        // One that refuses at once reads nothing.
        let _ = writeln!(input, "{line}");
        Self { running: Running(child), input: Some(input), out, err }
    }

    fn is_waiting(&mut self) -> bool {
        self.running.0.try_wait().expect("a state").is_none()
    }

    /// Exit code, answer and complaint.
    fn answered(mut self) -> (Option<i32>, String, String) {
        wait("an answer", || !self.is_waiting());
        let code = self.running.0.wait().expect("an end").code();
        let read = |path| fs::read_to_string(path).expect("text");
        (code, read(&self.out), read(&self.err))
    }
}

fn wait(what: &str, mut until: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !until() {
        assert!(begun.elapsed() < PATIENCE, "no {what} within {PATIENCE:?}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Five bids for each tender; some from one address, some in equal steps, some firms that never win.
fn bids(file: &Path, tenders: u32) {
    let mut text = String::from("标段编号,投标人,IP,投标报价,是否中标\n");
    for tender in 0..tenders {
        for place in 0..5 {
            let firm = (tender * 7 + place * 13) % 500;
            let shared = tender % 50 == 0 && place < 2;
            let address = if shared { tender * 5 } else { tender * 5 + place };
            let step = if tender % 40 == 0 { place * 1_000 } else { place * 1_000 + (tender * place) % 977 };
            let wins = if place == 0 && firm % 10 != 3 { "是" } else { "否" };
            let [_, a, b, c] = address.to_be_bytes();
            writeln!(text, "T{tender},企业{firm},36.{a}.{b}.{c},{},{wins}", 500_000 + step).expect("a line");
        }
    }
    fs::write(file, text).expect("a file");
}

fn question(file: &Path, models: &[&str]) -> Question {
    Question {
        models: models.iter().map(|&model| model.to_owned()).collect(),
        files: vec![DataFile { table: None, path: file.to_owned(), part: None }],
        mapping: std::collections::BTreeMap::new(),
        set: std::collections::BTreeMap::new(),
        memory: 512 << 20,
        key: None,
        json: true,
        timings: true,
    }
}

/// The answer of the embedded engine.
fn embedded(question: &Question) -> String {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let ask = question.ask(library::built_in().expect("a library")).expect("models");
    let answer = runtime.block_on(job::execute(ask)).expect("an answer");
    question.told(&answer).expect("text") + "\n"
}

#[test]
fn an_executor_that_falls_out_during_a_run_changes_nothing_in_the_answer() {
    let mut cluster = Cluster::start();
    let file = cluster.path("bids.csv");
    bids(&file, 30_000);
    let question = question(&file, &["same-ip", "arithmetic-prices"]);
    let expected = embedded(&question);
    assert!(expected.matches("explanation").count() > 500, "the data raise doubts");

    let mut asked = cluster.ask(&question);
    wait("parts of both executors", || {
        assert!(asked.is_waiting(), "ended before: {}", fs::read_to_string(&asked.err).expect("text"));
        cluster.has_written(1) && cluster.has_written(2)
    });
    let mut lost = cluster.executors.remove(0);
    lost.0.kill().expect("an end");
    lost.0.wait().expect("an end");
    assert!(asked.is_waiting(), "it fell out after the run");

    let (code, answer, complaint) = asked.answered();
    assert_eq!(code, Some(0), "{complaint}");
    assert!(answer == expected, "the answer differs from the embedded engine's");
    let left = fs::read_dir(cluster.path("shared")).expect("a folder").count();
    assert_eq!(left, 0, "columns are left in the shared folder");
}

/// The product beside which the program under test lies, as an office has both.
fn product(folder: &Path, file: &Path, more: &[&str]) -> (Option<i32>, String, String) {
    let program = Path::new(env!("CARGO_BIN_EXE_xuncha-cluster"))
        .with_file_name(format!("xuncha{}", std::env::consts::EXE_SUFFIX));
    assert!(program.is_file(), "build the product first (`cargo build`): there is no {}", program.display());
    let asked = Command::new(program)
        .args(["models", "run", "same-ip", "--json", "--data"])
        .arg(file)
        .args(more)
        .current_dir(folder)
        .output()
        .expect("the product starts");
    let text = |bytes| String::from_utf8(bytes).expect("text");
    (asked.status.code(), text(asked.stdout), text(asked.stderr))
}

#[test]
fn the_product_has_a_cluster_answer_as_it_answers_itself() {
    let cluster = Cluster::start();
    let file = cluster.path("bids.csv");
    bids(&file, 500);
    let (code, expected, complaint) = product(cluster.folder.path(), &file, &[]);
    assert_eq!(code, Some(0), "{complaint}");
    assert!(expected.contains("explanation"), "the data raise doubts");
    let engine = format!("ballista://{}", cluster.scheduler);
    let (code, answer, complaint) =
        product(cluster.folder.path(), &file, &["--engine", &engine, "--shared", "shared"]);
    assert_eq!((code, complaint.as_str()), (Some(0), ""));
    assert!(answer == expected, "the cluster's answer differs from the product's own");

    let elsewhere = ["--engine", &engine, "--shared", "nowhere"];
    let (code, answer, complaint) = product(cluster.folder.path(), &file, &elsewhere);
    assert_eq!((code, answer.as_str()), (Some(1), ""));
    assert!(complaint.starts_with("不能使用共享目录 nowhere"), "{complaint}");
}

#[test]
fn who_no_longer_waits_has_the_cluster_stop_and_leaves_nothing_behind() {
    let cluster = Cluster::start();
    let (file, small) = (cluster.path("bids.csv"), cluster.path("few.csv"));
    bids(&file, 30_000);
    bids(&small, 100);
    let mut asked = cluster.ask(&question(&file, &["same-ip", "arithmetic-prices"]));
    wait("parts of an executor", || {
        assert!(asked.is_waiting(), "ended before: {}", fs::read_to_string(&asked.err).expect("text"));
        cluster.has_written(1) || cluster.has_written(2)
    });
    asked.input.take();
    let (code, answer, complaint) = asked.answered();
    assert_eq!((code, answer.as_str()), (Some(1), ""));
    assert!(complaint.contains("已按要求停止"), "{complaint}");
    let left = fs::read_dir(cluster.path("shared")).expect("a folder").count();
    assert_eq!(left, 0, "columns are left in the shared folder");

    let next = question(&small, &["same-ip"]);
    let (code, answer, complaint) = cluster.ask(&next).answered();
    assert_eq!(code, Some(0), "{complaint}");
    assert!(answer == embedded(&next), "the cluster answers the next one");
}

#[test]
fn a_cluster_that_cannot_be_reached_is_told_in_a_sentence() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::create_dir(folder.path().join("shared")).expect("a shared folder");
    let file = folder.path().join("bids.csv");
    bids(&file, 10);
    let free =
        std::net::TcpListener::bind("127.0.0.1:0").and_then(|taken| taken.local_addr()).expect("a port");
    let asked = Asked::start(folder.path(), &free.to_string(), &question(&file, &["same-ip"]));
    let (code, answer, complaint) = asked.answered();
    assert_eq!((code, answer.as_str()), (Some(1), ""));
    assert!(complaint.starts_with(&format!("联系不到集群的调度程序 {free}")), "{complaint}");
}

/// A client that is not ours and names any file.
struct Stranger {
    url: String,
    config: SessionConfig,
    file: String,
}

impl Stranger {
    fn new(scheduler: &str, file: &Path) -> Self {
        let config = SessionConfig::new_with_ballista().with_ballista_adaptive_query_planner(false);
        Self { url: format!("http://{scheduler}"), config, file: file.to_string_lossy().into_owned() }
    }

    async fn columns(
        &self,
        context: &SessionContext,
    ) -> datafusion::common::Result<datafusion::prelude::DataFrame> {
        context.register_parquet("t", &self.file, ParquetReadOptions::default()).await?;
        context.sql("select * from t").await
    }

    /// What the scheduler says to a query that it has to plan.
    async fn planned(&self) -> datafusion::common::Result<()> {
        let planner =
            BallistaQueryPlanner::<LogicalPlanNode>::new(self.url.clone(), BallistaConfig::default());
        let state = SessionStateBuilder::new()
            .with_config(self.config.clone())
            .with_default_features()
            .with_query_planner(Arc::new(planner))
            .build();
        let context = SessionContext::new_with_state(state);
        self.columns(&context).await?.collect().await.map(|_| ())
    }

    /// What executors say to a plan that the scheduler only passes on.
    async fn passed_on(&self) -> datafusion::common::Result<()> {
        let context = SessionContext::new_with_config(self.config.clone());
        let plan = self.columns(&context).await?.create_physical_plan().await?;
        let (codec, config) = (BallistaPhysicalExtensionCodec::default(), BallistaConfig::default());
        let answer = execute_physical_plan::<PhysicalPlanNode>(
            self.url.clone(),
            &config,
            plan,
            &codec,
            context.session_id(),
            self.config.clone(),
        );
        answer.await?.try_collect::<Vec<_>>().await.map(|_| ())
    }
}

#[test]
fn nothing_is_read_outside_of_the_shared_folder() {
    let cluster = Cluster::start();
    let secret = cluster.path("secret.parquet");
    let csv = cluster.path("bids.csv");
    bids(&csv, 10);
    let library = library::built_in().expect("a library");
    let table = &library.domain("bidding").expect("a domain").tables["bids"];
    let options = models::load::Options { into: Some(secret.clone()), ..models::load::Options::default() };
    models::load::load(&csv, None, ("bids", table), &["tender"], &models::load::Mapping::new(), &options)
        .expect("columns");

    let stranger = Stranger::new(&cluster.scheduler, &secret);
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let refused = "只读取共享目录里的文件";
    for said in [runtime.block_on(stranger.planned()), runtime.block_on(stranger.passed_on())] {
        let said = said.expect_err("a refusal").to_string();
        assert!(said.contains(refused), "{said}");
    }
}
