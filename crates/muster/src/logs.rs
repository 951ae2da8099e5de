//! Where the program tells what it does: standard error, as text or JSON.

use std::io::IsTerminal as _;

use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{Layer as _, fmt, registry};

use crate::cli::{LogFormat, LogOptions};

/// Reads what is to be told.
pub(crate) fn filter(words: &str) -> Result<Targets, String> {
    words.parse().map_err(|_| {
        "use off, error, warn, info, debug or trace, or parts as in \"info,muster_discord=debug\""
            .to_owned()
    })
}

/// Starts telling. What others have installed before, as in tests, stays.
pub(crate) fn start(options: &LogOptions) {
    let filter = options.log.clone();
    let started = match options.log_format {
        LogFormat::Text => {
            let colours = std::io::stderr().is_terminal();
            let text = fmt::layer().with_ansi(colours).with_writer(std::io::stderr);
            registry().with(text.with_filter(filter)).try_init()
        }
        LogFormat::Json => {
            let json = fmt::layer().json().with_writer(std::io::stderr);
            registry().with(json.with_filter(filter)).try_init()
        }
    };
    drop(started);
}
