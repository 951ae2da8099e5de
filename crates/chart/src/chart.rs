//! What a chart shows, as values.

use crate::limits::{COLUMNS_MAX, PANELS_MAX, SERIES_MAX};
use crate::{layout, png};

/// A picture of bars: one or two panels below each other, with one legend.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chart {
    /// What it is about.
    pub title: String,
    /// What the bars of each column mean, from left to right; at most [`SERIES_MAX`] count.
    pub series: Vec<Series>,
    /// At most [`PANELS_MAX`] count.
    pub panels: Vec<Panel>,
}

/// What one bar of each column means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Series {
    /// Its name in the legend.
    pub name: String,
    /// Its colour.
    pub colour: Colour,
}

/// Colours that people with any kind of colour vision tell apart, in this order of preference: they
/// differ in lightness, too. (Okabe and Ito: "Color Universal Design")
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colour {
    /// A light blue.
    Blue,
    /// An orange.
    Orange,
    /// A green with blue in it.
    Green,
}

/// One diagram.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Panel {
    /// What it shows.
    pub title: String,
    /// What the columns are to each other.
    pub columns_are: Columns,
    /// From left to right; at most [`COLUMNS_MAX`] count.
    pub columns: Vec<Column>,
}

/// What the columns of a panel are to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Columns {
    /// One moment after the other: the last one is the newest.
    Course,
    /// Different things.
    Kinds,
}

/// A group of bars above one label.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// What stands below it. What the letters do not have is left out: see
    /// [`crate::can_write`].
    pub label: String,
    /// The height of each bar, in the order of the series; none for those that are missing.
    pub values: Vec<u32>,
}

impl Chart {
    /// The picture as PNG.
    #[must_use]
    pub fn png(&self) -> Vec<u8> {
        png::encode(&layout::draw(self))
    }

    /// The panels that count.
    #[must_use]
    pub fn panels(&self) -> &[Panel] {
        first(&self.panels, PANELS_MAX)
    }

    /// The series that count.
    #[must_use]
    pub fn series(&self) -> &[Series] {
        first(&self.series, SERIES_MAX)
    }
}

impl Panel {
    /// The columns that count.
    #[must_use]
    pub fn columns(&self) -> &[Column] {
        first(&self.columns, COLUMNS_MAX)
    }
}

fn first<T>(all: &[T], count: usize) -> &[T] {
    all.get(..count).unwrap_or(all)
}
