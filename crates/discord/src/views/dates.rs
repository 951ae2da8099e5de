//! Dates and their names in the language of a guild.

use jiff::civil::{Date, Weekday};

use crate::views::messages::{Key, Words};

/// "Friday".
pub(super) fn weekday(words: Words, weekday: Weekday) -> &'static str {
    words.plain(match weekday {
        Weekday::Monday => Key::DayMonday,
        Weekday::Tuesday => Key::DayTuesday,
        Weekday::Wednesday => Key::DayWednesday,
        Weekday::Thursday => Key::DayThursday,
        Weekday::Friday => Key::DayFriday,
        Weekday::Saturday => Key::DaySaturday,
        Weekday::Sunday => Key::DaySunday,
    })
}

/// "November", of the months from 1 to 12.
pub(super) fn month(words: Words, month: i8) -> &'static str {
    words.plain(match month {
        1 => Key::DayJanuary,
        2 => Key::DayFebruary,
        3 => Key::DayMarch,
        4 => Key::DayApril,
        5 => Key::DayMay,
        6 => Key::DayJune,
        7 => Key::DayJuly,
        8 => Key::DayAugust,
        9 => Key::DaySeptember,
        10 => Key::DayOctober,
        11 => Key::DayNovember,
        _ => Key::DayDecember,
    })
}

/// "27 Nov".
pub(super) fn in_year(words: Words, date: Date) -> String {
    short(words, Key::DateDay, date)
}

/// "Fri 27".
pub(super) fn in_month(words: Words, date: Date) -> String {
    short(words, Key::DateWeekday, date)
}

/// "Fri 27 Nov 2026".
pub(super) fn whole(words: Words, date: Date) -> String {
    short(words, Key::DateFull, date)
}

fn short(words: Words, key: Key, date: Date) -> String {
    let (day, year) = (date.day().to_string(), date.year().to_string());
    let (weekday, month) = (short_weekday(words, date.weekday()), short_month(words, date.month()));
    let values = [("weekday", weekday), ("day", &day), ("month", month), ("year", &year)];
    words.filled(key, &values)
}

fn short_weekday(words: Words, weekday: Weekday) -> &'static str {
    words.plain(match weekday {
        Weekday::Monday => Key::DateMonday,
        Weekday::Tuesday => Key::DateTuesday,
        Weekday::Wednesday => Key::DateWednesday,
        Weekday::Thursday => Key::DateThursday,
        Weekday::Friday => Key::DateFriday,
        Weekday::Saturday => Key::DateSaturday,
        Weekday::Sunday => Key::DateSunday,
    })
}

fn short_month(words: Words, month: i8) -> &'static str {
    words.plain(match month {
        1 => Key::DateJanuary,
        2 => Key::DateFebruary,
        3 => Key::DateMarch,
        4 => Key::DateApril,
        5 => Key::DateMay,
        6 => Key::DateJune,
        7 => Key::DateJuly,
        8 => Key::DateAugust,
        9 => Key::DateSeptember,
        10 => Key::DateOctober,
        11 => Key::DateNovember,
        _ => Key::DateDecember,
    })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn days_of_a_year_are_said_as_elsewhere_in_english() {
        for day in date(2026, 1, 1).series(jiff::Span::new().days(1)).take(366) {
            let said = whole(Words::usual(), day);
            assert_eq!(said, day.strftime("%a %-d %b %Y").to_string());
            let (year, month) = (in_year(Words::usual(), day), in_month(Words::usual(), day));
            assert_eq!(year, day.strftime("%-d %b").to_string());
            assert_eq!(month, day.strftime("%a %-d").to_string());
        }
    }
}
