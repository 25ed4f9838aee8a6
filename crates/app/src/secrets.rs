//! The server's own secret and what is derived from it; randomness.

use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};

/// Randomness as an argument: the operating system's in the product, seeded in tests.
pub trait Random: Send + Sync {
    fn fill(&self, bytes: &mut [u8]);
}

/// The operating system's randomness.
pub struct SystemRandom;
impl Random for SystemRandom {
    fn fill(&self, bytes: &mut [u8]) {
        getrandom::fill(bytes).expect("the operating system gives random bytes");
    }
}

/// The installation's secret of 32 bytes or more. Tokens sent to people are derived from it, so
/// that the database holds nothing that opens a door.
#[derive(Clone)]
pub struct ServerSecret(std::sync::Arc<[u8]>);
impl ServerSecret {
    /// # Panics
    /// With fewer than 32 bytes: such a secret can be guessed.
    pub fn new(bytes: &[u8]) -> Self {
        assert!(bytes.len() >= 32, "the server secret needs 32 bytes");
        Self(bytes.into())
    }
    /// A keyed digest for one purpose; different purposes never share one.
    pub fn derive(&self, purpose: &str, data: &[u8]) -> [u8; 32] {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("any length is a key");
        mac.update(&(purpose.len() as u64).to_be_bytes());
        mac.update(purpose.as_bytes());
        mac.update(data);
        mac.finalize().into_bytes().into()
    }
}
impl std::fmt::Debug for ServerSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ServerSecret(…)")
    }
}

/// SHA-256, for what is stored of tokens and texts.
pub fn sha256(data: &[u8]) -> [u8; 32] {
    Sha256::digest(data).into()
}
