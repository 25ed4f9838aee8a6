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

/// One turn; over when it is dropped.
pub(crate) struct Turn<'t> {
    turns: &'t Turns,
    key: Uuid,
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
        let mut turn = Turn { turns: self, key, held: None };
        let held = tokio::time::timeout(patience, place.lock_owned()).await;
        turn.held = Some(held.map_err(|_| Error::busy())?);
        Ok(turn)
    }
    #[cfg(test)]
    fn len(&self) -> usize {
        self.lock().len()
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let mut places = self.turns.lock();
        self.held = None;
        // Whoever waits holds the place too.
        if places.get(&self.key).is_some_and(|place| Arc::strong_count(place) == 1) {
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
        let first = turns.take(one, LONG).await.unwrap();
        let elsewhere = turns.take(other, LONG).await.unwrap();
        let waited = turns.take(one, Duration::from_millis(10)).await;
        assert!(matches!(waited.err(), Some(Error::Busy { .. })), "the turn is taken");
        assert_eq!(turns.len(), 2);
        drop(first);
        drop(turns.take(one, LONG).await.unwrap());
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
            drop(first);
        };
        tokio::join!(wait(1), wait(2), wait(3), begin);
        assert_eq!(*order.lock().unwrap(), [1, 2, 3]);
        assert_eq!(turns.len(), 0);
    }
}
