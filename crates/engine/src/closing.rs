//! The orderly end: nothing new is begun of Muster's own accord, and what is under way is waited
//! for, so that nothing meets a closed store.

use tokio::sync::watch;

use crate::app::{App, World};

/// Whether the end has come, and how much is under way.
#[derive(Debug)]
pub(crate) struct Closing {
    began: watch::Sender<bool>,
    under_way: watch::Sender<usize>,
}

impl Default for Closing {
    fn default() -> Self {
        Self { began: watch::Sender::new(false), under_way: watch::Sender::new(0) }
    }
}

/// Something that the end waits for, until it is dropped.
#[derive(Debug)]
#[must_use]
pub(crate) struct UnderWay(watch::Sender<usize>);

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.send_modify(|count| *count = count.saturating_sub(1));
    }
}

impl Closing {
    fn begin_work(&self) -> UnderWay {
        self.under_way.send_modify(|count| *count = count.saturating_add(1));
        UnderWay(self.under_way.clone())
    }
}

impl<W: World> App<W> {
    /// Begins the end: no delivery is claimed and no edit is begun any more.
    pub fn close(&self) {
        self.end_state().began.send_replace(true);
    }

    /// Waits until nothing is under way any more. Sensible after [`App::close`].
    pub async fn closed(&self) {
        let mut under_way = self.end_state().under_way.subscribe();
        // Fails only without a sender, and this application holds one.
        drop(under_way.wait_for(|count| *count == 0).await);
    }

    /// Whether the end has come.
    pub(crate) fn is_closing(&self) -> bool {
        *self.end_state().began.borrow()
    }

    /// Waits for the end.
    pub(crate) async fn closing(&self) {
        let mut began = self.end_state().began.subscribe();
        drop(began.wait_for(|began| *began).await);
    }

    /// Counts as under way until what it returns is dropped.
    pub(crate) fn begin_work(&self) -> UnderWay {
        self.end_state().begin_work()
    }

    /// Does `work`, and leaves it where it is when the end comes.
    pub(crate) async fn until_closing(&self, work: impl Future<Output = ()>) {
        tokio::select! {
            biased;
            () = self.closing() => {}
            () = work => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use std::future::Future as _;
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};

    use super::*;

    #[test]
    fn the_end_comes_when_the_last_work_is_done() {
        let closing = Closing::default();
        let [first, second] = [closing.begin_work(), closing.begin_work()];
        let mut under_way = closing.under_way.subscribe();
        let mut ended = pin!(under_way.wait_for(|count| *count == 0));
        let mut context = Context::from_waker(Waker::noop());
        drop(first);
        assert!(ended.as_mut().poll(&mut context).is_pending());
        drop(second);
        assert!(matches!(ended.as_mut().poll(&mut context), Poll::Ready(Ok(_))));
    }
}
