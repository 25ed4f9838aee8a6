//! Calls of macros written out where they stand.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    expression::{Call, call, is_plain, mentions, split, variables},
    pieces::{Piece, end_of, pieces},
};

/// How deep calls may lie in each other before they are left as they are.
const DEPTH: usize = 8;

/// A macro of a component.
struct Macro {
    /// Each with its default.
    params: Vec<(String, Option<String>)>,
    body: Vec<Piece>,
}

/// A file of macros.
#[derive(Default)]
struct Module {
    macros: BTreeMap<String, Macro>,
    imports: Vec<Piece>,
}

/// All files of macros by name.
pub(super) struct Modules(BTreeMap<String, Module>);

/// What a call inside a text may mean.
#[derive(Clone, Copy)]
struct Scope<'a> {
    /// Files by the names under which they are imported.
    aliases: &'a BTreeMap<String, String>,
    /// The file whose macros are called without an alias.
    own: Option<&'a Module>,
    depth: usize,
}

impl Modules {
    pub(super) fn read(sources: &BTreeMap<String, String>) -> Self {
        let files = sources.iter().filter(|(name, _)| name.starts_with("components/") && name.ends_with(".html"));
        Self(files.filter_map(|(name, source)| Some((name.clone(), module(source)?))).collect())
    }

    /// The page with its calls written out.
    pub(super) fn write_out(&self, page: &[Piece]) -> Option<Vec<Piece>> {
        let aliases = aliases(page)?;
        let page = self.expand(page, Scope { aliases: &aliases, own: None, depth: 0 })?;
        Some(without_idle_imports(page))
    }

    fn expand(&self, parts: &[Piece], scope: Scope) -> Option<Vec<Piece>> {
        let mut out = Vec::new();
        let mut at = 0;
        while let Some(part) = parts.get(at) {
            let (written, next) = match part {
                Piece::Expr(e) => (self.called(e, None, scope), at),
                Piece::Tag(t) if t.starts_with("call ") => {
                    let end = end_of(parts, at + 1, "call", "endcall")?;
                    let body = self.expand(&parts[at + 1..end], scope)?;
                    (self.called(t.trim_start_matches("call "), Some(&body), scope), end)
                }
                _ => (None, at),
            };
            match written {
                Some(written) => {
                    out.extend(written);
                    at = next;
                }
                None => out.push(part.clone()),
            }
            at += 1;
        }
        Some(out)
    }

    /// The macro's text with the arguments in place; `None` when it has to stay a call.
    fn called(&self, expression: &str, body: Option<&[Piece]>, scope: Scope) -> Option<Vec<Piece>> {
        let call = call(expression)?;
        let module = match call.path.split_once('.') {
            Some((alias, _)) => self.0.get(scope.aliases.get(alias)?)?,
            None => scope.own?,
        };
        let name = call.path.rsplit('.').next()?;
        let found = module.macros.get(name).filter(|_| scope.depth < DEPTH)?;
        let all: Vec<Piece> = module.imports.iter().chain(&found.body).cloned().collect();
        let aliases = aliases(&all)?;
        let inner = Scope { aliases: &aliases, own: Some(module), depth: scope.depth + 1 };
        let text = without_idle_imports(self.expand(&all, inner)?);
        if calls_by_name(&text, module) || (body.is_none() && text.iter().any(is_caller)) {
            return None;
        }
        place(text, &bind(&found.params, &call)?, body)
    }
}

fn module(source: &str) -> Option<Module> {
    let parts = pieces(source)?;
    let mut module = Module::default();
    let mut at = 0;
    while let Some(part) = parts.get(at) {
        match part.verb() {
            "macro" => {
                let end = end_of(&parts, at + 1, "macro", "endmacro")?;
                let head = call_of(part.tag()?)?;
                module.macros.insert(head.0, Macro { params: head.1, body: parts[at + 1..end].to_vec() });
                at = end;
            }
            "import" => module.imports.push(part.clone()),
            "" => {}
            _ => return None,
        }
        at += 1;
    }
    Some(module)
}

type Params = Vec<(String, Option<String>)>;

/// Name and parameters of `macro name(a, b="x")`.
fn call_of(tag: &str) -> Option<(String, Params)> {
    let (name, rest) = tag.strip_prefix("macro ")?.split_once('(')?;
    let params = split(rest.trim_end().strip_suffix(')')?, ',')?.into_iter().map(str::trim).filter(|p| !p.is_empty());
    let params = params.map(|p| match p.split_once('=') {
        Some((name, default)) => (name.trim().to_owned(), Some(default.trim().to_owned())),
        None => (p.to_owned(), None),
    });
    Some((name.trim().to_owned(), params.collect()))
}

/// The imports of a text; `None` when one name stands for two files.
fn aliases(parts: &[Piece]) -> Option<BTreeMap<String, String>> {
    let mut found = BTreeMap::new();
    for (file, alias) in parts.iter().filter_map(import) {
        if found.insert(alias.to_owned(), file.to_owned()).is_some_and(|other| other != file) {
            return None;
        }
    }
    Some(found)
}

/// File and name of an import.
fn import(part: &Piece) -> Option<(&str, &str)> {
    part.tag()?.strip_prefix("import \"")?.split_once("\" as ").map(|(file, alias)| (file, alias.trim()))
}

/// Leaves out the imports that nothing needs any more.
fn without_idle_imports(parts: Vec<Piece>) -> Vec<Piece> {
    let idle = |p: &Piece| {
        import(p).is_some_and(|(_, alias)| !parts.iter().any(|q| import(q).is_none() && speaks_of(q, alias)))
    };
    let keep: Vec<bool> = parts.iter().map(|p| !idle(p)).collect();
    parts.into_iter().zip(keep).filter_map(|(p, keep)| keep.then_some(p)).collect()
}

fn is_caller(part: &Piece) -> bool {
    matches!(part, Piece::Expr(e) if e == "caller()")
}

/// Whether a macro of the same file is still called: its name means nothing on the page.
fn calls_by_name(text: &[Piece], module: &Module) -> bool {
    let said = |p: &Piece| match p {
        Piece::Text(_) => false,
        Piece::Tag(e) | Piece::Expr(e) => module.macros.keys().any(|name| mentions(e, name)),
    };
    text.iter().any(said)
}

/// The value of each parameter.
fn bind(params: &Params, call: &Call) -> Option<Vec<(String, String)>> {
    if call.positional.len() > params.len() || call.named.iter().any(|(n, _)| !params.iter().any(|(p, _)| p == n)) {
        return None;
    }
    let value = |(i, (name, default)): (usize, &(String, Option<String>))| {
        let named = call.named.iter().find(|(n, _)| n == name).map(|(_, v)| *v);
        let value = call.positional.get(i).copied().or(named).or(default.as_deref())?;
        Some((name.clone(), value.to_owned()))
    };
    params.iter().enumerate().map(value).collect()
}

/// Puts the arguments into the text: plain ones as they are, the others as names of a scope.
fn place(text: Vec<Piece>, bound: &[(String, String)], body: Option<&[Piece]>) -> Option<Vec<Piece>> {
    let names = own_names(&text);
    let (plain, other): (Vec<_>, Vec<_>) = bound.iter().partition(|(name, value)| {
        let root = value.split('.').next().unwrap_or_default();
        is_plain(value) && !names.contains(name.as_str()) && !names.contains(root)
    });
    let other: Vec<_> = other.into_iter().filter(|(name, value)| name != value).collect();
    // A scope's names are given one after the other: none may change what a later value or the body means.
    let hides = |(i, (name, _)): (usize, &&(String, String))| {
        other[i + 1..].iter().any(|(_, v)| mentions(v, name))
            || plain.iter().any(|(_, v)| mentions(v, name))
            || body.is_some_and(|b| b.iter().any(|p| speaks_of(p, name)))
    };
    let body_meets = body.is_some_and(|b| names.iter().any(|n| b.iter().any(|p| speaks_of(p, n))));
    if body_meets || other.iter().enumerate().any(hides) {
        return None;
    }
    let put = |source: &str| {
        variables(source, |word| plain.iter().find(|(name, _)| name == word).map(|(_, value)| value.clone()))
    };
    let scope = other.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join(", ");
    let mut out = vec![Piece::Tag(format!("with {scope}").trim_end().to_owned())];
    for part in text {
        match part {
            p if is_caller(&p) => out.extend(body?.to_vec()),
            Piece::Expr(e) => out.push(Piece::Expr(put(&e))),
            Piece::Tag(t) => out.push(Piece::Tag(put(&t))),
            text @ Piece::Text(_) => out.push(text),
        }
    }
    out.push(Piece::Tag("endwith".into()));
    if other.is_empty() && names.is_empty() {
        out.pop();
        out.remove(0);
    }
    Some(out)
}

fn speaks_of(part: &Piece, name: &str) -> bool {
    match part {
        Piece::Text(_) => false,
        Piece::Tag(e) | Piece::Expr(e) => mentions(e, name),
    }
}

/// The names that a text gives itself: loops, `set`, scopes, imports.
fn own_names(text: &[Piece]) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for tag in text.iter().filter_map(Piece::tag) {
        if let Some((targets, _)) = tag.strip_prefix("for ").and_then(|t| t.split_once(" in ")) {
            names.extend(targets.split(',').map(|t| t.trim().to_owned()));
            names.insert("loop".into());
        } else if let Some(rest) = tag.strip_prefix("set ") {
            names.extend(rest.split('=').next().map(|t| t.trim().to_owned()));
        } else if let Some(rest) = tag.strip_prefix("with ") {
            let targets = split(rest, ',').unwrap_or_default();
            names.extend(targets.into_iter().filter_map(|t| Some(t.split('=').next()?.trim().to_owned())));
        } else if let Some((_, alias)) = tag.strip_prefix("import \"").and_then(|t| t.split_once("\" as ")) {
            names.insert(alias.trim().into());
        }
    }
    names
}
