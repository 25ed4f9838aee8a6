//! The template engine: one compiled environment per language.
//!
//! Constant words are written into the templates when they are compiled, so that a request pays
//! only for what changes: `{{ t("key") }}` without values costs nothing.

use std::{
    collections::{BTreeMap, HashMap},
    path::{Path, PathBuf},
    sync::Arc,
};

use minijinja::{AutoEscape, Environment, UndefinedBehavior, Value, context, syntax::SyntaxConfig, value::Serde};
use rust_embed::RustEmbed;

use crate::{
    Brand, Chrome, Fragment, Letter, Locale, Mail, Page, Sms, Words,
    constants::{literal, with_brand, with_constants, with_literals},
    flat, functions, mail_text,
    marks::Icons,
};

#[derive(RustEmbed)]
#[folder = "templates"]
struct Templates;

#[derive(RustEmbed)]
#[folder = "locales"]
struct Locales;

/// Something is wrong with templates or words. Met at start-up and in tests, not by people.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("template: {0:#}")]
    Template(#[from] minijinja::Error),
    #[error("words: {0}")]
    Words(String),
    #[error("{path}: {source}")]
    Override { path: PathBuf, source: std::io::Error },
}

/// How an installation is drawn.
#[derive(Clone, Debug)]
pub struct Options {
    pub brand: Brand,
    /// A directory with `templates/…` and `locales/{it,en}/….ftl` that lie over the embedded ones.
    pub overrides: Option<PathBuf>,
    /// Addresses of the static files by their plain names (`app.css` → `/assets/app-1a2b.css`).
    pub assets: HashMap<String, String>,
    /// Write pages out flat before they are compiled: the same text in half the time. Tests compare both.
    pub flat: bool,
}
impl Default for Options {
    fn default() -> Self {
        Self { brand: Brand::sample(), overrides: None, assets: HashMap::new(), flat: true }
    }
}

/// Draws pages, mails and short messages. Built once; cheap to share.
pub struct Renderer {
    environments: [Environment<'static>; 2],
    words: Arc<Words>,
    sources: BTreeMap<String, String>,
}

impl Renderer {
    /// Reads and compiles everything; a mistake in an override stops the start.
    pub fn new(options: Options) -> Result<Self, Error> {
        let mut sources = embedded::<Templates>();
        let (mut words, mut changed_words) = (BTreeMap::new(), BTreeMap::new());
        for (name, text) in embedded::<Locales>() {
            words.extend(word_file(&name).map(|key| (key, text)));
        }
        if let Some(dir) = &options.overrides {
            sources.extend(directory(&dir.join("templates"))?);
            for (name, text) in directory(&dir.join("locales"))? {
                changed_words.extend(word_file(&name).map(|key| (key, text)));
            }
        }
        let words = Arc::new(Words::new(&words, &changed_words, &[("brand", &options.brand.name)])?);
        let mut compiled = sources.clone();
        if options.flat {
            flat::flatten(&mut compiled);
        }
        let environment = |locale| environment(locale, &compiled, &words, &options);
        let environments = [environment(Locale::It)?, environment(Locale::En)?];
        Ok(Self { environments, words, sources })
    }

    /// A whole page.
    pub fn page<P: Page>(&self, chrome: &Chrome, page: &P) -> Result<String, Error> {
        let failed = page.form().is_some_and(crate::Form::has_errors);
        let ctx = context! {
            // Names are looked for one after the other: the page's own is asked for most.
            p => Value::from(Serde(page)),
            c => Value::from(Serde(chrome)),
            here => P::HERE,
            failed => failed,
        };
        Ok(self.environments[chrome.locale.index()].get_template(P::TEMPLATE)?.render(ctx)?)
    }

    /// A piece of a page, for a script that puts it in the place of the old one.
    pub fn fragment<F: Fragment>(&self, locale: Locale, fragment: &F) -> Result<String, Error> {
        let ctx = context! { p => Value::from(Serde(fragment)) };
        Ok(self.environments[locale.index()].get_template(F::TEMPLATE)?.render(ctx)?)
    }

    /// A mail from its typed context.
    pub fn typed_mail<M: Mail>(&self, locale: Locale, mail: &M) -> Result<Letter, Error> {
        self.letter(M::NAME, locale, Value::from(Serde(mail)))
    }

    /// A mail from the serialised context that an effect kept; `locale` as it is stored.
    pub fn mail(&self, name: &str, locale: &str, data: &serde_json::Value) -> Result<Letter, Error> {
        self.letter(name, Locale::from_tag(locale), Value::from(Serde(data)))
    }

    fn letter(&self, name: &str, locale: Locale, p: Value) -> Result<Letter, Error> {
        let env = &self.environments[locale.index()];
        let text = env.get_template(&format!("mails/{name}.txt"))?.render(context! { p => p.clone() })?;
        let (subject, text) = mail_text::split(&text);
        let html = env.get_template(&format!("mails/{name}.html"))?.render(context! { p => p, subject => &subject })?;
        Ok(Letter { subject, text, html })
    }

    /// A short message from its typed context.
    pub fn typed_sms<S: Sms>(&self, locale: Locale, sms: &S) -> Result<String, Error> {
        self.short(S::NAME, locale, Value::from(Serde(sms)))
    }

    /// A short message from the serialised context that an effect kept; `locale` as it is stored.
    pub fn sms(&self, name: &str, locale: &str, data: &serde_json::Value) -> Result<String, Error> {
        self.short(name, Locale::from_tag(locale), Value::from(Serde(data)))
    }

    fn short(&self, name: &str, locale: Locale, p: Value) -> Result<String, Error> {
        let env = &self.environments[locale.index()];
        Ok(env.get_template(&format!("sms/{name}.txt"))?.render(context! { p => p })?.trim().to_owned())
    }

    /// The words, for sentences outside pages.
    pub fn words(&self) -> &Words {
        &self.words
    }

    /// Sources of all templates by name, overrides included; for checks.
    pub fn sources(&self) -> &BTreeMap<String, String> {
        &self.sources
    }
}

fn environment(
    locale: Locale,
    sources: &BTreeMap<String, String>,
    words: &Arc<Words>,
    options: &Options,
) -> Result<Environment<'static>, Error> {
    let mut env = Environment::new();
    env.set_undefined_behavior(UndefinedBehavior::Strict);
    env.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build()?);
    env.set_auto_escape_callback(|name| if name.ends_with(".html") { AutoEscape::Html } else { AutoEscape::None });
    let brand = Value::from(Serde(&options.brand));
    env.add_global("brand", brand.clone());
    env.add_global("lang", locale.code());
    functions::install(&mut env, locale, words, &options.assets);
    let icons = Icons::new(&options.assets);
    let constant = |expression: &str| match expression {
        "lang" => Some(Value::from(locale.code())),
        e if e.starts_with("brand.") => brand.get_attr(&e[6..]).ok().filter(|v| v.as_str().is_some()),
        e => literal(e, "t")
            .and_then(|key| words.plain(locale, key).cloned())
            .or_else(|| literal(e, "asset").map(|name| Value::from(functions::asset(&options.assets, name))))
            .or_else(|| literal(e, "icon").map(|name| icons.icon(name))),
    };
    for (name, source) in sources {
        let said = options.flat.then(|| flat::write_sentences_out(name, source, words, locale));
        let source = with_constants(name, &with_brand(said.as_ref().unwrap_or(source), &brand), &constant);
        env.add_template_owned(name.clone(), with_literals(&source, &|key| words.plain(locale, key).cloned()))?;
    }
    Ok(env)
}

fn embedded<E: RustEmbed>() -> BTreeMap<String, String> {
    E::iter()
        .filter_map(|name| {
            let file = E::get(&name)?;
            Some((name.replace('\\', "/"), String::from_utf8_lossy(&file.data).into_owned()))
        })
        .collect()
}

/// `it/shop.ftl` → Italian, `shop`.
fn word_file(name: &str) -> Option<(Locale, String)> {
    let (language, file) = name.split_once('/')?;
    Some((Locale::parse(language)?, file.strip_suffix(".ftl")?.to_owned()))
}

fn directory(root: &Path) -> Result<BTreeMap<String, String>, Error> {
    let mut files = BTreeMap::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        let failed = |source| Error::Override { path: folder.clone(), source };
        let entries = match std::fs::read_dir(&folder) {
            Err(e) if e.kind() == std::io::ErrorKind::NotFound && folder == root => return Ok(files),
            other => other.map_err(failed)?,
        };
        for entry in entries {
            let path = entry.map_err(failed)?.path();
            if path.is_dir() {
                folders.push(path);
            } else if let Ok(name) = path.strip_prefix(root) {
                let text = std::fs::read_to_string(&path).map_err(failed)?;
                files.insert(name.to_string_lossy().replace('\\', "/"), text);
            }
        }
    }
    Ok(files)
}
