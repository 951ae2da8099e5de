//! The rules of Muster: events, rosters, local time and words for time. Pure.
