//! Reads tables as a spreadsheet does (RFC 4180).

/// The rows of a table, heading first; `None` if it is none.
pub(super) fn rows(text: &str) -> Option<Vec<Vec<String>>> {
    let mut rest = text.strip_prefix('\u{feff}')?.chars().peekable();
    let (mut rows, mut row, mut cell) = (Vec::new(), Vec::new(), String::new());
    let (mut is_quoted, mut was_quoted) = (false, false);
    while let Some(c) = rest.next() {
        match c {
            '"' if is_quoted && rest.peek() == Some(&'"') => cell.extend(rest.next()),
            '"' if is_quoted => is_quoted = false,
            _ if is_quoted => cell.push(c),
            '"' if cell.is_empty() && !was_quoted => (is_quoted, was_quoted) = (true, true),
            ',' => {
                row.push(std::mem::take(&mut cell));
                was_quoted = false;
            }
            '\r' if rest.next() == Some('\n') => {
                row.push(std::mem::take(&mut cell));
                rows.push(std::mem::take(&mut row));
                was_quoted = false;
            }
            '\r' | '\n' | '"' => return None,
            _ => cell.push(c),
        }
    }
    (row.is_empty() && cell.is_empty() && !is_quoted).then_some(rows)
}

/// Whether a spreadsheet would take a cell for a formula.
pub(super) fn is_formula(cell: &str) -> bool {
    cell.starts_with(['=', '+', '-', '@', '\t', '\r']) && cell.parse::<f64>().is_err()
}

/// A cell as it is written so that no spreadsheet does.
pub(super) fn defused(cell: &str) -> String {
    if is_formula(cell) { format!("'{cell}") } else { cell.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_read() {
        let text = "\u{feff}a,b\r\n1,\"say \"\"hi\"\", you\"\r\n,\"two\nlines\"\r\n";
        let read = rows(text).unwrap();
        assert_eq!(read, [["a", "b"], ["1", "say \"hi\", you"], ["", "two\nlines"]]);
        assert_eq!(rows("a,b\r\n"), None);
        assert_eq!(rows("\u{feff}a,\"b"), None);
        assert_eq!(rows("\u{feff}a\"b\r\n"), None);
    }

    #[test]
    fn formulas_are_known() {
        assert!(is_formula("=1+1") && is_formula("@SUM(A1)") && !is_formula("-5"));
        assert_eq!(defused("+x"), "'+x");
    }
}
