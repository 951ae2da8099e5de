//! Where the program tells what it does: standard error or a file, as text or JSON.

mod file;
mod rate;

use std::io::IsTerminal as _;
use std::path::Path;
use std::sync::OnceLock;

use muster_vitals::settings::LogSettings;
use tracing::Subscriber;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{Layer, fmt, registry};

use self::file::RotatingFile;
pub(crate) use self::file::{files, size, take_emptied};
use self::rate::LineLimit;
use crate::cli::LogOptions;
use crate::config::or;
use crate::exit::Exit;

/// Counts the lines of this process that were left out.
static LIMIT: OnceLock<LineLimit> = OnceLock::new();

/// Starts telling, to a file if there is one. What others have installed before, as in tests,
/// stays.
pub(crate) fn start(
    options: &LogOptions,
    file: Option<&Path>,
    settings: LogSettings,
) -> Result<(), Exit> {
    let filter = filter(or(&options.log, "info"))?;
    let shape = Shape::parse(or(&options.log_format, "text"))?;
    let layer = match file {
        Some(path) => shape.layer(open(path, settings)?, false),
        None => shape.layer(std::io::stderr, std::io::stderr().is_terminal()),
    };
    let limit = LIMIT.get_or_init(|| LineLimit::new(settings.rate)).clone();
    drop(registry().with(layer.with_filter(limit).with_filter(filter)).try_init());
    Ok(())
}

/// How many lines were left out since this was last asked, by the place in the program.
pub(crate) fn take_left_out() -> Vec<(String, u64)> {
    LIMIT.get().map(LineLimit::take_left_out).unwrap_or_default()
}

fn open(path: &Path, settings: LogSettings) -> Result<RotatingFile, Exit> {
    RotatingFile::open(path, settings.file_max).map_err(|error| {
        let instead = format!("it names a file that can be written ({error})");
        Exit::variable("LOG_FILE", &path.display().to_string(), &instead)
    })
}

/// How lines look.
#[derive(Clone, Copy)]
enum Shape {
    Text,
    Json,
}

impl Shape {
    fn parse(words: &str) -> Result<Self, Exit> {
        match words {
            "text" => Ok(Self::Text),
            "json" => Ok(Self::Json),
            other => Err(Exit::variable("LOG_FORMAT", other, "use text or json")),
        }
    }

    fn layer<S, W>(self, writer: W, colours: bool) -> Box<dyn Layer<S> + Send + Sync>
    where
        S: Subscriber + for<'a> LookupSpan<'a>,
        W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
    {
        match self {
            Self::Text => fmt::layer().with_ansi(colours).with_writer(writer).boxed(),
            Self::Json => fmt::layer().json().with_writer(writer).boxed(),
        }
    }
}

/// The parts of the program that tell something, ours first.
const PARTS: [&str; 8] = [
    "muster",
    "muster_discord",
    "muster_engine",
    "muster_sim",
    "muster_store",
    "muster_vitals",
    "muster_web",
    "hyper_util",
];

/// Reads what is to be told. What is neither a level nor a part with one is a slip: taken for the
/// name of a part, it would silence all others.
fn filter(words: &str) -> Result<Targets, Exit> {
    let slip = words.split(',').map(str::trim).find(|one| !is_directive(one));
    let parsed = words.parse::<Targets>().ok().filter(|_| slip.is_none());
    parsed.ok_or_else(|| {
        let instead = "use off, error, warn, info, debug or trace, or parts as in \
                       info,muster_discord=debug";
        Exit::variable("LOG", words, instead)
    })
}

fn is_directive(directive: &str) -> bool {
    let is_level = |word: &str| word.parse::<LevelFilter>().is_ok() && !word.is_empty();
    match directive.split_once('=') {
        None => is_level(directive),
        Some((part, level)) => {
            let name = part.split_once("::").map_or(part, |(name, _)| name);
            PARTS.contains(&name) && is_level(level)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_in_log_is_refused_with_a_sentence_and_not_taken_for_a_part() {
        for right in [
            "info",
            "WARN",
            "off",
            "info,muster_discord=debug",
            "warn,muster::alerts=trace,hyper_util=off",
        ] {
            filter(right).unwrap();
        }
        for wrong in [
            "inf",
            "wran",
            "verbose",
            "info,debgu",
            "muster_discord",
            "info,muster_dicord=debug",
            // It tells nothing by way of `tracing`.
            "tungstenite=trace",
            "info,muster_discord=debgu",
            "=info",
            "info,",
            "muster=",
        ] {
            let exit = filter(wrong).unwrap_err();
            assert_eq!(exit.status(), 3, "{wrong}");
            assert!(exit.to_string().starts_with("LOG is"), "{exit}");
        }
    }
}
