//! SQLite's single writer: one thread, which runs the writes that wait in groups that share one commit.
//!
//! A group uses no savepoints. A closure that refuses before it wrote anything leaves nothing to undo; if one
//! refuses after a write, the group is rolled back and run again with savepoints. Callers are answered after COMMIT.
// tidy: allow(clock) measures how long a write has waited

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
    sync::Arc,
    time::Instant,
};

use rusqlite::Connection;
use tokio::sync::watch;

use super::{
    checkpoint::{self, Signal},
    job::{Job, foreign_await, panicked, poll_once},
    queue::{Lane, Queue, Waiting},
    sqlite::{self, Role},
};
use crate::{
    error::{Error, Result},
    options::Options,
    stats::{Counters, add},
    tx::WriteTx,
};

/// What became of one run of a closure.
enum Outcome {
    Keep,
    Undo,
    /// It panicked or awaited something foreign: it is not run a second time.
    Dead(Error),
}

struct Member {
    job: Box<dyn Job>,
    dead: Option<Error>,
}

struct Writer {
    tx: WriteTx,
    queue: Arc<Queue>,
    signal: Arc<Signal>,
    counters: Arc<Counters>,
    group_limit: usize,
    /// The version of the file that the last bulk write found, by SQLite's count of others' commits.
    seen: Option<i64>,
    /// Normal writes went since then.
    others: bool,
}

/// Starts the thread. The receiver turns true when the thread has ended, after the queue was closed.
pub(crate) fn spawn(
    path: &Path,
    options: &Options,
    queue: Arc<Queue>,
    signal: Arc<Signal>,
    counters: Arc<Counters>,
) -> Result<watch::Receiver<bool>> {
    let connection = sqlite::open(path, options, Role::Writer)?;
    let (ended, end) = watch::channel(false);
    let (group_limit, fuse) = (options.group_limit.max(1), options.fuse.clone());
    let body = move || {
        let mut writer = Writer {
            tx: WriteTx::sqlite(connection, fuse),
            queue,
            signal,
            counters,
            group_limit,
            seen: None,
            others: false,
        };
        while let Some(first) = writer.queue.next() {
            writer.group(first);
        }
        writer.signal.stop();
        drop(writer);
        let _ = ended.send(true);
    };
    std::thread::Builder::new().name("store-writer".into()).spawn(body).map_err(Error::broken)?;
    Ok(end)
}

impl Writer {
    fn c(&self) -> &Connection {
        self.tx.connection()
    }

    /// One group: from BEGIN to the answers.
    fn group(&mut self, first: Waiting) {
        if first.until < Instant::now() {
            add(&self.counters.refused_busy, 1);
            return first.job.answer(Some(Error::busy()));
        }
        // A bulk write has long patience: while it waits for another process, normal writes must not wait behind it.
        let until = if first.lane == Lane::Bulk { Instant::now() } else { first.until };
        if let Err(e) = self.begin(until) {
            if first.lane == Lane::Bulk && matches!(e, Error::Busy { .. }) && Instant::now() < first.until {
                return self.queue.give_back(first);
            }
            if matches!(e, Error::Busy { .. }) {
                add(&self.counters.refused_busy, 1);
            }
            return self.answer(vec![Member { job: first.job, dead: None }], Some(e));
        }
        let (lane, began) = (first.lane, Instant::now());
        match lane {
            Lane::Normal => self.others = true,
            Lane::Bulk => self.look_around(),
        }
        let mut members = Vec::with_capacity(8);
        let mut next = Some(first);
        let mut spoiled = false;
        while let Some(waiting) = next.take() {
            let mut member = Member { job: waiting.job, dead: None };
            if waiting.until < Instant::now() {
                add(&self.counters.refused_busy, 1);
                member.job.answer(Some(Error::busy()));
            } else {
                let before = self.c().total_changes();
                let kept = self.attempt(&mut member);
                members.push(member);
                if self.c().is_autocommit() {
                    return self.lost(members);
                }
                if !kept && self.c().total_changes() != before {
                    spoiled = true;
                    break;
                }
            }
            if lane == Lane::Normal && members.len() < self.group_limit {
                next = self.queue.more();
            }
        }
        if spoiled {
            add(&self.counters.spoiled, 1);
            if let Err(e) = self.again(&mut members) {
                return self.abandon(members, e);
            }
        }
        self.commit(members);
        if lane == Lane::Bulk {
            self.queue.rest(began.elapsed());
        }
        if self.signal.committed() {
            self.fold(lane);
        }
    }

    /// Notes whether somebody else has written since the last bulk write.
    fn look_around(&mut self) {
        let version = self.c().prepare_cached("PRAGMA data_version").and_then(|mut s| s.query_row([], |r| r.get(0)));
        // Without an answer nobody counts as there.
        let version = version.ok().or(self.seen);
        let foreign = self.seen.is_some() && version != self.seen;
        if std::mem::take(&mut self.others) || foreign {
            add(&self.counters.disturbed, 1);
        }
        self.seen = version;
    }

    /// BEGIN IMMEDIATE, waiting while another process holds the database, until the deadline.
    fn begin(&self, until: Instant) -> Result<()> {
        loop {
            match sqlite::control(self.c(), "BEGIN IMMEDIATE") {
                Err(Error::Busy { .. }) if Instant::now() < until => {}
                r => return r,
            }
        }
    }

    /// Runs one closure; `false` when its work must be undone.
    fn attempt(&mut self, member: &mut Member) -> bool {
        self.tx.reset();
        let tx = &mut self.tx;
        let polled = catch_unwind(AssertUnwindSafe(|| poll_once(member.job.run(tx).as_mut())));
        let outcome = match polled {
            Ok(Some(true)) => Outcome::Keep,
            Ok(Some(false)) => Outcome::Undo,
            Ok(None) => Outcome::Dead(foreign_await()),
            Err(_) => Outcome::Dead(panicked()),
        };
        match outcome {
            Outcome::Keep => true,
            Outcome::Undo => false,
            Outcome::Dead(e) => {
                tracing::error!(error = %e, "a write is refused");
                member.dead = Some(e);
                false
            }
        }
    }

    /// The group again from its start, each member inside a savepoint of its own.
    fn again(&mut self, members: &mut [Member]) -> Result<()> {
        sqlite::control(self.c(), "ROLLBACK")?;
        // The callers of this group were already accepted: they may wait for another process once more.
        self.begin(Instant::now() + std::time::Duration::from_secs(5))?;
        for member in members.iter_mut().filter(|m| m.dead.is_none()) {
            sqlite::control(self.c(), "SAVEPOINT member")?;
            let kept = self.attempt(member);
            if self.c().is_autocommit() {
                return Err(self.tx.failure().unwrap_or_else(rolled_back));
            }
            if !kept {
                sqlite::control(self.c(), "ROLLBACK TO member")?;
            }
            sqlite::control(self.c(), "RELEASE member")?;
        }
        Ok(())
    }

    fn commit(&mut self, members: Vec<Member>) {
        if let Err(e) = sqlite::control(self.c(), "COMMIT") {
            return self.abandon(members, e);
        }
        add(&self.counters.groups, 1);
        add(&self.counters.writes, members.len() as u64);
        self.answer(members, None);
    }

    /// The pass that the checkpointer asks for. Whoever writes a night folds it; where people wait, no more than a
    /// little is folded, since another process may have written the rest.
    fn fold(&self, lane: Lane) {
        let folded = match lane {
            Lane::Normal => match checkpoint::little_left(self.c()) {
                Ok(false) => return,
                Ok(true) => checkpoint::pass(self.c()),
                Err(e) => Err(e),
            },
            Lane::Bulk => checkpoint::pass(self.c()),
        };
        if let Err(e) = folded {
            tracing::warn!(error = %e, "the writer's checkpoint failed and is tried again");
        }
    }

    /// SQLite rolled the whole transaction back by itself (disk full, I/O error, out of memory): nobody's work is
    /// kept, so everybody gets the error.
    fn lost(&mut self, members: Vec<Member>) {
        let error = self.tx.failure().unwrap_or_else(rolled_back);
        self.abandon(members, error);
    }

    fn abandon(&mut self, members: Vec<Member>, error: Error) {
        if !self.c().is_autocommit()
            && let Err(e) = sqlite::control(self.c(), "ROLLBACK")
        {
            tracing::error!(error = %e, "a rollback failed");
        }
        tracing::error!(error = %error, members = members.len(), "a group of writes is lost");
        self.answer(members, Some(error));
    }

    fn answer(&self, members: Vec<Member>, error: Option<Error>) {
        for member in members {
            member.job.answer(member.dead.or_else(|| error.clone()));
        }
    }
}

fn rolled_back() -> Error {
    Error::Broken("the database rolled the transaction back".into())
}
