//! Figures in the Prometheus text format.

use std::{
    collections::BTreeMap,
    fmt::Write,
    sync::{
        Arc, RwLock,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::Duration,
};

/// Upper bounds of the latency histogram, in milliseconds.
const BOUNDS_MS: [u64; 10] = [1, 2, 5, 10, 25, 60, 150, 500, 2_000, 10_000];

/// Requests of one route that ended with one status.
#[derive(Default)]
struct Series {
    /// One more than the bounds: what took longer than all.
    buckets: [AtomicU64; BOUNDS_MS.len() + 1],
    sum_us: AtomicU64,
}

/// Counters of the requests since the start.
#[derive(Default)]
pub struct Requests {
    series: RwLock<BTreeMap<(String, String, u16), Arc<Series>>>,
    pub in_flight: AtomicU64,
}

impl Requests {
    /// Counts a request; `route` is the pattern, never the address that was asked for.
    pub fn count(&self, method: &str, route: &str, status: u16, took: Duration) {
        let key = (method.to_owned(), route.to_owned(), status);
        let found = self.series.read().unwrap_or_else(|e| e.into_inner()).get(&key).cloned();
        let series = found
            .unwrap_or_else(|| self.series.write().unwrap_or_else(|e| e.into_inner()).entry(key).or_default().clone());
        let us = took.as_micros() as u64;
        let slot = BOUNDS_MS.iter().position(|b| us <= b * 1000).unwrap_or(BOUNDS_MS.len());
        series.buckets[slot].fetch_add(1, Relaxed);
        series.sum_us.fetch_add(us, Relaxed);
    }

    fn write(&self, page: &mut Page) {
        const NAME: &str = "ceralacca_http_request_duration_seconds";
        page.head(NAME, "histogram", "Requests by method, route and status.");
        let series = self.series.read().unwrap_or_else(|e| e.into_inner());
        for ((method, route, status), s) in series.iter() {
            let (method, route, status) = (label(method), label(route), status.to_string());
            let labels = format!("method=\"{method}\",route=\"{route}\",status=\"{status}\"");
            let mut total = 0;
            for (i, bucket) in s.buckets.iter().enumerate() {
                total += bucket.load(Relaxed);
                let bound = BOUNDS_MS.get(i).map_or("+Inf".into(), |ms| (*ms as f64 / 1000.0).to_string());
                page.line(&format!("{NAME}_bucket{{{labels},le=\"{bound}\"}}"), total as f64);
            }
            page.line(&format!("{NAME}_sum{{{labels}}}"), s.sum_us.load(Relaxed) as f64 / 1e6);
            page.line(&format!("{NAME}_count{{{labels}}}"), total as f64);
        }
        page.gauge(
            "ceralacca_http_requests_in_flight",
            "Requests being answered.",
            self.in_flight.load(Relaxed) as f64,
        );
    }
}

/// A page of figures being written.
#[derive(Default)]
pub struct Page(String);

impl Page {
    fn head(&mut self, name: &str, kind: &str, help: &str) {
        let _ = writeln!(self.0, "# HELP {name} {help}\n# TYPE {name} {kind}");
    }
    fn line(&mut self, name: &str, value: f64) {
        let _ = writeln!(self.0, "{name} {value}");
    }
    pub fn gauge(&mut self, name: &str, help: &str, value: f64) {
        self.head(name, "gauge", help);
        self.line(name, value);
    }
    pub fn counter(&mut self, name: &str, help: &str, value: f64) {
        self.head(name, "counter", help);
        self.line(name, value);
    }
    /// One gauge with a label: `name{label="key"} value` for each pair.
    pub fn gauges<'a>(&mut self, name: &str, help: &str, by: &str, values: impl Iterator<Item = (&'a str, f64)>) {
        self.head(name, "gauge", help);
        for (key, value) in values {
            self.line(&format!("{name}{{{by}=\"{}\"}}", label(key)), value);
        }
    }
    /// The figures of the requests and of the process itself.
    pub fn process(&mut self, requests: &Requests) {
        requests.write(self);
        if let Some(bytes) = resident_bytes() {
            self.gauge("process_resident_memory_bytes", "Memory in use.", bytes as f64);
        }
        self.head("ceralacca_build_info", "gauge", "The running version.");
        self.line(&format!("ceralacca_build_info{{version=\"{}\"}}", env!("CARGO_PKG_VERSION")), 1.0);
    }
    pub fn finish(self) -> String {
        self.0
    }
}

/// A label's value with what would end it escaped.
fn label(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

/// Resident memory from the kernel; `None` elsewhere than on Linux.
fn resident_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|l| l.strip_prefix("VmRSS:"))?;
    Some(line.trim().strip_suffix(" kB")?.trim().parse::<u64>().ok()? * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_fall_into_their_buckets() {
        let requests = Requests::default();
        requests.count("GET", "/a/{id}", 200, Duration::from_micros(900));
        requests.count("GET", "/a/{id}", 200, Duration::from_millis(20));
        requests.count("GET", "/a/{id}", 500, Duration::from_secs(60));
        let mut page = Page::default();
        page.process(&requests);
        let text = page.finish();
        let at = |le: &str, status: u16| {
            let name = format!(
                "ceralacca_http_request_duration_seconds_bucket{{method=\"GET\",route=\"/a/{{id}}\",status=\"{status}\",le=\"{le}\"}} "
            );
            text.lines().find_map(|l| l.strip_prefix(&name)).map(str::to_owned)
        };
        assert_eq!(at("0.001", 200).as_deref(), Some("1"));
        assert_eq!(at("0.01", 200).as_deref(), Some("1"));
        assert_eq!(at("0.025", 200).as_deref(), Some("2"));
        assert_eq!(at("10", 500).as_deref(), Some("0"));
        assert_eq!(at("+Inf", 500).as_deref(), Some("1"));
        assert!(text.contains("process_resident_memory_bytes "));
    }

    #[test]
    fn labels_cannot_break_out() {
        let mut page = Page::default();
        page.gauges("x", "X.", "state", [("a\"b\\c\nd", 1.0)].into_iter());
        assert!(page.finish().ends_with("x{state=\"a\\\"b\\\\c\\nd\"} 1\n"));
    }
}
