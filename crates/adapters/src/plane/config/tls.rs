//! A certificate for servers that have none yet: a small authority of its own and one server
//! certificate below it, so that a mail program can be told to trust the authority.

use std::{io, path::Path};

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose};

/// Certificate and key, PEM.
pub struct Generated {
    /// The authority: what clients may trust.
    pub authority: String,
    /// The server's certificate followed by the authority's.
    pub chain: String,
    pub key: String,
}

/// Makes an authority and a certificate of these names (host names or addresses), valid for ten years: it is
/// meant for loopback, where nobody renews it.
///
/// # Errors
/// When a name is not a host name.
pub fn generate(names: &[String]) -> Result<Generated, rcgen::Error> {
    let authority_key = KeyPair::generate()?;
    let mut authority = CertificateParams::new(Vec::<String>::new())?;
    authority.distinguished_name.push(DnType::CommonName, "Ceralacca local authority");
    authority.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    authority.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    (authority.not_before, authority.not_after) = (rcgen::date_time_ymd(2025, 1, 1), rcgen::date_time_ymd(2036, 1, 1));
    let authority_certificate = authority.self_signed(&authority_key)?;
    let issuer = Issuer::new(authority, authority_key);

    let key = KeyPair::generate()?;
    let mut server = CertificateParams::new(names.to_vec())?;
    server.distinguished_name.push(DnType::CommonName, names.first().map_or("localhost", String::as_str));
    (server.not_before, server.not_after) = (rcgen::date_time_ymd(2025, 1, 1), rcgen::date_time_ymd(2036, 1, 1));
    let certificate = server.signed_by(&key, &issuer)?;
    Ok(Generated {
        chain: certificate.pem() + &authority_certificate.pem(),
        authority: authority_certificate.pem(),
        key: key.serialize_pem(),
    })
}

/// Where [`ensure`] puts the authority beside the server's certificate.
pub const AUTHORITY_FILE: &str = "authority.pem";

/// Writes a generated certificate to these places unless one is there already.
///
/// # Errors
/// Of the file system.
pub fn ensure(certificate: &Path, key: &Path, names: &[String]) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    if certificate.exists() && key.exists() {
        return Ok(());
    }
    let made = generate(names).map_err(io::Error::other)?;
    let folder = certificate.parent().unwrap_or(Path::new("/"));
    std::fs::create_dir_all(folder)?;
    std::fs::write(key, "")?;
    std::fs::set_permissions(key, std::fs::Permissions::from_mode(0o600))?;
    std::fs::write(key, &made.key)?;
    std::fs::write(folder.join(AUTHORITY_FILE), &made.authority)?;
    std::fs::write(certificate, &made.chain)
}
