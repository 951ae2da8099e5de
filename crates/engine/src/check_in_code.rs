//! The code that an organiser shows to those who are there, and that they type to check in. It is
//! another one every minute, so that nobody can pass it on for long.

use jiff::Timestamp;
use muster_domain::event::Event;
use muster_domain::id::{EventId, InteractionId};
use muster_domain::rights::Actor;
use muster_domain::rules::CheckIn;
use muster_domain::settings::Language;
use muster_store::model::CheckInSecret;
use muster_store::port::Presences as _;
use ring::hmac;

use crate::app::{App, World};
use crate::limits::CODE_STEP;
use crate::ports::Rng as _;
use crate::presence::CheckedIn;
use crate::refusal::{CheckInRefusal, Refusal, Stop};
use crate::tap_limit::TapAdmission;

/// What codes are written with: nothing that looks like something else, and no vowels but three.
const ALPHABET: &[u8; 24] = b"ACDEFGHJKMNPQRTVWXY34679";

/// Characters of a code. There are 191 million, of which two count at a time.
pub const CODE_LENGTH: usize = 6;

/// A code as an organiser shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownCode {
    /// What it is for.
    pub event: Event,
    /// The code, of [`CODE_LENGTH`] capital letters and digits.
    pub code: String,
    /// When the next one takes its place. It still counts for one more [`CODE_STEP`].
    pub until: Timestamp,
}

impl<W: World> App<W> {
    /// The code of this moment, for organisers, while members can check in with it.
    pub async fn shown_code(&self, actor: &Actor, event: EventId) -> Result<ShownCode, Stop> {
        let event = self.event_as_organiser(actor, event).await?.sheet.event;
        if event.rules.check_in != CheckIn::Code {
            return Err(Refusal::CheckIn(CheckInRefusal::NoCode).into());
        }
        self.check_in_is_open(&event)?;
        let secret = self.check_in_secret(actor, event.id).await?;
        let step = step_of(self.now());
        let until = Timestamp::from_second(step.saturating_add(1).saturating_mul(STEP_S));
        let until = until.unwrap_or(Timestamp::MAX);
        Ok(ShownCode { code: code_of(&secret, event.id, step), until, event })
    }

    /// A member types a code to say that they are there; for those who said that they come and have
    /// a place. Comes with what is spoken in the guild.
    pub async fn check_in_by_code(
        &self,
        actor: &Actor,
        event: EventId,
        typed: &str,
        interaction: InteractionId,
    ) -> Result<(CheckedIn, Language), Stop> {
        let posted = self.event(actor, event).await?;
        self.check_in_is_open(&posted.sheet.event)?;
        if posted.sheet.event.rules.check_in == CheckIn::Code {
            self.check_code(actor, event, typed).await?;
        }
        let done = self.is_there(actor, event, interaction).await?;
        Ok((done, posted.sheet.event.language))
    }

    async fn check_code(&self, actor: &Actor, event: EventId, typed: &str) -> Result<(), Stop> {
        if self.admit_code(actor.user) != TapAdmission::Taken {
            return Err(Refusal::CheckIn(CheckInRefusal::TooManyCodes).into());
        }
        let secret = self.check_in_secret(actor, event).await?;
        let (typed, step) = (plainly(typed), step_of(self.now()));
        let counts = [step, step.saturating_sub(1)];
        if counts.into_iter().any(|step| code_of(&secret, event, step) == typed) {
            return Ok(());
        }
        Err(Refusal::CheckIn(CheckInRefusal::WrongCode).into())
    }

    async fn check_in_secret(&self, actor: &Actor, event: EventId) -> Result<CheckInSecret, Stop> {
        let mut fresh = [0; 32];
        for eight in fresh.chunks_mut(8) {
            eight.copy_from_slice(&self.env().next_u64().to_le_bytes());
        }
        let fresh = CheckInSecret::new(fresh);
        let kept = self.store().check_in_secret(actor.guild, event, fresh).await?;
        kept.ok_or_else(|| Refusal::NoSuchEvent.into())
    }
}

/// [`CODE_STEP`] in seconds.
const STEP_S: i64 = CODE_STEP.as_secs();

fn step_of(now: Timestamp) -> i64 {
    now.as_second().div_euclid(STEP_S)
}

fn code_of(secret: &CheckInSecret, event: EventId, step: i64) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.expose());
    let message = [event.get().to_be_bytes(), step.to_be_bytes()].concat();
    let tag = hmac::sign(&key, &message);
    let first = tag.as_ref().iter().take(8);
    let mut rest = first.fold(0_u64, |number, byte| (number << 8) | u64::from(*byte));
    let letters = u64::try_from(ALPHABET.len()).unwrap_or(1);
    let mut code = String::with_capacity(CODE_LENGTH);
    for _ in 0..CODE_LENGTH {
        let index = usize::try_from(rest % letters).unwrap_or_default();
        code.extend(ALPHABET.get(index).copied().map(char::from));
        rest /= letters;
    }
    code
}

/// A code as somebody typed it, without what they put between its characters.
fn plainly(typed: &str) -> String {
    let kept = typed.chars().filter(char::is_ascii_alphanumeric);
    kept.take(CODE_LENGTH + 1).map(|letter| letter.to_ascii_uppercase()).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    const EVENT: EventId = EventId::new(7);

    fn secret(byte: u8) -> CheckInSecret {
        CheckInSecret::new([byte; 32])
    }

    #[test]
    fn codes_differ_by_minute_by_event_and_by_secret() {
        let codes: BTreeSet<_> = (0..1_000).map(|step| code_of(&secret(1), EVENT, step)).collect();
        assert_eq!(codes.len(), 1_000);
        let others = [code_of(&secret(1), EventId::new(8), 5), code_of(&secret(2), EVENT, 5)];
        assert!(others.iter().all(|other| *other != code_of(&secret(1), EVENT, 5)));
        assert_eq!(code_of(&secret(1), EVENT, 5), code_of(&secret(1), EVENT, 5));
    }

    #[test]
    fn a_code_has_six_characters_that_look_like_no_others() {
        for step in 0..1_000 {
            let code = code_of(&secret(3), EVENT, step);
            assert!(code.len() == CODE_LENGTH && !code.contains(['0', 'O', '1', 'I', 'L', '5']));
            assert!(!code.contains(['S', '2', 'Z', '8', 'B', 'U']), "{code}");
        }
    }

    #[test]
    fn it_is_another_one_from_the_full_minute_on() {
        let at = |second| step_of(Timestamp::from_second(second).unwrap());
        assert_eq!([at(119), at(120), at(179), at(180), at(-1)], [1, 2, 2, 3, -1]);
    }

    #[test]
    fn what_is_typed_between_does_not_matter() {
        assert_eq!(plainly(" acd-3f7\n"), "ACD3F7");
        assert_eq!(plainly("ACD3F77777"), "ACD3F77", "longer is another one");
    }
}
