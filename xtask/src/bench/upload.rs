//! A large file sent in portions over a connection that breaks once: what it costs the server in time and memory.

use std::time::Instant;

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

use crate::{form::Form, procfs, product};

use super::{
    finding::Reading,
    subject::{MEBIBYTE, Stand},
};

/// Bytes of the file.
const SIZE: usize = 500 << 20;
/// Bytes sent at once.
const PIECE: usize = 64 << 10;
/// Where the first connection breaks.
const BREAKS_AT: usize = 200 << 20;

/// Time of the whole upload, and how much more memory the server ever took than before it.
pub(crate) fn large(stand: &mut Stand) -> Result<(Reading, Reading)> {
    let home = stand.session.page(product::HOME)?.text();
    let form = Form::find(&home, &[product::TOKEN_FIELD]).context("no form on the home page")?;
    let token = form.value(product::TOKEN_FIELD).unwrap_or_default().to_owned();
    let before = procfs::memory(stand.server.pid())?.now;
    let cpu = procfs::cpu_time(stand.server.pid())?;
    let started = Instant::now();
    let order = format!(r#"{{"name":"现场录像.mp4","size":"{SIZE}","mark":"1"}}"#).into_bytes();
    let json = [("Content-Type", "application/json"), ("Idempotency-Key", "bench-upload")];
    let begun =
        stand.answer(("POST", product::UPLOADS), (&token, &json), order.len(), [order].into_iter())?;
    let path =
        format!("{}/{}", product::UPLOADS, begun.get("id").and_then(Value::as_str).context("no upload")?);
    let from_start = [(product::OFFSET_HEADER, "0")];
    let head = (token.as_str(), &from_start[..]);
    stand.session.send_pieces(
        ("PATCH", &path),
        head,
        SIZE,
        (0..BREAKS_AT).step_by(PIECE).map(piece),
        true,
    )?;
    let stands = stand.wait_for_rest(&path)?;
    ensure!((1..SIZE).contains(&stands), "{stands} bytes arrived before the connection broke");
    let offset = stands.to_string();
    let again = [(product::OFFSET_HEADER, offset.as_str())];
    let rest = pieces_from(stands);
    let ended = stand.answer(("PATCH", &path), (&token, &again), SIZE - stands, rest)?;
    ensure!(offset_of(&ended) == SIZE, "the upload stands at {}", offset_of(&ended));
    stand.answer(("POST", &format!("{path}/finish")), (&token, &json), 0, std::iter::empty())?;
    let time = Reading::of(started.elapsed().as_secs_f64() * 1000.0);
    let cpu = procfs::cpu_time(stand.server.pid())?.saturating_sub(cpu);
    let peak = procfs::memory(stand.server.pid())?.peak.saturating_sub(before);
    let note = format!("broken off at {} MiB, {:.1} s of processor time", stands >> 20, cpu.as_secs_f64());
    Ok((time.with_note(note), Reading::of(peak as f64 / MEBIBYTE)))
}

/// The bytes of a film that lie at `place`; its head says what it is.
fn piece(place: usize) -> Vec<u8> {
    let mut bytes: Vec<u8> = (place..place + PIECE).map(|at| (at % 251) as u8).collect();
    if place == 0 {
        bytes.splice(..12, *b"\0\0\0\x18ftypisom");
    }
    bytes
}

/// From a place that need not be the beginning of a piece to the end.
fn pieces_from(place: usize) -> impl Iterator<Item = Vec<u8>> {
    let first = place - place % PIECE;
    (first..SIZE).step_by(PIECE).map(move |at| {
        let mut bytes = piece(at);
        bytes.drain(..place.saturating_sub(at));
        bytes
    })
}

fn offset_of(progress: &Value) -> usize {
    progress.get("offset").and_then(Value::as_u64).unwrap_or_default() as usize
}

impl Stand {
    fn answer(
        &mut self,
        request: (&str, &str),
        head: (&str, &[(&str, &str)]),
        length: usize,
        pieces: impl Iterator<Item = Vec<u8>>,
    ) -> Result<Value> {
        let answer = self.session.send_pieces(request, head, length, pieces, false)?.context("no answer")?;
        ensure!(
            answer.status == 200,
            "{} {} was answered {}: {}",
            request.0,
            request.1,
            answer.status,
            answer.text()
        );
        serde_json::from_slice(&answer.body).context("the answer is not JSON")
    }

    /// How much has arrived, once the broken connection has let go of the file.
    fn wait_for_rest(&mut self, path: &str) -> Result<usize> {
        let mut last = None;
        for _ in 0..100 {
            let stands = offset_of(&self.session.json(path)?);
            if last == Some(stands) && stands > 0 {
                return Ok(stands);
            }
            last = Some(stands);
            std::thread::sleep(std::time::Duration::from_millis(200));
        }
        anyhow::bail!("the broken upload does not come to rest")
    }
}
