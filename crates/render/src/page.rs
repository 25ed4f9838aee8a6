//! What a page, a mail and a short message are, and the list of all of them.

use serde::Serialize;

use crate::{Chrome, Error, Form, Renderer};

/// The typed context of a page. Templates see it as `p`.
pub trait Page: Serialize {
    /// File under `templates`, for example `pages/public/shop.html`.
    const TEMPLATE: &'static str;
    /// The entry of the navigation that is «here»; empty when none is.
    const HERE: &'static str = "";
    /// One value for each look of the page: usual, empty, with errors, with everything at its longest.
    fn samples() -> Vec<Self>
    where
        Self: Sized;
    /// The form of the page, if it has one: with errors, the title begins by saying so.
    fn form(&self) -> Option<&Form> {
        None
    }
}

/// The typed context of a piece of a page that can be asked for alone. The page includes the same piece, so
/// its samples are those of the page.
pub trait Fragment: Serialize {
    /// File under `templates/fragments`.
    const TEMPLATE: &'static str;
}

/// The typed context of a mail. `templates/mails/<NAME>.html` and `.txt`; the first line of the
/// text file is the subject.
pub trait Mail: Serialize {
    const NAME: &'static str;
    fn samples() -> Vec<Self>
    where
        Self: Sized;
}

/// The typed context of a short message: `templates/sms/<NAME>.txt`, at most 160 GSM characters.
pub trait Sms: Serialize {
    const NAME: &'static str;
    fn samples() -> Vec<Self>
    where
        Self: Sized;
}

/// A mail ready to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    pub subject: String,
    /// Wrapped at 72 columns.
    pub text: String,
    pub html: String,
}

/// What kind of thing a sample is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SampleKind {
    Page,
    Mail,
    Sms,
}

type Draw = Box<dyn Fn(&Renderer, &Chrome) -> Result<Drawn, Error> + Send + Sync>;

/// One sample of one template, ready to be rendered in a test.
pub struct Sample {
    pub kind: SampleKind,
    /// Template without folder and ending, for example `public/shop`.
    pub name: String,
    /// Position among the samples of its template.
    pub index: usize,
    draw: Draw,
}

/// What a sample became.
#[derive(Debug)]
pub enum Drawn {
    Page(String),
    Mail(Letter),
    Sms(String),
}

impl Sample {
    /// Renders the sample within this frame.
    pub fn draw(&self, renderer: &Renderer, chrome: &Chrome) -> Result<Drawn, Error> {
        (self.draw)(renderer, chrome)
    }
}

/// All templates with their samples.
#[derive(Default)]
pub struct Registry {
    pub samples: Vec<Sample>,
}
impl Registry {
    /// Everything that the platform can show or send.
    pub fn all() -> Self {
        let mut registry = Self::default();
        crate::pages::register(&mut registry);
        crate::notices::register(&mut registry);
        registry
    }
    /// Adds a page with its samples.
    pub fn page<P: Page + Send + Sync + 'static>(&mut self) {
        let name = P::TEMPLATE.trim_start_matches("pages/").trim_end_matches(".html");
        for (index, page) in P::samples().into_iter().enumerate() {
            self.add(SampleKind::Page, name, index, move |r, c| r.page(c, &page).map(Drawn::Page));
        }
    }
    /// Adds a mail with its samples.
    pub fn mail<M: Mail + Send + Sync + 'static>(&mut self) {
        for (index, mail) in M::samples().into_iter().enumerate() {
            self.add(SampleKind::Mail, M::NAME, index, move |r, c| r.typed_mail(c.locale, &mail).map(Drawn::Mail));
        }
    }
    /// Adds a short message with its samples.
    pub fn sms<S: Sms + Send + Sync + 'static>(&mut self) {
        for (index, sms) in S::samples().into_iter().enumerate() {
            self.add(SampleKind::Sms, S::NAME, index, move |r, c| r.typed_sms(c.locale, &sms).map(Drawn::Sms));
        }
    }
    fn add(
        &mut self,
        kind: SampleKind,
        name: &str,
        index: usize,
        draw: impl Fn(&Renderer, &Chrome) -> Result<Drawn, Error> + Send + Sync + 'static,
    ) {
        self.samples.push(Sample { kind, name: name.into(), index, draw: Box::new(draw) });
    }
}

/// Lists the pages of an area: `register!(pages: [Shop, Terms])`.
#[macro_export]
macro_rules! register {
    ($method:ident: [$($item:ty),* $(,)?]) => {
        pub(crate) fn register(registry: &mut $crate::Registry) {
            $(registry.$method::<$item>();)*
        }
    };
    (mails: [$($mail:ty),* $(,)?], sms: [$($sms:ty),* $(,)?]) => {
        pub(crate) fn register(registry: &mut $crate::Registry) {
            $(registry.mail::<$mail>();)*
            $(registry.sms::<$sms>();)*
        }
    };
}
