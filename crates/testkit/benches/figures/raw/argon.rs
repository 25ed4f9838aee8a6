//! Argon2id on every core, each with its memory used again.
// tidy: allow(clock) benchmarks are stopwatches

use std::{
    thread,
    time::{Duration, Instant},
};

use argon2::{Algorithm, Argon2, Block, Params, Version};

/// Hashes a second with the cost of the product's configuration.
pub fn rate(length: Duration) -> f64 {
    let cores = thread::available_parallelism().map_or(1, |n| n.get());
    let began = Instant::now();
    let threads: Vec<_> = (0..cores).map(|_| thread::spawn(move || one(began, length))).collect();
    let done: u64 = threads.into_iter().map(|t| t.join().expect("a hash cannot fail")).sum();
    done as f64 / began.elapsed().as_secs_f64()
}

fn one(began: Instant, length: Duration) -> u64 {
    let params = Params::new(19_456, 2, 1, Some(32)).expect("a known cost");
    let mut memory = vec![Block::default(); params.block_count()];
    let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let mut done = 0;
    while began.elapsed() < length {
        let mut out = [0; 32];
        argon
            .hash_password_into_with_memory(b"la password di prova", &[7; 16], &mut out, &mut memory)
            .expect("a known cost");
        std::hint::black_box(out);
        done += 1;
    }
    done
}
