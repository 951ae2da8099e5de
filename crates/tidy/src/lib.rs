//! Nothing is here to be used: this crate exists for its tests, which read the repository itself
//! and keep the rules of `CONTRIBUTING.md` that no compiler and no linter keeps.
