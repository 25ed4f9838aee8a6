//! The writer's queue: bounded, with a deadline for each write, and a second lane of low priority.
// tidy: allow(clock) measures how long a write has waited

use std::{
    collections::VecDeque,
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use tokio::sync::Semaphore;

use super::job::{Job, Queued, closed};
use crate::{error::Error, options::Options};

/// Which lane a write waits in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Lane {
    Normal,
    /// Looked at only when nobody waits in the normal lane, or after [`PATIENCE`] groups.
    Bulk,
}

/// So many groups of normal writes go before a waiting bulk write gets its turn even so.
const PATIENCE: u32 = 32;

/// After a bulk write the lane rests for this part of the time it took, and at most so long: another process that
/// waits for the file looks every millisecond, and would else meet the next page of a night each time it looks.
const REST_OF: u32 = 24;
const REST_MOST: Duration = Duration::from_millis(4);

/// A write that waits.
pub(crate) struct Waiting {
    pub job: Box<dyn Job>,
    pub lane: Lane,
    /// After this moment it is refused instead of run.
    pub until: Instant,
}

#[derive(Default)]
struct State {
    normal: VecDeque<Waiting>,
    bulk: VecDeque<Waiting>,
    groups_since_bulk: u32,
    /// Before this moment no bulk write begins.
    bulk_rests: Option<Instant>,
    /// Bulk writes that were given back while their room was taken by another.
    crowded: usize,
    closed: bool,
}

impl State {
    /// How long the bulk lane still rests.
    fn rest(&self) -> Duration {
        self.bulk_rests.map_or(Duration::ZERO, |until| until.saturating_duration_since(Instant::now()))
    }
}

pub(crate) struct Queue {
    state: Mutex<State>,
    work: Condvar,
    room: [Semaphore; 2],
    patience: [Duration; 2],
}

impl Queue {
    pub fn new(options: &Options) -> Queue {
        Queue {
            state: Mutex::default(),
            work: Condvar::new(),
            room: [Semaphore::new(options.queue_length), Semaphore::new(options.queue_length)],
            patience: [options.queue_deadline_ms, options.bulk_deadline_ms].map(Duration::from_millis),
        }
    }
    fn lock(&self) -> MutexGuard<'_, State> {
        // A panic elsewhere never leaves the lanes half changed.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
    /// Waits for room, at most until the deadline, then enters the lane.
    pub async fn push(&self, lane: Lane, job: Box<dyn Job>) -> Queued {
        let patience = self.patience[lane as usize];
        let until = Instant::now() + patience;
        let room = &self.room[lane as usize];
        match room.try_acquire() {
            Ok(permit) => permit.forget(),
            Err(_) => match tokio::time::timeout(patience, room.acquire()).await {
                Ok(Ok(permit)) => permit.forget(),
                Ok(Err(_)) => return Err(closed()),
                Err(_) => return Err(Error::busy()),
            },
        }
        let mut state = self.lock();
        if state.closed {
            return Err(closed());
        }
        let waiting = Waiting { job, lane, until };
        match lane {
            Lane::Normal => state.normal.push_back(waiting),
            Lane::Bulk => state.bulk.push_back(waiting),
        }
        drop(state);
        self.work.notify_one();
        Ok(())
    }
    /// The writer's side: the first write of the next group. `None` once the queue is closed and empty.
    pub fn next(&self) -> Option<Waiting> {
        let mut state = self.lock();
        loop {
            let rest = state.rest();
            let bulk_turn = rest.is_zero() && (state.normal.is_empty() || state.groups_since_bulk >= PATIENCE);
            let taken = if bulk_turn && !state.bulk.is_empty() {
                state.groups_since_bulk = 0;
                state.bulk.pop_front()
            } else {
                state.groups_since_bulk = state.groups_since_bulk.saturating_add(1);
                state.normal.pop_front()
            };
            if let Some(w) = taken {
                if w.lane == Lane::Bulk && state.crowded > 0 {
                    state.crowded -= 1;
                } else {
                    self.room[w.lane as usize].add_permits(1);
                }
                return Some(w);
            }
            state = if !state.bulk.is_empty() {
                self.work.wait_timeout(state, rest).unwrap_or_else(PoisonError::into_inner).0
            } else if state.closed {
                return None;
            } else {
                self.work.wait(state).unwrap_or_else(PoisonError::into_inner)
            };
        }
    }
    /// A bulk write has held the file for so long: the next one leaves others a moment.
    pub fn rest(&self, held: Duration) {
        let rest = (held / REST_OF).min(REST_MOST);
        // What is over in an instant is in nobody's way.
        if rest >= Duration::from_micros(100) {
            self.lock().bulk_rests = Some(Instant::now() + rest);
        }
    }
    /// Puts a bulk write that could not begin back to where it was taken: others go before it.
    pub fn give_back(&self, waiting: Waiting) {
        let mut state = self.lock();
        match self.room[waiting.lane as usize].try_acquire() {
            Ok(permit) => permit.forget(),
            Err(_) => state.crowded += 1,
        }
        state.bulk.push_front(waiting);
    }
    /// Another normal write, if one waits already: groups never wait for company.
    pub fn more(&self) -> Option<Waiting> {
        let taken = self.lock().normal.pop_front()?;
        self.room[Lane::Normal as usize].add_permits(1);
        Some(taken)
    }
    /// No more writes; those that wait are still run.
    pub fn close(&self) {
        self.lock().closed = true;
        self.room.iter().for_each(Semaphore::close);
        self.work.notify_all();
    }
    pub fn len(&self) -> usize {
        let state = self.lock();
        state.normal.len() + state.bulk.len()
    }
}
