//! Turns at one row that very many change: on PostgreSQL they would meet in conflict after conflict, each of which
//! costs a whole transaction. A turn is kept within this process; between processes conflicts decide as before.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::sync::OwnedMutexGuard;
use uuid::Uuid;

use crate::error::{Error, Result};

type Places = HashMap<Uuid, Arc<tokio::sync::Mutex<()>>>;

/// Who is at which row, and who waits.
#[derive(Default)]
pub(crate) struct Turns(Mutex<Places>);

/// One turn; over when it is passed on or dropped.
pub(crate) struct Turn<'t> {
    turns: &'t Turns,
    key: Uuid,
    /// Kept until the end: whoever comes meanwhile is not alone.
    place: Arc<tokio::sync::Mutex<()>>,
    held: Option<OwnedMutexGuard<()>>,
}

impl Turns {
    fn lock(&self) -> MutexGuard<'_, Places> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
    /// Waits for the turn at `key`, in the order of asking, at most so long.
    pub async fn take(&self, key: Uuid, patience: Duration) -> Result<Turn<'_>> {
        let place = self.lock().entry(key).or_default().clone();
        // Made first: whoever gives up waiting leaves no empty place behind.
        let mut turn = Turn { turns: self, key, place: place.clone(), held: None };
        let held = tokio::time::timeout(patience, place.lock_owned()).await;
        turn.held = Some(held.map_err(|_| Error::busy())?);
        Ok(turn)
    }
    #[cfg(test)]
    fn len(&self) -> usize {
        self.lock().len()
    }
}

impl Turn<'_> {
    /// Whether nobody waits for this turn, and nobody who passed it on is still there.
    pub fn is_alone(&self) -> bool {
        // The map, this place and its guard.
        Arc::strong_count(&self.place) <= 3
    }
    /// Lets the next one begin. Who passed it on stays until this is dropped.
    pub fn pass_on(&mut self) {
        self.held = None;
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let mut places = self.turns.lock();
        self.held = None;
        // Whoever waits or has passed it on holds the place too.
        if Arc::strong_count(&self.place) == 2 {
            places.remove(&self.key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONG: Duration = Duration::from_secs(60);

    #[tokio::test]
    async fn one_at_a_time_for_each_key_and_nothing_is_left_behind() {
        let turns = Turns::default();
        let (one, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let mut first = turns.take(one, LONG).await.unwrap();
        assert!(first.is_alone());
        let elsewhere = turns.take(other, LONG).await.unwrap();
        let waited = turns.take(one, Duration::from_millis(10)).await;
        assert!(matches!(waited.err(), Some(Error::Busy { .. })), "the turn is taken");
        assert_eq!(turns.len(), 2);
        assert!(first.is_alone(), "who gave up waiting is gone");
        first.pass_on();
        let second = turns.take(one, LONG).await.unwrap();
        assert!(!second.is_alone(), "the first is still there");
        drop(first);
        assert!(second.is_alone());
        assert_eq!(turns.len(), 2);
        drop(second);
        drop(elsewhere);
        assert_eq!(turns.len(), 0);
    }

    #[tokio::test]
    async fn those_who_wait_come_in_their_order() {
        let turns = Turns::default();
        let key = Uuid::from_u128(1);
        let order = Mutex::new(Vec::new());
        let first = turns.take(key, LONG).await.unwrap();
        let wait = async |n: usize| {
            let _turn = turns.take(key, LONG).await.unwrap();
            order.lock().unwrap().push(n);
        };
        let begin = async {
            tokio::task::yield_now().await;
            assert!(!first.is_alone(), "others wait");
            drop(first);
        };
        tokio::join!(wait(1), wait(2), wait(3), begin);
        assert_eq!(*order.lock().unwrap(), [1, 2, 3]);
        assert_eq!(turns.len(), 0);
    }
}
