//! What our buttons, selects and forms carry: a version, what to do, and for which event.
//!
//! Written as `m1:<verb>[:<number in base 36>]…`, so that every one stays far below Discord's 100
//! characters. Anybody can send any custom id, so that a decoded one says nothing about rights.

use std::fmt::{self, Write as _};

use muster_domain::answer_option::OptionId;
use muster_domain::id::{DeliveryId, EventId, InteractionId};

const PREFIX: &str = "m1";

/// What a component or form asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// A member answers an event.
    Answer(EventId, OptionId),
    /// A member answers an event with the option that is chosen from its list.
    AnswerFrom(EventId),
    /// A member answers an event although it costs the place held now.
    AnswerAnyway(EventId, OptionId),
    /// A member takes the answer back.
    Withdraw(EventId),
    /// Everything else about an event ("⋯").
    More(EventId),
    /// Looks at an event. On a message of our own accord it carries the delivery, as its mark.
    Show(EventId, Option<DeliveryId>),
    /// Opens the form to edit an event.
    Edit(EventId),
    /// The form to edit an event, handed in; with the version that it was filled with.
    EditForm(EventId, u64),
    /// Opens the form for the location of an event.
    Location(EventId),
    /// The form for the location, handed in; with the version that it was filled with.
    LocationForm(EventId, u64),
    /// Closes the answers.
    Close(EventId),
    /// Takes answers again.
    Reopen(EventId),
    /// Calls an event off.
    Cancel(EventId),
    /// Takes back that it was called off.
    Restore(EventId),
    /// Takes back that it was created.
    Undo(EventId),
    /// Posts an event again whose post was deleted.
    PostAgain(EventId),
    /// Opens an empty form for a new event. On a greeting it carries the delivery, as its mark.
    New(Option<DeliveryId>),
    /// The form for a new event, handed in; with what the form itself cannot carry.
    NewForm(Option<InteractionId>),
    /// Opens the form again that was not taken as it was.
    Retry(InteractionId),
    /// Chooses one reading of ambiguous words: seconds of the start and, if said, of the end.
    Pick(InteractionId, i64, Option<i64>),
    /// A zone chosen from a list, to go on with a form.
    ZonePicked(Option<InteractionId>),
    /// Opens the form for a zone that is not in the list.
    ZoneOther(Option<InteractionId>),
    /// The form for a zone, handed in.
    ZoneForm(Option<InteractionId>),
    /// A page of the events that are coming up.
    ListPage(u32),
    /// A page of a member's own answers.
    MinePage(u32),
    /// Opens the guild's settings.
    Settings,
    /// The channel for posts, chosen in the settings.
    SettingsChannel,
    /// The organiser roles, chosen in the settings.
    SettingsOrganisers,
    /// The role to mention, chosen in the settings.
    SettingsMention,
    /// Opens the form for the guild's zone.
    SettingsZone,
    /// The form for the guild's zone, handed in.
    SettingsZoneForm,
}

impl Action {
    /// Reads a custom id; `None` if it is not one of ours.
    #[must_use]
    pub fn decode(custom_id: &str) -> Option<Self> {
        let mut parts = custom_id.split(':');
        if parts.next() != Some(PREFIX) {
            return None;
        }
        let verb = parts.next()?;
        let mut numbers = Numbers(parts);
        let action = Self::decode_event(verb, &mut numbers)
            .or_else(|| Self::decode_form(verb, &mut numbers))
            .or_else(|| Self::decode_page(verb, &mut numbers))?;
        numbers.0.next().is_none().then_some(action)
    }

    fn decode_event(verb: &str, numbers: &mut Numbers<'_>) -> Option<Self> {
        Some(match verb {
            "a" => Self::Answer(numbers.event()?, OptionId::new(numbers.small()?)),
            "af" => Self::AnswerFrom(numbers.event()?),
            "aa" => Self::AnswerAnyway(numbers.event()?, OptionId::new(numbers.small()?)),
            "w" => Self::Withdraw(numbers.event()?),
            "m" => Self::More(numbers.event()?),
            "s" => Self::Show(numbers.event()?, numbers.unsigned().map(DeliveryId::new)),
            "e" => Self::Edit(numbers.event()?),
            "ef" => Self::EditForm(numbers.event()?, numbers.unsigned()?),
            "l" => Self::Location(numbers.event()?),
            "lf" => Self::LocationForm(numbers.event()?, numbers.unsigned()?),
            "c" => Self::Close(numbers.event()?),
            "o" => Self::Reopen(numbers.event()?),
            "x" => Self::Cancel(numbers.event()?),
            "r" => Self::Restore(numbers.event()?),
            "u" => Self::Undo(numbers.event()?),
            "p" => Self::PostAgain(numbers.event()?),
            _ => return None,
        })
    }

    fn decode_form(verb: &str, numbers: &mut Numbers<'_>) -> Option<Self> {
        Some(match verb {
            "n" => Self::New(numbers.unsigned().map(DeliveryId::new)),
            "nf" => Self::NewForm(numbers.interaction()),
            "t" => Self::Retry(numbers.interaction()?),
            "k" => Self::Pick(numbers.interaction()?, numbers.signed()?, numbers.signed()),
            "z" => Self::ZonePicked(numbers.interaction()),
            "zo" => Self::ZoneOther(numbers.interaction()),
            "zf" => Self::ZoneForm(numbers.interaction()),
            _ => return None,
        })
    }

    fn decode_page(verb: &str, numbers: &mut Numbers<'_>) -> Option<Self> {
        Some(match verb {
            "lp" => Self::ListPage(u32::try_from(numbers.unsigned()?).ok()?),
            "mp" => Self::MinePage(u32::try_from(numbers.unsigned()?).ok()?),
            "S" => Self::Settings,
            "Sc" => Self::SettingsChannel,
            "So" => Self::SettingsOrganisers,
            "Sm" => Self::SettingsMention,
            "Sz" => Self::SettingsZone,
            "Sf" => Self::SettingsZoneForm,
            _ => return None,
        })
    }

    fn verb(self) -> &'static str {
        match self {
            Self::Answer(..) => "a",
            Self::AnswerFrom(_) => "af",
            Self::AnswerAnyway(..) => "aa",
            Self::Withdraw(_) => "w",
            Self::More(_) => "m",
            Self::Show(..) => "s",
            Self::Edit(_) => "e",
            Self::EditForm(..) => "ef",
            Self::Location(_) => "l",
            Self::LocationForm(..) => "lf",
            Self::Close(_) => "c",
            Self::Reopen(_) => "o",
            Self::Cancel(_) => "x",
            Self::Restore(_) => "r",
            Self::Undo(_) => "u",
            Self::PostAgain(_) => "p",
            Self::New(_) => "n",
            Self::NewForm(_) => "nf",
            Self::Retry(_) => "t",
            Self::Pick(..) => "k",
            Self::ZonePicked(_) => "z",
            Self::ZoneOther(_) => "zo",
            Self::ZoneForm(_) => "zf",
            Self::ListPage(_) => "lp",
            Self::MinePage(_) => "mp",
            Self::Settings => "S",
            Self::SettingsChannel => "Sc",
            Self::SettingsOrganisers => "So",
            Self::SettingsMention => "Sm",
            Self::SettingsZone => "Sz",
            Self::SettingsZoneForm => "Sf",
        }
    }

    /// The numbers that follow the verb.
    fn numbers(self) -> [Option<i128>; 3] {
        match self {
            Self::Answer(event, option) | Self::AnswerAnyway(event, option) => {
                [Some(event.get().into()), Some(option.get().into()), None]
            }
            Self::EditForm(event, version) | Self::LocationForm(event, version) => {
                [Some(event.get().into()), Some(version.into()), None]
            }
            Self::Show(event, mark) => {
                [Some(event.get().into()), mark.map(|mark| mark.get().into()), None]
            }
            Self::Withdraw(event)
            | Self::AnswerFrom(event)
            | Self::More(event)
            | Self::Edit(event)
            | Self::Location(event)
            | Self::Close(event)
            | Self::Reopen(event)
            | Self::Cancel(event)
            | Self::Restore(event)
            | Self::Undo(event)
            | Self::PostAgain(event) => [Some(event.get().into()), None, None],
            Self::New(mark) => [mark.map(|mark| mark.get().into()), None, None],
            Self::Retry(draft) => [Some(draft.get().into()), None, None],
            Self::Pick(draft, start, end) => {
                [Some(draft.get().into()), Some(start.into()), end.map(i128::from)]
            }
            Self::NewForm(draft)
            | Self::ZonePicked(draft)
            | Self::ZoneOther(draft)
            | Self::ZoneForm(draft) => [draft.map(|draft| draft.get().into()), None, None],
            Self::ListPage(page) | Self::MinePage(page) => [Some(page.into()), None, None],
            Self::Settings
            | Self::SettingsChannel
            | Self::SettingsOrganisers
            | Self::SettingsMention
            | Self::SettingsZone
            | Self::SettingsZoneForm => [None; 3],
        }
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{PREFIX}:{}", self.verb())?;
        for number in self.numbers().into_iter().flatten() {
            f.write_char(':')?;
            write_base36(f, number)?;
        }
        Ok(())
    }
}

fn write_base36(f: &mut fmt::Formatter<'_>, number: i128) -> fmt::Result {
    if number < 0 {
        f.write_char('-')?;
    }
    let mut rest = number.unsigned_abs();
    let mut digits = Vec::with_capacity(13);
    loop {
        let digit = u32::try_from(rest % 36).unwrap_or_default();
        digits.push(char::from_digit(digit, 36).unwrap_or('0'));
        rest /= 36;
        if rest == 0 {
            break;
        }
    }
    digits.into_iter().rev().try_for_each(|digit| f.write_char(digit))
}

struct Numbers<'a>(std::str::Split<'a, char>);

impl Numbers<'_> {
    /// The next number, written as we write it: no sign, no leading zero, lower case.
    fn unsigned(&mut self) -> Option<u64> {
        let text = self.0.next()?;
        let canonical = !text.starts_with('+')
            && (text == "0" || !text.starts_with('0'))
            && !text.bytes().any(|b| b.is_ascii_uppercase());
        let number = u64::from_str_radix(text, 36).ok()?;
        // No identity of ours or Discord's has the highest bit.
        (canonical && i64::try_from(number).is_ok()).then_some(number)
    }

    fn signed(&mut self) -> Option<i64> {
        i64::from_str_radix(self.0.next()?, 36).ok()
    }

    fn small(&mut self) -> Option<u8> {
        u8::try_from(self.unsigned()?).ok()
    }

    fn event(&mut self) -> Option<EventId> {
        self.unsigned().map(EventId::new)
    }

    fn interaction(&mut self) -> Option<InteractionId> {
        self.unsigned().map(InteractionId::new)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_action_survives_its_writing_and_stays_short() {
        let event = EventId::new(u64::MAX >> 1);
        let draft = InteractionId::new(u64::MAX >> 1);
        let mark = Some(DeliveryId::new(u64::MAX >> 1));
        let all = [
            Action::Answer(event, OptionId::new(255)),
            Action::AnswerFrom(event),
            Action::AnswerAnyway(event, OptionId::new(255)),
            Action::Withdraw(event),
            Action::More(event),
            Action::Show(event, mark),
            Action::Show(event, None),
            Action::Edit(event),
            Action::EditForm(event, u64::MAX >> 1),
            Action::Location(event),
            Action::LocationForm(event, 1),
            Action::Close(event),
            Action::Reopen(event),
            Action::Cancel(event),
            Action::Restore(event),
            Action::Undo(event),
            Action::PostAgain(event),
            Action::New(mark),
            Action::New(None),
            Action::NewForm(Some(draft)),
            Action::Retry(draft),
            Action::Pick(draft, i64::MAX, Some(i64::MAX)),
            Action::Pick(draft, -5, None),
            Action::ZonePicked(None),
            Action::ZoneOther(Some(draft)),
            Action::ZoneForm(Some(draft)),
            Action::ListPage(u32::MAX),
            Action::MinePage(0),
            Action::Settings,
            Action::SettingsChannel,
            Action::SettingsOrganisers,
            Action::SettingsMention,
            Action::SettingsZone,
            Action::SettingsZoneForm,
        ];
        for action in all {
            let written = action.to_string();
            assert_eq!(Action::decode(&written), Some(action), "{written}");
            assert!(written.len() <= 60, "{written}");
        }
        assert_eq!(Action::Answer(EventId::new(42), OptionId::new(1)).to_string(), "m1:a:16:1");
    }

    #[test]
    fn what_is_not_ours_is_not_read() {
        for forged in [
            "",
            "m1",
            "m1:",
            "m2:a:1:1",
            "m1:a:1",
            "m1:a:1:1:1",
            "m1:a:-1:1",
            "m1:a:1:999",
            "m1:a:+1:1",
            "m1:a:01:1",
            "m1:a:ZZ:1",
            "m1:S:1",
            "m1:a:zzzzzzzzzzzzzzzzzzzz:1",
            "m1:a:3w5e11264sgsf:0",
            "x",
        ] {
            assert_eq!(Action::decode(forged), None, "{forged}");
        }
    }
}
