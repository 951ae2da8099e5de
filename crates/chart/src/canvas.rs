//! A picture to draw on, with smooth edges: shapes are measured in sixteenths of a pixel.

/// Red, green and blue.
pub(crate) type Rgb = [u8; 3];

/// Parts of a pixel in which shapes are measured.
pub(crate) const UNIT: i32 = 16;

/// A point in sixteenths of a pixel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Point {
    pub(crate) x: i32,
    pub(crate) y: i32,
}

/// A rectangle in whole pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Area {
    pub(crate) x: i32,
    pub(crate) y: i32,
    pub(crate) width: i32,
    pub(crate) height: i32,
}

/// The picture.
pub(crate) struct Canvas {
    width: i32,
    height: i32,
    pixels: Vec<Rgb>,
    /// How much of each pixel the shape covers that is being drawn, in [`UNIT`]s. Empty between
    /// shapes.
    cover: Vec<u8>,
}

impl Canvas {
    pub(crate) fn new(width: i32, height: i32, background: Rgb) -> Self {
        let size = usize::try_from(width.saturating_mul(height)).unwrap_or_default();
        Self { width, height, pixels: vec![background; size], cover: vec![0; size] }
    }

    pub(crate) const fn width(&self) -> i32 {
        self.width
    }

    pub(crate) const fn height(&self) -> i32 {
        self.height
    }

    pub(crate) fn rows(&self) -> impl Iterator<Item = &[Rgb]> {
        self.pixels.chunks(usize::try_from(self.width).unwrap_or(1).max(1))
    }

    /// Fills a rectangle.
    pub(crate) fn fill(&mut self, area: Area, colour: Rgb) {
        for y in area.y..area.y.saturating_add(area.height) {
            for x in area.x..area.x.saturating_add(area.width) {
                if let Some(pixel) = self.index(x, y).and_then(|at| self.pixels.get_mut(at)) {
                    *pixel = colour;
                }
            }
        }
    }

    /// Fills a rectangle whose upper corners are round.
    pub(crate) fn fill_round(&mut self, area: Area, radius: i32, colour: Rgb) {
        let radius = radius.min(area.width / 2).min(area.height);
        let Area { x, y, width, height } = area;
        self.fill(Area { x, y: y + radius, width, height: height - radius }, colour);
        self.fill(Area { x: x + radius, y, width: width - 2 * radius, height: radius }, colour);
        for (left, centre) in [(x, x + radius), (x + width - radius, x + width - radius)] {
            let middle = Point { x: centre * UNIT, y: (y + radius) * UNIT };
            let corner = Area { x: left, y, width: radius, height: radius };
            self.cover_disc(corner, middle, radius * UNIT);
            self.paint(corner, colour);
        }
    }

    fn cover_disc(&mut self, within: Area, middle: Point, radius: i32) {
        for y in within.y..within.y + within.height {
            for x in within.x..within.x + within.width {
                let distance = distance(centre(x, y), middle);
                self.cover(x, y, radius + UNIT / 2 - distance);
            }
        }
    }

    /// Draws lines with round ends, all in one piece, `radius` to either side.
    pub(crate) fn stroke(&mut self, lines: &[(Point, Point)], radius: i32, colour: Rgb) {
        for &(from, to) in lines {
            let area = around(from, to, radius);
            for y in area.y..area.y + area.height {
                for x in area.x..area.x + area.width {
                    let parts = covered(centre(x, y), (from, to), radius);
                    self.cover(x, y, parts);
                }
            }
        }
        for &(from, to) in lines {
            self.paint(around(from, to, radius), colour);
        }
    }

    /// A pixel is covered as far as the shape covers it that covers most of it.
    fn cover(&mut self, x: i32, y: i32, parts: i32) {
        let parts = u8::try_from(parts.clamp(0, UNIT)).unwrap_or_default();
        if let Some(cover) = self.index(x, y).and_then(|at| self.cover.get_mut(at)) {
            *cover = (*cover).max(parts);
        }
    }

    /// Paints what is covered there, and uncovers it.
    fn paint(&mut self, area: Area, colour: Rgb) {
        for y in area.y..area.y + area.height {
            for x in area.x..area.x + area.width {
                let Some(at) = self.index(x, y) else { continue };
                let (Some(cover), Some(pixel)) = (self.cover.get_mut(at), self.pixels.get_mut(at))
                else {
                    continue;
                };
                let parts = i32::from(std::mem::take(cover));
                if parts > 0 {
                    *pixel = mixed(*pixel, colour, parts);
                }
            }
        }
    }

    fn index(&self, x: i32, y: i32) -> Option<usize> {
        let inside = (0..self.width).contains(&x) && (0..self.height).contains(&y);
        inside.then(|| usize::try_from(y * self.width + x).ok()).flatten()
    }
}

/// `parts` of [`UNIT`] of a colour over another.
pub(crate) fn mixed(below: Rgb, above: Rgb, parts: i32) -> Rgb {
    let mut mixed = below;
    for (channel, to) in mixed.iter_mut().zip(above) {
        let sum = i32::from(*channel) * (UNIT - parts) + i32::from(to) * parts;
        *channel = u8::try_from((sum + UNIT / 2) / UNIT).unwrap_or(u8::MAX);
    }
    mixed
}

const fn centre(x: i32, y: i32) -> Point {
    Point { x: x * UNIT + UNIT / 2, y: y * UNIT + UNIT / 2 }
}

/// The pixels that a line can touch.
fn around(from: Point, to: Point, radius: i32) -> Area {
    let reach = radius + UNIT / 2;
    let low = |a: i32, b: i32| (a.min(b) - reach).div_euclid(UNIT);
    let high = |a: i32, b: i32| (a.max(b) + reach).div_euclid(UNIT) + 1;
    let (x, y) = (low(from.x, to.x), low(from.y, to.y));
    Area { x, y, width: high(from.x, to.x) - x, height: high(from.y, to.y) - y }
}

fn distance(a: Point, b: Point) -> i32 {
    i32::try_from(squared(a, b).isqrt()).unwrap_or(i32::MAX)
}

fn squared(a: Point, b: Point) -> i64 {
    let (dx, dy) = (i64::from(a.x - b.x), i64::from(a.y - b.y));
    dx * dx + dy * dy
}

/// How much of the pixel around this point a line covers, in [`UNIT`]s. The root is drawn at its
/// edges alone.
fn covered(point: Point, (from, to): (Point, Point), radius: i32) -> i32 {
    let squared = squared(point, nearest(point, from, to));
    let of = |radius: i32| i64::from(radius.max(0)) * i64::from(radius.max(0));
    if squared >= of(radius + UNIT / 2) {
        0
    } else if squared <= of(radius - UNIT / 2) {
        UNIT
    } else {
        radius + UNIT / 2 - i32::try_from(squared.isqrt()).unwrap_or(i32::MAX)
    }
}

/// The point of a line that is nearest.
fn nearest(point: Point, from: Point, to: Point) -> Point {
    let (dx, dy) = (i64::from(to.x - from.x), i64::from(to.y - from.y));
    let length = dx * dx + dy * dy;
    if length == 0 {
        return from;
    }
    let along = i64::from(point.x - from.x) * dx + i64::from(point.y - from.y) * dy;
    let along = along.clamp(0, length);
    let on_line = |start: i32, step: i64| {
        start.saturating_add(i32::try_from(step * along / length).unwrap_or_default())
    };
    Point { x: on_line(from.x, dx), y: on_line(from.y, dy) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BLACK: Rgb = [0; 3];
    const WHITE: Rgb = [255; 3];

    #[test]
    fn a_line_is_solid_within_and_fades_at_its_edge() {
        let mut canvas = Canvas::new(9, 5, BLACK);
        let at = |x: i32| Point { x: x * UNIT, y: 2 * UNIT + UNIT / 2 };
        canvas.stroke(&[(at(2), at(7))], UNIT, WHITE);
        let column: Vec<u8> = canvas.rows().map(|row| row[4][0]).collect();
        assert_eq!(column, [0, 128, 255, 128, 0]);
        assert!(canvas.cover.iter().all(|cover| *cover == 0));
    }

    #[test]
    fn what_lies_outside_is_left_out() {
        let mut canvas = Canvas::new(4, 4, BLACK);
        canvas.fill(Area { x: -5, y: -5, width: 100, height: 6 }, WHITE);
        let far = Point { x: -900, y: 9_000 };
        canvas.stroke(&[(far, Point { x: 9_000, y: -900 })], UNIT, WHITE);
        assert_eq!(canvas.rows().next().unwrap(), [WHITE; 4]);
    }

    #[test]
    fn round_corners_are_cut_off_above_and_not_below() {
        let mut canvas = Canvas::new(10, 10, BLACK);
        canvas.fill_round(Area { x: 0, y: 0, width: 10, height: 10 }, 4, WHITE);
        let rows: Vec<&[Rgb]> = canvas.rows().collect();
        assert_eq!((rows[0][0], rows[0][9]), (BLACK, BLACK));
        assert_eq!((rows[9][0], rows[9][9], rows[0][5]), (WHITE, WHITE, WHITE));
    }
}
