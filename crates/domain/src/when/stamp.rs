//! Moments that are written as numbers: `<t:1788291000:F>` and bare Unix times.

use jiff::Timestamp;

use super::tokens::Cursor;

/// Reads a timestamp of Discord's markup, or Unix seconds (10 digits) or milliseconds (13).
pub(super) fn stamp(start: Cursor<'_>) -> Option<(Timestamp, Cursor<'_>)> {
    markup(start).or_else(|| bare(start))
}

/// `<t:SECONDS>` and `<t:SECONDS:STYLE>` (Discord docs: message formatting).
fn markup(start: Cursor<'_>) -> Option<(Timestamp, Cursor<'_>)> {
    let letter = start.after_sign('<')?;
    let colon = (letter.word()? == "t").then(|| letter.skip(1))?;
    let digits = colon.after_sign(':')?;
    let at = seconds(digits.number()?.value)?;
    let rest = digits.skip(1);
    let styled = rest
        .after_sign(':')
        .filter(|style| style.word().is_some_and(|word| word.len() == 1))
        .map(|style| style.skip(1));
    let rest = styled.unwrap_or(rest).after_sign('>')?;
    Some((at, rest))
}

fn bare(start: Cursor<'_>) -> Option<(Timestamp, Cursor<'_>)> {
    let number = start.number()?;
    let at = match number.digits {
        10 => seconds(number.value)?,
        13 => seconds(number.value / 1000)?,
        _ => return None,
    };
    Some((at, start.skip(1)))
}

fn seconds(value: u64) -> Option<Timestamp> {
    Timestamp::from_second(i64::try_from(value).ok()?).ok()
}
