//! A small HTTP/1.1 client on one kept-alive loopback connection: no more than measuring needs, and
//! nothing between the clock and the server.

use std::{
    io::{BufRead, BufReader, Read as _, Write as _},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

use anyhow::{Context as _, Result, bail, ensure};

/// Longer than any answer that is worth waiting for, a whole export included.
const PATIENCE: Duration = Duration::from_mins(10);

/// An answer, read to its end.
#[derive(Debug)]
pub(crate) struct Response {
    pub(crate) status: u16,
    headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Response {
    /// The values of a header; `name` in lower case.
    pub(crate) fn header<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.headers.iter().filter(move |(found, _)| found == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    fn closes(&self) -> bool {
        self.header("connection").any(|value| value.eq_ignore_ascii_case("close"))
    }
}

/// A connection that is kept for the next request and made anew when the server has closed it.
pub(crate) struct Connection {
    address: SocketAddr,
    stream: Option<BufReader<TcpStream>>,
}

impl Connection {
    pub(crate) fn new(address: SocketAddr) -> Self {
        Self { address, stream: None }
    }

    /// Sends a whole request as `get` or `post_form` made it and reads the whole answer.
    pub(crate) fn send(&mut self, request: &[u8]) -> Result<Response> {
        let mut stream = match self.stream.take().filter(|stream| is_open(stream.get_ref())) {
            Some(stream) => stream,
            None => self.connect()?,
        };
        stream.get_mut().write_all(request)?;
        let response = read_response(&mut stream)?;
        if !response.closes() {
            self.stream = Some(stream);
        }
        Ok(response)
    }

    /// Sends the head of a request and as many pieces of its body; reads the answer unless the connection shall break there.
    pub(crate) fn send_pieces(
        &mut self,
        head: &[u8],
        pieces: impl Iterator<Item = Vec<u8>>,
        breaks: bool,
    ) -> Result<Option<Response>> {
        let mut stream = self.connect()?;
        stream.get_mut().write_all(head)?;
        for piece in pieces {
            stream.get_mut().write_all(&piece)?;
        }
        if breaks { Ok(None) } else { read_response(&mut stream).map(Some) }
    }

    fn connect(&self) -> Result<BufReader<TcpStream>> {
        let stream = TcpStream::connect_timeout(&self.address, Duration::from_secs(10))?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        Ok(BufReader::with_capacity(64 << 10, stream))
    }
}

/// An idle connection has nothing to read; one that the server closed reads its end.
fn is_open(stream: &TcpStream) -> bool {
    let idle = stream.set_nonblocking(true).and_then(|()| stream.peek(&mut [0]));
    let restored = stream.set_nonblocking(false);
    restored.is_ok() && idle.is_err_and(|error| error.kind() == std::io::ErrorKind::WouldBlock)
}

/// A request for a page, with the cookies of a session.
pub(crate) fn get(host: SocketAddr, path: &str, cookies: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\n{}\r\n", headers(host, cookies)).into_bytes()
}

/// A request that sends a form.
pub(crate) fn post_form(host: SocketAddr, path: &str, cookies: &str, form: &str) -> Vec<u8> {
    format!(
        "POST {path} HTTP/1.1\r\n{}Origin: http://{host}\r\nSec-Fetch-Site: same-origin\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{form}",
        headers(host, cookies),
        form.len()
    )
    .into_bytes()
}

/// The head of a request with a body of so many bytes, which the caller sends after it.
pub(crate) fn head_of(
    host: SocketAddr,
    (method, path): (&str, &str),
    cookies: &str,
    more: &[(&str, &str)],
    length: usize,
) -> Vec<u8> {
    let more =
        more.iter().fold(headers(host, cookies), |head, (name, value)| head + name + ": " + value + "\r\n");
    format!("{method} {path} HTTP/1.1\r\n{more}Origin: http://{host}\r\nContent-Length: {length}\r\n\r\n")
        .into_bytes()
}

fn headers(host: SocketAddr, cookies: &str) -> String {
    let cookies = if cookies.is_empty() { String::new() } else { format!("Cookie: {cookies}\r\n") };
    format!("Host: {host}\r\nAccept: */*\r\n{cookies}")
}

fn read_response(reader: &mut impl BufRead) -> Result<Response> {
    let status = read_status(reader)?;
    let headers = read_headers(reader)?;
    let mut response = Response { status, headers, body: Vec::new() };
    response.body = read_body(reader, &response)?;
    Ok(response)
}

fn read_status(reader: &mut impl BufRead) -> Result<u16> {
    let line = read_line(reader)?;
    let status =
        line.strip_prefix("HTTP/1.1 ").and_then(|rest| rest.get(..3)).and_then(|code| code.parse().ok());
    status.with_context(|| format!("not a status line: {line:?}"))
}

fn read_headers(reader: &mut impl BufRead) -> Result<Vec<(String, String)>> {
    let mut headers = Vec::new();
    loop {
        let line = read_line(reader)?;
        if line.is_empty() {
            return Ok(headers);
        }
        let (name, value) = line.split_once(':').with_context(|| format!("not a header: {line:?}"))?;
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
}

fn read_body(reader: &mut impl BufRead, head: &Response) -> Result<Vec<u8>> {
    if matches!(head.status, 100..=199 | 204 | 304) {
        return Ok(Vec::new());
    }
    if head.header("transfer-encoding").any(|value| value.eq_ignore_ascii_case("chunked")) {
        return read_chunks(reader);
    }
    match head.header("content-length").next() {
        Some(length) => read_exactly(reader, length.parse().context("Content-Length is not a number")?),
        None if head.closes() => {
            let mut body = Vec::new();
            reader.read_to_end(&mut body)?;
            Ok(body)
        }
        None => bail!("the answer does not say how long it is"),
    }
}

fn read_chunks(reader: &mut impl BufRead) -> Result<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let line = read_line(reader)?;
        let size = line.split(';').next().unwrap_or_default().trim();
        let size = usize::from_str_radix(size, 16).with_context(|| format!("not a chunk size: {line:?}"))?;
        if size == 0 {
            read_headers(reader)?; // trailers
            return Ok(body);
        }
        body.extend(read_exactly(reader, size)?);
        ensure!(read_line(reader)?.is_empty(), "a chunk is longer than it says");
    }
}

fn read_exactly(reader: &mut impl BufRead, length: usize) -> Result<Vec<u8>> {
    let mut body = vec![0; length];
    reader.read_exact(&mut body).context("the answer ends too early")?;
    Ok(body)
}

fn read_line(reader: &mut impl BufRead) -> Result<String> {
    let mut line = String::new();
    reader.take(64 << 10).read_line(&mut line)?;
    ensure!(line.ends_with('\n'), "the connection ended within the head of an answer");
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Response> {
        read_response(&mut text.as_bytes())
    }

    #[test]
    fn a_body_of_stated_length_is_read_and_nothing_behind_it() {
        let mut two: &[u8] =
            b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nfirstHTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n";
        assert_eq!(read_response(&mut two).unwrap().text(), "first");
        assert_eq!(read_response(&mut two).unwrap().status, 404);
    }

    #[test]
    fn chunks_are_joined_with_extensions_and_trailers_left_aside() {
        let answer = read(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4;x=1\r\nwork\r\nA\r\nof a month\r\n0\r\nEnd: yes\r\n\r\n",
        );
        assert_eq!(answer.unwrap().text(), "workof a month");
    }

    #[test]
    fn an_answer_without_content_needs_no_length() {
        assert!(read("HTTP/1.1 204 No Content\r\n\r\n").unwrap().body.is_empty());
    }

    #[test]
    fn a_redirect_keeps_every_cookie_apart() {
        let answer =
            read("HTTP/1.1 303 See Other\r\nSet-Cookie: a=1\r\nset-cookie: b=2\r\nContent-Length: 0\r\n\r\n")
                .unwrap();
        assert_eq!(answer.header("set-cookie").collect::<Vec<_>>(), ["a=1", "b=2"]);
    }

    #[test]
    fn a_cut_answer_is_an_error_and_not_a_short_body() {
        assert!(read("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort").is_err());
        assert!(read("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nshort").is_err());
        assert!(read("HTTP/1.1 200 OK\r\nContent-Le").is_err());
    }
}
