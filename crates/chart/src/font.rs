//! Letters of our own, drawn as strokes of one width.

use crate::canvas::{Canvas, Point, Rgb, UNIT};

/// Units from the base line to the top of a capital letter.
const CAPITAL: i32 = 20;

/// Units between two letters.
const GAP: i32 = 5;

/// Units of a space.
const SPACE: i32 = 7;

/// Straight pieces of one curve: at the sizes of a chart nobody sees corners.
const PIECES: i32 = 6;

/// The strokes of each letter: `x,y` goes there in a straight line, `~x,y` bends the way to the
/// next point, and `;` lifts the pen. The base line is at 0, capitals reach to 20, small letters
/// to 14, and tails to −6.
const GLYPHS: &[(char, &str)] = &[
    ('0', "6,20 ~0,20 0,10 ~0,0 6,0 ~12,0 12,10 ~12,20 6,20"),
    ('1', "1,16 6,20 6,0"),
    ('2', "0,15 ~0,20 6,20 ~12,20 12,15 ~12,11 8,8 0,0 12,0"),
    ('3', "0,17 ~2,20 6,20 ~11,20 11,15 ~11,11 5,11 ~12,11 12,5 ~12,0 6,0 ~1,0 0,4"),
    ('4', "9,0 9,20 0,6 13,6"),
    ('5', "11,20 2,20 1,11 ~3,13 6,13 ~12,13 12,6 ~12,0 6,0 ~2,0 0,3"),
    ('6', "10,18 ~8,20 6,20 ~0,20 0,8 ~0,0 6,0 ~12,0 12,6 ~12,12 6,12 ~1,12 0,7"),
    ('7', "0,20 12,20 4,0"),
    (
        '8',
        "6,11 ~1,11 1,15 ~1,20 6,20 ~11,20 11,15 ~11,11 6,11 ~0,11 0,5 ~0,0 6,0 ~12,0 12,5 \
        ~12,11 6,11",
    ),
    ('9', "2,2 ~4,0 6,0 ~12,0 12,12 ~12,20 6,20 ~0,20 0,14 ~0,8 6,8 ~11,8 12,13"),
    ('A', "0,0 7,20 14,0;3,7 11,7"),
    ('B', "0,0 0,20 6,20 ~11,20 11,15 ~11,11 6,11 0,11;6,11 ~12,11 12,5 ~12,0 6,0 0,0"),
    ('C', "13,16 ~11,20 7,20 ~0,20 0,10 ~0,0 7,0 ~11,0 13,4"),
    ('D', "0,0 0,20 5,20 ~13,20 13,10 ~13,0 5,0 0,0"),
    ('E', "11,20 0,20 0,0 11,0;0,10 9,10"),
    ('F', "11,20 0,20 0,0;0,10 9,10"),
    ('G', "13,16 ~11,20 7,20 ~0,20 0,10 ~0,0 7,0 ~13,0 13,6 13,9 8,9"),
    ('H', "0,0 0,20;13,0 13,20;0,10 13,10"),
    ('I', "0,0 0,20"),
    ('J', "8,20 8,6 ~8,0 4,0 ~0,0 0,4"),
    ('K', "0,0 0,20;12,20 0,8;4,12 12,0"),
    ('L', "0,20 0,0 10,0"),
    ('M', "0,0 0,20 8,7 16,20 16,0"),
    ('N', "0,0 0,20 13,0 13,20"),
    ('O', "7,20 ~0,20 0,10 ~0,0 7,0 ~14,0 14,10 ~14,20 7,20"),
    ('P', "0,0 0,20 6,20 ~12,20 12,14 ~12,9 6,9 0,9"),
    ('Q', "7,20 ~0,20 0,10 ~0,0 7,0 ~14,0 14,10 ~14,20 7,20;9,5 14,-1"),
    ('R', "0,0 0,20 6,20 ~12,20 12,14 ~12,9 6,9 0,9;6,9 12,0"),
    ('S', "11,17 ~9,20 6,20 ~0,20 0,15 ~0,11 6,10 ~12,9 12,5 ~12,0 6,0 ~2,0 0,3"),
    ('T', "0,20 14,20;7,20 7,0"),
    ('U', "0,20 0,7 ~0,0 6,0 ~12,0 12,7 12,20"),
    ('V', "0,20 7,0 14,20"),
    ('W', "0,20 5,0 10,18 15,0 20,20"),
    ('X', "0,0 12,20;0,20 12,0"),
    ('Y', "0,20 6,10 12,20;6,10 6,0"),
    ('Z', "0,20 12,20 0,0 12,0"),
    ('a', "10,14 10,0;10,7 ~10,14 5,14 ~0,14 0,7 ~0,0 5,0 ~10,0 10,7"),
    ('b', "0,20 0,0;0,7 ~0,14 5,14 ~10,14 10,7 ~10,0 5,0 ~0,0 0,7"),
    ('c', "9,12 ~8,14 5,14 ~0,14 0,7 ~0,0 5,0 ~8,0 9,2"),
    ('d', "10,20 10,0;10,7 ~10,14 5,14 ~0,14 0,7 ~0,0 5,0 ~10,0 10,7"),
    ('e', "0,7 10,7 ~10,14 5,14 ~0,14 0,7 ~0,0 5,0 ~8,0 9,2"),
    ('f', "7,20 ~3,20 3,16 3,0;0,13 6,13"),
    (
        'g',
        "10,7 ~10,14 5,14 ~0,14 0,7 ~0,0 5,0 ~10,0 10,7;\
        10,14 10,-1 ~10,-6 5,-6 ~2,-6 1,-5",
    ),
    ('h', "0,20 0,0;0,8 ~0,14 5,14 ~10,14 10,8 10,0"),
    ('i', "0,14 0,0;0,19 0,19"),
    ('j', "3,14 3,-2 ~3,-6 0,-6;3,19 3,19"),
    ('k', "0,20 0,0;9,14 0,6;3,8 9,0"),
    ('l', "0,20 0,4 ~0,0 4,0"),
    ('m', "0,14 0,0;0,9 ~0,14 4,14 ~8,14 8,9 8,0;8,9 ~8,14 12,14 ~16,14 16,9 16,0"),
    ('n', "0,14 0,0;0,8 ~0,14 5,14 ~10,14 10,8 10,0"),
    ('o', "5,14 ~0,14 0,7 ~0,0 5,0 ~10,0 10,7 ~10,14 5,14"),
    ('p', "0,14 0,-6;0,7 ~0,14 5,14 ~10,14 10,7 ~10,0 5,0 ~0,0 0,7"),
    ('q', "10,14 10,-6;10,7 ~10,14 5,14 ~0,14 0,7 ~0,0 5,0 ~10,0 10,7"),
    ('r', "0,14 0,0;0,8 ~0,14 6,14"),
    ('s', "8,12 ~7,14 4,14 ~0,14 0,11 ~0,8 4,7 ~9,6 9,3 ~9,0 4,0 ~1,0 0,2"),
    ('t', "3,19 3,4 ~3,0 7,0;0,14 7,14"),
    ('u', "0,14 0,6 ~0,0 5,0 ~10,0 10,6;10,14 10,0"),
    ('v', "0,14 5,0 10,14"),
    ('w', "0,14 4,0 8,13 12,0 16,14"),
    ('x', "0,0 9,14;0,14 9,0"),
    ('y', "0,14 5,0;10,14 5,0 3,-4 ~2,-6 0,-6"),
    ('z', "0,14 9,14 0,0 9,0"),
    ('.', "0,0 0,0"),
    (',', "1,0 0,-4"),
    (':', "0,1 0,1;0,11 0,11"),
    ('-', "0,8 6,8"),
    ('–', "0,8 10,8"),
    ('+', "0,9 12,9;6,3 6,15"),
    ('/', "0,-3 8,22"),
    ('(', "4,23 ~0,18 0,10 ~0,2 4,-3"),
    (')', "0,23 ~4,18 4,10 ~4,2 0,-3"),
    ('\'', "0,20 0,15"),
    ('!', "0,20 0,6;0,0 0,0"),
    ('?', "0,16 ~0,20 5,20 ~10,20 10,15 ~10,11 5,9 5,6;5,0 5,0"),
    ('·', "0,8 0,8"),
    ('…', "0,0 0,0;6,0 6,0;12,0 12,0"),
    (
        '%',
        "3,20 ~0,20 0,16 ~0,12 3,12 ~6,12 6,16 ~6,20 3,20;14,20 3,0;14,8 ~11,8 11,4 ~11,0 \
        14,0 ~17,0 17,4 ~17,8 14,8",
    ),
];

/// Text of one size and colour.
#[derive(Clone, Copy)]
pub(crate) struct Face {
    /// Pixels from the base line to the top of a capital letter.
    pub(crate) size: i32,
    /// Half the width of a stroke, in sixteenths of a pixel.
    pub(crate) radius: i32,
    pub(crate) colour: Rgb,
}

/// Whether every character of a text can be drawn.
#[must_use]
pub fn can_write(text: &str) -> bool {
    text.chars().all(|c| c == ' ' || strokes(c).is_some())
}

impl Face {
    /// How many pixels a text takes across.
    pub(crate) fn width(self, text: &str) -> i32 {
        let units: i32 = text.chars().map(advance).sum();
        self.scaled((units - GAP).max(0)) / UNIT
    }

    /// Draws a text that begins at `x` on the base line `y`, in pixels.
    pub(crate) fn draw(self, canvas: &mut Canvas, (x, y): (i32, i32), text: &str) {
        let mut pen = 0;
        for c in text.chars() {
            let place = |p: Point| Point {
                x: x * UNIT + self.scaled(pen + p.x),
                y: y * UNIT - self.scaled(p.y),
            };
            if let Some(strokes) = strokes(c) {
                canvas.stroke(&lines_of(strokes, place), self.radius, self.colour);
            }
            pen += advance(c);
        }
    }

    /// As much of a text as fits into so many pixels, with "…" if some was cut.
    pub(crate) fn fitted(self, text: &str, width: i32) -> String {
        let mut kept: String = text.chars().filter(|c| can_write(&c.to_string())).collect();
        if self.width(&kept) <= width {
            return kept;
        }
        while !kept.is_empty() && self.width(&format!("{kept}…")) > width {
            kept.pop();
        }
        format!("{}…", kept.trim_end())
    }

    /// Units of the letters in sixteenths of a pixel.
    const fn scaled(self, units: i32) -> i32 {
        units * self.size * UNIT / CAPITAL
    }
}

fn strokes(c: char) -> Option<&'static str> {
    GLYPHS.iter().find(|(known, _)| *known == c).map(|(_, strokes)| *strokes)
}

/// Units from the beginning of a character to that of the next.
fn advance(c: char) -> i32 {
    if c == ' ' {
        return SPACE;
    }
    let points = strokes(c).into_iter().flat_map(|strokes| strokes.split([';', ' ']));
    let widest = points.filter_map(|point| read(point.trim_start_matches('~'))).map(|p| p.x).max();
    widest.map_or(0, |widest| widest + GAP)
}

fn read(point: &str) -> Option<Point> {
    let (x, y) = point.split_once(',')?;
    Some(Point { x: x.parse().ok()?, y: y.parse().ok()? })
}

/// The strokes of a letter as straight lines. Points are placed before curves are cut, so that
/// these are as fine as the picture.
fn lines_of(strokes: &str, place: impl Fn(Point) -> Point) -> Vec<(Point, Point)> {
    let mut lines = Vec::new();
    for stroke in strokes.split(';') {
        let (mut at, mut bend): (Option<Point>, Option<Point>) = (None, None);
        for point in stroke.split(' ') {
            if let Some(bent) = point.strip_prefix('~') {
                bend = read(bent).map(&place);
                continue;
            }
            let Some(to) = read(point).map(&place) else { continue };
            match (at, bend.take()) {
                (Some(from), Some(bend)) => curve(from, bend, to, &mut lines),
                (Some(from), None) => lines.push((from, to)),
                (None, _) => {}
            }
            at = Some(to);
        }
    }
    lines
}

fn curve(from: Point, bend: Point, to: Point, lines: &mut Vec<(Point, Point)>) {
    let along = |t: i32, a: i32, b: i32, c: i32| {
        let rest = PIECES - t;
        (a * rest * rest + 2 * b * rest * t + c * t * t) / (PIECES * PIECES)
    };
    let at = |t| Point { x: along(t, from.x, bend.x, to.x), y: along(t, from.y, bend.y, to.y) };
    lines.extend((0..PIECES).map(|t| (at(t), at(t + 1))));
}

#[cfg(test)]
mod tests {
    use super::*;

    const FACE: Face = Face { size: 20, radius: 20, colour: [255; 3] };

    #[test]
    fn every_letter_is_drawn_as_it_is_written() {
        for (letter, strokes) in GLYPHS {
            for point in strokes.split([';', ' ']) {
                let point = read(point.trim_start_matches('~')).unwrap_or_else(|| {
                    panic!("{letter}: {point:?} is no point");
                });
                assert!((0..=20).contains(&point.x), "{letter}");
                assert!((-6..=23).contains(&point.y), "{letter}");
            }
            assert!(!lines_of(strokes, |point| point).is_empty(), "{letter}");
            assert_eq!(GLYPHS.iter().filter(|(other, _)| other == letter).count(), 1);
        }
    }

    #[test]
    fn letters_digits_and_what_stands_between_them_can_be_written() {
        let ascii = ('a'..='z').chain('A'..='Z').chain('0'..='9');
        assert!(can_write(&ascii.collect::<String>()) && can_write("9.8k – 7 %"));
        assert!(!can_write("ä") && !can_write("🎉") && can_write(""));
    }

    #[test]
    fn a_text_is_cut_to_its_room_and_loses_what_cannot_be_drawn() {
        assert_eq!(FACE.fitted("Yes 🎉", 200), "Yes ");
        let cut = FACE.fitted("Healer of the north", 120);
        assert!(cut.ends_with('…') && FACE.width(&cut) <= 120, "{cut}");
    }
}
