//! The first message to a server: what Muster is, and what is missing before it helps.

use muster_domain::id::DeliveryId;

use crate::custom_id::Action;
use crate::views::message::{Button, Message, Style};

const TEXT: &str = "**Hello, I am Muster.** I post events, members answer with one tap, and \
     everybody sees who is coming.\n\n\
     Before the first event, somebody with Manage Server should choose:\n\
     1. this server's time zone, so that \"fri 8pm\" means what you mean;\n\
     2. the channel for events.\n\n\
     **Settings** has both. Organisers can then create events here or with `/event create`, and \
     `/help` tells everybody what they can do.";

/// The greeting of this delivery, which its button carries as the mark to find it again.
#[must_use]
pub fn greeting(delivery: DeliveryId) -> Message {
    let new = Button::new(Style::Primary, "Create an event", Action::New(Some(delivery)));
    let settings = Button::new(Style::Secondary, "Settings", Action::Settings);
    Message::text(TEXT).row(vec![new, settings])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::views::judged::check;
    use crate::views::message::AllowedMentions;

    #[test]
    fn the_greeting_carries_its_mark_and_notifies_nobody() {
        let greeting = greeting(DeliveryId::new(42));
        check(&greeting).unwrap();
        assert_eq!(greeting.allowed_mentions, AllowedMentions::default());
        let sent = serde_json::to_string(&greeting).unwrap();
        assert!(sent.contains(&Action::New(Some(DeliveryId::new(42))).to_string()), "{sent}");
    }
}
