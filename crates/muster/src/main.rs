//! The program: command line, configuration, wiring, shutdown.

fn main() {}
