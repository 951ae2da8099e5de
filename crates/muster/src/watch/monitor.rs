//! Takes samples again and again, and does what follows from them.

use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use muster_engine::ports::{Clock as _, Tasks as _};
use muster_store::port::Samples as _;
use muster_vitals::memory::Reading;
use muster_vitals::resources::{Activity, Moment, disk, pace};
use muster_vitals::snapshot::{Disk, LimitSource, Sample};
use muster_vitals::tasks::Pressure;
use tokio::sync::watch;
use tracing::{debug, info, warn};

use super::Watch;
use crate::alerts::Teller;
use crate::logs;

/// Looks until a database that took no writes is tried again, and how long that is at most: each
/// try that fails is a line in the log.
const LOOKS_UNTIL_TRIED: u32 = 4;
const TRIED_AGAIN_MAX: Duration = Duration::from_mins(1);

impl Watch {
    /// Takes the first sample. Before anything else runs, so that what can wait does so in a box
    /// that is full already, as after a restart for want of memory.
    pub(crate) async fn begin(self: &Arc<Self>, teller: &Arc<Teller>) -> Reading {
        self.resume().await;
        let first = self.look(teller).await;
        tell_of_no_limit(first.source);
        first
    }

    /// Goes on watching until `stop` turns true. One wake-up in 15 s while memory is not short,
    /// unless the cache is to be cleaned up more often.
    pub(crate) async fn run(
        self: Arc<Self>,
        teller: Arc<Teller>,
        first: Reading,
        mut stop: watch::Receiver<bool>,
    ) {
        let every = self.vitals.settings.resources.sample_every;
        let clean_every = self.vitals.settings.cache.cleanup_every;
        let mut cleaned = self.env.monotonic();
        let (mut looked, mut reading) = (cleaned, first);
        loop {
            let pace = pace(every, self.optimizer.level(), &reading);
            let next = looked.saturating_add(pace);
            let wakes = wakes(next, pace, cleaned, clean_every);
            tokio::select! {
                biased;
                _ = stop.wait_for(|stop| *stop) => return,
                () = self.env.sleep(wakes.saturating_sub(self.env.monotonic())) => {}
            }
            if self.env.monotonic() >= next {
                reading = self.look(&teller).await;
                looked = self.env.monotonic();
            }
            cleaned = self.keep_cache_clean(cleaned);
        }
    }

    /// Goes on with the alerts that the process before told of.
    async fn resume(&self) {
        match self.store.told_alerts().await {
            Ok(told) => self.monitor.resume(self.moment(), &told),
            Err(error) => warn!(%error, "alerts told before the start may be told again"),
        }
    }

    fn moment(&self) -> Moment {
        Moment { at: self.env.now(), monotonic: self.env.monotonic() }
    }

    /// Takes one sample, and does what follows from it.
    async fn look(self: &Arc<Self>, teller: &Arc<Teller>) -> Reading {
        let now = self.moment();
        let reading = self.optimizer.tick(now.at, now.monotonic).await;
        self.store.set_level(self.optimizer.level());
        let answers = self.vitals.meters.answers.snapshot(now.monotonic);
        let activity =
            Activity { answers: answers.each_minute, members: answers.members_each_minute };
        let backups = self.store.backups(now.at);
        let disk = self.look_at_disk(backups.bytes_with_others).await;
        let mut observed = self.monitor.observe(now, &reading, disk, activity);
        if self.store.backups_are_settled() {
            observed.tell.extend(self.monitor.observe_backups(now, backups.failing_since));
        }
        self.try_failing_database(now.monotonic);
        let pressure = Pressure {
            memory_used: self.optimizer.gauge().ours(),
            cpu_percent: self.monitor.cpu_percent(),
            level: self.optimizer.level(),
        };
        self.vitals.tasks.set_pressure(pressure, now.monotonic);
        if let Some(minute) = observed.minute {
            // Beside: the disk may hang, which is when samples and alerts are wanted most.
            self.env.spawn("samples", Arc::clone(self).keep(minute));
        }
        for alert in observed.tell {
            let teller = Arc::clone(teller);
            // Beside: Discord may be slow when there is most to tell.
            self.env.spawn("alert", async move { teller.tell(&alert).await });
        }
        self.tell_of_the_log();
        reading
    }
}

impl Watch {
    /// How full the disk is, with so many bytes of backups. Nobody asks it where resources are not
    /// watched.
    async fn look_at_disk(&self, backups: u64) -> Disk {
        let settings = &self.vitals.settings;
        if !settings.resources.enabled {
            return Disk::default();
        }
        let (places, budget) = (self.places.clone(), settings.disk_budget);
        let ask = move || disk(&places.data, places.sizes(backups), budget);
        self.disk.look(&self.env, ask).await
    }

    /// Cleans the cache up if that was long enough ago; returns when it was done last, on the
    /// monotonic clock.
    fn keep_cache_clean(&self, last: Duration) -> Duration {
        let now = self.env.monotonic();
        if now.saturating_sub(last) < self.vitals.settings.cache.cleanup_every {
            return last;
        }
        let bytes = self.store.clean_up();
        debug!(bytes, "the cache was cleaned up");
        now
    }

    /// Tries now and then whether a database that took no writes takes them again, as nothing else
    /// may be written for long; one try at a time.
    fn try_failing_database(self: &Arc<Self>, now: Duration) {
        let pause = self.vitals.settings.resources.sample_every.saturating_mul(LOOKS_UNTIL_TRIED);
        let pause = pause.min(TRIED_AGAIN_MAX);
        let mut tried = self.tried.lock().unwrap_or_else(PoisonError::into_inner);
        let is_due = tried.is_none_or(|tried| now.saturating_sub(tried) >= pause);
        if !self.store.is_failing() || !is_due || self.is_trying.swap(true, Ordering::Relaxed) {
            return;
        }
        *tried = Some(now);
        drop(tried);
        let watch = Arc::clone(self);
        self.env.spawn("try failing database", async move {
            if let Err(error) = watch.store.try_to_write().await {
                debug!(%error, "the database still takes no writes");
            }
            watch.is_trying.store(false, Ordering::Relaxed);
        });
    }

    /// What became of lines.
    fn tell_of_the_log(&self) {
        for (place, lines) in logs::take_left_out() {
            warn!(%place, lines, "lines were left out of the log because there were too many of a kind");
        }
        if logs::take_emptied() && !self.has_told_of_log.swap(true, Ordering::Relaxed) {
            warn!(
                "the log could not be put aside under another name, and was emptied to stay within \
                 LOG_FILE_MAX_MB; see who may write to its folder"
            );
        }
    }

    async fn keep(self: Arc<Self>, minute: Sample) {
        if let Err(error) = self.store.add_minute(minute).await {
            warn!(%error, "the sample of a minute could not be stored");
        }
    }
}

/// When to wake up next, if the next look is at `look`, on the monotonic clock. Cleaning up waits
/// for a look, unless looks are rarer than that.
fn wakes(look: Duration, pace: Duration, cleaned: Duration, clean_every: Duration) -> Duration {
    if clean_every < pace { look.min(cleaned.saturating_add(clean_every)) } else { look }
}

fn tell_of_no_limit(source: LimitSource) {
    if let Some(hint) = hint(source) {
        info!("{hint}");
    }
}

/// What to know of memory that nobody limits.
const fn hint(source: LimitSource) -> Option<&'static str> {
    match source {
        LimitSource::Machine => Some(
            "no control group limits this program's memory, so that pressure and alerts are judged \
             by the whole machine and by all that runs on it; to change that, set a limit, such as \
             MemoryMax= in systemd or mem_limit in compose.yaml",
        ),
        LimitSource::GroupV1 | LimitSource::GroupV2 | LimitSource::Unknown => None,
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use muster_discord::net::Network;
    use muster_discord::token::Token;
    use muster_engine::ports::within;
    use muster_scratch::Scratch;
    use muster_store::sqlite::SqliteStore;
    use muster_vitals::Vitals;
    use muster_vitals::settings::Settings;
    use muster_vitals::tasks::{Kind, Policy, Priority};

    use super::*;
    use crate::alerts::AlertTargets;
    use crate::copies::Copies;
    use crate::env::SystemEnv;
    use crate::watch::Places;

    /// Somebody who watches what the kernel tells below `root`, with whom they would tell.
    fn watching(env: &SystemEnv, root: &Path) -> (Arc<Watch>, Arc<Teller>) {
        let store = Arc::new(SqliteStore::open_in_memory().unwrap());
        let vitals = Arc::new(Vitals::new(Settings::default()));
        let places = Places::of(&Copies::never(&root.join("none.db")), None, root);
        let network = Network::new(None).unwrap();
        let token = Arc::new(Token::parse(muster_sim::seed::TOKEN).unwrap());
        let nowhere = "http://127.0.0.1:9";
        let teller = Teller {
            env: env.clone(),
            rest: crate::discord::client(env, &network, nowhere, &token).unwrap(),
            network,
            targets: AlertTargets::default(),
            known: Arc::default(),
            store: Arc::clone(&store),
            newest: tokio::sync::watch::Sender::default(),
        };
        let watch = Watch::new(env.clone(), store, vitals, places, Vec::new());
        (Arc::new(watch), Arc::new(teller))
    }

    #[tokio::test]
    async fn while_the_processor_is_used_up_low_work_waits() {
        let root = Scratch::new().unwrap();
        std::fs::create_dir_all(root.join("proc/self")).unwrap();
        let used = |hundredths: u32| {
            let text = format!("1 (muster) S 1 1 1 0 -1 4 5 0 0 0 {hundredths} 0 0 0 20 0 3 0 7\n");
            std::fs::write(root.join("proc/self/stat"), text).unwrap();
        };
        let env = SystemEnv::new();
        let (watch, teller) = watching(&env, root.path());
        let low = Kind { name: "low", priority: Priority::Low, policy: Policy::UNCUT };
        let is_admitted = async || {
            let admitted = watch.vitals.tasks.admit(low);
            within(&env, Duration::from_millis(100), admitted).await.is_some()
        };
        used(0);
        watch.look(&teller).await;
        assert!(is_admitted().await);
        // More than there can have been since.
        used(1_000_000);
        watch.look(&teller).await;
        assert!(!is_admitted().await, "TASK_CPU_LIMIT is 70 %");
        watch.look(&teller).await;
        assert!(is_admitted().await, "nothing was used since");
    }

    #[test]
    fn cleaning_up_wakes_nobody_unless_looks_are_rarer() {
        let s = Duration::from_secs;
        let usual = Settings::default();
        let (pace, clean) = (usual.resources.sample_every, usual.cache.cleanup_every);
        assert_eq!(wakes(s(900), pace, s(0), clean), s(900), "not for itself");
        assert_eq!(wakes(s(905), pace, s(0), clean), s(905));
        assert_eq!(wakes(s(3_600), s(3_600), s(120), s(60)), s(180), "long before the next look");
        assert_eq!(wakes(s(3_600), s(3_600), s(3_590), s(60)), s(3_600));
    }

    #[test]
    fn that_the_whole_machine_counts_is_told_with_what_changes_it() {
        assert!(hint(LimitSource::Machine).unwrap().contains("MemoryMax="));
        assert_eq!([LimitSource::GroupV1, LimitSource::GroupV2].map(hint), [None, None]);
    }
}
