//! Spans of time in which something was so, noted as it begins and ends.

use std::time::Duration;

/// From, to; the last may go on.
pub(crate) type Spans = Vec<(Duration, Option<Duration>)>;

/// Notes that it begins now, or ends; nothing if it is so already.
pub(crate) fn note_span(spans: &mut Spans, begins: bool, now: Duration) {
    match (begins, spans.last_mut()) {
        (true, None | Some((_, Some(_)))) => spans.push((now, None)),
        (false, Some((_, end @ None))) => *end = Some(now),
        (true, Some((_, None))) | (false, None | Some((_, Some(_)))) => {}
    }
}

/// Whether it was so at some time from then to then.
pub(crate) fn touches(
    spans: &[(Duration, Option<Duration>)],
    (from, to): (Duration, Duration),
) -> bool {
    spans.iter().any(|(begin, end)| *begin <= to && end.is_none_or(|end| end >= from))
}
