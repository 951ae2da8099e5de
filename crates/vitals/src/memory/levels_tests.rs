//! Levels rise at once and fall slowly.

use PressureLevel::{Critical, High, Low, Medium};

use super::*;
use crate::snapshot::PressureLevel;

fn after(readings: &[f64]) -> Vec<PressureLevel> {
    let mut levels = Levels::new([50, 70, 85]);
    readings.iter().map(|percent| levels.read(*percent)).collect()
}

#[test]
fn a_level_begins_at_its_threshold_and_at_once() {
    assert_eq!(
        after(&[49.9, 50.0, 69.9, 70.0, 84.9, 85.0]),
        [Low, Medium, Medium, High, High, Critical]
    );
    assert_eq!(after(&[10.0, 99.0]), [Low, Critical]);
}

#[test]
fn a_level_ends_after_three_readings_below_its_edge() {
    assert_eq!(after(&[72.0, 64.9, 64.9, 64.9]), [High, High, High, Medium]);
    assert_eq!(after(&[99.0, 1.0, 1.0, 1.0]), [Critical, Critical, Critical, Low]);
}

#[test]
fn five_points_below_a_threshold_the_level_stays() {
    assert_eq!(after(&[72.0, 65.0, 65.0, 65.0, 65.0]), [High; 5]);
}

#[test]
fn one_reading_above_the_edge_begins_the_count_anew() {
    assert_eq!(
        after(&[72.0, 60.0, 60.0, 66.0, 60.0, 60.0, 60.0]),
        [High, High, High, High, High, High, Medium]
    );
}

#[test]
fn use_that_swings_around_a_threshold_changes_the_level_once() {
    let swings: Vec<f64> = (0..100).map(|turn| if turn % 2 == 0 { 71.0 } else { 66.0 }).collect();
    assert!(after(&swings).iter().all(|level| *level == High));
}

#[test]
fn a_level_that_begins_at_one_percent_can_be_left() {
    let mut levels = Levels::new([1, 2, 3]);
    assert_eq!(levels.read(50.0), Critical);
    assert_eq!([0.1; 3].map(|percent| levels.read(percent)), [Critical, Critical, Low]);
}
