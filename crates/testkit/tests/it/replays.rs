//! The same seed is the same run, line by line.

use muster_testkit::Run;

#[test]
fn the_same_seed_gives_the_same_trace() {
    for seed in 0..6 {
        let (first, second) = (Run::of(seed).go().unwrap(), Run::of(seed).go().unwrap());
        let lines = first.tail.iter().zip(&second.tail);
        let differs: Vec<_> = lines.filter(|(one, other)| one != other).take(3).collect();
        assert_eq!(
            (first.hash, first.lines),
            (second.hash, second.lines),
            "seed {seed}: {differs:#?}"
        );
    }
}

#[test]
fn another_seed_gives_another_trace() {
    assert_ne!(Run::of(1).go().unwrap().hash, Run::of(2).go().unwrap().hash);
}
