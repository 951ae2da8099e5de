//! Tables as text that any spreadsheet opens rightly and none takes for a formula (RFC 4180).

/// What makes a spreadsheet take a cell for a formula (OWASP: CSV injection).
const FORMULA_BEGINS: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// A table of rows with as many cells as its heading.
#[derive(Clone, Debug)]
pub struct Table {
    text: String,
}

impl Table {
    /// A table with this heading. The text begins with a byte order mark, without which
    /// spreadsheets misread everything beyond ASCII.
    #[must_use]
    pub fn new(heading: &[&str]) -> Self {
        let mut table = Self { text: "\u{feff}".to_owned() };
        table.row(heading.iter().copied());
        table
    }

    /// Adds a row.
    pub fn row<'a>(&mut self, cells: impl IntoIterator<Item = &'a str>) {
        for (index, cell) in cells.into_iter().enumerate() {
            if index > 0 {
                self.text.push(',');
            }
            self.cell(cell);
        }
        self.text.push_str("\r\n");
    }

    /// The whole table.
    #[must_use]
    pub fn into_text(self) -> String {
        self.text
    }

    fn cell(&mut self, cell: &str) {
        let formula = cell.starts_with(FORMULA_BEGINS) && cell.parse::<f64>().is_err();
        let quoted = formula || cell.contains(['"', ',', '\n', '\r', ';', '\t']);
        if !quoted {
            self.text.push_str(cell);
            return;
        }
        self.text.push('"');
        if formula {
            // An apostrophe makes every spreadsheet take the rest as it stands.
            self.text.push('\'');
        }
        self.text.push_str(&cell.replace('"', "\"\""));
        self.text.push('"');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(cells: &[&str]) -> String {
        let mut table = Table::new(&["a"]);
        table.row(cells.iter().copied());
        table.into_text().strip_prefix("\u{feff}a\r\n").unwrap().to_owned()
    }

    #[test]
    fn cells_are_quoted_where_they_need_it() {
        assert_eq!(row(&["Ann", "Yes", "2"]), "Ann,Yes,2\r\n");
        assert_eq!(
            row(&["a,b", "say \"hi\"", "two\nlines"]),
            "\"a,b\",\"say \"\"hi\"\"\",\"two\nlines\"\r\n"
        );
    }

    #[test]
    fn no_cell_is_taken_for_a_formula() {
        for cell in ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\tx", "\rx"] {
            assert!(row(&[cell]).starts_with("\"'"), "{cell:?}");
        }
        assert_eq!(row(&["-5", "+1.5"]), "-5,+1.5\r\n");
    }
}
