//! The product, serving on a free loopback port for as long as this value lives.

use std::{
    fs::{self, File},
    net::{Ipv4Addr, SocketAddr, TcpListener},
    path::{Path, PathBuf},
    process::{Child, Stdio},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, bail};

use crate::{
    http::{self, Connection},
    keeper::Keeper,
    product::{self, Place},
};

/// Long enough for a debug build to migrate and start on a busy machine.
const STARTS_WITHIN: Duration = Duration::from_mins(2);
/// How long a server may take to finish what it is doing.
const STOPS_WITHIN: Duration = Duration::from_secs(10);

/// A running server.
pub(crate) struct Server {
    child: Child,
    keeper: Option<Keeper>,
    /// Where it listens.
    pub(crate) address: SocketAddr,
    /// From starting the program to its first good answer.
    pub(crate) first_answer: Duration,
}

impl Server {
    /// Starts the program and waits for its first answer. What it prints goes to `log`.
    pub(crate) fn start(program: &Path, place: &Place, log: PathBuf) -> Result<Self> {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, free_port()?));
        let file = File::create(&log).with_context(|| format!("cannot write {}", log.display()))?;
        let mut command = product::serve(program, place, address);
        command.stdin(Stdio::null()).stderr(file.try_clone()?).stdout(file);
        let started = Instant::now();
        let child = command.spawn().with_context(|| format!("cannot start {}", program.display()))?;
        let keeper = Keeper::stand_by("kill \"$1\"", &[&child.id().to_string()])?;
        let mut server = Self { child, keeper: Some(keeper), address, first_answer: Duration::ZERO };
        server.wait_for_answer(started, &log)?;
        server.first_answer = started.elapsed();
        Ok(server)
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    pub(crate) fn base_url(&self) -> String {
        format!("http://{}", self.address)
    }

    fn wait_for_answer(&mut self, started: Instant, log: &Path) -> Result<()> {
        let request = http::get(self.address, product::HEALTH, "");
        loop {
            if Connection::new(self.address).send(&request).is_ok_and(|answer| answer.status == 200) {
                return Ok(());
            }
            if let Some(status) = self.child.try_wait()? {
                bail!("the server ended with {status}:\n{}", fs::read_to_string(log).unwrap_or_default());
            }
            if started.elapsed() > STARTS_WITHIN {
                bail!("no answer within {STARTS_WITHIN:?}:\n{}", fs::read_to_string(log).unwrap_or_default());
            }
            thread::sleep(Duration::from_millis(2));
        }
    }

    /// Asks the server to finish; kills it when it does not.
    fn stop(&mut self) -> Result<()> {
        let pid = self.child.id().to_string();
        crate::process::succeeds(std::process::Command::new("kill").arg(&pid));
        let asked = Instant::now();
        while self.child.try_wait()?.is_none() {
            if asked.elapsed() > STOPS_WITHIN {
                eprintln!("xtask: the server did not stop within {STOPS_WITHIN:?} and was killed");
                self.child.kill()?;
            }
            thread::sleep(Duration::from_millis(5));
        }
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        match self.stop() {
            Ok(()) => self.keeper.take().into_iter().for_each(Keeper::dismiss),
            Err(error) => eprintln!("xtask: the server could not be stopped: {error:#}"),
        }
    }
}

/// A loopback port that was free a moment ago.
pub(crate) fn free_port() -> Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("no free loopback port")?;
    Ok(listener.local_addr()?.port())
}
