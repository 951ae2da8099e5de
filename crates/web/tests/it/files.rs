//! What comes with the documentation names only metrics that exist.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::figures::names;
use crate::site::Site;

fn document(name: &str) -> String {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs");
    fs::read_to_string(docs.join(name)).unwrap()
}

/// Every word in the text that looks like a metric.
fn metrics(text: &str) -> BTreeSet<&str> {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    words.filter(|word| word.starts_with("muster_")).collect()
}

#[tokio::test]
async fn every_metric_that_the_files_name_exists() {
    let figures = Site::local().get("/metrics", &[("host", "localhost")]).await.body;
    let known = names(&figures);
    for (file, least) in [("grafana/muster.json", 40), ("grafana/alerts.yml", 15)] {
        let text = document(file);
        let named = metrics(&text);
        assert!(named.len() >= least, "{file} names {}", named.len());
        for metric in named {
            assert!(known.contains(metric), "{file} names {metric}, which does not exist");
        }
    }
}

#[tokio::test]
async fn the_list_of_metrics_is_whole() {
    let figures = Site::local().get("/metrics", &[("host", "localhost")]).await.body;
    let text = document("dashboard.md");
    let (named, known) = (metrics(&text), names(&figures));
    let missing: Vec<_> = known.difference(&named).collect();
    assert!(missing.is_empty(), "docs/dashboard.md does not name {missing:?}");
    let gone: Vec<_> = named.difference(&known).collect();
    assert!(gone.is_empty(), "docs/dashboard.md names {gone:?}, which do not exist");
}

#[test]
fn the_grafana_dashboard_is_json_with_numbered_panels() {
    let board: serde_json::Value = serde_json::from_str(&document("grafana/muster.json")).unwrap();
    let panels = board["panels"].as_array().unwrap();
    let ids: BTreeSet<_> = panels.iter().map(|panel| panel["id"].as_u64().unwrap()).collect();
    assert_eq!(ids.len(), panels.len());
    assert!(panels.iter().all(|panel| panel["gridPos"]["w"].as_u64().is_some_and(|w| w <= 24)));
}
