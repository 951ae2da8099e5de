//! Where the program tells what it does: standard error or a file, as text or JSON.

mod file;
mod rate;

use std::io::IsTerminal as _;
use std::path::Path;
use std::sync::OnceLock;

use muster_vitals::settings::LogSettings;
use tracing::Subscriber;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{Layer, fmt, registry};

use self::file::RotatingFile;
pub(crate) use self::file::{files, size};
use self::rate::LineLimit;
use crate::cli::LogOptions;
use crate::config::{given, or};
use crate::exit::Exit;

/// Counts the lines of this process that were left out.
static LIMIT: OnceLock<LineLimit> = OnceLock::new();

/// Starts telling. What others have installed before, as in tests, stays.
pub(crate) fn start(options: &LogOptions, settings: LogSettings) -> Result<(), Exit> {
    let filter = filter(or(&options.log, "info"))?;
    let shape = Shape::parse(or(&options.log_format, "text"))?;
    let layer = match given(&options.log_file) {
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

fn open(path: &str, settings: LogSettings) -> Result<RotatingFile, Exit> {
    RotatingFile::open(Path::new(path), settings.file_max).map_err(|error| {
        Exit::variable("LOG_FILE", path, &format!("it names a file that can be written ({error})"))
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

/// Reads what is to be told.
fn filter(words: &str) -> Result<Targets, Exit> {
    words.parse().map_err(|_| {
        let instead = "use off, error, warn, info, debug or trace, or parts as in \
                       info,muster_discord=debug";
        Exit::variable("LOG", words, instead)
    })
}
