//! What the doctor tells: lines for people, or one JSON object.

use std::fmt::Write as _;
use std::io::Write as _;

use serde_json::{Value, json};

use crate::cli::DoctorOptions;
use crate::exit::Exit;

/// How a line is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tone {
    /// It is as it should be.
    Good,
    /// It is worth knowing.
    Note,
    /// It should be looked at.
    Warning,
    /// Something does not work.
    Broken,
}

impl Tone {
    const fn word(self) -> &'static str {
        match self {
            Self::Good => "ok",
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Broken => "broken",
        }
    }

    const fn needs_doing(self) -> bool {
        matches!(self, Self::Warning | Self::Broken)
    }
}

struct Line {
    tone: Tone,
    about: &'static str,
    what: String,
    fix: Option<String>,
}

/// What was found, in order.
#[derive(Default)]
pub(super) struct Told {
    lines: Vec<Line>,
}

impl Told {
    /// What was found elsewhere.
    pub(super) fn append(&mut self, mut found: Self) {
        self.lines.append(&mut found.lines);
    }

    /// Something that needs no doing.
    pub(super) fn add(&mut self, tone: Tone, about: &'static str, what: impl Into<String>) {
        self.lines.push(Line { tone, about, what: what.into(), fix: None });
    }

    /// Something that needs doing, with how.
    pub(super) fn fix(
        &mut self,
        tone: Tone,
        about: &'static str,
        what: impl Into<String>,
        fix: impl Into<String>,
    ) {
        self.lines.push(Line { tone, about, what: what.into(), fix: Some(fix.into()) });
    }

    /// Writes all of it to standard output.
    pub(super) fn write(&self, options: &DoctorOptions) -> Result<(), Exit> {
        let text = if options.json { self.json().to_string() + "\n" } else { self.text() };
        let mut out = std::io::stdout().lock();
        let written = out.write_all(text.as_bytes()).and_then(|()| out.flush());
        written.map_err(|error| Exit::Surroundings(format!("nothing can be written: {error}")))
    }

    fn text(&self) -> String {
        let mut text = String::new();
        for Line { tone, about, what, fix } in &self.lines {
            // Writing to a string cannot fail.
            let _written = writeln!(text, "{:<8} {about}: {what}", tone.word());
            if let Some(fix) = fix {
                let _written = writeln!(text, "{:<8} → {fix}", "");
            }
        }
        text
    }

    fn json(&self) -> Value {
        let lines = self.lines.iter().map(|Line { tone, about, what, fix }| {
            json!({"severity": tone.word(), "about": about, "what": what, "fix": fix})
        });
        json!({"sound": self.to_do() == 0, "findings": lines.collect::<Vec<_>>()})
    }

    fn to_do(&self) -> usize {
        self.lines.iter().filter(|line| line.tone.needs_doing()).count()
    }

    /// Whether something needs doing.
    pub(super) fn verdict(&self) -> Result<(), Exit> {
        match self.to_do() {
            0 => Ok(()),
            1 => Err(Exit::NeedsDoing("one thing needs doing".to_owned())),
            more => Err(Exit::NeedsDoing(format!("{more} things need doing"))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_needs_doing_is_told_with_how_and_ends_with_10() {
        let mut told = Told::default();
        told.add(Tone::Note, "Discord", "It was not asked.");
        assert_eq!(told.verdict(), Ok(()));
        told.fix(Tone::Warning, "disk", "12 MB are free.", "Make room.");
        let exit = told.verdict().unwrap_err();
        assert_eq!(exit.status(), 10);
        let sentence = "one thing needs doing: the lines above say what and how.";
        assert_eq!(exit.to_string(), sentence);
        let text = "note     Discord: It was not asked.\nwarning  disk: 12 MB are free.\n         \
                    → Make room.\n";
        assert_eq!(told.text(), text);
        assert_eq!(told.json()["sound"], json!(false));
        assert_eq!(told.json()["findings"][1]["fix"], json!("Make room."));
    }
}
