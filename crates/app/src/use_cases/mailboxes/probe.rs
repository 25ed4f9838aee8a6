//! A mailbox that exists for a moment, by which `doctor` proves that the mail servers read this database.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::time::HOUR_US;
use store::mailbox_life as rows;

use crate::{Cx, Problem};

/// An open probe; close it.
#[derive(Clone)]
pub struct OpenProbe {
    pub address: String,
    pub password: String,
}

/// Makes a probe mailbox on the first domain that is served.
///
/// # Errors
/// `no-mail-domain` when no domain is served; when the store cannot be written.
pub async fn open(cx: &Cx) -> Result<OpenProbe, Problem> {
    let domain = rows::served_domain(&mut cx.store()).await?.ok_or_else(|| Problem::refused("no-mail-domain"))?;
    let random = cx.random::<8>().iter().map(|b| format!("{b:02x}")).collect::<String>();
    // Two separators in a row are never sold, so this can be nobody's mailbox.
    let probe =
        OpenProbe { address: format!("probe--{random}@{domain}"), password: URL_SAFE_NO_PAD.encode(cx.random::<24>()) };
    let hash = cx.hashing().hash(&probe.password, cx.random()).await?;
    let (address, now) = (probe.address.clone(), cx.now());
    cx.write(async move |tx| Ok(rows::open_probe(tx, &address, &hash, now).await?)).await?;
    Ok(probe)
}

/// Removes the probe, and any that a crash left behind.
///
/// # Errors
/// When the store cannot be written.
pub async fn close(cx: &Cx, probe: &OpenProbe) -> Result<(), Problem> {
    let (address, older) = (probe.address.clone(), cx.now().plus_us(-HOUR_US));
    cx.write(async move |tx| Ok(rows::close_probe(tx, &address, older).await.map(|_| ())?)).await
}
