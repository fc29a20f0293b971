//! A PostgreSQL cluster of our own: made in a new folder, on a free loopback port, with a password
//! that nobody else knows, and gone afterwards.

use std::{
    fs::File,
    io::Read as _,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, Result};

use crate::{keeper::Keeper, process, provision, server};

/// Room that tests need at most: a few databases at a time, and the log of what was written.
const ROOM_OF_TESTS: u64 = 4 << 30;
/// The usual folder of files in memory on Linux.
const MEMORY: &str = "/dev/shm";
const DISK: &str = "/tmp";

/// What a sudden power cut may do to the cluster.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Durability {
    /// Anything: tests throw the cluster away.
    None,
    /// Nothing: as an office would run it, so that measurements are honest.
    Full,
}

/// A running cluster; dropping it stops the server and removes its folder.
pub(crate) struct Cluster {
    url: String,
    _keeper: Keeper,
}

impl Cluster {
    /// Makes and starts a cluster.
    pub(crate) fn start(durability: Durability) -> Result<Self> {
        let programs = Programs::find()?;
        let folder = programs.make_folder(durability)?;
        let keeper = programs.keeper(&folder)?; // from here on the folder is cleaned up
        let password = random_password()?;
        programs.init(&folder, &password)?;
        let port = server::free_port()?;
        programs.start(&folder, port, durability)?;
        Ok(Self { url: format!("postgres://xuncha:{password}@127.0.0.1:{port}/postgres"), _keeper: keeper })
    }

    /// The address of the maintenance database; the account may create others.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }
}

/// The server's programs and how to become someone who may run them: PostgreSQL refuses the superuser.
struct Programs {
    folder: PathBuf,
    runner: &'static [&'static str],
}

impl Programs {
    fn find() -> Result<Self> {
        let folder = provision::postgres_programs()?;
        let runner: &[&str] =
            if provision::is_root() { &["runuser", "-u", "postgres", "--", "env"] } else { &["env"] };
        Ok(Self { folder, runner })
    }

    fn command(&self) -> Command {
        let mut words = self.runner.iter();
        let mut command = Command::new(words.next().unwrap_or(&"env"));
        command.args(words).current_dir("/");
        command
    }

    fn program(&self, name: &str) -> Command {
        let mut command = self.command();
        command.arg(self.folder.join(name));
        command
    }

    /// A folder of the account's own. The path is short: a Unix socket's path may have 107 bytes only. What may be lost
    /// is kept in memory: a database has a thousand files, and each test makes one and removes it.
    fn make_folder(&self, durability: Durability) -> Result<PathBuf> {
        let in_memory =
            durability == Durability::None && free(MEMORY).is_some_and(|room| room >= ROOM_OF_TESTS);
        let parent = if in_memory { MEMORY } else { DISK };
        let made =
            process::output(self.command().args(["mktemp", "-d"]).arg(format!("{parent}/xuncha-pg-XXXXXX")))?;
        Ok(PathBuf::from(made.trim()))
    }

    fn keeper(&self, folder: &Path) -> Result<Keeper> {
        // Databases with thousands of files take long to remove on a disk: nobody waits for that.
        let script = "folder=$1; pg_ctl=$2; shift 2; cd /; \
            test -f \"$folder/data/postmaster.pid\" && \"$@\" \"$pg_ctl\" -D \"$folder/data\" -m immediate -w stop; \
            nice -n 19 rm -rf \"$folder\" </dev/null >/dev/null 2>&1 &";
        let pg_ctl = self.folder.join("pg_ctl");
        let folder = folder.to_str().context("the cluster's folder has an unreadable name")?;
        let pg_ctl = pg_ctl.to_str().context("the folder of PostgreSQL has an unreadable name")?;
        let mut arguments = vec![folder, pg_ctl];
        arguments.extend(self.runner);
        Keeper::stand_by(script, &arguments)
    }

    fn init(&self, folder: &Path, password: &str) -> Result<()> {
        let word = folder.join("password");
        let mut tee = self.command();
        // written by the account that has to read it, and never on a command line that others can list
        pipe_into(tee.args(["tee", "--"]).arg(&word), password)?;
        let mut command = self.program("initdb");
        command.arg("-D").arg(folder.join("data")).args(["-U", "xuncha", "-E", "UTF8", "--locale=C.UTF-8"]);
        command.args(["--auth=password", "--no-sync", "--no-instructions"]);
        process::output(command.arg(format!("--pwfile={}", word.display())))?;
        Ok(())
    }

    fn start(&self, folder: &Path, port: u16, durability: Durability) -> Result<()> {
        let mut settings = format!(
            "-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={} -c max_connections=300",
            folder.display()
        );
        settings.push_str(match durability {
            // Each test writes a whole database into the log.
            Durability::None => {
                " -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_wal_size=256MB"
            }
            // What the handbook advises for a machine of its own.
            Durability::Full => " -c shared_buffers=2GB -c max_wal_size=4GB -c random_page_cost=1.1",
        });
        let log = folder.join("log");
        let mut command = self.program("pg_ctl");
        command
            .arg("-D")
            .arg(folder.join("data"))
            .arg("-l")
            .arg(&log)
            .args(["-w", "-t", "60", "-o", &settings]);
        // the server inherits the output of its starter, so that must not be a pipe that we would wait for
        let started = process::succeeds(command.arg("start"));
        started.then_some(()).with_context(|| {
            format!("PostgreSQL did not start:\n{}", std::fs::read_to_string(&log).unwrap_or_default())
        })
    }
}

/// How many bytes a folder's file system has to spare; none when it cannot be told.
fn free(folder: &str) -> Option<u64> {
    let told = process::output(Command::new("df").args(["--output=avail", "-B1", folder])).ok()?;
    told.lines().nth(1)?.trim().parse().ok()
}

fn pipe_into(command: &mut Command, text: &str) -> Result<()> {
    use std::{io::Write as _, process::Stdio};
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::null()).spawn()?;
    child.stdin.take().context("no input to write to")?.write_all(text.as_bytes())?;
    anyhow::ensure!(child.wait()?.success(), "{command:?} failed");
    Ok(())
}

fn random_password() -> Result<String> {
    let mut bytes = [0_u8; 16];
    File::open("/dev/urandom")
        .and_then(|mut source| source.read_exact(&mut bytes))
        .context("no randomness")?;
    Ok(format!("{:032x}", u128::from_ne_bytes(bytes)))
}
