//! Reading apart: a PDF may unpack to any size and take any time, so what a stranger made is looked at by a process of its own
//! with bounds on both. The program goes on whatever happens to that one.

use std::{
    io::{Read as _, Write as _},
    path::Path,
    process::{Child, Command, ExitCode, Stdio},
};

/// The first argument by which the program becomes the reader.
pub const READER: &str = "look-at-pdf";
/// Two gigabytes of memory, twenty seconds of the processor, no file of what remains when it falls.
const BOUNDED: &str = "ulimit -v 2097152 && ulimit -t 20 && ulimit -c 0 && exec \"$0\" \"$1\"";
/// Bytes of an answer: a sketch and some pictures.
const ANSWER: u64 = 64 * 1024;
/// Bytes of a file.
const FILE: u64 = 64 * 1024 * 1024;

/// What the PDF `bytes` is known by, as `likeness::pdf::Seen` writes it.
pub fn look(bytes: &[u8]) -> Option<String> {
    look_by(&std::env::current_exe().ok()?, bytes)
}

/// The same by the program at `program`.
pub fn look_by(program: &Path, bytes: &[u8]) -> Option<String> {
    let mut command = Command::new("/bin/sh");
    command.arg("-c").arg(BOUNDED).arg(program).arg(READER).env_clear();
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().ok()?;
    let answer = asked(&mut child, bytes);
    let ended = child.wait().ok()?;
    answer.filter(|_| ended.success())
}

/// Hands the file over and reads the answer; both pipes are closed behind it, so that nobody waits for the other.
fn asked(child: &mut Child, bytes: &[u8]) -> Option<String> {
    let mut file = child.stdin.take()?;
    // A reader that has given up takes no more; then its end tells.
    let _ = file.write_all(bytes);
    drop(file);
    let mut answer = String::new();
    child.stdout.take()?.take(ANSWER).read_to_string(&mut answer).ok()?;
    Some(answer)
}

/// What the reader does: a PDF comes in, what it is known by goes out.
pub fn answer() -> ExitCode {
    let mut bytes = Vec::new();
    let read = std::io::stdin().take(FILE).read_to_end(&mut bytes);
    let seen = read.ok().and_then(|_| likeness::pdf::look(bytes));
    let said = seen.is_some_and(|seen| std::io::stdout().write_all(seen.written().as_bytes()).is_ok());
    if said { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
