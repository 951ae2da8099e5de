//! What a day of the weekly schedule says beside its description: "Outfit: kilt", "Vehicle: tank".

use std::fmt;

use thiserror::Error;

use crate::limits::{EXTRA_FIELD_MAX, EXTRA_FIELDS_MAX};
use crate::text::{Description, TextError};

/// Names with what they are on that day, one a line, as they were written: at most
/// [`EXTRA_FIELDS_MAX`], each of at most [`EXTRA_FIELD_MAX`] characters.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct ExtraFields(Vec<(Box<str>, Box<str>)>);

/// Why lines were not taken. Each is one sentence for the person who wrote them.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ExtraFieldsError {
    /// A line without a colon, or with nothing before or after it.
    #[error(
        "\"{0}\" is not an extra field: write each on a line of its own, like \"Outfit: kilt\""
    )]
    NotAField(String),
    /// A line is too long.
    #[error("\"{0}…\" is too long: an extra field has at most {EXTRA_FIELD_MAX} characters")]
    TooLong(String),
    /// There are more than there may be.
    #[error("there are at most {EXTRA_FIELDS_MAX} extra fields")]
    TooMany,
}

impl ExtraFields {
    /// Reads lines of the form "name: what it is". Empty lines are passed over.
    pub fn parse(text: &str) -> Result<Self, ExtraFieldsError> {
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        let fields = lines.map(field).collect::<Result<Vec<_>, _>>()?;
        (fields.len() <= EXTRA_FIELDS_MAX).then_some(Self(fields)).ok_or(ExtraFieldsError::TooMany)
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Each name with what it is.
    #[must_use]
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_ref(), value.as_ref()))
    }

    /// A description with these beneath it, as Discord shows text; an error if both together are
    /// longer than a description may be.
    pub fn beneath(
        &self,
        description: Option<&Description>,
    ) -> Result<Option<Description>, TextError> {
        if self.is_empty() {
            return Ok(description.cloned());
        }
        let lines: Vec<_> =
            self.iter().map(|(name, value)| format!("**{name}:** {value}")).collect();
        let lines = lines.join("\n");
        let whole = match description {
            Some(description) => format!("{description}\n\n{lines}"),
            None => lines,
        };
        Description::parse(&whole).map(Some)
    }
}

/// The lines as they can be read again.
impl fmt::Display for ExtraFields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (name, value)) in self.iter().enumerate() {
            let gap = if index == 0 { "" } else { "\n" };
            write!(f, "{gap}{name}: {value}")?;
        }
        Ok(())
    }
}

fn field(line: &str) -> Result<(Box<str>, Box<str>), ExtraFieldsError> {
    let shown = || line.chars().take(40).collect::<String>();
    if line.chars().count() > EXTRA_FIELD_MAX {
        return Err(ExtraFieldsError::TooLong(shown()));
    }
    let (name, value) = line
        .split_once(':')
        .map(|(name, value)| (name.trim(), value.trim()))
        .filter(|(name, value)| !name.is_empty() && !value.is_empty())
        .ok_or_else(|| ExtraFieldsError::NotAField(shown()))?;
    Ok((name.into(), value.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_become_fields_and_are_written_as_they_were_read() {
        let fields = ExtraFields::parse(" Outfit :  kilt \n\nMeet: at 19:30: sharp").unwrap();
        let listed: Vec<_> = fields.iter().collect();
        assert_eq!(listed, [("Outfit", "kilt"), ("Meet", "at 19:30: sharp")]);
        assert_eq!(fields.to_string(), "Outfit: kilt\nMeet: at 19:30: sharp");
        assert_eq!(ExtraFields::parse(&fields.to_string()), Ok(fields));
        assert_eq!(ExtraFields::parse(" \n "), Ok(ExtraFields::default()));
    }

    #[test]
    fn what_is_no_field_is_named() {
        let refused = |text: &str| ExtraFields::parse(text).unwrap_err().to_string();
        for line in ["Outfit", "Outfit:", ": kilt"] {
            assert!(
                refused(line).starts_with(&format!("\"{line}\" is not an extra field")),
                "{line}"
            );
        }
        assert!(refused(&format!("A: {}", "x".repeat(EXTRA_FIELD_MAX))).contains("too long"));
        assert_eq!(
            refused(&"A: b\n".repeat(EXTRA_FIELDS_MAX + 1)),
            "there are at most 10 extra fields"
        );
    }

    #[test]
    fn fields_stand_beneath_the_description_if_both_fit() {
        let fields = ExtraFields::parse("Outfit: kilt\nVehicle: none").unwrap();
        let about = Description::parse("Bring water.").unwrap();
        let whole = fields.beneath(Some(&about)).unwrap().unwrap();
        assert_eq!(whole.as_str(), "Bring water.\n\n**Outfit:** kilt\n**Vehicle:** none");
        assert_eq!(fields.beneath(None).unwrap().unwrap().as_str().lines().count(), 2);
        assert_eq!(ExtraFields::default().beneath(Some(&about)), Ok(Some(about)));
        let long = Description::parse(&"x".repeat(Description::MAX)).unwrap();
        assert!(fields.beneath(Some(&long)).is_err());
    }
}
