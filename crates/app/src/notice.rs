//! Asking for a message to a person, in the transaction of the decision it reports.

use domain::{id::TokenId, time::Timestamp};
use render::Locale;
use store::WriteTx;
use uuid::Uuid;

use crate::{
    Cx, Problem,
    effects::{
        self, Effect,
        send_notice::{Channel, Secret, SendNotice},
    },
    tokens::Kind,
};

/// A message to be sent. Its context is serialised now; links and codes are filled in when it goes.
pub struct Notice {
    channel: Channel,
    template: &'static str,
    data: serde_json::Value,
    to: String,
    locale: Locale,
    subject: (&'static str, Uuid),
    secret: Option<Secret>,
    dedup_key: Option<String>,
    run_at: Option<Timestamp>,
    good_until: Option<Timestamp>,
}

impl Notice {
    /// An e-mail with a typed context of `render`.
    pub fn mail<C: render::Mail>(to: &str, locale: Locale, subject: (&'static str, Uuid), context: &C) -> Self {
        let data = serde_json::to_value(context).expect("a mail's context is plain data");
        Self::of(Channel::Email, C::NAME, data, to, locale, subject)
    }
    /// A text message with a typed context of `render`.
    pub fn sms<C: render::Sms>(to: &str, locale: Locale, subject: (&'static str, Uuid), context: &C) -> Self {
        let data = serde_json::to_value(context).expect("a message's context is plain data");
        Self::of(Channel::Sms, C::NAME, data, to, locale, subject)
    }
    fn of(
        channel: Channel,
        template: &'static str,
        data: serde_json::Value,
        to: &str,
        locale: Locale,
        subject: (&'static str, Uuid),
    ) -> Self {
        let to = to.to_owned();
        Self {
            channel,
            template,
            data,
            to,
            locale,
            subject,
            secret: None,
            dedup_key: None,
            run_at: None,
            good_until: None,
        }
    }
    /// With the link of a token: `path` holds `{token}`; the context's field `link` is filled in.
    pub fn with_link(mut self, token: TokenId, kind: Kind, path: &str) -> Self {
        self.secret = Some(Secret::Link { token, kind: kind.0.into(), path: path.into() });
        self
    }
    /// With the six digits of a token: the context's field `code` is filled in.
    pub fn with_code(mut self, token: TokenId, kind: Kind) -> Self {
        self.secret = Some(Secret::Code { token, kind: kind.0.into() });
        self
    }
    /// A second notice with the same key is the same notice.
    pub fn once(mut self, key: String) -> Self {
        self.dedup_key = Some(key);
        self
    }
    /// Not before that time.
    pub fn at(mut self, at: Timestamp) -> Self {
        self.run_at = Some(at);
        self
    }
    /// Not sent any more from that time on, should it still wait then.
    pub fn good_until(mut self, until: Timestamp) -> Self {
        self.good_until = Some(until);
        self
    }
    /// Writes the effect that sends it.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn enqueue(&self, tx: &mut WriteTx, cx: &Cx) -> Result<(), Problem> {
        let effect = SendNotice {
            channel: self.channel,
            template: self.template.into(),
            locale: self.locale.code().into(),
            to: self.to.clone(),
            subject_id: self.subject.1,
            data: self.data.clone(),
            secret: self.secret.clone(),
            good_until: self.good_until,
        };
        let request = effect.request(self.subject, self.dedup_key.clone(), self.run_at.unwrap_or(cx.now()));
        effects::enqueue(tx, cx, &[request]).await
    }
}
