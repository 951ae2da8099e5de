//! Turning the pages of a list.

use std::fmt;

use crate::custom_id::Action;
use crate::views::message::{Button, Style};
use crate::views::messages::{Key, Words};
use crate::views::text::grouped;

/// What the buttons say of a list that has no order of time, in the language of a guild.
pub(super) fn back_and_forth(words: Words) -> [&'static str; 2] {
    [Key::ListPrevious, Key::ListNext].map(|key| words.plain(key))
}

/// The same in the usual language.
pub(super) const PREVIOUS_NEXT: [&str; 2] = ["Previous", "Next"];

/// Which page of a list is shown. As text it is "2 of 5".
#[derive(Clone, Copy, Debug)]
pub(super) struct Pager {
    number: u32,
    last: u32,
}

impl Pager {
    /// The page of this number, from 0, of so many rows in all with `rows`, at least 1, on a page.
    /// It may lie beyond the end: the list may have become shorter.
    pub(super) fn new(number: u32, total: usize, rows: usize) -> Self {
        let last = total.div_ceil(rows).saturating_sub(1);
        Self { number, last: u32::try_from(last).unwrap_or(u32::MAX) }
    }

    /// Whether the list has no other page.
    pub(super) const fn is_only(self) -> bool {
        self.last == 0
    }

    /// The buttons back and forth, so called, where there is something.
    pub(super) fn turns(
        self,
        [back, forth]: [&str; 2],
        to: impl Fn(u32) -> Action,
    ) -> impl Iterator<Item = Button> {
        let turn =
            move |label, emoji, page| Button::new(Style::Secondary, label, to(page)).emoji(emoji);
        let before = self.number.checked_sub(1).map(|page| page.min(self.last));
        let after = (self.number < self.last).then(|| self.number.saturating_add(1));
        let both = [(back, "◀️", before), (forth, "▶️", after)];
        both.into_iter().filter_map(move |(label, emoji, page)| Some(turn(label, emoji, page?)))
    }
}

impl Pager {
    /// "page 2 of 5".
    pub(super) fn in_words(self, words: Words) -> String {
        self.said(words, Key::ListPage)
    }

    /// "Page 2 of 5", where it stands alone.
    pub(super) fn alone(self, words: Words) -> String {
        self.said(words, Key::ListPageAlone)
    }

    fn said(self, words: Words, key: Key) -> String {
        let [page, pages] = [self.number, self.last].map(number_of);
        words.filled(key, &[("page", &page), ("pages", &pages)])
    }
}

/// People count pages from 1.
fn number_of(page: u32) -> String {
    grouped(usize::try_from(page).unwrap_or(usize::MAX).saturating_add(1))
}

impl fmt::Display for Pager {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {}", number_of(self.number), number_of(self.last))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leads(pager: Pager) -> Vec<String> {
        let turns = pager.turns(PREVIOUS_NEXT, Action::ListPage);
        turns.map(|button| serde_json::to_string(&button).unwrap()).collect()
    }

    #[test]
    fn pages_lead_back_and_forth_only_where_there_is_something() {
        assert_eq!(leads(Pager::new(0, 10, 10)), [""; 0]);
        let first = leads(Pager::new(0, 11, 10));
        assert!(first.len() == 1 && first[0].contains("m1:lp:1"), "{first:?}");
        let middle = leads(Pager::new(1, 25, 10));
        assert!(middle[0].contains("m1:lp:0") && middle[1].contains("m1:lp:2"), "{middle:?}");
        let last = leads(Pager::new(2, 25, 10));
        assert!(last.len() == 1 && last[0].contains("m1:lp:1"), "{last:?}");
        let beyond = leads(Pager::new(9, 25, 10));
        assert!(beyond.len() == 1 && beyond[0].contains("m1:lp:2"), "{beyond:?}");
    }

    #[test]
    fn it_says_which_of_how_many() {
        assert_eq!(Pager::new(1, 25, 10).to_string(), "2 of 3");
        assert_eq!(Pager::new(0, 0, 10).to_string(), "1 of 1");
    }
}
