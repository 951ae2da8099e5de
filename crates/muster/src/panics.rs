//! What is told of a panic: where it was, and as much of its message as cannot be what people wrote
//! or a secret. A message may quote the value that was at hand.

use std::any::Any;
use std::backtrace::{Backtrace, BacktraceStatus};
use std::io::Write as _;
use std::panic;
use std::thread;

/// From now on panics are told of in this way, on standard error: the log may be what panicked.
/// With `RUST_BACKTRACE=1` it is told how it came to it.
pub(crate) fn tell_of_them() {
    panic::set_hook(Box::new(|panicked| {
        let place = panicked.location().map(ToString::to_string);
        let thread = thread::current();
        let told = told(thread.name(), place.as_deref(), panicked.payload());
        let backtrace = Backtrace::capture();
        let way = if backtrace.status() == BacktraceStatus::Captured {
            format!("\n{backtrace}")
        } else {
            String::new()
        };
        // Nobody is left to tell if this fails.
        drop(writeln!(std::io::stderr(), "{told}{way}"));
    }));
}

fn told(thread: Option<&str>, place: Option<&str>, payload: &(dyn Any + Send)) -> String {
    let (thread, place) = (thread.unwrap_or("without a name"), place.unwrap_or("unknown"));
    let message = message(payload);
    format!("muster: the thread {thread} panicked at {place} ({message}): a defect of Muster")
}

/// How messages of Rust's own begin that are put together with values, before the first of them.
const KNOWN: [&str; 8] = [
    "assertion `left == right` failed",
    "assertion `left != right` failed",
    "called `Result::unwrap()` on an `Err` value",
    "called `Result::unwrap_err()` on an `Ok` value",
    "index out of bounds",
    "range end index",
    "range start index",
    "slice index starts at",
];

/// A text of the program is told whole. One that was put together at that moment may be all value:
/// of that no more is told than what is known to be Rust's own.
fn message(payload: &(dyn Any + Send)) -> &str {
    if let Some(text) = payload.downcast_ref::<&'static str>() {
        return text;
    }
    let Some(text) = payload.downcast_ref::<String>() else { return "no message" };
    let known = KNOWN.into_iter().find(|known| text.starts_with(known));
    known.unwrap_or("its message has values in it, which are not told")
}

#[cfg(test)]
mod tests {
    use std::hint::black_box;

    use super::*;

    /// What is told of the panic of this work.
    fn told_of(work: impl FnOnce() + panic::UnwindSafe) -> String {
        let payload = panic::catch_unwind(work).unwrap_err();
        told(Some("event"), Some("src/bot.rs:1:2"), &*payload)
    }

    #[test]
    fn what_a_panic_quotes_is_not_told() {
        let note = black_box("cänary".to_owned());
        let quoted: [fn(&str); 7] = [
            |note| drop(black_box(note[2..].to_owned())),
            |note| black_box(Err::<(), _>(note.to_owned())).unwrap(),
            |note| black_box(Err::<(), _>(note.to_owned())).expect("it is there"),
            |note| assert_eq!(note, "another"),
            |note| panic!("{{{note}}}"),
            |note| panic!("{note}"),
            |note| panic!("the note {note} is too long"),
        ];
        for work in quoted {
            let note = note.clone();
            let told = told_of(move || work(&note));
            assert!(!told.contains("nary") && told.contains("at src/bot.rs:1:2 ("), "{told}");
        }
    }

    #[test]
    fn what_says_nothing_of_values_is_told() {
        let place = black_box(7);
        let told_index = told_of(move || {
            black_box([1, 2, 3].as_slice()[place]);
        });
        assert!(told_index.contains("(index out of bounds)"), "{told_index}");
        let told_text = told_of(|| panic!("a text of the program: whole"));
        let expected = "muster: the thread event panicked at src/bot.rs:1:2 (a text of the \
                        program: whole): a defect of Muster";
        assert_eq!(told_text, expected);
        assert!(told_of(|| panic::panic_any(5)).contains("(no message)"));
    }
}
