//! The program. See the library beside it.

use std::process::ExitCode;

fn main() -> ExitCode {
    muster::main()
}
