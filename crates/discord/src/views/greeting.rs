//! The first message to a server: what Muster is, and what is missing before it helps.

use muster_domain::id::DeliveryId;

use crate::custom_id::Action;
use crate::views::message::{Button, Message, Style};
use crate::views::messages::{Key, Words};

/// The greeting of this delivery, which its button carries as the mark to find it again.
#[must_use]
pub fn greeting(words: Words, delivery: DeliveryId) -> Message {
    let create = words.plain(Key::GreetingCreate);
    let new = Button::new(Style::Primary, create, Action::New(Some(delivery)));
    let settings = words.plain(Key::GreetingSettings);
    let settings = Button::new(Style::Secondary, settings, Action::Settings);
    Message::text(words.plain(Key::GreetingText)).row(vec![new, settings])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::views::judged::check;
    use crate::views::message::AllowedMentions;

    #[test]
    fn the_greeting_carries_its_mark_and_notifies_nobody() {
        let greeting = greeting(Words::usual(), DeliveryId::new(42));
        check(&greeting).unwrap();
        assert_eq!(greeting.allowed_mentions, AllowedMentions::default());
        let sent = serde_json::to_string(&greeting).unwrap();
        assert!(sent.contains(&Action::New(Some(DeliveryId::new(42))).to_string()), "{sent}");
    }
}
