//! Everything a person reads: pages, mails, short messages, and their words in Italian and English.
//!
//! A page is a typed context ([`Page`]) with samples and a template; a notice is a [`Mail`] or an
//! [`Sms`]. One test renders all of them with all samples in all languages, with strict variables,
//! so that a wrong name is found without a browser. A provider can lay a directory of its own
//! templates and words over the embedded ones, without compiling.

pub mod chrome;
mod constants;
mod engine;
mod flat;
pub mod form;
mod format;
mod functions;
mod locale;
mod mail_text;
mod marks;
pub mod notices;
mod page;
pub mod pages;
pub mod qr;
mod wax;
mod words;

pub use chrome::{Area, Brand, Chrome, DemoBar, Flash, Who};
pub use engine::{Error, Options, Renderer};
pub use form::{Arg, FieldError, Form, Msg, Tone};
pub use locale::Locale;
pub use mail_text::fits_sms;
pub use page::{Drawn, Fragment, Letter, Mail, Page, Registry, Sample, SampleKind, Sms};
pub use page::{Mail as MailContext, Sms as SmsContext};
pub use wax::{Wax, WaxRefusal};
pub use words::Words;
