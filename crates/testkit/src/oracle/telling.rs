//! What organisers tell in their own words reaches all whom it is for, each once in a channel and
//! at most once directly, and nobody else.

use std::collections::{BTreeMap, BTreeSet};

use super::database::{Kept, KeptDelivery, KeptEvent};
use super::door::Spot;
use crate::stage::Stage;
use crate::words;

/// One telling: its messages, of which the first says whom it is for.
struct Telling<'a> {
    audience: &'a str,
    version: u64,
    messages: Vec<&'a KeptDelivery>,
}

/// Judges all that was told about an event.
pub(super) fn judge(stage: &Stage, kept: &Kept, event: &KeptEvent) {
    for telling in tellings(kept, event) {
        if let Err(what) = reaches(stage, event, &telling) {
            let (id, audience) = (event.id, telling.audience);
            stage.ledger.violation("I9", format!("event {id}: told {audience:?}: {what}"));
        }
    }
}

/// What was told, without that whose first message is kept no longer.
fn tellings<'a>(kept: &'a Kept, event: &KeptEvent) -> Vec<Telling<'a>> {
    let mut found: Vec<Telling<'a>> = Vec::new();
    let told = kept.deliveries.iter().filter(|delivery| {
        delivery.event == Some(event.id) && delivery.news.as_deref() == Some("told")
    });
    for message in told {
        let Some(version) = message.version else { continue };
        // All messages of one are due at once or later, and made of the same version.
        let latest = found.last_mut().filter(|one| one.version == version);
        if message.is_first_told {
            let audience = message.audience.as_deref().unwrap_or("expected");
            found.push(Telling { audience, version, messages: vec![message] });
        } else if let Some(latest) = latest {
            latest.messages.push(message);
        }
    }
    found
}

fn reaches(stage: &Stage, event: &KeptEvent, telling: &Telling<'_>) -> Result<(), String> {
    let meant = meant(event, telling)?;
    let said = || telling.messages.iter().filter(|message| message.kind == "notice");
    let mentioned: BTreeSet<u64> = said().flat_map(|said| said.mentions.clone()).collect();
    let times: usize = said().map(|said| said.mentions.len()).sum();
    let is_said = if event.hides_names_at(telling.version) {
        mentioned.is_empty() && said().count() == 1
    } else {
        mentioned == meant && times == meant.len()
    };
    if !is_said {
        return Err(format!("{mentioned:?}, {times} times, instead of {meant:?}"));
    }
    let direct = telling.messages.iter().filter(|message| message.kind == "direct");
    let mut direct: Vec<u64> = direct.filter_map(|message| message.member).collect();
    direct.retain(|member| !words::is_nobody(*member) && !stage.is_erased(*member));
    let each: BTreeSet<u64> = direct.iter().copied().collect();
    if each.is_subset(&meant) && each.len() == direct.len() {
        Ok(())
    } else {
        Err(format!("{direct:?} directly instead of some of {meant:?}"))
    }
}

/// Whom it is for: of those who had answered by then, by what they picked and where they stood.
fn meant(event: &KeptEvent, telling: &Telling<'_>) -> Result<BTreeSet<u64>, String> {
    let mut stood = BTreeMap::new();
    for line in event.lines.range(..=telling.version).flat_map(|(_, lines)| lines) {
        match line.option {
            Some(option) => stood.insert(line.member, (option, line.spot)),
            None => stood.remove(&line.member),
        };
    }
    stood.retain(|member, _| !words::is_nobody(*member));
    let options = event.options_at(telling.version);
    let option = |id: u8| options.iter().find(|option| option.id == id);
    let is_told = |id: u8| option(id).is_some_and(|option| option.is_told);
    let is_coming = |id: u8| option(id).is_some_and(|option| option.is_coming);
    let is_meant: Box<dyn Fn(u8, Spot) -> bool> = match telling.audience {
        "expected" => Box::new(|id, _| is_told(id)),
        "going" => Box::new(|id, spot| match spot {
            Spot::Seated => is_coming(id),
            Spot::Offered => true,
            Spot::Waiting | Spot::Passed => false,
        }),
        "waitlisted" => Box::new(|_, spot| matches!(spot, Spot::Waiting | Spot::Passed)),
        other => return Err(format!("an audience that nobody can choose: {other}")),
    };
    stood.retain(|_, (id, spot)| is_meant(*id, *spot));
    Ok(stood.into_keys().collect())
}
