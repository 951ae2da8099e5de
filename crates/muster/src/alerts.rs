//! Tells the operator of alerts: by direct message, in a channel, to an address of theirs.
//!
//! Alerts are not deliveries of the database: they are about now, and a full disk is one of them.
//! Each message has a nonce, so that Discord itself drops a repeat, and all are tried again if
//! nobody took one. A webhook has no nonce: it is tried again where it did not answer, or said that
//! it cannot at present.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use bytes::Bytes;
use jiff::Timestamp;
use muster_discord::net::Network;
use muster_discord::outside::{self, Address, Content};
use muster_discord::rest::{Body, Repeat, Rest};
use muster_domain::id::{ChannelId, UserId};
use muster_engine::ports::{Clock as _, Rng as _, Tasks as _};
use muster_store::sqlite::SqliteStore;
use muster_vitals::resources::ToldAlert;
use muster_vitals::snapshot::{Alert, AlertLevel, Resource};
use serde_json::json;
use tokio::sync::watch;
use tracing::{error, info, warn};

use crate::env::SystemEnv;
use crate::watching::Known;

/// How many operators get a direct message: an owner and their helpers, not a company.
const OPERATORS_TOLD_MAX: usize = 10;

/// Before each further try: a webhook may be starting, or a name server may be away.
pub(crate) const PAUSES: [Duration; 3] =
    [Duration::from_secs(5), Duration::from_secs(30), Duration::from_mins(2)];

/// Who is told, beside the log and the operators.
#[derive(Clone, Debug, Default)]
pub struct AlertTargets {
    /// In this channel.
    pub channel: Option<ChannelId>,
    /// At this address, with a JSON object that Discord's and most chats' webhooks take.
    pub webhook: Option<Address>,
    /// How long to wait before each further try of it, and of all if nobody took an alert.
    pub again: Vec<Duration>,
}

/// Tells of alerts.
pub(crate) struct Teller {
    pub(crate) env: SystemEnv,
    pub(crate) rest: Rest<SystemEnv>,
    pub(crate) network: Network,
    pub(crate) targets: AlertTargets,
    /// Knows the operators, who are told by direct message.
    pub(crate) known: Arc<Known>,
    /// Keeps what was told, so that a restart does not tell it again.
    pub(crate) store: Arc<SqliteStore>,
    /// When the newest alert of each resource came up: an older one is not tried again, and waits
    /// for nobody.
    pub(crate) newest: watch::Sender<BTreeMap<Resource, Timestamp>>,
}

/// What is written of an alert.
struct Message {
    words: String,
    /// By which Discord knows it, with the channel.
    nonce: u64,
    /// Whether the webhook took it at a later try.
    taken_late: Arc<AtomicBool>,
}

/// Why an alert was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum NotTaken {
    /// It may be taken at a later try.
    Retryable,
    /// No later try is of use.
    Permanent,
}

impl Message {
    fn is_taken_late(&self) -> bool {
        self.taken_late.load(Ordering::Relaxed)
    }
}

impl Teller {
    /// Tells everybody; what cannot be told is in the log.
    pub(crate) async fn tell(self: &Arc<Self>, alert: &Alert) {
        log(alert);
        self.newest.send_modify(|newest| {
            newest.insert(alert.resource, alert.at);
        });
        let message =
            Message { words: words(alert), nonce: self.env.next_u64(), taken_late: Arc::default() };
        let mut is_told = self.tell_targets_channel(&message).await;
        if let Some(webhook) = &self.targets.webhook {
            is_told |= self.tell_webhook(webhook, alert, &message.taken_late).await;
        }
        if is_told {
            self.remember(alert).await;
        }
        // Last: they are known when Discord is reached, which may take long.
        let Some(operators) = self.operators_for(alert).await else { return };
        let targets = &self.targets;
        let is_for_nobody =
            operators.is_empty() && targets.channel.is_none() && targets.webhook.is_none();
        let by_message = self.tell_operators(operators, &message).await;
        if is_told {
            return;
        }
        if by_message || is_for_nobody {
            self.remember(alert).await;
        } else {
            self.tell_again(alert, operators, &message).await;
        }
    }

    /// Tries the channel and the operators a few times more, until somebody takes it, unless
    /// something newer is to be told of the same.
    async fn tell_again(&self, alert: &Alert, operators: &[UserId], message: &Message) {
        let told = self.retry(alert, || async {
            if message.is_taken_late() {
                return Err(NotTaken::Permanent);
            }
            let by_channel = self.tell_targets_channel(message).await;
            let is_told = self.tell_operators(operators, message).await || by_channel;
            if is_told { Ok(()) } else { Err(NotTaken::Retryable) }
        });
        if told.await == Err(NotTaken::Retryable) && !message.is_taken_late() {
            let resource = alert.resource.name();
            warn!(resource, "nobody took an alert; a restart tells it again");
        }
    }

    /// Tries to tell an alert again after each pause, until it is taken, and remembers that, unless
    /// something newer is to be told of the same.
    async fn retry<F>(&self, alert: &Alert, tell: impl Fn() -> F) -> Result<(), NotTaken>
    where
        F: Future<Output = Result<(), NotTaken>>,
    {
        for &pause in &self.targets.again {
            self.env.sleep(pause).await;
            if !self.is_newest(alert) {
                return Err(NotTaken::Permanent);
            }
            match tell().await {
                Ok(()) => {
                    self.remember(alert).await;
                    return Ok(());
                }
                Err(NotTaken::Retryable) => {}
                Err(NotTaken::Permanent) => return Err(NotTaken::Permanent),
            }
        }
        Err(NotTaken::Retryable)
    }

    async fn tell_targets_channel(&self, message: &Message) -> bool {
        match self.targets.channel {
            Some(channel) => self.tell_channel(channel, message).await,
            None => false,
        }
    }

    /// Whether one of them took it.
    async fn tell_operators(&self, operators: &[UserId], message: &Message) -> bool {
        let mut is_told = false;
        for &operator in operators.iter().take(OPERATORS_TOLD_MAX) {
            match self.rest.create_dm(operator).await {
                Ok(channel) => is_told |= self.tell_channel(channel.id, message).await,
                Err(error) => warn!(%operator, %error, "an alert could not be sent to an operator"),
            }
        }
        is_told
    }

    /// The operators, once they are known; `None` if something newer is to be told of the same
    /// before that. So at most one alert of each resource waits, however long Discord is away.
    async fn operators_for(&self, alert: &Alert) -> Option<&[UserId]> {
        if let Some(operators) = self.known.operators.get() {
            return Some(operators);
        }
        let mut newest = self.newest.subscribe();
        tokio::select! {
            biased;
            _ = newest.wait_for(|newest| !is_newest(newest, alert)) => None,
            operators = self.known.operators.wait() => Some(operators),
        }
    }

    /// A restart does not tell it again. Not before somebody was told: who restarts between hears
    /// of it then. Nor if something newer is to be told of the same, which would be forgotten by
    /// it.
    async fn remember(&self, alert: &Alert) {
        if !self.is_newest(alert) {
            return;
        }
        let told = ToldAlert { resource: alert.resource, level: alert.level, at: alert.at };
        if let Err(error) = self.store.note_told(told).await {
            warn!(%error, "an alert was told, and may be told again after a restart");
        }
    }

    /// Whether it was taken.
    async fn tell_channel(&self, channel: ChannelId, message: &Message) -> bool {
        // Discord takes one for a repeat wherever it was sent.
        let nonce = ((message.nonce ^ channel.get()) >> 1).to_string();
        let body = json!({
            "content": message.words,
            "allowed_mentions": { "parse": [] },
            "nonce": nonce,
            "enforce_nonce": true,
        });
        let sent = self.rest.create_message(channel, Body::json(&body), Repeat::ByNonce).await;
        if let Err(error) = &sent {
            warn!(%channel, %error, "an alert could not be sent to its channel");
        }
        sent.is_ok()
    }

    /// Whether it was taken at once. If not, and it was not for good, it is tried again beside.
    async fn tell_webhook(
        self: &Arc<Self>,
        webhook: &Address,
        alert: &Alert,
        taken_late: &Arc<AtomicBool>,
    ) -> bool {
        match self.send_to_webhook(webhook, alert).await {
            Ok(()) => true,
            Err(NotTaken::Permanent) => false,
            Err(NotTaken::Retryable) => {
                let (teller, alert, webhook) = (Arc::clone(self), *alert, webhook.clone());
                let taken = Arc::clone(taken_late);
                self.env.spawn("alert again", async move {
                    let send = || teller.send_to_webhook(&webhook, &alert);
                    let told = teller.retry(&alert, send).await;
                    taken.store(told.is_ok(), Ordering::Relaxed);
                });
                false
            }
        }
    }

    fn is_newest(&self, alert: &Alert) -> bool {
        is_newest(&self.newest.borrow(), alert)
    }

    /// Sends it once.
    async fn send_to_webhook(&self, webhook: &Address, alert: &Alert) -> Result<(), NotTaken> {
        let words = words(alert);
        let body = json!({
            // Discord's webhooks read `content`, most others `text`.
            "content": words,
            "text": words,
            "resource": alert.resource.name(),
            "level": alert.level.map_or("recovered", AlertLevel::name),
            "value": alert.value,
            "threshold": alert.threshold,
            "at": alert.at.to_string(),
        });
        let content = Content {
            kind: Some("application/json"),
            body: Bytes::from(body.to_string()),
            authorization: None,
        };
        match outside::send(&self.env, &self.network, webhook, content).await {
            Ok(answered) if (200..300).contains(&answered.status) => Ok(()),
            Ok(answered) => {
                let status = answered.status;
                warn!(status, "ALERT_WEBHOOK_URL refused an alert");
                match status {
                    408 | 429 | 500.. => Err(NotTaken::Retryable),
                    // Anything else that it does not like, it will not like later.
                    _ => Err(NotTaken::Permanent),
                }
            }
            Err(error) => {
                warn!(%error, "ALERT_WEBHOOK_URL did not take an alert");
                Err(NotTaken::Retryable)
            }
        }
    }
}

fn is_newest(newest: &BTreeMap<Resource, Timestamp>, alert: &Alert) -> bool {
    newest.get(&alert.resource) == Some(&alert.at)
}

fn log(alert: &Alert) {
    let (resource, value, threshold) = (alert.resource.name(), alert.value, alert.threshold);
    match alert.level {
        Some(AlertLevel::Critical | AlertLevel::Emergency) => {
            error!(resource, value, threshold, level = alert.level.map(AlertLevel::name), "alert");
        }
        Some(AlertLevel::Warning) => warn!(resource, value, threshold, level = "warning", "alert"),
        Some(AlertLevel::Info) => info!(resource, value, threshold, level = "info", "alert"),
        None => info!(resource, value, lasted_s = alert.lasted.as_secs(), "the alert is over"),
    }
}

/// What is said of an alert, with what to do.
fn words(alert: &Alert) -> String {
    let (what, unit, advice) = match alert.resource {
        Resource::Memory => (
            "Memory",
            "%",
            "`/memory_optimization` shows what holds it, `/force_cleanup` gives back what can be.",
        ),
        Resource::MemoryTrend => (
            "Memory grows",
            "MiB an hour",
            "If it goes on, memory runs out: `/memory_optimization` shows what holds it.",
        ),
        Resource::Cpu => {
            ("Processor", "%", "`/performance_metrics` names the bottleneck; what can wait waits.")
        }
        Resource::Disk => (
            "Disk",
            "%",
            "Free space, or lower `DISK_BUDGET_MB`; `/system_health` shows what Muster takes.",
        ),
        Resource::Backups => return of_backups(alert),
    };
    let value = format!("{:.0} {unit}", alert.value);
    let Some(level) = alert.level else {
        let after = lasted(alert);
        if alert.resource == Resource::MemoryTrend {
            // What was measured last is what is over.
            return format!("✅ **Memory grows no more**, after {after}.");
        }
        return format!("✅ **{what}: well again** at {value}, after {after}.");
    };
    let (sign, level, threshold) = (sign(level), level.name(), alert.threshold);
    format!("{sign} **{what}: {level}** at {value} (from {threshold:.0} {unit}). {advice}")
}

fn lasted(alert: &Alert) -> String {
    match alert.lasted.as_secs() / 60 {
        0 => "less than a minute".to_owned(),
        minutes => format!("{minutes} min"),
    }
}

fn of_backups(alert: &Alert) -> String {
    let Some(level) = alert.level else {
        let after = lasted(alert);
        return format!("✅ **Backups: well again**, after {after} without one.");
    };
    format!(
        "{} **Backups: {}**: the database cannot be backed up. Make room on the disk of `BACKUP_DIR`, \
         let Muster write there, or see that the machine which has it answers; the log says why, \
         and it is tried again by itself.",
        sign(level),
        level.name()
    )
}

const fn sign(level: AlertLevel) -> &'static str {
    match level {
        AlertLevel::Info => "ℹ️",
        AlertLevel::Warning => "⚠️",
        AlertLevel::Critical | AlertLevel::Emergency => "🚨",
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;
    use muster_discord::token::Token;

    use super::*;

    fn alert(resource: Resource, level: Option<AlertLevel>) -> Alert {
        Alert {
            at: jiff::Timestamp::UNIX_EPOCH,
            resource,
            level,
            value: 87.4,
            threshold: 85.0,
            lasted: Duration::from_mins(12),
        }
    }

    fn is_over(one: &mut (impl Future<Output = ()> + Unpin)) -> bool {
        one.now_or_never().is_some()
    }

    #[tokio::test]
    async fn while_the_operators_are_not_known_only_the_newest_alert_of_a_resource_waits() {
        let (env, network) = (SystemEnv::new(), Network::new(None).unwrap());
        let token = Arc::new(Token::parse(muster_sim::seed::TOKEN).unwrap());
        let teller = Arc::new(Teller {
            env: env.clone(),
            rest: crate::discord::client(&env, &network, "http://127.0.0.1:9", &token).unwrap(),
            network,
            targets: AlertTargets::default(),
            known: Arc::default(),
            store: Arc::new(SqliteStore::open_in_memory().unwrap()),
            newest: watch::Sender::default(),
        });
        let told = |resource, second| {
            let at = Timestamp::from_second(second).unwrap();
            let alert = Alert { at, ..alert(resource, Some(AlertLevel::Warning)) };
            let teller = Arc::clone(&teller);
            Box::pin(async move { teller.tell(&alert).await })
        };
        let mut all = [(Resource::Memory, 1), (Resource::Disk, 2), (Resource::Memory, 3)]
            .map(|(resource, second)| told(resource, second));
        assert_eq!(all.each_mut().map(is_over), [false; 3], "they are not known");
        assert_eq!(all.each_mut().map(is_over), [true, false, false], "the first is outdated");
        teller.known.operators.set(Vec::new()).unwrap();
        let [_, disk, newest] = all;
        disk.await;
        newest.await;
    }

    #[test]
    fn an_alert_says_what_how_bad_by_which_number_and_what_to_do() {
        let said = words(&alert(Resource::Memory, Some(AlertLevel::Critical)));
        assert_eq!(
            said,
            "🚨 **Memory: critical** at 87 % (from 85 %). `/memory_optimization` shows what holds \
             it, `/force_cleanup` gives back what can be."
        );
        let grows = words(&alert(Resource::MemoryTrend, Some(AlertLevel::Warning)));
        assert!(grows.contains("87 MiB an hour"), "{grows}");
    }

    #[test]
    fn copies_that_fail_are_told_with_what_to_do() {
        let said = words(&alert(Resource::Backups, Some(AlertLevel::Warning)));
        assert!(
            said.starts_with("⚠️ **Backups: warning**: the database cannot be backed up."),
            "{said}"
        );
        let over = words(&alert(Resource::Backups, None));
        assert_eq!(over, "✅ **Backups: well again**, after 12 min without one.");
    }

    #[test]
    fn a_recovery_says_how_long_it_lasted() {
        let said = words(&alert(Resource::Disk, None));
        assert_eq!(said, "✅ **Disk: well again** at 87 %, after 12 min.");
        let mut short = alert(Resource::Disk, None);
        short.lasted = Duration::from_secs(59);
        assert!(words(&short).ends_with("after less than a minute."), "{}", words(&short));
        let leak = words(&alert(Resource::MemoryTrend, None));
        assert_eq!(leak, "✅ **Memory grows no more**, after 12 min.");
    }
}
