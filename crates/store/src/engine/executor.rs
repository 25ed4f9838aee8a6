//! The thread on which transactions on PostgreSQL run, as local tasks: their futures need not be Send, and a caller
//! that goes away never cuts one in half.

use std::{future::Future, pin::Pin};

use tokio::{
    sync::{mpsc, watch},
    task::{JoinSet, LocalSet},
};

use crate::error::{Error, Result};

type LocalJob = Box<dyn FnOnce() -> Pin<Box<dyn Future<Output = ()>>> + Send>;

pub(crate) struct Executor {
    jobs: mpsc::UnboundedSender<LocalJob>,
}

impl Executor {
    /// Starts the thread. The receiver turns true when it has ended, after the executor was dropped.
    pub fn start() -> Result<(Executor, watch::Receiver<bool>)> {
        let (jobs, waiting) = mpsc::unbounded_channel();
        let (ended, end) = watch::channel(false);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(Error::broken)?;
        let body = move || {
            LocalSet::new().block_on(&runtime, serve(waiting));
            drop(runtime);
            let _ = ended.send(true);
        };
        std::thread::Builder::new().name("store-postgres".into()).spawn(body).map_err(Error::broken)?;
        Ok((Executor { jobs }, end))
    }
    /// Runs the future that `job` makes on the thread. How many may wait is bounded by the caller.
    pub fn spawn<F: Future<Output = ()> + 'static>(&self, job: impl FnOnce() -> F + Send + 'static) {
        // A closed executor drops the job, whose caller then sees that the store is closed.
        let _ = self.jobs.send(Box::new(move || Box::pin(job())));
    }
}

async fn serve(mut waiting: mpsc::UnboundedReceiver<LocalJob>) {
    let mut running = JoinSet::new();
    loop {
        tokio::select! {
            job = waiting.recv() => match job {
                Some(job) => {
                    running.spawn_local(job());
                }
                None => break,
            },
            Some(_) = running.join_next() => {}
        }
    }
    while running.join_next().await.is_some() {}
}
