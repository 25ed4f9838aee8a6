//! A customer's browser reduced to what a load needs: one connection kept open, one request at a time.
// tidy: allow(clock) benchmarks are stopwatches

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::measure::{Pass, ms};

/// One open connection.
pub struct Connection {
    stream: TcpStream,
    read: Vec<u8>,
}

/// Status and whole answer.
pub struct Answer {
    pub status: u16,
    pub text: String,
}

impl Connection {
    pub async fn open(port: u16) -> std::io::Result<Self> {
        let stream = TcpStream::connect(("127.0.0.1", port)).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, read: Vec::with_capacity(64 * 1024) })
    }
    /// Sends one request and waits for the whole answer; the text is copied only when it is wanted.
    pub async fn ask(&mut self, request: &[u8], with_text: bool) -> std::io::Result<Answer> {
        self.stream.write_all(request).await?;
        self.read.clear();
        let mut ends = None;
        loop {
            if self.stream.read_buf(&mut self.read).await? == 0 {
                return Err(std::io::ErrorKind::UnexpectedEof.into());
            }
            if ends.is_none() {
                ends = body_of(&self.read);
            }
            if let Some((from, length)) = ends
                && self.read.len() >= from + length
            {
                let status = self.read.get(9..12).and_then(|s| std::str::from_utf8(s).ok()?.parse().ok()).unwrap_or(0);
                let text = if with_text { String::from_utf8_lossy(&self.read).into_owned() } else { String::new() };
                return Ok(Answer { status, text });
            }
        }
    }
}

/// Where the body begins and how long it is, once the head is there. Our servers always say the length.
fn body_of(read: &[u8]) -> Option<(usize, usize)> {
    let end = read.windows(4).position(|w| w == b"\r\n\r\n")?;
    let head = std::str::from_utf8(&read[..end]).ok()?;
    let length = head.lines().find_map(|l| {
        let (name, value) = l.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse().ok())?
    });
    Some((end + 4, length.unwrap_or(0)))
}

pub fn get(path: &str, cookies: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookies}\r\n\r\n").into_bytes()
}

pub fn post(path: &str, cookies: &str, more: &str, body: &str) -> Vec<u8> {
    format!(
        "POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookies}\r\n{more}Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// `connections` customers ask one request after the other for `length`. `request(connection, n)` writes the
/// next one, `None` when there is none left; every answer must have the status that is expected.
pub async fn load(
    port: u16,
    connections: usize,
    length: Duration,
    expected: u16,
    request: impl Fn(usize, u64) -> Option<Vec<u8>> + Send + Sync + 'static,
) -> Pass {
    load_any(port, connections, length, vec![expected], request).await
}

/// The same, where an answer may have one of several statuses.
pub async fn load_any(
    port: u16,
    connections: usize,
    length: Duration,
    expected: Vec<u16>,
    request: impl Fn(usize, u64) -> Option<Vec<u8>> + Send + Sync + 'static,
) -> Pass {
    let (request, expected) = (Arc::new(request), Arc::new(expected));
    let began = Instant::now();
    let customers = (0..connections).map(|c| {
        let (request, expected) = (request.clone(), expected.clone());
        tokio::spawn(async move {
            let mut connection = Connection::open(port).await.expect("the server accepts");
            let (mut n, mut latencies) = (0, Vec::new());
            while began.elapsed() < length {
                let Some(bytes) = request(c, n) else { break };
                n += 1;
                let at = Instant::now();
                let answer = connection.ask(&bytes, false).await.expect("the server answers");
                assert!(expected.contains(&answer.status), "{}", String::from_utf8_lossy(&connection.read));
                latencies.push(ms(at));
            }
            latencies
        })
    });
    let customers: Vec<_> = customers.collect();
    let mut latencies = Vec::new();
    for customer in customers {
        latencies.extend(customer.await.expect("a customer came to the end"));
    }
    Pass { rate: latencies.len() as f64 / began.elapsed().as_secs_f64(), latencies }
}
