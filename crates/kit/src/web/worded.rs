//! What the HTTP library answers by itself to a head that it cannot read is a status without a word. The stream here
//! gives such an answer its sentence, so that nobody is refused without being told why and what to do.

use std::{
    future::Future as _,
    io::{self, IoSlice},
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
    time::Sleep,
};

/// How long a refused head is still read: closing over bytes that have not been read would take the answer back.
const HEARING_OUT: Duration = Duration::from_secs(2);

/// The statuses that the library gives by itself, and what they mean.
const SENTENCES: [(&str, &str); 3] = [
    (
        "400 Bad Request",
        "请求的地址或请求头不合规范，无法识别，没有处理。请检查地址中有没有空格、控制字符或者乱码后重试。",
    ),
    ("414 URI Too Long", "请求的地址太长（上限约 64 KB），没有处理。请减少筛选条件或搜索文字后重试。"),
    (
        "431 Request Header Fields Too Large",
        "请求的地址和请求头太长（上限约 64 KB），没有处理。请减少筛选条件或搜索文字后重试。",
    ),
];

/// A connection whose wordless answers get their words.
pub(super) struct Worded {
    stream: TcpStream,
    /// What is said instead of the answer that had no words.
    answer: Vec<u8>,
    /// How much of it has gone out.
    said: usize,
    /// Until when the rest of the refused head is read.
    hearing: Option<Pin<Box<Sleep>>>,
}

impl Worded {
    /// Around `stream`.
    pub(super) fn new(stream: TcpStream) -> Self {
        Self { stream, answer: Vec::new(), said: 0, hearing: None }
    }

    /// Takes an answer without words in, to be said with words.
    fn takes(&mut self, answer: &[u8]) -> bool {
        let Some(worded) = worded(answer) else { return false };
        self.answer = worded;
        self.hearing = Some(Box::pin(tokio::time::sleep(HEARING_OUT)));
        true
    }

    /// Says what is left to say.
    fn poll_say(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        while let Some(rest) = self.answer.get(self.said..).filter(|rest| !rest.is_empty()) {
            match ready!(Pin::new(&mut self.stream).poll_write(cx, rest))? {
                0 => return Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
                written => self.said += written,
            }
        }
        Poll::Ready(Ok(()))
    }

    /// Reads what the other side has still to say, for a while.
    fn poll_hear_out(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let Some(until) = &mut self.hearing else { return Poll::Ready(()) };
        let mut unheard = [0u8; 4096];
        loop {
            if until.as_mut().poll(cx).is_ready() {
                return Poll::Ready(());
            }
            let mut unheard = ReadBuf::new(&mut unheard);
            match ready!(Pin::new(&mut self.stream).poll_read(cx, &mut unheard)) {
                Ok(()) if !unheard.filled().is_empty() => {}
                // The other side has closed, in whichever way.
                _ => return Poll::Ready(()),
            }
        }
    }
}

/// The answer with its sentence, when it is one of those without.
fn worded(answer: &[u8]) -> Option<Vec<u8>> {
    let status = answer.strip_prefix(b"HTTP/1.1 ")?;
    let (status, sentence) = SENTENCES.iter().find(|(known, _)| status.starts_with(known.as_bytes()))?;
    let bare = answer.windows(EMPTY.len()).any(|part| part.eq_ignore_ascii_case(EMPTY));
    bare.then(|| {
        last_words(status, "x-content-type-options: nosniff\r\ncache-control: no-store\r\n", sentence)
    })
}

/// An answer that says `sentence` before the connection is closed; `headers` are further lines, each with its end.
pub(super) fn last_words(status: &str, headers: &str, sentence: &str) -> Vec<u8> {
    let length = sentence.len();
    format!(
        "HTTP/1.1 {status}\r\n{headers}content-type: text/plain; charset=utf-8\r\ncontent-length: {length}\r\n\
         connection: close\r\n\r\n{sentence}"
    )
    .into_bytes()
}

/// By which an answer without words is known; the program itself never refuses without words.
const EMPTY: &[u8] = b"\r\ncontent-length: 0\r\n";

impl AsyncRead for Worded {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for Worded {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        if self.takes(buf) {
            return Poll::Ready(Ok(buf.len()));
        }
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        // The head of an answer without a body is all that is written with it.
        if let [head] = bufs
            && self.takes(head)
        {
            return Poll::Ready(Ok(head.len()));
        }
        Pin::new(&mut self.stream).poll_write_vectored(cx, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_say(cx))?;
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_say(cx))?;
        ready!(Pin::new(&mut self.stream).poll_shutdown(cx))?;
        ready!(self.poll_hear_out(cx));
        Poll::Ready(Ok(()))
    }
}

#[cfg(test)]
mod tests {
    use tokio::{
        io::{AsyncReadExt as _, AsyncWriteExt as _},
        net::TcpListener,
    };

    use super::*;
    use crate::web::serve;

    /// What a listener with one page answers to `request`.
    async fn answer(request: &[u8]) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = axum::Router::new().route("/", axum::routing::get(async || "首页"));
        tokio::spawn(serve::serve(listener, router, serve::Limits::default(), std::future::pending()));
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(request).await.unwrap();
        let mut heard = Vec::new();
        stream.read_to_end(&mut heard).await.unwrap();
        String::from_utf8(heard).unwrap()
    }

    fn asking(target: &str) -> Vec<u8> {
        format!("GET {target} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").into_bytes()
    }

    #[tokio::test]
    async fn an_address_that_is_far_too_long_is_refused_with_a_sentence() {
        let answer = answer(&asking(&format!("/?q={}", "a".repeat(200_000)))).await;
        assert!(answer.starts_with("HTTP/1.1 4"), "{answer}");
        assert!(answer.contains("太长") && answer.contains("charset=utf-8"), "{answer}");
        let body = answer.split("\r\n\r\n").nth(1).unwrap();
        assert!(answer.contains(&format!("content-length: {}\r\n", body.len())), "{answer}");
    }

    #[tokio::test]
    async fn a_head_that_cannot_be_read_is_refused_with_a_sentence() {
        for target in ["/\u{0}", "没有编码的地址 和空格"] {
            let answer = answer(&asking(target)).await;
            assert!(answer.starts_with("HTTP/1.1 400 "), "{answer}");
            assert!(answer.contains("无法识别"), "{answer}");
        }
    }

    #[tokio::test]
    async fn a_page_that_is_found_is_answered_as_ever() {
        let answer = answer(&asking("/")).await;
        assert!(answer.starts_with("HTTP/1.1 200 ") && answer.ends_with("首页"), "{answer}");
    }
}
