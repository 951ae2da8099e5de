//! A panel of sections that fits whatever is known: what stands first is kept, and what does not
//! fit is said to be left out.

use crate::rest::File;
use crate::views::message::{Button, Component, Message};
use crate::views::text::{fitted, length};

/// Characters over all texts of a panel. (Discord docs: "Component Reference")
const TEXT_MAX: usize = 4_000;

/// Characters of one line: four or five lines of a phone.
const LINE_MAX: usize = 200;

const LEFT_OUT: &str = "-# Some of it does not fit here.";

/// A panel in the making.
pub(super) struct Sheet {
    colour: u32,
    parts: Vec<Component>,
    files: Vec<File>,
    /// Characters that still fit, the words for what is left out set aside.
    left: usize,
    is_full: bool,
}

impl Sheet {
    /// A panel with this bar at its side.
    pub(super) const fn new(colour: u32) -> Self {
        let left = TEXT_MAX - LEFT_OUT.len();
        Self { colour, parts: Vec::new(), files: Vec::new(), left, is_full: false }
    }

    /// Adds lines under a heading; nothing if there are no lines.
    pub(super) fn section(&mut self, heading: &str, lines: Vec<String>) {
        if lines.is_empty() {
            return;
        }
        self.text(std::iter::once(format!("### {heading}")).chain(lines));
    }

    /// Adds lines.
    pub(super) fn text(&mut self, lines: impl IntoIterator<Item = String>) {
        let mut text = String::new();
        for line in lines {
            let line = fitted(&line, LINE_MAX);
            let costs = length(&line) + usize::from(!text.is_empty());
            let Some(left) = self.left.checked_sub(costs) else {
                self.is_full = true;
                break;
            };
            self.left = left;
            if !text.is_empty() {
                text.push('\n');
            }
            text.push_str(&line);
        }
        if !text.is_empty() {
            self.parts.push(Component::text(text));
        }
    }

    /// Adds a line with a button beside it.
    pub(super) fn beside(&mut self, line: &str, button: Button) {
        let line = fitted(line, LINE_MAX);
        match self.left.checked_sub(length(&line)) {
            Some(left) => {
                self.left = left;
                self.parts.push(Component::section(line, button));
            }
            None => self.is_full = true,
        }
    }

    /// Adds a picture that goes along.
    pub(super) fn picture(&mut self, file: File) {
        self.parts.push(Component::picture(&file));
        self.files.push(file);
    }

    /// Adds a row of buttons; nothing if there are none.
    pub(super) fn row(&mut self, buttons: Vec<Button>) {
        if !buttons.is_empty() {
            self.parts.push(Component::buttons(buttons));
        }
    }

    /// The panel, with buttons below.
    pub(super) fn buttons(mut self, buttons: Vec<Button>) -> Message {
        if self.is_full {
            self.parts.push(Component::text(LEFT_OUT));
        }
        self.row(buttons);
        let panel = Message::panel(vec![Component::container(self.colour, self.parts)]);
        self.files.into_iter().fold(panel, Message::file)
    }
}

/// The first of some lines, and how many more there are.
pub(super) fn first(lines: impl ExactSizeIterator<Item = String>, most: usize) -> Vec<String> {
    let more = lines.len().saturating_sub(most);
    let mut shown: Vec<_> = lines.take(most).collect();
    if more > 0 {
        shown.push(format!("-# … and {more} more"));
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::custom_id::Action;
    use crate::views::judged::check;
    use crate::views::message::Style;
    use crate::views::samples::texts;

    fn button() -> Button {
        Button::new(Style::Secondary, "Look again", Action::Health)
    }

    #[test]
    fn what_does_not_fit_is_left_out_from_the_end_and_said_so() {
        let mut sheet = Sheet::new(0);
        for number in 0..9 {
            sheet.section(&format!("Part {number}"), vec!["𝕏".repeat(300); 9]);
        }
        let panel = sheet.buttons(vec![button()]);
        check(&panel).unwrap();
        let said = texts(&panel);
        assert!(said.starts_with("### Part 0\n") && said.ends_with(LEFT_OUT), "{said}");
    }

    #[test]
    fn a_heading_without_lines_is_left_away() {
        let mut sheet = Sheet::new(0);
        sheet.section("Alerts", Vec::new());
        sheet.section("Disk", vec!["full".to_owned()]);
        assert_eq!(texts(&sheet.buttons(vec![button()])), "### Disk\nfull");
    }

    #[test]
    fn a_long_list_says_how_long_it_is() {
        let lines = (0..5).map(|number| number.to_string());
        assert_eq!(first(lines.clone(), 3), ["0", "1", "2", "-# … and 2 more"]);
        assert_eq!(first(lines, 5).len(), 5);
    }
}
