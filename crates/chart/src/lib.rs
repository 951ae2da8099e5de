//! Bar charts as PNG: numbers in, bytes out, the same bytes for the same numbers on every machine.
//!
//! All of it is whole numbers, so that no processor rounds otherwise. The letters are our own,
//! drawn as strokes, so that no font has to come along.

mod canvas;
mod chart;
mod font;
mod layout;
pub mod limits;
mod png;

pub use self::chart::{Chart, Colour, Column, Columns, Panel, Series};
pub use self::font::can_write;
