//! TLS towards PostgreSQL, against the certificate that `scripts/test-postgres` makes for itself.

use store::{
    Error, Options, Store,
    testing::{admin, postgres_address},
};

const ENCRYPTED: &str = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()";

async fn open(parameters: &str) -> Result<bool, Error> {
    let address = postgres_address("postgres");
    let url = format!("{}?{parameters}", address.split('?').next().unwrap()).parse().unwrap();
    let store = Store::open(&url, Options::default()).await?;
    Ok(store.all_text::<bool>(ENCRYPTED, &[]).await?[0])
}

async fn server_certificate() -> tempfile::NamedTempFile {
    let row = admin().await.query_one("SELECT pg_read_file('root.crt')", &[]).await;
    let row = row.expect("the test server has a certificate: is openssl installed?");
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), row.get::<_, String>(0)).unwrap();
    file
}

#[tokio::test]
async fn the_mode_decides_whether_it_is_encrypted() {
    assert_eq!(open("sslmode=disable").await, Ok(false));
    assert_eq!(open("sslmode=prefer").await, Ok(true));
    assert_eq!(open("sslmode=require").await, Ok(true));
}

#[tokio::test]
async fn a_server_is_believed_only_with_a_known_certificate() {
    let file = server_certificate().await;
    let trusted = format!("sslrootcert={}", file.path().display());
    assert_eq!(open(&format!("sslmode=verify-full&{trusted}")).await, Ok(true));
    assert_eq!(open(&format!("sslmode=require&{trusted}")).await, Ok(true));
    let unknown = open("sslmode=verify-full").await;
    assert!(matches!(&unknown, Err(Error::Broken(text)) if text.contains("certificate")), "{unknown:?}");
}

#[tokio::test]
async fn a_file_without_certificates_is_refused() {
    let empty = tempfile::NamedTempFile::new().unwrap();
    for path in [empty.path().display().to_string(), "/nonexistent.pem".to_owned()] {
        let refused = open(&format!("sslmode=verify-full&sslrootcert={path}")).await;
        assert!(matches!(&refused, Err(Error::Broken(text)) if text.contains(&path)), "{refused:?}");
    }
}
