//! A browser without a screen: cookies, redirects, forms as a person without scripts fills them.

use std::collections::BTreeMap;

use axum::{
    Router,
    body::Body,
    http::{HeaderMap, Method, Request, StatusCode, header},
};
use http_body_util::BodyExt;
use scraper::{Html, Selector};
use tower::ServiceExt;

/// One person at one browser.
#[derive(Clone)]
pub struct Browser {
    way: Way,
    cookies: BTreeMap<String, String>,
    /// Where redirects led, newest last.
    pub trail: Vec<String>,
    /// Sent with each request (`accept-language`, a forwarded address …).
    pub headers: Vec<(String, String)>,
}

/// How requests travel.
#[derive(Clone)]
enum Way {
    /// Straight into the router, in this process.
    Router(Router),
    /// Over the network, to a server at this address.
    Net { http: reqwest::Client, base: String },
}

/// The server did not answer, or not to the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unanswered;

/// A page as it arrived.
#[derive(Clone, Debug)]
pub struct Page {
    pub status: StatusCode,
    pub headers: HeaderMap,
    /// Path and query under which it was found, after redirects.
    pub path: String,
    pub body: String,
}

impl Browser {
    pub fn new(router: Router) -> Self {
        Self { way: Way::Router(router), cookies: BTreeMap::new(), trail: Vec::new(), headers: Vec::new() }
    }
    /// In front of a server at `base` (`http://127.0.0.1:8080`), which may be gone at any moment: use the
    /// methods whose names begin with `try_`.
    ///
    /// # Panics
    /// When no HTTP client can be made.
    pub fn over_http(base: &str) -> Self {
        let http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(std::time::Duration::from_secs(30))
            .build()
            .expect("an HTTP client");
        let way = Way::Net { http, base: base.into() };
        Self { way, cookies: BTreeMap::new(), trail: Vec::new(), headers: Vec::new() }
    }
    /// Cookies by name, as the browser would send them.
    pub fn cookies(&self) -> &BTreeMap<String, String> {
        &self.cookies
    }
    pub fn set_cookie(&mut self, name: &str, value: &str) {
        self.cookies.insert(name.into(), value.into());
    }
    pub fn forget_cookie(&mut self, name: &str) {
        self.cookies.remove(name);
    }
    /// GET, following redirects.
    ///
    /// # Panics
    /// When there is no answer; so do the other methods that do not begin with `try_`.
    pub async fn get(&mut self, path: &str) -> Page {
        self.try_get(path).await.expect("an answer")
    }
    /// [`Browser::get`] of a server that may be gone.
    pub async fn try_get(&mut self, path: &str) -> Result<Page, Unanswered> {
        let first = self.try_send(Method::GET, path, None, Vec::new()).await?;
        self.follow(first).await
    }
    /// POST of fields, following redirects.
    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Page {
        self.try_post(path, fields).await.expect("an answer")
    }
    /// [`Browser::post`] to a server that may be gone.
    pub async fn try_post(&mut self, path: &str, fields: &[(&str, &str)]) -> Result<Page, Unanswered> {
        let body = form_body(fields);
        let first = self.try_send(Method::POST, path, Some("application/x-www-form-urlencoded"), body).await?;
        self.follow(first).await
    }
    /// Sends the form of `page` with this action (or the only one whose action contains it):
    /// what it holds already, changed by `fields`; a field given as `("name", "")` is sent empty,
    /// one given as `("!name", "")` is left out.
    ///
    /// # Panics
    /// When the page has no such form, or when a given field is not in it: a person could not fill it.
    pub async fn submit(&mut self, page: &Page, action_has: &str, fields: &[(&str, &str)]) -> Page {
        self.try_submit(page, action_has, fields).await.expect("an answer")
    }
    /// [`Browser::submit`] to a server that may be gone.
    pub async fn try_submit(
        &mut self,
        page: &Page,
        action_has: &str,
        fields: &[(&str, &str)],
    ) -> Result<Page, Unanswered> {
        let form = page.form(action_has);
        let filled = form.filled(fields);
        let pairs: Vec<(&str, &str)> = filled.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        if form.method == "get" {
            let query = String::from_utf8(form_body(&pairs)).expect("a form body is ASCII");
            return self.try_get(&format!("{}?{query}", form.action)).await;
        }
        self.try_post(&form.action, &pairs).await
    }
    /// One request as given, redirects not followed.
    pub async fn send(&mut self, method: Method, path: &str, content_type: Option<&str>, body: Vec<u8>) -> Page {
        self.try_send(method, path, content_type, body).await.expect("an answer")
    }
    /// [`Browser::send`] to a server that may be gone.
    pub async fn try_send(
        &mut self,
        method: Method,
        path: &str,
        content_type: Option<&str>,
        body: Vec<u8>,
    ) -> Result<Page, Unanswered> {
        let mut request = Request::builder().method(method.clone()).uri(path).header(header::HOST, "127.0.0.1:8080");
        if !self.cookies.is_empty() {
            let all: Vec<String> = self.cookies.iter().map(|(n, v)| format!("{n}={v}")).collect();
            request = request.header(header::COOKIE, all.join("; "));
        }
        if let Some(kind) = content_type {
            request = request.header(header::CONTENT_TYPE, kind);
        }
        if method != Method::GET && !self.headers.iter().any(|(n, _)| n.eq_ignore_ascii_case("origin")) {
            request = request.header(header::ORIGIN, "http://127.0.0.1:8080");
        }
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        let request = request.body(body).expect("a test's request is well formed");
        let (status, headers, bytes) = self.way.carry(request).await?;
        self.keep_cookies(&headers);
        let body = String::from_utf8_lossy(&bytes).into_owned();
        let page = Page { status, headers, path: path.to_owned(), body };
        self.trail.extend(page.redirect().map(str::to_owned));
        Ok(page)
    }
    fn keep_cookies(&mut self, headers: &HeaderMap) {
        for cookie in headers.get_all(header::SET_COOKIE) {
            let text = cookie.to_str().expect("cookies are ASCII");
            let (pair, rest) = text.split_once(';').unwrap_or((text, ""));
            let (name, value) = pair.split_once('=').expect("a cookie has a value");
            let gone = value.is_empty() || rest.to_ascii_lowercase().contains("max-age=0");
            if gone {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.into(), value.into());
            }
        }
    }
    async fn follow(&mut self, mut page: Page) -> Result<Page, Unanswered> {
        for _ in 0..10 {
            let Some(to) = page.redirect() else { return Ok(page) };
            if to.starts_with("http") && !to.starts_with("http://127.0.0.1:8080") {
                return Ok(page);
            }
            let to = to.trim_start_matches("http://127.0.0.1:8080").to_owned();
            page = self.try_send(Method::GET, &to, None, Vec::new()).await?;
        }
        panic!("more than ten redirects, last to {}", page.path);
    }
}

impl Way {
    async fn carry(&self, request: Request<Vec<u8>>) -> Result<(StatusCode, HeaderMap, Vec<u8>), Unanswered> {
        match self {
            Way::Router(router) => {
                let answer = router.clone().oneshot(request.map(Body::from)).await.expect("the router answers");
                let (parts, body) = answer.into_parts();
                let bytes = body.collect().await.expect("the body arrives").to_bytes();
                Ok((parts.status, parts.headers, bytes.to_vec()))
            }
            Way::Net { http, base } => {
                let (parts, body) = request.into_parts();
                let asked =
                    http.request(parts.method, format!("{base}{}", parts.uri)).headers(parts.headers).body(body);
                let answer = asked.send().await.map_err(|_| Unanswered)?;
                let (status, headers) = (answer.status(), answer.headers().clone());
                let bytes = answer.bytes().await.map_err(|_| Unanswered)?;
                Ok((status, headers, bytes.to_vec()))
            }
        }
    }
}

fn form_body(fields: &[(&str, &str)]) -> Vec<u8> {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish().into_bytes()
}

/// A form as it stands on a page.
pub struct Form {
    pub action: String,
    pub method: String,
    fields: Vec<(String, String)>,
    names: Vec<String>,
}
impl Form {
    fn filled(&self, given: &[(&str, &str)]) -> Vec<(String, String)> {
        let mut out = self.fields.clone();
        for (name, value) in given {
            if let Some(name) = name.strip_prefix('!') {
                out.retain(|(n, _)| n != name);
                continue;
            }
            assert!(
                self.names.iter().any(|n| n == name),
                "the form {} has no field {name}: {:?}",
                self.action,
                self.names
            );
            out.retain(|(n, _)| n != name);
            out.push(((*name).to_owned(), (*value).to_owned()));
        }
        out
    }
}

impl Page {
    /// Where a redirect leads.
    pub fn redirect(&self) -> Option<&str> {
        if !self.status.is_redirection() {
            return None;
        }
        self.headers.get(header::LOCATION).and_then(|l| l.to_str().ok())
    }
    /// The visible text of all elements that match, blanks folded.
    pub fn texts(&self, selector: &str) -> Vec<String> {
        let html = Html::parse_document(&self.body);
        let selector = Selector::parse(selector).expect("the selector is well formed");
        html.select(&selector).map(|e| fold(&e.text().collect::<String>())).collect()
    }
    /// The text of the whole main part, blanks folded.
    pub fn text(&self) -> String {
        let mains = self.texts("main");
        if mains.is_empty() { fold(&self.body) } else { mains.join(" ") }
    }
    /// The values of an attribute of all elements that match.
    pub fn attrs(&self, selector: &str, attr: &str) -> Vec<String> {
        let html = Html::parse_document(&self.body);
        let selector = Selector::parse(selector).expect("the selector is well formed");
        html.select(&selector).filter_map(|e| e.attr(attr).map(str::to_owned)).collect()
    }
    pub fn has(&self, words: &str) -> bool {
        fold(&self.body).contains(words) || self.text().contains(words)
    }
    /// # Panics
    /// With the text of the page, when the words are not on it.
    pub fn must_have(&self, words: &str) -> &Self {
        assert!(self.has(words), "«{words}» is not on {} ({}):\n{}", self.path, self.status, self.text());
        self
    }
    /// The form whose action contains the text.
    ///
    /// # Panics
    /// When there is none.
    pub fn form(&self, action_has: &str) -> Form {
        let html = Html::parse_document(&self.body);
        let forms = Selector::parse("form").expect("well formed");
        let found = html.select(&forms).find(|f| {
            let action = f.attr("action").unwrap_or(&self.path);
            action.contains(action_has)
        });
        let form = found
            .unwrap_or_else(|| panic!("no form for {action_has} on {} ({}):\n{}", self.path, self.status, self.text()));
        let mut fields = Vec::new();
        let mut names = Vec::new();
        let inputs = Selector::parse("input, select, textarea, button").expect("well formed");
        for input in form.select(&inputs) {
            let Some(name) = input.attr("name").map(str::to_owned) else { continue };
            names.push(name.clone());
            let kind = input.attr("type").unwrap_or("text");
            let value = match input.value().name() {
                "select" => selected(&input),
                "textarea" => Some(input.text().collect()),
                "button" => None,
                _ if kind == "submit" => None,
                _ if matches!(kind, "checkbox" | "radio") => {
                    input.attr("checked").map(|_| input.attr("value").unwrap_or("on").to_owned())
                }
                _ => Some(input.attr("value").unwrap_or("").to_owned()),
            };
            fields.extend(value.map(|v| (name, v)));
        }
        let action = form.attr("action").unwrap_or(&self.path).to_owned();
        let method = form.attr("method").unwrap_or("get").to_ascii_lowercase();
        Form { action, method, fields, names }
    }
}

fn selected(select: &scraper::ElementRef<'_>) -> Option<String> {
    let options = Selector::parse("option").expect("well formed");
    let all: Vec<_> = select.select(&options).collect();
    let chosen = all.iter().find(|o| o.attr("selected").is_some()).or(all.first())?;
    Some(chosen.attr("value").map_or_else(|| chosen.text().collect(), str::to_owned))
}

fn fold(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
