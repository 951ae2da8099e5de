//! What is bounded in charts, each with its reason.

/// Panels of one chart: more would be too small on a phone.
pub const PANELS_MAX: usize = 2;

/// Columns of one panel: the answers that an event can offer. More than eight stand too close for
/// all their labels.
pub const COLUMNS_MAX: usize = 25;

/// Bars of one column: as many as can be told apart at a glance.
pub const SERIES_MAX: usize = 3;

/// Pixels across: twice what Discord shows on most screens, so that it stays sharp.
pub const WIDTH: i32 = 800;
