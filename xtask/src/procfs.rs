//! What the kernel knows about a running server: processor time and memory.

use std::{
    fs,
    process::{Command, ExitStatus, Stdio},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result};

use crate::process;

/// Memory of a process in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Memory {
    /// In use now (`VmRSS`).
    pub(crate) now: u64,
    /// The most it ever was (`VmHWM`).
    pub(crate) peak: u64,
}

/// Processor time that the process has used so far, for itself and for its system calls.
pub(crate) fn cpu_time(pid: u32) -> Result<Duration> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).context("the server is gone")?;
    let ticks = cpu_ticks(&stat).context("unreadable /proc/…/stat")?;
    Ok(Duration::from_secs_f64(ticks as f64 / ticks_per_second()?))
}

/// How long a server must have next to nothing to do before it is measured, and how long that is waited for.
const CALM: Duration = Duration::from_secs(4);
const CALM_WITHIN: Duration = Duration::from_mins(3);

/// Waits until the process has done what it does by itself after its start: a city of a year ago has a night's reminders
/// to write, and they are not what is measured.
pub(crate) fn settle(pid: u32) -> Result<()> {
    let begun = Instant::now();
    while begun.elapsed() < CALM_WITHIN {
        let before = cpu_time(pid)?;
        thread::sleep(CALM);
        if cpu_time(pid)?.saturating_sub(before) < CALM / 50 {
            break;
        }
    }
    Ok(())
}

/// Memory that the process uses.
pub(crate) fn memory(pid: u32) -> Result<Memory> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).context("the server is gone")?;
    memory_lines(&status).context("unreadable /proc/…/status")
}

/// Whether the process has ended, though nobody has asked for its end yet.
pub(crate) fn has_ended(pid: u32) -> bool {
    let state = fs::read_to_string(format!("/proc/{pid}/stat"))
        .ok()
        .and_then(|stat| stat.rsplit_once(')').and_then(|(_, fields)| fields.trim_start().chars().next()));
    matches!(state, None | Some('Z' | 'X'))
}

/// What one run of a program took.
#[derive(Clone, Copy)]
pub(crate) struct Cost {
    pub(crate) wall: Duration,
    pub(crate) cpu: Duration,
    /// The most memory it ever had, in bytes.
    pub(crate) peak: u64,
}

/// Runs a program to its end, whichever that is, and asks the kernel what it took. What it says on the side goes
/// nowhere.
pub(crate) fn cost_of(command: &mut Command) -> Result<(Cost, ExitStatus)> {
    let begun = Instant::now();
    let program = command.get_program().to_owned();
    let mut child = command
        .stderr(Stdio::null())
        .stdin(Stdio::null())
        .spawn()
        .with_context(|| format!("cannot start {}", program.display()))?;
    let pid = child.id();
    let (mut peak, mut cpu) = (0, Duration::ZERO);
    let wall = loop {
        if let Ok(memory) = memory(pid) {
            peak = memory.peak.max(peak);
        }
        // What a process used is still known between its end and our asking for it.
        cpu = cpu_time(pid).unwrap_or(cpu);
        if has_ended(pid) {
            break begun.elapsed();
        }
        thread::sleep(Duration::from_millis(5));
    };
    Ok((Cost { wall, cpu, peak }, child.wait()?))
}

fn ticks_per_second() -> Result<f64> {
    process::output(Command::new("getconf").arg("CLK_TCK"))?.trim().parse().context("CLK_TCK is not a number")
}

/// utime + stime, the 14th and 15th field; the second field may hold blanks and brackets.
fn cpu_ticks(stat: &str) -> Option<u64> {
    let (_, fields) = stat.rsplit_once(')')?;
    let mut fields = fields.split_whitespace().skip(11);
    let user: u64 = fields.next()?.parse().ok()?;
    let system: u64 = fields.next()?.parse().ok()?;
    Some(user + system)
}

fn memory_lines(status: &str) -> Option<Memory> {
    let bytes = |name: &str| {
        let value = status.lines().find_map(|line| line.strip_prefix(name))?;
        let kibibytes: u64 = value.trim().strip_suffix("kB")?.trim().parse().ok()?;
        Some(kibibytes * 1024)
    };
    Some(Memory { now: bytes("VmRSS:")?, peak: bytes("VmHWM:")? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn processor_time_is_found_behind_a_name_with_blanks_and_brackets() {
        let stat = "42 (a (b) c) S 1 42 42 0 -1 4194560 100 0 0 0 250 50 0 0 20 0 8 0 99 1000 10";
        assert_eq!(cpu_ticks(stat), Some(300));
    }

    #[test]
    fn memory_is_read_in_bytes() {
        let status = "Name:\txuncha\nVmHWM:\t    2048 kB\nVmRSS:\t    1024 kB\n";
        assert_eq!(memory_lines(status), Some(Memory { now: 1 << 20, peak: 2 << 20 }));
    }
}
