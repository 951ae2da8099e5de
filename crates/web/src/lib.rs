//! The dashboard, the metrics and whether Muster is alive and ready, over HTTP.
