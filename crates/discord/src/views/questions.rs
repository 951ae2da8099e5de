//! Answers to a form that ask back: which time was meant, and what to mend.

use jiff::Timestamp;
use muster_domain::id::InteractionId;
use muster_domain::when::{Moment, label};
use muster_domain::zone::Zone;

use crate::custom_id::Action;
use crate::views::message::{Button, Message, Style};
use crate::views::text::{full, relative, shortened};

/// Asks which of several times was meant.
#[must_use]
pub fn which_moment(
    draft: InteractionId,
    moments: &[Moment],
    zone: &Zone,
    now: Timestamp,
) -> Message {
    let lines = moments
        .iter()
        .map(|moment| format!("• {} ({})", full(moment.start), relative(moment.start)));
    let text = format!(
        "That can be read in more than one way. Which one did you mean?\n{}",
        lines.collect::<Vec<_>>().join("\n")
    );
    let pick = |moment: &Moment| {
        let (start, end) = (moment.start.as_second(), moment.end.map(Timestamp::as_second));
        let label = shortened(&label(moment, now, zone.rules()), 80);
        Button::new(Style::Primary, label, Action::Pick(draft, start, end))
    };
    let mut buttons: Vec<_> = moments.iter().take(4).map(pick).collect();
    buttons.push(Button::new(Style::Secondary, "Write it differently", Action::Retry(draft)));
    Message::text(text).row(buttons)
}

/// Says what is wrong with a form, and gives it back to be mended.
#[must_use]
pub fn try_again(draft: InteractionId, words: &str) -> Message {
    let button = Button::new(Style::Primary, "Change it", Action::Retry(draft));
    Message::text(words).row(vec![button])
}
