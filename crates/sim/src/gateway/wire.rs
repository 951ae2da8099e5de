//! One open connection as the gateway sees it: where frames go in, and how events go astray.

use tokio::sync::mpsc;

use super::outbox::Out;
use super::script::EventFault;

/// The most events of one connection that are late at the same time.
const MAX_LATE: usize = 1_000;

/// The sending end of one connection's queue.
#[derive(Debug)]
pub(super) struct Wire {
    sender: mpsc::Sender<Out>,
    /// Events that are held back, with how many are still to overtake them.
    late: Vec<(u32, String)>,
}

impl Wire {
    pub(super) fn new(sender: mpsc::Sender<Out>) -> Self {
        Self { sender, late: Vec::new() }
    }

    /// Hands something on. `false` if the connection is too slow or gone.
    pub(super) fn send(&self, out: Out) -> bool {
        self.sender.try_send(out).is_ok()
    }

    /// Hands an event on, or lets it go astray. `false` if the connection is too slow or gone.
    pub(super) fn deliver(&mut self, frame: String, fault: Option<EventFault>) -> bool {
        match fault {
            None => self.send(Out::Frame(frame)) && self.overtake(),
            Some(EventFault::Twice) => {
                self.send(Out::Frame(frame.clone()))
                    && self.send(Out::Frame(frame))
                    && self.overtake()
            }
            Some(EventFault::Lost) => true,
            Some(EventFault::Late { by: 0 }) => self.send(Out::Frame(frame)),
            Some(EventFault::Late { by }) => {
                let room = self.late.len() < MAX_LATE;
                if room {
                    self.late.push((by, frame));
                }
                room
            }
        }
    }

    /// An event has come through; those that were late by one come now.
    fn overtake(&mut self) -> bool {
        for (left, _) in &mut self.late {
            *left -= 1;
        }
        let due = self.late.extract_if(.., |(left, _)| *left == 0);
        let due: Vec<_> = due.map(|(_, frame)| frame).collect();
        due.into_iter().all(|frame| self.send(Out::Frame(frame)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_come_once_twice_late_or_not_at_all() {
        let (sender, mut received) = mpsc::channel(16);
        let mut wire = Wire::new(sender);
        let twice = Some(EventFault::Twice);
        for (frame, fault) in [
            ("late", Some(EventFault::Late { by: 2 })),
            ("one", None),
            ("lost", Some(EventFault::Lost)),
            ("two", twice),
            ("three", None),
        ] {
            assert!(wire.deliver(frame.to_owned(), fault));
        }
        let mut came = Vec::new();
        while let Ok(Out::Frame(frame)) = received.try_recv() {
            came.push(frame);
        }
        assert_eq!(came, ["one", "two", "two", "late", "three"]);
    }
}
