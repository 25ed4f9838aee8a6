//! Passwords are hashed by argon2id on threads of their own, one a core, fed by a bounded queue.
//!
//! Each hash holds 19 MiB and a core for tens of milliseconds: done on the threads that answer
//! pages, a storm of log-ins would stop the shop. Here it waits in line, each thread uses its
//! block of memory again and again, and who waits too long is told to come back.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering::Relaxed},
        mpsc::{Receiver, SyncSender, TrySendError, sync_channel},
    },
    thread,
    time::Duration,
};

use argon2::{Algorithm, Argon2, Block, Params, Version};
use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD};
use subtle::ConstantTimeEq;
use tokio::sync::oneshot;

use crate::Problem;

/// Length of salts in bytes.
pub const SALT_LEN: usize = 16;
const HASH_LEN: usize = 32;
/// What a stored hash may cost at most in KiB: one made elsewhere cannot take all the memory.
const MAX_KIB: u32 = 64 * 1024;

/// Size of the queue and cost of a hash.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// Threads; each holds `memory_kib`.
    pub slots: usize,
    /// Requests that may wait; one more is refused at once.
    pub queue: usize,
    /// How long a request may wait and be worked on, in milliseconds.
    pub deadline_ms: u64,
    /// Memory of a hash in KiB.
    pub memory_kib: u32,
    /// Passes over the memory.
    pub passes: u32,
}
impl Default for Options {
    /// argon2id with 19 MiB, two passes, one lane; a slot a core.
    fn default() -> Self {
        let slots = thread::available_parallelism().map_or(1, |n| n.get());
        Self { slots, queue: 512, deadline_ms: 15_000, memory_kib: 19_456, passes: 2 }
    }
}
impl Options {
    /// As cheap as it gets, for tests that are not about hashing.
    pub fn cheap() -> Self {
        Self { slots: 2, queue: 512, deadline_ms: 60_000, memory_kib: 8, passes: 1 }
    }
}

enum Work {
    Hash { salt: [u8; SALT_LEN], answer: oneshot::Sender<Option<String>> },
    Verify { stored: String, answer: oneshot::Sender<bool> },
}
struct Job {
    password: Password,
    work: Work,
}
impl Job {
    fn is_abandoned(&self) -> bool {
        match &self.work {
            Work::Hash { answer, .. } => answer.is_closed(),
            Work::Verify { answer, .. } => answer.is_closed(),
        }
    }
}

/// Overwritten when it is no longer needed.
struct Password(Vec<u8>);
impl Drop for Password {
    fn drop(&mut self) {
        self.0.fill(0);
    }
}

/// Lets everybody else at this thread's core at once. A hash computes for tens of milliseconds, and the system would
/// leave it the core until its next tick: whoever reads a page beside a storm of sign-ins waits that long at each step.
/// One thread keeps its standing, so that people come in even where pages take all there is.
fn stand_behind() {
    #[cfg(target_os = "linux")]
    {
        use thread_priority::{
            NormalThreadSchedulePolicy, ThreadPriority, ThreadSchedulePolicy, set_thread_priority_and_policy,
            thread_native_id,
        };
        let idle = ThreadSchedulePolicy::Normal(NormalThreadSchedulePolicy::Idle);
        if let Err(e) = set_thread_priority_and_policy(thread_native_id(), ThreadPriority::Min, idle) {
            tracing::debug!(error = %e, "a thread that hashes keeps its standing");
        }
    }
}

#[derive(Default)]
struct Counters {
    waiting: AtomicU64,
    running: AtomicU64,
    done: AtomicU64,
    refused: AtomicU64,
}

impl Counters {
    fn finished(&self) {
        self.running.fetch_sub(1, Relaxed);
        self.done.fetch_add(1, Relaxed);
    }
}

/// A look at the queue.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// Requests in line now.
    pub waiting: u64,
    /// Hashes being computed now.
    pub running: u64,
    /// Hashes computed since the start.
    pub done: u64,
    /// Requests turned away since the start: the queue was full, or its deadline passed.
    pub refused: u64,
}

/// The queue and its threads. They end when the last clone is gone.
#[derive(Clone)]
pub struct Hashing {
    queue: SyncSender<Job>,
    deadline: Duration,
    counters: Arc<Counters>,
    /// Hash of a password that nobody has, with today's cost: verified when there is no account, so
    /// that the time of the answer does not tell.
    nobody: Arc<str>,
}

impl Hashing {
    /// Starts the threads.
    ///
    /// # Panics
    /// With a cost that argon2 does not know: a mistake in the program, not in a configuration.
    pub fn start(options: Options) -> Self {
        let params = Params::new(options.memory_kib, options.passes, 1, Some(HASH_LEN))
            .expect("the cost is within the limits of argon2");
        let (queue, jobs) = sync_channel(options.queue);
        let jobs = Arc::new(Mutex::new(jobs));
        let counters = Arc::<Counters>::default();
        for n in 0..options.slots.max(1) {
            let (jobs, params, counters) = (jobs.clone(), params.clone(), counters.clone());
            thread::Builder::new()
                .name(format!("hash-{n}"))
                .spawn(move || {
                    if n > 0 {
                        stand_behind();
                    }
                    Slot::new(params).run(&jobs, &counters);
                })
                .expect("the operating system gives a thread at the start");
        }
        let nobody = phc(&params, &[0; SALT_LEN], &[0; HASH_LEN]).into();
        Self { queue, deadline: Duration::from_millis(options.deadline_ms), counters, nobody }
    }
    /// How the queue stands.
    pub fn figures(&self) -> Figures {
        let c = &self.counters;
        Figures {
            waiting: c.waiting.load(Relaxed),
            running: c.running.load(Relaxed),
            done: c.done.load(Relaxed),
            refused: c.refused.load(Relaxed),
        }
    }
    /// The PHC string of a new password, with a random salt.
    ///
    /// # Errors
    /// `busy` when the queue is full or the deadline has passed.
    pub async fn hash(&self, password: &str, salt: [u8; SALT_LEN]) -> Result<String, Problem> {
        let (answer, answered) = oneshot::channel();
        let hashed = self.enqueue(password, Work::Hash { salt, answer }, answered).await?;
        hashed.ok_or_else(|| Problem::broken("argon2 refused to hash"))
    }
    /// Whether `password` is the one behind `stored`, a PHC string with or without `{ARGON2ID}`
    /// before it. Without a stored hash the same work is done and the answer is no.
    ///
    /// # Errors
    /// `busy` when the queue is full or the deadline has passed.
    pub async fn verify(&self, password: &str, stored: Option<&str>) -> Result<bool, Problem> {
        let known = stored.is_some();
        let stored = stored.unwrap_or(&self.nobody).to_owned();
        let (answer, answered) = oneshot::channel();
        let right = self.enqueue(password, Work::Verify { stored, answer }, answered).await?;
        Ok(right && known)
    }
    async fn enqueue<T>(&self, password: &str, work: Work, answered: oneshot::Receiver<T>) -> Result<T, Problem> {
        let job = Job { password: Password(password.as_bytes().to_vec()), work };
        // Counted before it is sent: a thread may take it at once.
        self.counters.waiting.fetch_add(1, Relaxed);
        if let Err(e) = self.queue.try_send(job) {
            self.counters.waiting.fetch_sub(1, Relaxed);
            return Err(match e {
                TrySendError::Full(_) => self.refused(),
                TrySendError::Disconnected(_) => Problem::broken("the hashing threads are gone"),
            });
        }
        match tokio::time::timeout(self.deadline, answered).await {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(_)) => Err(Problem::broken("a hashing thread gave no answer")),
            Err(_) => Err(self.refused()),
        }
    }
    fn refused(&self) -> Problem {
        self.counters.refused.fetch_add(1, Relaxed);
        Problem::busy(5)
    }
}

/// One thread and the memory that it uses for every hash; taken with the first one.
struct Slot {
    params: Params,
    memory: Vec<Block>,
}
impl Slot {
    fn new(params: Params) -> Self {
        Self { memory: Vec::new(), params }
    }
    fn memory(&mut self) -> &mut [Block] {
        if self.memory.is_empty() {
            self.memory = vec![Block::default(); self.params.block_count()];
        }
        &mut self.memory
    }
    fn run(&mut self, jobs: &Mutex<Receiver<Job>>, counters: &Counters) {
        loop {
            let next = jobs.lock().expect("nothing panics while the queue is held").recv();
            let Ok(job) = next else { return };
            counters.waiting.fetch_sub(1, Relaxed);
            if job.is_abandoned() {
                continue;
            }
            counters.running.fetch_add(1, Relaxed);
            // Whoever waits no longer is not missed.
            match job.work {
                Work::Hash { salt, answer } => {
                    let hash = self.hash(&job.password, &salt);
                    counters.finished();
                    let _ = answer.send(hash);
                }
                Work::Verify { stored, answer } => {
                    let right = self.verify(&job.password, &stored);
                    counters.finished();
                    let _ = answer.send(right);
                }
            }
        }
    }
    fn hash(&mut self, password: &Password, salt: &[u8]) -> Option<String> {
        let mut out = [0; HASH_LEN];
        let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, self.params.clone());
        argon.hash_password_into_with_memory(&password.0, salt, &mut out, self.memory()).ok()?;
        Some(phc(&self.params, salt, &out))
    }
    fn verify(&mut self, password: &Password, stored: &str) -> bool {
        let Some(known) = Stored::parse(stored) else {
            tracing::error!("a stored password hash cannot be read");
            return false;
        };
        let mut out = vec![0; known.hash.len()];
        let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, known.params.clone());
        let blocks = known.params.block_count();
        let worked = if blocks <= self.params.block_count() {
            argon.hash_password_into_with_memory(&password.0, &known.salt, &mut out, self.memory())
        } else {
            // Made elsewhere at a higher cost: memory for this once.
            argon.hash_password_into_with_memory(&password.0, &known.salt, &mut out, vec![Block::default(); blocks])
        };
        worked.is_ok() && bool::from(out.ct_eq(&known.hash))
    }
}

/// A PHC string taken apart.
struct Stored {
    params: Params,
    salt: Vec<u8>,
    hash: Vec<u8>,
}
impl Stored {
    fn parse(text: &str) -> Option<Self> {
        let text = text.strip_prefix("{ARGON2ID}").unwrap_or(text);
        let mut parts = text.strip_prefix("$argon2id$v=19$")?.split('$');
        let (costs, salt, hash) = (parts.next()?, parts.next()?, parts.next()?);
        let (mut memory, mut passes, mut lanes) = (None, None, None);
        for cost in costs.split(',') {
            let (name, value) = cost.split_once('=')?;
            let slot = match name {
                "m" => &mut memory,
                "t" => &mut passes,
                "p" => &mut lanes,
                _ => return None,
            };
            *slot = Some(value.parse::<u32>().ok()?);
        }
        let (salt, hash) = (STANDARD_NO_PAD.decode(salt).ok()?, STANDARD_NO_PAD.decode(hash).ok()?);
        let memory = memory.filter(|m| *m <= MAX_KIB)?;
        let params = Params::new(memory, passes?, lanes?, Some(hash.len())).ok()?;
        (parts.next().is_none() && hash.len() >= 16).then_some(Self { params, salt, hash })
    }
}

fn phc(params: &Params, salt: &[u8], hash: &[u8]) -> String {
    format!(
        "$argon2id$v=19$m={},t={},p={}${}${}",
        params.m_cost(),
        params.t_cost(),
        params.p_cost(),
        STANDARD_NO_PAD.encode(salt),
        STANDARD_NO_PAD.encode(hash)
    )
}

#[cfg(test)]
mod tests {
    use argon2::{PasswordHash, PasswordVerifier};

    use super::*;

    #[tokio::test]
    async fn a_hash_is_what_other_programs_read() {
        let hashing = Hashing::start(Options { slots: 1, ..Options::default() });
        let phc = hashing.hash("Ponte-sul-lago-7", [7; SALT_LEN]).await.unwrap();
        assert!(phc.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{phc}");
        let parsed = PasswordHash::new(&phc).unwrap();
        assert!(Argon2::default().verify_password(b"Ponte-sul-lago-7", &parsed).is_ok());
        assert!(hashing.verify("Ponte-sul-lago-7", Some(&phc)).await.unwrap());
        assert!(hashing.verify("Ponte-sul-lago-7", Some(&format!("{{ARGON2ID}}{phc}"))).await.unwrap());
        assert!(!hashing.verify("Ponte-sul-lago-8", Some(&phc)).await.unwrap());
        assert!(!hashing.verify("ponte-sul-lago-7", Some(&phc)).await.unwrap());
    }

    #[tokio::test]
    async fn without_an_account_the_answer_is_no() {
        let hashing = Hashing::start(Options::cheap());
        assert!(!hashing.verify("anything", None).await.unwrap());
        assert!(!hashing.verify("", None).await.unwrap());
    }

    #[tokio::test]
    async fn a_broken_hash_opens_nothing() {
        let hashing = Hashing::start(Options::cheap());
        let huge =
            "$argon2id$v=19$m=4000000,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
        let short = "$argon2id$v=19$m=8,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAA";
        for stored in ["", "x", "$argon2i$v=19$m=8,t=1,p=1$AAAA$AAAA", huge, short, "$argon2id$v=19$m=8$AAAA$AAAA"] {
            assert!(!hashing.verify("x", Some(stored)).await.unwrap(), "{stored}");
        }
    }

    #[tokio::test]
    async fn a_full_queue_refuses_at_once() {
        // No thread takes anything: the slot waits for a lock that the test holds.
        let (queue, jobs) = sync_channel(2);
        let counters = Arc::<Counters>::default();
        let hashing =
            Hashing { queue, deadline: Duration::from_millis(1), counters: counters.clone(), nobody: "x".into() };
        for _ in 0..2 {
            assert!(hashing.hash("x", [0; SALT_LEN]).await.unwrap_err().is("busy"), "the deadline passes");
        }
        assert!(hashing.hash("x", [0; SALT_LEN]).await.unwrap_err().is("busy"), "the queue is full");
        assert_eq!(hashing.figures(), Figures { waiting: 2, refused: 3, ..Figures::default() });
        // What was abandoned is not worked on.
        let slot = thread::spawn(move || {
            let params = Params::new(8, 1, 1, Some(HASH_LEN)).unwrap();
            let first = jobs.try_recv().unwrap();
            assert!(first.is_abandoned());
            Slot::new(params).run(&Mutex::new(jobs), &counters);
        });
        let left = hashing.clone();
        drop(hashing);
        let counters = left.counters.clone();
        drop(left);
        slot.join().unwrap();
        assert_eq!((counters.waiting.load(Relaxed), counters.done.load(Relaxed)), (1, 0));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_thread_that_stands_behind_gives_way_at_once() {
        use thread_priority::{NormalThreadSchedulePolicy, ThreadSchedulePolicy, thread_schedule_policy};
        let thread = thread::spawn(|| {
            stand_behind();
            thread_schedule_policy()
        });
        let idle = ThreadSchedulePolicy::Normal(NormalThreadSchedulePolicy::Idle);
        assert_eq!(thread.join().unwrap().unwrap(), idle);
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_storm_is_worked_off() {
        let hashing = Hashing::start(Options::cheap());
        let phc = hashing.hash("right", [1; SALT_LEN]).await.unwrap();
        let tries = (0..200).map(|n| {
            let (hashing, phc) = (hashing.clone(), phc.clone());
            tokio::spawn(async move {
                let right = n % 2 == 0;
                let answer = hashing.verify(if right { "right" } else { "wrong" }, Some(&phc)).await;
                assert_eq!(answer, Ok(right));
            })
        });
        for t in tries.collect::<Vec<_>>() {
            t.await.unwrap();
        }
    }
}
