//! Where everything stands: title and legend above, then the panels.

use crate::canvas::{Area, Canvas, Rgb};
use crate::chart::{Chart, Colour, Column, Panel};
use crate::font::Face;
use crate::limits::WIDTH;

/// A card of its own, so that it looks the same on a light and on a dark Discord: what is written
/// is told apart from it at 12:1 and more, the grid at 2:1.
const CARD: Rgb = [0x23, 0x25, 0x2b];
const GRID: Rgb = [0x4b, 0x4f, 0x5a];
const BASE: Rgb = [0x8b, 0x90, 0x9d];
const TEXT: Rgb = [0xff, 0xff, 0xff];
const QUIET: Rgb = [0xe3, 0xe5, 0xea];

/// The picture is shown at half its width on most screens: letters are twice as large here as they
/// have to be there, and their strokes too wide to fade.
const TITLE: Face = Face { size: 26, radius: 27, colour: TEXT };
const HEADING: Face = Face { size: 19, radius: 21, colour: TEXT };
const LABEL: Face = Face { size: 18, radius: 20, colour: QUIET };
const VALUE: Face = Face { size: 16, radius: 19, colour: TEXT };

/// From the edges of the card.
const MARGIN: i32 = 22;
/// Room for the numbers at the grid.
const AXIS: i32 = 52;
const HEAD: i32 = 96;
/// A panel: its title, the bars with the numbers above them, and the labels below. Two of them are
/// three quarters as high as wide with the head: what is higher, Discord makes narrower.
const PANEL_TITLE: i32 = 52;
const BARS: i32 = 150;
const PANEL_FOOT: i32 = 46;
const FOOT: i32 = 8;

/// Between two bars of a column.
const BAR_GAP: i32 = 4;
const BAR_MAX: i32 = 46;
const ROUND: i32 = 5;

/// Lines of the grid above the base line, about.
const GRID_LINES: u32 = 3;

const fn rgb(colour: Colour) -> Rgb {
    match colour {
        Colour::Blue => [0x56, 0xb4, 0xe9],
        Colour::Orange => [0xe6, 0x9f, 0x00],
        Colour::Green => [0x1c, 0xb0, 0x87],
    }
}

pub(crate) fn draw(chart: &Chart) -> Canvas {
    let panel_height = PANEL_TITLE + BARS + PANEL_FOOT;
    let panels = i32::try_from(chart.panels().len()).unwrap_or_default();
    let mut canvas = Canvas::new(WIDTH, HEAD + panels * panel_height + FOOT, CARD);
    let title = TITLE.fitted(&chart.title, WIDTH - 2 * MARGIN);
    TITLE.draw(&mut canvas, (MARGIN, 44), &title);
    legend(&mut canvas, chart);
    for (number, panel) in (0..).zip(chart.panels()) {
        let top = HEAD + number * panel_height;
        let heading = HEADING.fitted(&panel.title, WIDTH - 2 * MARGIN);
        HEADING.draw(&mut canvas, (MARGIN, top + 21), &heading);
        Plot::of(panel, top + PANEL_TITLE).draw(&mut canvas, chart);
    }
    canvas
}

fn legend(canvas: &mut Canvas, chart: &Chart) {
    let mut x = MARGIN;
    for series in chart.series() {
        let name = LABEL.fitted(&series.name, 220);
        canvas.fill_round(Area { x, y: 61, width: 19, height: 19 }, 4, rgb(series.colour));
        LABEL.draw(canvas, (x + 28, 80), &name);
        x += 28 + LABEL.width(&name) + 30;
    }
}

/// Where the bars of a panel stand.
struct Plot<'a> {
    panel: &'a Panel,
    top: i32,
    /// The number at the top, and the step of the grid.
    scale: (u32, u32),
}

impl<'a> Plot<'a> {
    fn of(panel: &'a Panel, top: i32) -> Self {
        let values = panel.columns().iter().flat_map(|column| column.values.iter().copied());
        Self { panel, top, scale: scale(values.max().unwrap_or_default()) }
    }

    fn draw(&self, canvas: &mut Canvas, chart: &Chart) {
        self.grid(canvas);
        let columns = self.panel.columns();
        let count = i32::try_from(columns.len()).unwrap_or(1).max(1);
        let (left, room) = (MARGIN + AXIS, WIDTH - 2 * MARGIN - AXIS);
        for (number, column) in (0..).zip(columns) {
            let from = left + room * number / count;
            let to = left + room * (number + 1) / count;
            self.column(canvas, chart, column, (from, to));
        }
        let base = Area { x: left, y: self.base(), width: room, height: 2 };
        canvas.fill(base, BASE);
    }

    /// Whether numbers can stand above all bars, with so many pixels for each. Where one would
    /// touch its neighbour, none do: the grid says enough.
    fn is_numbered(&self, room: i32) -> bool {
        let mut values = self.panel.columns().iter().flat_map(|column| column.values.iter());
        values.all(|value| VALUE.width(&short(*value)) <= room)
    }

    const fn base(&self) -> i32 {
        self.top + BARS
    }

    /// How many pixels a value is high.
    fn height(&self, value: u32) -> i32 {
        let (most, _) = self.scale;
        let parts = i64::from(value) * i64::from(BARS) / i64::from(most.max(1));
        i32::try_from(parts).unwrap_or(BARS).min(BARS)
    }

    fn grid(&self, canvas: &mut Canvas) {
        let (most, step) = self.scale;
        for line in 0..=most / step {
            let value = line.saturating_mul(step);
            let y = self.base() - self.height(value);
            if value > 0 {
                let (x, width) = (MARGIN + AXIS, WIDTH - 2 * MARGIN - AXIS);
                canvas.fill(Area { x, y, width, height: 1 }, GRID);
            }
            let number = short(value);
            let x = MARGIN + AXIS - 12 - LABEL.width(&number);
            LABEL.draw(canvas, (x, y + LABEL.size / 2), &number);
        }
    }

    fn column(&self, canvas: &mut Canvas, chart: &Chart, column: &Column, (from, to): (i32, i32)) {
        let bars = i32::try_from(chart.series().len()).unwrap_or(1).max(1);
        let room = (to - from) * 9 / 10;
        let width = ((room - (bars - 1) * BAR_GAP) / bars).clamp(2, BAR_MAX);
        let all = bars * width + (bars - 1) * BAR_GAP;
        let first = i32::midpoint(from, to) - all / 2;
        let numbered = chart.series().iter().zip(&column.values);
        for (number, (series, value)) in (0..).zip(numbered) {
            let x = first + number * (width + BAR_GAP);
            let height = self.height(*value).max(i32::from(*value > 0) * 2);
            let bar = Area { x, y: self.base() - height, width, height };
            canvas.fill_round(bar, ROUND, rgb(series.colour));
            let text = short(*value);
            if *value > 0 && self.is_numbered(width + BAR_GAP - 2) {
                VALUE.draw(canvas, (x + (width - VALUE.width(&text)) / 2, bar.y - 7), &text);
            }
        }
        let label = LABEL.fitted(&column.label, to - from - 6);
        let x = i32::midpoint(from, to) - LABEL.width(&label) / 2;
        LABEL.draw(canvas, (x, self.base() + 29), &label);
    }
}

/// The number at the top of a grid of round steps, and the step.
fn scale(most: u32) -> (u32, u32) {
    let wanted = most.div_ceil(GRID_LINES).max(1);
    let mut power: u32 = 1;
    let step = loop {
        let fits = [1, 2, 5].into_iter().map(|round| power.saturating_mul(round));
        if let Some(step) = fits.into_iter().find(|step| *step >= wanted) {
            break step;
        }
        power = power.saturating_mul(10);
    };
    (most.div_ceil(step).max(1).saturating_mul(step), step)
}

/// "950", "1.2k", "38k", "2.5M".
fn short(value: u32) -> String {
    let tenths = |unit: u32, name: &str| {
        let tenths = value / (unit / 10);
        match (tenths / 10, tenths % 10) {
            (whole, 0) => format!("{whole}{name}"),
            (whole, _) if whole >= 10 => format!("{whole}{name}"),
            (whole, part) => format!("{whole}.{part}{name}"),
        }
    };
    match value {
        0..1_000 => value.to_string(),
        1_000..1_000_000 => tenths(1_000, "k"),
        _ => tenths(1_000_000, "M"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::{Columns, Series};
    use crate::png;

    fn chart(values: &[u32]) -> Chart {
        let series = |name: &str, colour| Series { name: name.to_owned(), colour };
        let column = |value: &u32| Column { label: "Mon".to_owned(), values: vec![*value, 1] };
        Chart {
            title: "A week".to_owned(),
            series: vec![series("Answered", Colour::Blue), series("Coming", Colour::Orange)],
            panels: vec![Panel {
                title: "Each day".to_owned(),
                columns_are: Columns::Course,
                columns: values.iter().map(column).collect(),
            }],
        }
    }

    #[test]
    fn the_grid_has_round_numbers_and_room_for_the_highest() {
        let scales = [0, 1, 3, 4, 7, 40, 99, 5_000].map(scale);
        let expected =
            [(1, 1), (1, 1), (3, 1), (4, 2), (9, 3), (40, 20), (100, 50), (6_000, 2_000)];
        let expected_five = (10, 5);
        assert_eq!(scales[..4], expected[..4]);
        assert_eq!((scales[4], scales[5]), (expected_five, expected[5]));
        assert_eq!(scales[6..], expected[6..]);
        assert!(scale(u32::MAX).0 == u32::MAX);
    }

    #[test]
    fn large_numbers_are_shortened() {
        let texts = [0, 999, 1_000, 1_250, 38_499, 2_500_000, u32::MAX].map(short);
        assert_eq!(texts, ["0", "999", "1k", "1.2k", "38k", "2.5M", "4294M"]);
    }

    #[test]
    fn the_highest_bar_reaches_no_further_than_the_grid_and_the_smallest_is_seen() {
        let chart = chart(&[5_000, 1]);
        let plot = Plot::of(&chart.panels[0], 0);
        assert_eq!((plot.height(6_000), plot.height(3_000), plot.height(0)), (BARS, BARS / 2, 0));
        let canvas = draw(&chart);
        let blue = canvas.rows().flatten().filter(|pixel| **pixel == rgb(Colour::Blue)).count();
        assert!(blue > 46 * 100, "{blue}");
    }

    #[test]
    fn what_is_written_is_told_apart_from_the_card() {
        // Relative luminance and contrast (W3C, WCAG 2.2).
        let linear = |channel: u8| match f64::from(channel) / 255.0 {
            low if low <= 0.04045 => low / 12.92,
            high => ((high + 0.055) / 1.055).powf(2.4),
        };
        let light = |[r, g, b]: Rgb| 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
        let contrast = |colour| (light(colour) + 0.05) / (light(CARD) + 0.05);
        for face in [TITLE, HEADING, LABEL, VALUE] {
            assert!(contrast(face.colour) >= 12.0, "{:?}", face.colour);
            // Half as large on most screens: 8 pixels of a capital are a font of 11.
            assert!(face.size >= 16 && face.radius >= 16);
        }
        assert!(contrast(GRID) >= 1.8 && contrast(BASE) >= 4.5);
        for colour in [Colour::Blue, Colour::Orange, Colour::Green] {
            assert!(contrast(rgb(colour)) >= 4.5, "{colour:?}");
        }
    }

    #[test]
    fn numbers_stand_above_three_bars_of_eight_weeks() {
        let mut chart = chart(&[31; 8]);
        for column in &mut chart.panels[0].columns {
            column.values = vec![30, 24, 20];
        }
        let plot = Plot::of(&chart.panels[0], 0);
        let column = (WIDTH - 2 * MARGIN - AXIS) / 8;
        let bar = (column * 9 / 10 - 2 * BAR_GAP) / 3;
        assert!(plot.is_numbered(bar + BAR_GAP - 2) && !plot.is_numbered(bar / 2));
        assert_eq!(LABEL.fitted("23 Nov", column - 6), "23 Nov");
    }

    #[test]
    fn the_same_numbers_are_the_same_small_file_whatever_they_are() {
        for values in [&[][..], &[0; 7], &[7; 7], &[5_000; 25], &[u32::MAX; 60]] {
            let file = png::encode(&draw(&chart(values)));
            assert_eq!(file, chart(values).png());
            assert!(file.len() < 40_000, "{}", file.len());
        }
    }
}
