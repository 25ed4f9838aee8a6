//! Fakes of the ports with fault switches: what a test says goes wrong, goes wrong.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::Mutex,
};

use async_trait::async_trait;
use ports::{
    PortError,
    mail::{Mail, Mailer},
    plane::{MailboxPlane, MailboxSpec, Usage},
    sms::{Sms, SmsSender},
};

/// What the next call of a port answers instead of doing its work.
#[derive(Clone, Debug)]
pub enum Fault {
    /// Nothing happened outside.
    Unavailable,
    /// The other side says no for good.
    Refused,
    /// It happened, but the answer is lost.
    AnswerLost,
}

/// Faults in the order in which they strike, and a switch that lasts.
#[derive(Default)]
pub struct Faults {
    queue: Mutex<VecDeque<Fault>>,
    down: Mutex<bool>,
}
impl Faults {
    /// The next call meets this.
    pub fn push(&self, fault: Fault) {
        self.queue.lock().unwrap().push_back(fault);
    }
    /// Every call is unavailable until it is switched off.
    pub fn set_down(&self, down: bool) {
        *self.down.lock().unwrap() = down;
    }
    /// Runs `work` under the next fault.
    pub fn around<T>(&self, work: impl FnOnce() -> T) -> Result<T, PortError> {
        if *self.down.lock().unwrap() {
            return Err(PortError::unavailable("switched off by the test"));
        }
        match self.queue.lock().unwrap().pop_front() {
            None => Ok(work()),
            Some(Fault::Unavailable) => Err(PortError::unavailable("fault of the test")),
            Some(Fault::Refused) => Err(PortError::refused("fault", "fault of the test")),
            Some(Fault::AnswerLost) => {
                work();
                Err(PortError::outcome_unknown("answer lost by the test"))
            }
        }
    }
}

/// Keeps the mails in memory.
#[derive(Default)]
pub struct FakeMailer {
    pub faults: Faults,
    sent: Mutex<Vec<Mail>>,
}
impl FakeMailer {
    /// All mails so far, oldest first.
    pub fn sent(&self) -> Vec<Mail> {
        self.sent.lock().unwrap().clone()
    }
    /// The newest mail to this address.
    pub fn last_to(&self, to: &str) -> Option<Mail> {
        self.sent.lock().unwrap().iter().rev().find(|m| m.to == to).cloned()
    }
    /// All mails to this address whose subject contains the words.
    pub fn to(&self, to: &str, subject_has: &str) -> Vec<Mail> {
        let sent = self.sent.lock().unwrap();
        sent.iter().filter(|m| m.to == to && m.subject.contains(subject_has)).cloned().collect()
    }
}
#[async_trait]
impl Mailer for FakeMailer {
    async fn send(&self, mail: &Mail) -> Result<String, PortError> {
        self.faults.around(|| {
            self.sent.lock().unwrap().push(mail.clone());
            "250 kept in memory".to_owned()
        })
    }
}

/// Keeps the text messages in memory.
#[derive(Default)]
pub struct FakeSms {
    pub faults: Faults,
    sent: Mutex<Vec<Sms>>,
}
impl FakeSms {
    pub fn sent(&self) -> Vec<Sms> {
        self.sent.lock().unwrap().clone()
    }
    pub fn last_to(&self, to: &str) -> Option<Sms> {
        self.sent.lock().unwrap().iter().rev().find(|m| m.to == to).cloned()
    }
}
#[async_trait]
impl SmsSender for FakeSms {
    async fn send(&self, sms: &Sms) -> Result<String, PortError> {
        self.faults.around(|| {
            self.sent.lock().unwrap().push(sms.clone());
            "kept in memory".to_owned()
        })
    }
}

/// Mailboxes that exist only as what was asked for them.
#[derive(Default)]
pub struct FakePlane {
    pub faults: Faults,
    boxes: Mutex<BTreeMap<String, (MailboxSpec, i64)>>,
    unread: Mutex<BTreeMap<String, i64>>,
}
impl FakePlane {
    /// Other servers with the same mailboxes.
    pub fn twin(&self) -> Self {
        let (boxes, unread) = (self.boxes.lock().unwrap().clone(), self.unread.lock().unwrap().clone());
        Self { faults: Faults::default(), boxes: Mutex::new(boxes), unread: Mutex::new(unread) }
    }
    /// What the mailbox was asked to be.
    pub fn spec(&self, address: &str) -> Option<MailboxSpec> {
        self.boxes.lock().unwrap().get(address).map(|b| b.0.clone())
    }
    /// The mailboxes that are there.
    pub fn addresses(&self) -> Vec<String> {
        self.boxes.lock().unwrap().keys().cloned().collect()
    }
    /// Lets a mailbox hold so much.
    pub fn set_used_kib(&self, address: &str, used_kib: i64) {
        if let Some(b) = self.boxes.lock().unwrap().get_mut(address) {
            b.1 = used_kib;
        }
    }
    /// Lets so many messages lie unread in a mailbox.
    pub fn set_unread(&self, address: &str, unread: i64) {
        self.unread.lock().unwrap().insert(address.to_owned(), unread);
    }
}
#[async_trait]
impl MailboxPlane for FakePlane {
    async fn ensure(&self, spec: &MailboxSpec) -> Result<(), PortError> {
        self.faults.around(|| {
            let mut boxes = self.boxes.lock().unwrap();
            let used = boxes.get(&spec.address).map_or(0, |b| b.1);
            boxes.insert(spec.address.clone(), (spec.clone(), used));
        })
    }
    async fn usage(&self, address: &str) -> Result<Option<Usage>, PortError> {
        self.faults.around(|| {
            let boxes = self.boxes.lock().unwrap();
            boxes.get(address).map(|(s, used)| Usage { used_kib: *used, limit_kib: s.quota_kib, messages: 0 })
        })
    }
    async fn unread(&self, address: &str) -> Result<Option<i64>, PortError> {
        self.faults.around(|| {
            let there = self.boxes.lock().unwrap().contains_key(address);
            there.then(|| self.unread.lock().unwrap().get(address).copied().unwrap_or(0))
        })
    }
    async fn remove(&self, address: &str) -> Result<(), PortError> {
        self.faults.around(|| {
            self.boxes.lock().unwrap().remove(address);
        })
    }
}
