//! Mailboxes that exist on paper only, for an installation without mail servers (the demonstration
//! where they cannot be installed) and for tests.

use std::{collections::BTreeMap, sync::Mutex};

use async_trait::async_trait;
use ports::{
    PortError,
    plane::{MailboxPlane, MailboxSpec, Usage},
};

/// Remembers what it was asked to make.
#[derive(Default)]
pub struct Simulated {
    boxes: Mutex<BTreeMap<String, (MailboxSpec, Usage)>>,
    unread: Mutex<BTreeMap<String, i64>>,
}

impl Simulated {
    /// What the servers would hold now.
    pub fn boxes(&self) -> Vec<MailboxSpec> {
        self.lock().values().map(|(spec, _)| spec.clone()).collect()
    }
    /// Pretends that so much lies in the mailbox.
    pub fn fill(&self, address: &str, used_kib: i64, messages: i64) {
        if let Some((_, usage)) = self.lock().get_mut(address) {
            (usage.used_kib, usage.messages) = (used_kib, messages);
        }
    }
    /// Pretends that so many messages lie unread in the mailbox.
    pub fn set_unread(&self, address: &str, unread: i64) {
        self.unread.lock().unwrap_or_else(std::sync::PoisonError::into_inner).insert(address.to_owned(), unread);
    }
    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, (MailboxSpec, Usage)>> {
        self.boxes.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

#[async_trait]
impl MailboxPlane for Simulated {
    async fn ensure(&self, spec: &MailboxSpec) -> Result<(), PortError> {
        let mut boxes = self.lock();
        let empty = Usage { used_kib: 0, limit_kib: 0, messages: 0 };
        let entry = boxes.entry(spec.address.clone()).or_insert_with(|| (spec.clone(), empty));
        entry.0 = spec.clone();
        entry.1.limit_kib = spec.quota_kib;
        Ok(())
    }
    async fn usage(&self, address: &str) -> Result<Option<Usage>, PortError> {
        Ok(self.lock().get(address).map(|(_, usage)| *usage))
    }
    async fn unread(&self, address: &str) -> Result<Option<i64>, PortError> {
        let unread = self.unread.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        Ok(self.lock().contains_key(address).then(|| unread.get(address).copied().unwrap_or(0)))
    }
    async fn remove(&self, address: &str) -> Result<(), PortError> {
        self.lock().remove(address);
        Ok(())
    }
}
