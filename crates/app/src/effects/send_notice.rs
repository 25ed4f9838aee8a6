//! Sends one message to one person: an e-mail or a text message.

use domain::{
    id::{MessageId, TokenId},
    time::Timestamp,
};
use ports::{PortError, Ports, mail::Mail, sms::Sms};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::{WriteTx, messages as rows};

use super::{Effect, Prepared, Run};
use crate::{Cx, Problem, tokens};

/// Which way a message goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Channel {
    Email,
    Sms,
}

/// A secret that the message carries, made when it is sent: the row keeps only its identifier.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "as", rename_all = "lowercase")]
pub enum Secret {
    /// `path` with `{token}` replaced, under the installation's address, as `link`.
    Link { token: TokenId, kind: String, path: String },
    /// Six digits, as `code`.
    Code { token: TokenId, kind: String },
}

/// Payload of the effect.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SendNotice {
    pub channel: Channel,
    pub template: String,
    pub locale: String,
    pub to: String,
    pub subject_id: uuid::Uuid,
    /// The template's context.
    pub data: Value,
    pub secret: Option<Secret>,
    /// From then on it is not sent any more: what it says would come at the wrong hour, or be wrong.
    #[serde(default)]
    pub good_until: Option<Timestamp>,
}

/// The words, ready to go.
pub enum Plan {
    Mail(Mail),
    Sms(Sms),
}

/// What the other side said.
pub struct Sent {
    subject: String,
    answer: String,
}

impl SendNotice {
    fn filled(&self, cx: &Cx) -> Value {
        let mut data = self.data.clone();
        if let (Value::Object(map), Some(secret)) = (&mut data, &self.secret) {
            match secret {
                Secret::Link { token, kind, path } => {
                    let secret = tokens::link_secret(cx, tokens::Kind(tokens::known(kind)), *token);
                    let link = format!("{}{}", cx.settings().base_url, path.replace("{token}", &secret));
                    map.insert("link".into(), link.into());
                }
                Secret::Code { token, kind } => {
                    map.insert("code".into(), tokens::code(cx, tokens::Kind(tokens::known(kind)), *token).into());
                }
            }
        }
        data
    }
}

impl Effect for SendNotice {
    const KIND: &'static str = "send_notice";
    type Plan = Plan;
    type Outcome = Sent;

    async fn prepare(&self, cx: &Cx, run: &Run) -> Result<Prepared<Plan>, Problem> {
        if self.good_until.is_some_and(|until| cx.now() >= until) {
            return Ok(Prepared::AlreadyDone);
        }
        let data = self.filled(cx);
        let plan = match self.channel {
            Channel::Email => {
                let words = cx.renderer().mail(&self.template, &self.locale, &data).map_err(Problem::broken)?;
                Plan::Mail(Mail {
                    message_id: format!("{}@{}", run.key(), cx.settings().mail_domain()),
                    from: cx.settings().mail_from.clone(),
                    reply_to: None,
                    to: self.to.clone(),
                    subject: words.subject,
                    text: words.text,
                    html: Some(words.html),
                    language: self.locale.clone(),
                })
            }
            Channel::Sms => {
                let text = cx.renderer().sms(&self.template, &self.locale, &data).map_err(Problem::broken)?;
                Plan::Sms(Sms { key: run.key(), to: self.to.clone(), text })
            }
        };
        Ok(Prepared::Go(plan))
    }

    async fn perform(&self, plan: &Plan, ports: &Ports, _run: &Run) -> Result<Sent, PortError> {
        match plan {
            Plan::Mail(mail) => Ok(Sent { subject: mail.subject.clone(), answer: ports.mailer.send(mail).await? }),
            Plan::Sms(sms) => Ok(Sent { subject: String::new(), answer: ports.sms.send(sms).await? }),
        }
    }

    async fn record(&self, tx: &mut WriteTx, cx: &Cx, run: &Run, sent: &Sent) -> Result<(), Problem> {
        self.log(tx, cx, run.id.uuid(), "sent", &sent.subject, &sent.answer).await
    }
}

impl SendNotice {
    async fn log(
        &self,
        tx: &mut WriteTx,
        cx: &Cx,
        effect_id: uuid::Uuid,
        outcome: &str,
        subject: &str,
        detail: &str,
    ) -> Result<(), Problem> {
        let id: MessageId = cx.new_id();
        let channel = match self.channel {
            Channel::Email => "email",
            Channel::Sms => "sms",
        };
        let row = rows::NewMessage {
            id: id.uuid(),
            effect_id,
            channel,
            template: &self.template,
            locale: &self.locale,
            recipient: &self.to,
            subject,
            subject_id: self.subject_id,
            outcome,
            detail,
            at: cx.now().micros(),
        };
        Ok(rows::insert(tx, &row).await?)
    }
}
