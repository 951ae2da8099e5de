//! Times in words, as Muster repeats them: "Fri 27 Nov 2026, 20:00 – 22:00".

use muster_domain::event::Span;
use muster_domain::when::describe;
use muster_domain::zone::Zone;

/// "Fri 27 Nov 2026, 20:00 – 22:00", in this zone; with the day of the end if it is another one.
#[must_use]
pub fn span_in_words(span: Span, zone: &Zone) -> String {
    let [from, to] = [span.start(), span.end()].map(|at| zone.rules().to_datetime(at));
    let begins = describe(span.start(), zone.rules());
    if from.date() == to.date() {
        format!("{begins} – {}", to.strftime("%H:%M"))
    } else {
        format!("{begins} – {}", describe(span.end(), zone.rules()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_names_the_day_of_its_end_only_if_it_is_another() {
        let zone = Zone::parse("Europe/Berlin").unwrap();
        let span = |end: &str| {
            let start = "2026-11-27T19:00:00Z".parse().unwrap();
            span_in_words(Span::new(start, end.parse().unwrap()).unwrap(), &zone)
        };
        assert_eq!(span("2026-11-27T21:00:00Z"), "Fri 27 Nov 2026, 20:00 – 22:00");
        assert_eq!(span("2026-11-28T00:30:00Z"), "Fri 27 Nov 2026, 20:00 – Sat 28 Nov 2026, 01:30");
    }
}
