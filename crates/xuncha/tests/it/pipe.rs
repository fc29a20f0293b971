//! The command line at the end of a pipe.

use std::process::{Command, Stdio};

#[test]
fn a_reader_who_has_seen_enough_ends_the_program_without_a_word() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_xuncha"))
        .args(["routes", "--json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("the program ends");
    assert!(output.status.success(), "{:?}", output.status);
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}
