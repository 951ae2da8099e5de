//! What waits to be sent on one connection, and the ways in which a gateway may stop sending it.

use std::collections::VecDeque;

use tokio::sync::{mpsc, watch};

/// The most frames that wait for a slow connection before it is cut.
pub(super) const MAX_QUEUE: usize = 16_384;

/// What a connection is told to do.
#[derive(Debug)]
pub(super) enum Out {
    Frame(String),
    Close(u16),
    Drop,
}

/// How the gateway treats all its connections.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Mood {
    /// Heartbeats are taken and not acknowledged.
    pub(super) no_acks: bool,
    /// Nothing at all is sent; what was to be sent is sent afterwards.
    pub(super) silent: bool,
    /// Nothing is read.
    pub(super) deaf: bool,
}

/// The receiving end of one connection's queue.
pub(super) struct Outbox {
    queue: mpsc::Receiver<Out>,
    mood: watch::Receiver<Mood>,
    held: VecDeque<String>,
}

impl Outbox {
    pub(super) fn new(queue: mpsc::Receiver<Out>, mood: watch::Receiver<Mood>) -> Self {
        Self { queue, mood, held: VecDeque::new() }
    }

    /// The gateway's mood, for whoever reads the connection.
    pub(super) fn watch(&self) -> watch::Receiver<Mood> {
        self.mood.clone()
    }

    /// What is to be done next, once there is something. Cancel safe.
    pub(super) async fn next(&mut self) -> Out {
        loop {
            let silent = self.mood.borrow_and_update().silent;
            if !silent && let Some(frame) = self.held.pop_front() {
                return Out::Frame(frame);
            }
            tokio::select! {
                biased;
                told = self.mood.changed() => if told.is_err() { return Out::Drop },
                out = self.queue.recv() => match out {
                    Some(Out::Frame(frame)) if silent && self.held.len() < MAX_QUEUE => {
                        self.held.push_back(frame);
                    }
                    Some(Out::Frame(_)) if silent => return Out::Drop,
                    Some(out) => return out,
                    None => return Out::Drop,
                },
            }
        }
    }

    /// Nothing more is taken.
    pub(super) fn shut(&mut self) {
        self.queue.close();
    }

    /// Returns when the gateway's mood has changed.
    pub(super) async fn mood_changed(mood: &mut watch::Receiver<Mood>) {
        if mood.changed().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
