//! Whether 5/12 is in May or in December, which depends on where one learned to write.

/// How purely numeric dates such as `5/12` are read.
///
/// Dates that can only be read one way (`28/11`, `11/28`, `2026-11-28`) are not affected, nor are
/// dates with dots (`5.12.`), which are written day first wherever they are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DateOrder {
    /// `5/12` is the 5th of December.
    DayFirst,
    /// `5/12` is the 12th of May.
    MonthFirst,
    /// `5/12` can be either: both readings are offered.
    Ask,
}

/// Languages that write the day before the month, by the short dates of the Unicode CLDR.
const DAY_FIRST: &[&str] = &[
    "ar", "bg", "cs", "da", "de", "el", "en-AU", "en-GB", "en-IE", "en-IN", "en-NZ", "es", "fi",
    "fr", "he", "hi", "hr", "id", "it", "nb", "nl", "no", "pl", "pt", "ro", "ru", "sk", "sl", "sv",
    "th", "tr", "uk", "vi",
];

/// Languages that write year, month, day, and so the month before the day.
const MONTH_FIRST: &[&str] = &["hu", "ja", "ko", "lt", "zh"];

impl DateOrder {
    /// The order that a locale tag of Discord (`de`, `pt-BR`, `en-GB`) implies.
    ///
    /// `en-US` gives [`DateOrder::Ask`]: Discord gives it to every server that never chose a
    /// language, so it says nothing about its members. Where somebody did choose US English, pass
    /// [`DateOrder::MonthFirst`]. A tag that is not known, and plain `en`, give `Ask` too.
    #[must_use]
    pub fn for_locale(tag: &str) -> Self {
        let language = tag.split(['-', '_']).next().unwrap_or_default();
        let is = |known: &&str| {
            known.eq_ignore_ascii_case(&tag.replace('_', "-"))
                || known.eq_ignore_ascii_case(language)
        };
        if DAY_FIRST.iter().any(is) {
            Self::DayFirst
        } else if MONTH_FIRST.iter().any(is) {
            Self::MonthFirst
        } else {
            Self::Ask
        }
    }
}

#[cfg(test)]
mod tests {
    use super::DateOrder::{self, Ask, DayFirst, MonthFirst};

    #[test]
    fn a_locale_implies_an_order_unless_it_is_the_default_of_discord() {
        let cases = [
            ("en-US", Ask),
            ("en-GB", DayFirst),
            ("en", Ask),
            ("de", DayFirst),
            ("fr", DayFirst),
            ("es-ES", DayFirst),
            ("es-419", DayFirst),
            ("pt-BR", DayFirst),
            ("sv-SE", DayFirst),
            ("vi", DayFirst),
            ("ja", MonthFirst),
            ("ko", MonthFirst),
            ("zh-CN", MonthFirst),
            ("zh-TW", MonthFirst),
            ("hu", MonthFirst),
            ("lt", MonthFirst),
            ("DE_at", DayFirst),
            ("tlh", Ask),
            ("", Ask),
        ];
        for (tag, order) in cases {
            assert_eq!(DateOrder::for_locale(tag), order, "{tag}");
        }
    }
}
