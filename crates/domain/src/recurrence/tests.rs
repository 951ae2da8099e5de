//! What holds for every rule, judged by a matcher that knows nothing of how rules are walked.

mod examples;
mod phrases;
mod properties;
mod wording;
mod zones;
