//! What the bot measures of itself. Whatever happens often costs less than a microsecond here.

mod answers;
mod deliveries;
mod histogram;
mod link;
mod members;
mod queues;
mod recent;

pub use self::answers::{AnswerEnd, AnswerMeter};
pub use self::deliveries::{DeliveryEnd, DeliveryMeter};
pub use self::histogram::Histogram;
pub use self::link::LinkMeter;
pub use self::queues::{InQueue, QueueGauge, QueueMeters};
pub use self::recent::Recent;
pub(crate) use self::recent::millis;
use crate::settings::Measuring;

/// All that is measured.
#[derive(Debug, Default)]
pub struct Meters {
    /// What members do, and how it is answered.
    pub answers: AnswerMeter,
    /// What is sent of the bot's own accord.
    pub deliveries: DeliveryMeter,
    /// The connection to Discord.
    pub link: LinkMeter,
    /// What waits.
    pub queues: QueueMeters,
}

impl Meters {
    /// All of them; what members do is only noted while it is measured.
    #[must_use]
    pub fn new(measuring: Measuring) -> Self {
        Self { answers: AnswerMeter::new(measuring), ..Self::default() }
    }
}
