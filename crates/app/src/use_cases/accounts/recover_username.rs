//! «Non ricordi lo username»: one mail with all usernames of a record (domain notes 1.7).

use domain::{
    audit::AuditLine,
    ident::{BodyCode, EmailAddress, FiscalCode},
    time::{DAY_US, HOUR_US},
};
use render::{Locale, notices::recover::UsernameReminder};
use serde_json::json;
use store::{WriteTx, rate_limits, recovery};

use crate::{
    Cx, Problem, audit,
    notice::Notice,
    rate_limit::{self, Limit},
};

/// Requests that one address may make.
pub(crate) const PER_ADDRESS: Limit = Limit::new(5, HOUR_US);
/// Mails that one record gets, whoever asks.
const PER_RECORD: Limit = Limit::new(3, DAY_US);
/// Records that may share one e-mail or one representative and are written to at once.
const AT_MOST: i64 = 5;

/// By what the person wants to be found.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Wanted {
    Email(String),
    TaxNumber(String),
}

fn read(who: &str) -> Option<Wanted> {
    if who.contains('@') {
        return EmailAddress::parse(who).ok().map(|e| Wanted::Email(e.key()));
    }
    let person = FiscalCode::parse(who).ok().map(|c| c.as_str().to_owned());
    person.or_else(|| BodyCode::parse_vat(who).ok().map(|c| c.as_str().to_owned())).map(Wanted::TaxNumber)
}

/// Mails the usernames of every record found, to its registered e-mail. The answer is the same
/// whether one is found or not.
///
/// # Errors
/// `recover-who` for what is neither an e-mail nor a tax number; too many requests from one address.
pub async fn recover_username(cx: &Cx, who: &str, ip: &str) -> Result<(), Problem> {
    let wanted = read(who).ok_or_else(|| {
        Problem::invalid_field("who", if who.trim().is_empty() { "recover-who-missing" } else { "recover-who" })
    })?;
    rate_limit::hit(cx, format!("recover-ip:{ip}"), PER_ADDRESS).await?;
    let cx2 = cx.clone();
    cx.write(async move |tx| {
        let found = match &wanted {
            Wanted::Email(key) => recovery::by_email(tx, key, AT_MOST).await?,
            Wanted::TaxNumber(number) => recovery::by_tax_number(tx, number, AT_MOST).await?,
        };
        for record in &found {
            remind(tx, &cx2, record).await?;
        }
        Ok(())
    })
    .await
}

async fn remind(tx: &mut WriteTx, cx: &Cx, record: &recovery::ReachedRow) -> Result<(), Problem> {
    let usernames = recovery::usernames(tx, record.id).await?;
    if usernames.is_empty() || !within(tx, cx, &format!("recover-username:{}", record.id), PER_RECORD).await? {
        return Ok(());
    }
    let context = UsernameReminder { name: record.display_name.clone(), usernames, at: cx.now() };
    let locale = Locale::parse(&record.locale).unwrap_or_default();
    Notice::mail(&record.email, locale, ("party", record.id), &context).enqueue(tx, cx).await?;
    audit::record(tx, cx, &AuditLine::new("party.usernames_sent", "party", record.id, json!({}))).await
}

/// Counts one event in this transaction; `false` beyond the limit, silently.
pub(crate) async fn within(tx: &mut WriteTx, cx: &Cx, bucket: &str, limit: Limit) -> Result<bool, Problem> {
    let now = cx.now().micros();
    let window = now - now.rem_euclid(limit.window_us);
    Ok(rate_limits::hit(tx, bucket, window).await? <= limit.max)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_be_typed() {
        assert_eq!(read(" Anna@Example.it "), Some(Wanted::Email("anna@example.it".into())));
        assert_eq!(read("rssnna90e47z110t"), Some(Wanted::TaxNumber("RSSNNA90E47Z110T".into())));
        assert_eq!(read("IT00743110157"), Some(Wanted::TaxNumber("00743110157".into())));
        for bad in ["", "anna", "@", "123456", "00743110158", "a@b\r\n"] {
            assert_eq!(read(bad), None, "{bad:?}");
        }
    }
}
