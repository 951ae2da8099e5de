//! Where the program tells what it does: standard error, as text or JSON.

use std::io::IsTerminal as _;

use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{Layer as _, fmt, registry};

use crate::cli::LogOptions;
use crate::config::or;
use crate::exit::Exit;

/// Starts telling. What others have installed before, as in tests, stays.
pub(crate) fn start(options: &LogOptions) -> Result<(), Exit> {
    let filter = filter(or(&options.log, "info"))?;
    let started = match or(&options.log_format, "text") {
        "text" => {
            let colours = std::io::stderr().is_terminal();
            let text = fmt::layer().with_ansi(colours).with_writer(std::io::stderr);
            registry().with(text.with_filter(filter)).try_init()
        }
        "json" => {
            let json = fmt::layer().json().with_writer(std::io::stderr);
            registry().with(json.with_filter(filter)).try_init()
        }
        other => return Err(Exit::variable("LOG_FORMAT", other, "use text or json")),
    };
    drop(started);
    Ok(())
}

/// Reads what is to be told.
fn filter(words: &str) -> Result<Targets, Exit> {
    words.parse().map_err(|_| {
        let instead = "use off, error, warn, info, debug or trace, or parts as in \
                       info,muster_discord=debug";
        Exit::variable("LOG", words, instead)
    })
}
