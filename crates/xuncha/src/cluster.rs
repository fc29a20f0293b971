//! `xuncha models run --engine ballista://…`: the question goes to the program `xuncha-cluster`, which lies beside this one and
//! knows how to ask a cluster. It is a program of its own so that nobody who has no cluster builds or ships one.

use std::{
    io::Write as _,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use kit::{Refusal, Result};
use models::job::Question;

/// The program's name.
const PROGRAM: &str = "xuncha-cluster";

/// Who computes.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Engine {
    /// This program.
    Embedded,
    /// A cluster.
    Cluster {
        /// Host and port of its scheduler.
        scheduler: String,
        /// The folder that all its machines can read.
        shared: PathBuf,
    },
}

impl Engine {
    /// Reads `embedded` or `ballista://HOST:PORT`.
    pub(crate) fn parse(text: &str, shared: Option<PathBuf>) -> Result<Self> {
        if text == "embedded" {
            return Ok(Self::Embedded);
        }
        let Some(scheduler) = text.strip_prefix("ballista://").filter(|rest| is_address(rest)) else {
            let sentence = format!(
                "没有计算引擎 {text}：可以是 embedded，或者 ballista://主机:端口（集群的调度程序）。"
            );
            return Err(Refusal::bad_request(sentence).into());
        };
        let shared = shared.ok_or_else(|| {
            Refusal::bad_request("在集群上运行要用 --shared 指定共享目录，各执行程序从那里读取数据。")
        })?;
        Ok(Self::Cluster { scheduler: scheduler.to_owned(), shared })
    }
}

fn is_address(text: &str) -> bool {
    let parts = text.rsplit_once(':');
    parts.is_some_and(|(host, port)| !host.is_empty() && !host.contains('/') && port.parse::<u16>().is_ok())
}

/// Has the cluster answer; the program beside prints the answer, or why there is none.
pub(crate) fn ask(question: &Question, scheduler: &str, shared: &Path) -> Result<()> {
    let program = beside()?;
    let mut command = Command::new(&program);
    command.args(["run", "--scheduler", scheduler, "--shared"]).arg(shared).stdin(Stdio::piped());
    let mut child = command
        .spawn()
        .map_err(|error| Refusal::conflict(format!("集群程序 {} 不能启动：{error}。", program.display())))?;
    let ended = handed(&mut child, &serde_json::to_vec(question)?)?;
    if !ended.success() {
        // It has said why.
        std::process::exit(1);
    }
    Ok(())
}

fn handed(child: &mut Child, question: &[u8]) -> Result<std::process::ExitStatus> {
    // Held open until the end: when this program goes, the other one sees its input close and has the cluster stop.
    let mut input = child.stdin.take();
    if let Some(input) = &mut input {
        // A program that refuses before it has read takes no more; then its end tells.
        let _ = input.write_all(question).and_then(|()| input.write_all(b"\n")).and_then(|()| input.flush());
    }
    // `wait` would close the input that it finds in the child; here it finds none.
    let ended = child.wait()?;
    drop(input);
    Ok(ended)
}

fn beside() -> Result<PathBuf> {
    let own = std::env::current_exe()?;
    let program = own.with_file_name(format!("{PROGRAM}{}", std::env::consts::EXE_SUFFIX));
    if program.is_file() {
        return Ok(program);
    }
    Err(Refusal::conflict(format!(
        "没有找到集群程序 {}：它不随主程序安装，请把它放在主程序所在的目录，或者去掉 --engine 在本机计算。",
        program.display()
    ))
    .into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_engine_is_this_program_or_the_address_of_a_scheduler() {
        assert_eq!(Engine::parse("embedded", None).unwrap(), Engine::Embedded);
        let shared = || Some(PathBuf::from("/srv/shared"));
        let cluster = Engine::Cluster { scheduler: "10.0.0.1:50050".into(), shared: "/srv/shared".into() };
        assert_eq!(Engine::parse("ballista://10.0.0.1:50050", shared()).unwrap(), cluster);
        assert!(Engine::parse("ballista://10.0.0.1:50050", None).is_err());
        for wrong in ["", "spark://a:1", "ballista://", "ballista://a", "ballista://:1", "ballista://a/b:1"] {
            assert!(Engine::parse(wrong, shared()).is_err(), "{wrong}");
        }
    }
}
