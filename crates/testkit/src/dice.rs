//! Chance that repeats: the same seed throws the same numbers.

use std::sync::atomic::{AtomicU64, Ordering};

/// Thrown from several tasks; the order of their throws is theirs.
pub struct Dice(AtomicU64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(AtomicU64::new(seed))
    }
    /// A number below `below`, which is not 0.
    pub fn roll(&self, below: u64) -> u64 {
        // splitmix64
        let mut z = self.0.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed);
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % below
    }
    /// True so many times out of a hundred.
    pub fn percent(&self, of_100: u64) -> bool {
        self.roll(100) < of_100
    }
    /// One of them; `None` when there are none.
    pub fn pick<'a, T>(&self, from: &'a [T]) -> Option<&'a T> {
        if from.is_empty() { None } else { from.get(self.roll(from.len() as u64) as usize) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeats_and_stays_below() {
        let throws =
            |seed| (0..1000).map(move |_| ()).scan(Dice::new(seed), |d, ()| Some(d.roll(6))).collect::<Vec<_>>();
        assert_eq!(throws(1), throws(1));
        assert_ne!(throws(1), throws(2));
        for face in 0..6 {
            assert!(throws(1).contains(&face));
        }
        assert!(throws(1).iter().all(|n| *n < 6));
        assert_eq!(Dice::new(1).pick::<u8>(&[]), None);
    }
}
