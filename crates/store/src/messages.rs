//! What was sent to whom.

use uuid::Uuid;

use crate::{Query, Result, WriteTx, args, row, sql};

/// A message to be recorded.
pub struct NewMessage<'a> {
    pub id: Uuid,
    pub effect_id: Uuid,
    pub channel: &'a str,
    pub template: &'a str,
    pub locale: &'a str,
    pub recipient: &'a str,
    pub subject: &'a str,
    pub subject_id: Uuid,
    pub outcome: &'a str,
    pub detail: &'a str,
    pub at: i64,
}
row! {
    /// A message as it is shown in a timeline.
    pub struct MessageRow {
        pub channel: String,
        pub template: String,
        pub recipient: String,
        pub subject: String,
        pub outcome: String,
        pub at: i64,
    }
}

sql!(
    INSERT = "INSERT INTO messages (id, effect_id, channel, template, locale, recipient, subject, subject_id, outcome, detail, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (effect_id) DO NOTHING"
);
sql!(
    BY_SUBJECT = "SELECT channel, template, recipient, subject, outcome, at FROM messages WHERE subject_id = $1 ORDER BY at LIMIT 200",
    MessageRow
);

/// Records a message; one already recorded for the effect stays as it is.
pub async fn insert(tx: &mut WriteTx, m: &NewMessage<'_>) -> Result<()> {
    let a = args![
        m.id,
        m.effect_id,
        m.channel,
        m.template,
        m.locale,
        m.recipient,
        m.subject,
        m.subject_id,
        m.outcome,
        m.detail,
        m.at
    ];
    tx.run(&INSERT, a).await?;
    Ok(())
}
/// What was sent about one thing, oldest first, at most 200.
pub async fn by_subject(q: &mut impl Query, subject_id: Uuid) -> Result<Vec<MessageRow>> {
    q.all(&BY_SUBJECT, args![subject_id]).await
}
