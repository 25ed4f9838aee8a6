//! A write with its types erased, so that writes of every kind wait in one queue.

use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll, Waker},
};

use tokio::sync::oneshot;

use crate::{
    error::{Error, Result},
    tx::WriteTx,
};

pub(crate) type LocalFuture<'a> = Pin<Box<dyn Future<Output = bool> + 'a>>;

/// A queued write. Its future never leaves the thread that runs it, so it need not be Send: only the closure is.
pub(crate) trait Job: Send {
    /// Runs the closure once; answers whether its work is to be kept.
    fn run<'a>(&'a mut self, tx: &'a mut WriteTx) -> LocalFuture<'a>;
    /// Tells the caller. An error replaces a success, never the closure's own refusal.
    fn answer(self: Box<Self>, error: Option<Error>);
}

pub(crate) struct JobOf<T, E, F> {
    closure: F,
    out: Option<std::result::Result<T, E>>,
    to: oneshot::Sender<std::result::Result<T, E>>,
}

impl<T, E, F> JobOf<T, E, F> {
    pub fn new(closure: F, to: oneshot::Sender<std::result::Result<T, E>>) -> Self {
        JobOf { closure, out: None, to }
    }
}

impl<T, E, F> Job for JobOf<T, E, F>
where
    T: Send + 'static,
    E: From<Error> + Send + 'static,
    F: AsyncFn(&mut WriteTx) -> std::result::Result<T, E> + Send + 'static,
{
    fn run<'a>(&'a mut self, tx: &'a mut WriteTx) -> LocalFuture<'a> {
        self.out = None;
        Box::pin(async move {
            let result = (self.closure)(tx).await;
            tx.0.may_commit();
            // A closure that went on after an error of its transaction is not believed: the transaction is lost.
            let result = match (result, tx.failure()) {
                (Ok(_), Some(e)) => Err(E::from(e)),
                (r, _) => r,
            };
            let keep = result.is_ok();
            self.out = Some(result);
            keep
        })
    }
    fn answer(self: Box<Self>, error: Option<Error>) {
        let result = match (error, self.out) {
            (Some(e), Some(Ok(_)) | None) => Err(E::from(e)),
            (_, Some(r)) => r,
            (None, None) => Err(E::from(Error::Broken("a write was never run".into()))),
        };
        // The caller may have gone away: the write stands all the same.
        let _ = self.to.send(result);
    }
}

/// Polls once. On SQLite every method of a transaction is ready at the first poll, so a closure that is not
/// waits for something else: `None`.
pub(crate) fn poll_once<F: Future + ?Sized>(mut future: Pin<&mut F>) -> Option<F::Output> {
    match future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(out) => Some(out),
        Poll::Pending => None,
    }
}

pub(crate) fn foreign_await() -> Error {
    Error::Broken("a transaction awaited something else than its statements".into())
}
pub(crate) fn panicked() -> Error {
    Error::Broken("a transaction panicked".into())
}
pub(crate) fn closed() -> Error {
    Error::Broken("the store is closed".into())
}

/// The caller's side of a queued write.
pub(crate) async fn answer_of<T, E: From<Error>>(
    from: oneshot::Receiver<std::result::Result<T, E>>,
) -> std::result::Result<T, E> {
    from.await.unwrap_or_else(|_| Err(E::from(closed())))
}

/// Shorthand of the queue's own result.
pub(crate) type Queued = Result<()>;
