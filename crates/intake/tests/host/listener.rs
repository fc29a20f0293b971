//! Visitors who are slow on purpose, against the listener of the intake host: each is cut off within its limits, and
//! whoever finds no place is told so.

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use intake::host::Patience;
use kit::web::serve;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};

use crate::{Site, body_of};

/// How long a head may take here, and a piece of a form.
const SHORT: Duration = Duration::from_millis(300);
/// How long a whole letter may take here.
const WHOLE: Duration = Duration::from_millis(900);
/// Long enough for anything that is cut off to be cut off on a busy machine, and far shorter than the visitors are slow.
const CUT_OFF: Duration = Duration::from_secs(8);

/// The host of `site`, listening in earnest with short limits and `connections` places.
async fn listen(site: &Site, connections: usize, patience: Patience) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("its address");
    let limits = serve::Limits { connections, head: SHORT, ..intake::host::listening() };
    let router = intake::host::router(site.host.clone().waiting(patience));
    tokio::spawn(serve::serve(listener, router, limits, std::future::pending()));
    address
}

fn impatient() -> Patience {
    Patience { piece: SHORT, whole: WHOLE, pace: 0 }
}

/// Sends `bytes` and reads until the other side closes; whatever was sent back until then.
async fn exchange(address: SocketAddr, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).await.expect("a connection");
    stream.write_all(bytes).await.expect("sent");
    heard(&mut stream).await
}

/// Everything until the other side closes, which it must do in time.
async fn heard(stream: &mut TcpStream) -> String {
    let mut heard = Vec::new();
    // A reset is an end too: what came before it is what counts.
    let _ = tokio::time::timeout(CUT_OFF, stream.read_to_end(&mut heard)).await.expect("closed in time");
    String::from_utf8_lossy(&heard).into_owned()
}

const GET: &[u8] = b"GET / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";

/// The head of a letter whose body is announced as long, and the beginning of that body up to an open file.
async fn beginning(site: &Site) -> Vec<u8> {
    let token = site.token().await;
    let body = body_of(&[("token", None, token.as_bytes()), ("files", Some("说明.txt"), b"x")]);
    let open = body.strip_suffix(b"\r\n--b--\r\n").expect("a closed body");
    let mut bytes =
        b"POST /letter HTTP/1.1\r\nhost: localhost\r\ncontent-type: multipart/form-data; boundary=b\r\n\
        content-length: 100000\r\n\r\n"
            .to_vec();
    bytes.extend_from_slice(open);
    bytes
}

/// Sends `word` again and again, a pause between, until the other side has closed; what it said.
async fn dribble(stream: TcpStream, word: &'static [u8], pause: Duration) -> String {
    let (mut from, mut to) = stream.into_split();
    let sending = tokio::spawn(async move {
        while to.write_all(word).await.is_ok() {
            tokio::time::sleep(pause).await;
        }
    });
    let mut heard = Vec::new();
    let _ = tokio::time::timeout(CUT_OFF, from.read_to_end(&mut heard)).await.expect("closed in time");
    sending.abort();
    String::from_utf8_lossy(&heard).into_owned()
}

#[tokio::test]
async fn a_head_that_comes_letter_by_letter_is_cut_off() {
    let site = Site::new().await;
    let address = listen(&site, 8, impatient()).await;
    let mut stream = TcpStream::connect(address).await.expect("a connection");
    stream.write_all(b"GET / HTTP/1.1\r\nx-slow: ").await.expect("sent");
    let begun = Instant::now();
    let heard = dribble(stream, b"a", Duration::from_millis(40)).await;
    assert!(!heard.contains("200"), "{heard}");
    assert!(begun.elapsed() + Duration::from_millis(50) >= SHORT, "not before its time");
    assert!(exchange(address, GET).await.contains("200 OK"), "and others are served");
}

#[tokio::test]
async fn a_connection_that_says_nothing_is_cut_off() {
    let site = Site::new().await;
    let address = listen(&site, 8, impatient()).await;
    assert_eq!(exchange(address, b"").await, "");
}

#[tokio::test]
async fn a_letter_that_stops_in_the_middle_is_refused_and_leaves_nothing() {
    let site = Site::new().await;
    let address = listen(&site, 8, impatient()).await;
    let heard = exchange(address, &beginning(&site).await).await;
    assert!(heard.contains("400") && heard.contains("中断或过慢"), "{heard}");
    assert_eq!((site.arriving(), site.waiting().await), (0, 0));
}

#[tokio::test]
async fn a_letter_that_comes_byte_by_byte_is_refused_when_its_time_is_over() {
    let site = Site::new().await;
    let address = listen(&site, 8, impatient()).await;
    let mut stream = TcpStream::connect(address).await.expect("a connection");
    stream.write_all(&beginning(&site).await).await.expect("sent");
    // Each byte comes in its time; only the whole takes too long.
    let heard = dribble(stream, b"x", SHORT / 4).await;
    assert!(heard.contains("400") && heard.contains("中断或过慢"), "{heard}");
    assert_eq!((site.arriving(), site.waiting().await), (0, 0));
}

#[tokio::test]
async fn a_letter_below_the_least_pace_gives_its_place_back_long_before_its_time_is_over() {
    let site = Site::new().await;
    let patience = Patience { piece: SHORT, whole: Duration::from_mins(10), pace: 4 << 10 };
    let address = listen(&site, 8, patience).await;
    let mut stream = TcpStream::connect(address).await.expect("a connection");
    stream.write_all(&beginning(&site).await).await.expect("sent");
    let heard = dribble(stream, b"x", SHORT / 4).await;
    assert!(heard.contains("400") && heard.contains("中断或过慢"), "{heard}");
    assert_eq!((site.arriving(), site.waiting().await), (0, 0));
}

#[tokio::test]
async fn who_finds_no_place_is_told_so_and_is_served_when_the_slow_ones_are_gone() {
    let site = Site::new().await;
    let address = listen(&site, 2, impatient()).await;
    let mut slow = Vec::new();
    for _ in 0..2 {
        slow.push(TcpStream::connect(address).await.expect("a connection"));
    }
    let told = exchange(address, GET).await;
    assert!(told.starts_with("HTTP/1.1 503") && told.contains("retry-after"), "{told}");
    assert!(told.contains("现在访问的人较多"), "{told}");
    for stream in &mut slow {
        heard(stream).await;
    }
    // The place is given back a moment after the connection is closed.
    tokio::time::sleep(SHORT).await;
    assert!(exchange(address, GET).await.contains("200 OK"));
}
