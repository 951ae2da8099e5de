//! Why nothing could be measured.

/// A reason, in words for whoever ran the command.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BenchError {
    /// Something of the system failed.
    #[error("{0}: {1}")]
    Io(&'static str, std::io::Error),
    /// The store refused.
    #[error("the store: {0}")]
    Store(#[from] muster_store::StoreError),
    /// SQLite refused.
    #[error("SQLite: {0}")]
    Sqlite(#[from] rusqlite::Error),
    /// The certificate could not be made.
    #[error("the certificate: {0}")]
    Certificate(#[from] rcgen::Error),
    /// TLS could not be set up.
    #[error("TLS: {0}")]
    Tls(#[from] rustls::Error),
    /// What the processes of a measurement tell each other could not be read.
    #[error("a report: {0}")]
    Report(#[from] serde_json::Error),
    /// Anything else.
    #[error("{0}")]
    Other(String),
}

/// Names what was tried when the system fails.
pub(crate) fn io(what: &'static str) -> impl FnOnce(std::io::Error) -> BenchError {
    move |error| BenchError::Io(what, error)
}

/// A reason of our own.
pub(crate) fn other(what: &str) -> BenchError {
    BenchError::Other(what.to_owned())
}
