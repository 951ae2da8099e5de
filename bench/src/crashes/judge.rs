//! Compares what had to be sent with what Discord took. Pure.

use std::collections::{BTreeMap, BTreeSet};

use muster_discord::custom_id::Action;
use serde_json::Value;

/// What a message is, told by the message alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Key {
    /// The post of this event.
    Post(u64),
    /// The reminder of this event with this number.
    Reminder(u64, u64),
    /// Something that nobody planned.
    Other,
}

/// What stands in the text of a reminder before its number.
const WORD: &str = "Reminder number ";

/// The text of a reminder, by which it is known.
pub(crate) fn words(number: u64) -> String {
    format!("{WORD}{number}.")
}

/// What a message is: its components say for which event, its text which reminder.
pub(crate) fn key(components: &[Value], embeds: &[Value]) -> Key {
    let actions: Vec<_> = components.iter().flat_map(actions).collect();
    let post = actions.iter().find_map(posts);
    let told = actions.iter().find_map(tells);
    match (post, told, embeds.iter().find_map(number)) {
        (Some(event), None, _) => Key::Post(event),
        (None, Some(event), Some(number)) => Key::Reminder(event, number),
        (Some(_) | None, Some(_), _) | (None, None, _) => Key::Other,
    }
}

/// The event whose post has this button.
const fn posts(action: &Action) -> Option<u64> {
    if let Action::Answer(event, _) | Action::AnswerFrom(event) = action {
        Some(event.get())
    } else {
        None
    }
}

/// The event of which a message with this button tells.
const fn tells(action: &Action) -> Option<u64> {
    if let Action::Show(event, Some(_)) = action { Some(event.get()) } else { None }
}

fn actions(component: &Value) -> Vec<Action> {
    let own = component.get("custom_id").and_then(Value::as_str).and_then(Action::decode);
    let inner = component.get("components").and_then(Value::as_array);
    own.into_iter().chain(inner.into_iter().flatten().flat_map(actions)).collect()
}

fn number(embed: &Value) -> Option<u64> {
    let text = embed.get("description")?.as_str()?;
    let (_, after) = text.split_once(WORD)?;
    after.split('.').next()?.parse().ok()
}

/// What came of everything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Verdict {
    /// Messages that were taken.
    pub(crate) accepted: usize,
    /// What was planned and is not there, though nobody gave a reason.
    pub(crate) lost: Vec<Key>,
    /// What is there more than once: each as often as it is too often.
    pub(crate) twice: Vec<Key>,
    /// What is there and was not planned.
    pub(crate) strange: Vec<Key>,
    /// What was left out for a reason.
    pub(crate) skipped: usize,
}

/// Judges what was taken by what was planned and what was left out for a reason.
pub(crate) fn judge(planned: &BTreeSet<Key>, skipped: &BTreeSet<Key>, taken: &[Key]) -> Verdict {
    let mut counts = BTreeMap::<Key, usize>::new();
    for key in taken {
        *counts.entry(*key).or_default() += 1;
    }
    let there = |key: &&Key| counts.contains_key(*key);
    let missing = planned.iter().filter(|key| !there(key));
    let (skipped, lost): (Vec<_>, Vec<_>) = missing.partition(|key| skipped.contains(*key));
    let too_often = counts.iter().flat_map(|(key, count)| vec![*key; count - 1]);
    Verdict {
        accepted: taken.len(),
        lost,
        twice: too_often.filter(|key| *key != Key::Other).collect(),
        strange: counts.keys().filter(|key| !planned.contains(*key)).copied().collect(),
        skipped: skipped.len(),
    }
}

#[cfg(test)]
mod tests {
    use muster_domain::answer_option::OptionId;
    use muster_domain::id::{DeliveryId, EventId};
    use serde_json::json;

    use super::*;

    fn row(action: Action) -> Vec<Value> {
        vec![json!({"type": 1, "components": [{"type": 2, "custom_id": action.to_string()}]})]
    }

    #[test]
    fn a_message_is_known_by_its_buttons_and_its_words() {
        let post = row(Action::Answer(EventId::new(7), OptionId::new(0)));
        assert_eq!(key(&post, &[json!({"title": "Walk"})]), Key::Post(7));
        let show = row(Action::Show(EventId::new(7), Some(DeliveryId::new(9))));
        let said = [json!({"description": words(3)})];
        assert_eq!(key(&show, &said), Key::Reminder(7, 3));
        assert_eq!(key(&show, &[]), Key::Other);
        assert_eq!(key(&[], &[]), Key::Other);
    }

    #[test]
    fn what_is_missing_is_lost_unless_there_is_a_reason_and_what_is_there_again_is_twice() {
        let [post, first, second, third] =
            [Key::Post(1), Key::Reminder(1, 0), Key::Reminder(1, 1), Key::Reminder(1, 2)];
        let planned = BTreeSet::from([post, first, second, third]);
        let taken = [post, first, first, first, Key::Post(2)];
        let verdict = judge(&planned, &BTreeSet::from([third]), &taken);
        assert_eq!(verdict.accepted, 5);
        assert_eq!(verdict.lost, [second]);
        assert_eq!(verdict.twice, [first, first]);
        assert_eq!(verdict.strange, [Key::Post(2)]);
        assert_eq!(verdict.skipped, 1);
    }

    #[test]
    fn nothing_is_wrong_when_all_is_there_once() {
        let planned = BTreeSet::from([Key::Post(1), Key::Reminder(1, 0)]);
        let taken = [Key::Reminder(1, 0), Key::Post(1)];
        let verdict = judge(&planned, &BTreeSet::new(), &taken);
        assert_eq!(verdict, Verdict { accepted: 2, ..Verdict::default() });
    }
}
