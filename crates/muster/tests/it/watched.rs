//! What the bot says of itself, beside those who know it too: the kernel, the files, the database
//! and the simulated Discord.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use muster::Copies;
use muster_sim::SimClock;
use muster_sim::ids::UserId;
use muster_sim::world::{Message, Permissions};
use muster_vitals::settings::Settings;
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::stage::{PATIENCE, Stage, calm, friday};

const MIB: u64 = 1 << 20;

/// What the dashboard answered.
pub(crate) struct Page {
    pub(crate) status: u16,
    pub(crate) text: String,
}

/// The figures of one moment.
pub(crate) struct Figures(String);

impl Figures {
    /// The value behind a name with its labels, as in `muster_tasks_total{task="upkeep"}`; 0 if
    /// there is none.
    #[track_caller]
    pub(crate) fn of(&self, name: &str) -> u64 {
        let value = self.lines(name).next().unwrap_or_default();
        // Whole numbers, but written as any number.
        format!("{value:.0}").parse().unwrap()
    }

    /// The sum of all series of a name.
    pub(crate) fn sum(&self, name: &str) -> u64 {
        format!("{:.0}", self.lines(&format!("{name}{{")).sum::<f64>()).parse().unwrap()
    }

    /// The value as it stands there, if there is one.
    pub(crate) fn exact(&self, name: &str) -> Option<f64> {
        self.lines(name).next()
    }

    fn lines(&self, name: &str) -> impl Iterator<Item = f64> {
        let named = move |line: &&str| {
            let rest = line.strip_prefix(name);
            rest.is_some_and(|rest| name.ends_with('{') || rest.starts_with(' '))
        };
        let found = self.0.lines().filter(named);
        found.filter_map(|line| line.rsplit(' ').next()?.parse().ok())
    }
}

/// A bot with a dashboard that looks at itself many times a second.
pub(crate) async fn watched(prepare: impl FnOnce(&mut Stage)) -> Stage {
    watched_on(Stage::without_bot(SimClock::standing(friday())).await, prepare).await
}

/// The same on this stage.
pub(crate) async fn watched_on(mut stage: Stage, prepare: impl FnOnce(&mut Stage)) -> Stage {
    stage.zone = muster_domain::zone::Zone::parse("Europe/Berlin").ok();
    stage.vitals = often();
    stage.web = Some(dashboard());
    prepare(&mut stage);
    stage.starts().await;
    stage.has_greeted().await;
    stage.until_ready().await;
    stage
}

/// The usual numbers, with samples in a hurry.
fn often() -> Settings {
    let mut settings = calm();
    settings.resources.memory = Settings::default().resources.memory;
    settings.resources.sample_every = Duration::from_millis(30);
    settings
}

fn dashboard() -> (SocketAddr, muster_web::Config) {
    let listens = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let given = muster_web::Given {
        public_url: "",
        dashboard_token: "",
        client_secret: "",
        trusted_proxy: "",
    };
    (listens, muster_web::Config::check(listens, &given).unwrap())
}

impl Stage {
    /// Asks the dashboard.
    pub(crate) async fn asks(&self, path: &str) -> Page {
        self.sends("GET", path, "", "").await
    }

    /// Sends the dashboard a request with these headers and this body.
    async fn sends(&self, method: &str, path: &str, headers: &str, body: &str) -> Page {
        let address = self.web.as_ref().unwrap().0;
        let mut stream = TcpStream::connect(address).await.unwrap();
        let length = body.len();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n{headers}\
             Content-Length: {length}\r\n\r\n{body}"
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut text = String::new();
        stream.read_to_string(&mut text).await.unwrap();
        let status = text.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap();
        Page { status, text }
    }

    /// Hands in a form of a page with the token that is in it.
    async fn submits(&self, page: &Page, path: &str, fields: &str) -> Page {
        let after = page.text.split_once("name=\"form_token\" value=\"").map_or("", |cut| cut.1);
        let token = after.split('"').next().unwrap_or_default();
        let address = self.web.as_ref().unwrap().0;
        let headers = format!(
            "Origin: http://{address}\r\nSec-Fetch-Site: same-origin\r\n\
             Content-Type: application/x-www-form-urlencoded\r\n"
        );
        self.sends("POST", path, &headers, &format!("form_token={token}&{fields}")).await
    }

    /// The figures now.
    pub(crate) async fn figures(&self) -> Figures {
        let page = self.asks("/metrics").await;
        assert_eq!(page.status, 200, "{}", page.text);
        Figures(page.text)
    }

    /// Waits until the figures are as a story wants them.
    pub(crate) async fn until_figures(&self, what: &str, hold: impl Fn(&Figures) -> bool) {
        let waiting = async {
            while !hold(&self.figures().await) {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        let waited = tokio::time::timeout(PATIENCE, waiting).await;
        let last = self.figures().await.0;
        assert!(waited.is_ok(), "in vain: {what}\n{last}");
    }

    /// Waits until the dashboard says that the bot is ready.
    async fn until_ready(&self) {
        let ready = async {
            while self.asks("/readyz").await.status != 200 {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        tokio::time::timeout(PATIENCE, ready).await.expect("it gets ready");
    }

    /// Counts in the database's file, as anybody could.
    pub(crate) fn counts(&self, sql: &str) -> u64 {
        let database = rusqlite::Connection::open(self.database()).unwrap();
        let count: i64 = database.query_row(sql, [], |row| row.get(0)).unwrap();
        u64::try_from(count).unwrap()
    }
}

/// A number of kibibytes in one of the kernel's files, in bytes.
fn kernel_says(file: &str, name: &str) -> u64 {
    let text = std::fs::read_to_string(file).unwrap();
    let line = text.lines().find_map(|line| line.strip_prefix(name)).unwrap();
    line.trim().strip_suffix(" kB").unwrap().parse::<u64>().unwrap() * 1_024
}

/// The smallest limit of memory that holds for this process, by the kernel's files: of version 2
/// of control groups or of version 1, wherever they are mounted, or the machine's memory.
fn limit() -> u64 {
    let named = std::fs::read_to_string("/proc/self/cgroup").unwrap();
    let of = |prefix: &str, mount: &str, file: &str| -> Option<u64> {
        let path = named.lines().find_map(|line| line.split_once(prefix))?.1;
        let folder = PathBuf::from(format!("{mount}{path}"));
        let folder = if folder.is_dir() { folder } else { PathBuf::from(mount) };
        let around = folder.ancestors().take_while(|folder| folder.starts_with(mount));
        around.filter_map(|folder| number(&folder.join(file))).min()
    };
    let one = of(":memory:", "/sys/fs/cgroup/memory", "memory.limit_in_bytes");
    let two = of("0::", "/sys/fs/cgroup", "memory.max");
    let machine = kernel_says("/proc/meminfo", "MemTotal:");
    one.or(two).map_or(machine, |limit| limit.min(machine))
}

fn number(file: &Path) -> Option<u64> {
    std::fs::read_to_string(file).ok()?.trim().parse().ok()
}

#[tokio::test]
async fn it_says_that_it_lives_is_ready_and_how_it_is() {
    let mut stage = watched(|_| {}).await;
    let alive = stage.asks("/healthz").await;
    assert!(alive.status == 200 && alive.text.ends_with("alive\n"), "{}", alive.text);
    let ready = stage.asks("/readyz").await;
    assert!(ready.status == 200 && ready.text.ends_with("ready\n"), "{}", ready.text);
    stage.stops().await;
    let gone = TcpStream::connect(stage.web.as_ref().unwrap().0).await;
    assert!(gone.is_err(), "it listens no longer");
    stage.ends().await;
}

#[tokio::test]
async fn memory_is_what_the_kernel_says() {
    let stage = watched(|_| {}).await;
    let resident = || kernel_says("/proc/self/status", "VmRSS:");
    stage
        .until_figures("the resident set of this process", |figures| {
            let shown = figures.of("muster_memory_resident_bytes");
            shown > 0 && shown.abs_diff(resident()) < 4 * MIB
        })
        .await;
    let figures = stage.figures().await;
    assert_eq!(figures.of("muster_memory_limit_bytes"), limit());
    let used = figures.of("muster_memory_used_bytes");
    assert!(used > 0 && used <= limit(), "{used}");
    let panel = stage.ada().runs("memory_optimization", json!({})).await;
    panel.says(&format!(" of {}", words(limit()))).says("Resident ").says("Limit by ");
    panel.says("`MEMORY_THRESHOLD_MB=800`").says("database pages and statements: ");
    stage.ends().await;
}

/// Bytes as people write them: 62.5 MiB, 1,280 MiB, 23.5 GiB.
fn words(bytes: u64) -> String {
    let (unit, name) = if bytes < 10_240 * MIB { (MIB, "MiB") } else { (1_024 * MIB, "GiB") };
    let tenths = bytes * 10 / unit;
    match (tenths / 10, tenths % 10) {
        (whole @ 0..100, part @ 1..) => format!("{whole}.{part} {name}"),
        (whole @ 0..1_000, _) => format!("{whole} {name}"),
        (whole, _) => format!("{},{:03} {name}", whole / 1_000, whole % 1_000),
    }
}

#[tokio::test]
async fn files_deliveries_and_servers_are_what_the_disk_the_database_and_discord_say() {
    let stage = watched(|_| {}).await;
    for (title, when) in [("Raid", "tomorrow 20:00"), ("Chess", "tomorrow 21:00")] {
        stage.event(title, when).await;
    }
    let bot = UserId::new(stage.demo.app.get());
    let written = stage.sim.world(|world| {
        let direct: usize = world.dms_of(bot).map(|dm| dm.messages.len()).sum();
        let posts = world.messages(stage.demo.events);
        direct + posts.filter(|one| one.author == bot && one.only_for.is_none()).count()
    });
    assert_eq!(written, 4, "two greetings and two posts");
    let sent = |figures: &Figures| figures.of("muster_deliveries_total{outcome=\"sent\"}");
    stage.until_figures("four are sent", |figures| sent(figures) == 4).await;
    assert_eq!(stage.counts("SELECT count(*) FROM delivery WHERE outcome = 'sent'"), 4);
    let figures = stage.figures().await;
    assert_eq!(figures.of("muster_guilds"), 2);
    let size = std::fs::metadata(stage.database()).unwrap().len();
    assert_eq!(figures.of("muster_database_file_bytes{file=\"database\"}"), size);
    let health = stage.ada().runs("system_health", json!({})).await;
    health.says("2 servers").says("4 sent").says("Backups").says("None yet");
    stage.ends().await;
}

#[tokio::test]
async fn a_channel_that_cannot_be_used_is_counted_until_it_can() {
    let stage = watched(|_| {}).await;
    let admin = stage.admin_channel().await;
    stage.event("Raid", "tomorrow 20:00").await;
    stage.denies(stage.demo.events, stage.bot(), Permissions::VIEW_CHANNEL);
    let form = stage.joao().runs("event edit", json!({"event": "Raid"})).await;
    form.submits(json!({"when": "tomorrow 22:00"})).await;
    stage.a_moment_passes().await;
    let broken = |figures: &Figures| figures.of("muster_broken_targets");
    stage.until_figures("one is broken", |figures| broken(figures) == 1).await;
    assert_eq!(stage.counts("SELECT count(*) FROM broken_channel"), 1);
    let health = stage.ada().runs("system_health", json!({})).await;
    health.says("Channels that cannot be used: 1");
    // The report about it is due in a minute, when the clock says so.
    stage.passes(2).await;
    stage.reported(admin, 1).await;
    stage.until_figures("nothing is due", |all| all.of("muster_deliveries_due") == 0).await;
    stage.ends().await;
}

#[tokio::test]
async fn who_may_not_look_is_counted_and_shown_to_who_may() {
    let stage = watched(|_| {}).await;
    let zofia = stage.zofia();
    let alone = zofia.goes_to(
        stage
            .sim
            .world(|world| world.open_dm(UserId::new(stage.demo.app.get()), zofia.id()).unwrap()),
    );
    for _ in 0..3 {
        alone.runs("system_health", json!({})).await;
    }
    let refused = "muster_security_events_total{kind=\"call without permission\"}";
    stage.until_figures("three calls", |figures| figures.of(refused) == 3).await;
    let seen = stage.ada().runs("security_status", json!({})).await;
    seen.says("call without permission: 3 · 3 in the last hour").says("Nobody is blocked.");
    seen.says("call without permission · @Zofia");
    stage.ends().await;
}

#[tokio::test]
async fn who_is_kept_out_can_be_let_in_by_the_panel_and_by_the_dashboard() {
    let stage = watched(|_| {}).await;
    let raid = stage.event("Raid", "tomorrow 20:00").await;
    let out = "muster_security_blocked{subject=\"member\"}";
    let (zofia, mikko) = (stage.zofia(), stage.mikko());
    for who in [&zofia, &mikko] {
        for forged in 0..20 {
            stage.forged_tap(who, &format!("m1:nonsense:{forged}")).await;
        }
        who.taps(raid, "Yes").await.says("You are blocked until");
    }
    assert_eq!(stage.figures().await.of(out), 2);
    let panel = stage.ada().runs("security_status", json!({})).await;
    panel.says("### Blocked: 2").says("forged custom id: 40");
    panel.taps("Unblock").await.says("is unblocked.").says("### Blocked: 1");
    let page = stage.asks("/").await;
    let left = [&zofia, &mikko]
        .into_iter()
        .find(|who| page.text.contains(&format!("name=\"id\" value=\"{}\"", who.id())));
    let left = left.unwrap_or_else(|| panic!("nobody to let in: {}", page.text));
    let lifted = stage.submits(&page, "/lift", &format!("kind=member&id={}", left.id())).await;
    assert_eq!(lifted.status, 303, "{}", lifted.text);
    assert_eq!(stage.figures().await.of(out), 0);
    for who in [&zofia, &mikko] {
        assert!(who.taps(raid, "Yes").await.is_update());
    }
    stage.ends().await;
}

#[tokio::test]
async fn a_clean_up_from_the_dashboard_needs_its_token_and_empties_the_cache() {
    let stage = watched(|_| {}).await;
    for (title, when) in [("Raid", "tomorrow 20:00"), ("Chess", "tomorrow 21:00")] {
        let post = stage.event(title, when).await;
        stage.zofia().taps(post, "Yes").await;
    }
    let before = stage.figures().await;
    assert!(before.sum("muster_cache_entries") >= 2);
    let page = stage.asks("/").await;
    let without = Page { status: 200, text: String::new() };
    assert_eq!(stage.submits(&without, "/clean-up", "").await.status, 403);
    assert!(stage.figures().await.sum("muster_cache_entries") >= 2);
    assert_eq!(stage.submits(&page, "/clean-up", "").await.status, 303);
    let after = stage.figures().await;
    assert_eq!(after.sum("muster_cache_entries"), 0);
    let reclaimer = "muster_reclaimer_freed_bytes_total{reclaimer=\"cache\"}";
    assert_eq!(after.of(reclaimer), before.sum("muster_cache_size_bytes"));
    assert_eq!(stage.submits(&page, "/clean-up", "").await.status, 409, "not again so soon");
    let seen = stage.ada().runs("force_cleanup", json!({})).await;
    seen.says("a moment ago");
    stage.ends().await;
}

#[tokio::test]
async fn the_minutes_of_a_day_survive_a_restart() {
    let mut stage = watched(|_| {}).await;
    let rows = "SELECT count(*) FROM vitals_minute";
    for minutes in 1..=3 {
        stage.passes(1).await;
        let kept = async {
            while stage.counts(rows) < minutes {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        tokio::time::timeout(PATIENCE, kept).await.expect("the minute is kept");
    }
    stage.restarts().await;
    stage.until_ready().await;
    let page = stage.asks("/").await;
    let from = friday().as_second();
    let chart = format!("data-from=\"{from}\" data-to=\"{}\"", from + 120);
    assert!(page.text.contains(&chart), "{chart} in {}", page.text);
    stage.ends().await;
}

#[tokio::test]
async fn copies_of_earlier_runs_are_known_from_the_start() {
    let mut stage = watched(|_| {}).await;
    assert_eq!(stage.figures().await.of("muster_backups_kept"), 0);
    stage.stops().await;
    let never = Copies::never(&stage.database());
    let made = muster_store::sqlite::backup::back_up(&never.place, never.keep, friday()).unwrap();
    stage.copies = Some(Copies { every: Some(Duration::from_hours(6)), ..never });
    stage.starts().await;
    stage.until_ready().await;
    stage.until_figures("one copy", |figures| figures.of("muster_backups_kept") == 1).await;
    let figures = stage.figures().await;
    let size = std::fs::metadata(&made.kept.path).unwrap().len();
    assert_eq!(figures.of("muster_backups_size_bytes"), size);
    let at = u64::try_from(friday().as_second()).unwrap();
    assert_eq!(figures.of("muster_backup_last_timestamp_seconds"), at);
    assert_eq!(figures.of("muster_backup_next_timestamp_seconds"), at + 6 * 3_600);
    stage.ends().await;
}

#[tokio::test]
async fn copies_that_cannot_be_made_are_said_in_the_panel_and_told_once() {
    let mut folder = std::path::PathBuf::new();
    let stage = watched(|stage| {
        folder = stage.folder().join("not mounted").join("backups");
        let mut copies = Copies::never(&stage.database());
        (copies.place.folder, copies.every) = (folder.clone(), Some(Duration::from_hours(6)));
        copies.look_every = Duration::from_millis(100);
        stage.copies = Some(copies);
    })
    .await;
    stage.until_figures("it fails", |figures| figures.of("muster_backup_failing") == 1).await;
    let alert = "muster_alert_active{resource=\"backups\",level=\"warning\"}";
    stage.until_figures("an alert is on", |figures| figures.of(alert) == 1).await;
    let figures = stage.figures().await;
    let now = u64::try_from(stage.sim.clock().now().as_second()).unwrap();
    assert!(figures.of("muster_backup_next_timestamp_seconds") >= now, "the next try is to come");
    let health = stage.ada().runs("system_health", json!({})).await;
    health.says("**backups warning**").says("Failing since");
    let bot = UserId::new(stage.demo.app.get());
    let told = |world: &muster_sim::World| {
        let all = world.dms_of(bot).flat_map(|dm| dm.messages.values());
        all.filter(|one| one.content.contains("**Backups")).count()
    };
    stage.until("it is told", |world| (told(world) == 1).then_some(())).await;

    std::fs::create_dir(folder.parent().unwrap()).unwrap();
    stage.until_figures("one is made", |figures| figures.of("muster_backups_kept") == 1).await;
    stage.until("its end is told", |world| (told(world) == 2).then_some(())).await;
    stage.until_figures("it is well", |all| all.of("muster_backup_failing") == 0).await;
    stage.ends().await;
}

#[tokio::test]
async fn an_alert_about_copies_ends_soon_after_a_restart_however_new_the_last_one_is() {
    let mut folder = PathBuf::new();
    let mut stage = watched(|stage| {
        folder = stage.folder().join("not mounted").join("backups");
        let mut copies = Copies::never(&stage.database());
        (copies.place.folder, copies.every) = (folder.clone(), Some(Duration::from_hours(6)));
        copies.look_every = Duration::from_millis(100);
        stage.copies = Some(copies);
    })
    .await;
    let kept = "SELECT count(*) FROM alert_told WHERE resource = 'backups' AND level = ";
    let (on, over) = (format!("{kept}2"), format!("{kept}0"));
    stage.until_figures("it is told", |_| stage.counts(&on) == 1).await;
    stage.stops().await;
    std::fs::create_dir(folder.parent().unwrap()).unwrap();
    let copies = stage.copies.clone().unwrap();
    muster_store::sqlite::backup::back_up(&copies.place, copies.keep, friday()).unwrap();
    stage.starts().await;
    stage.until_ready().await;
    stage.until_figures("its end is told", |_| stage.counts(&over) == 1).await;
    stage.until_figures("no alert is on", |all| all.sum("muster_alert_active") == 0).await;
    stage.ends().await;
}

#[tokio::test]
async fn where_no_copies_are_made_the_budget_holds_too_and_those_of_others_are_known() {
    let mut stage = watched(|_| {}).await;
    stage.stops().await;
    let never = Copies::never(&stage.database());
    let make = |minutes: i64| {
        let at = friday() + jiff::SignedDuration::from_mins(minutes);
        muster_store::sqlite::backup::back_up(&never.place, never.keep, at).unwrap();
    };
    (-3..0).for_each(make);
    stage.copies =
        Some(Copies { budget: Some(1), look_every: Duration::from_secs(2), ..never.clone() });
    stage.starts().await;
    stage.until_ready().await;
    stage.until_figures("three copies", |figures| figures.of("muster_backups_kept") == 3).await;
    stage.until_figures("the newest", |figures| figures.of("muster_backups_kept") == 1).await;
    let newest = never.place.newest(friday()).unwrap().unwrap();
    assert_eq!(newest.at, friday() - jiff::SignedDuration::from_mins(1));
    stage.ends().await;
}

#[tokio::test]
async fn every_number_that_can_be_changed_is_shown_as_it_is_in_force() {
    let stage = watched(|stage| {
        stage.taps = muster_engine::tap_limit::TapRate::new(30, Duration::from_mins(1));
        let never = Copies::never(&stage.database());
        stage.copies = Some(Copies { budget: Some(77 * MIB), ..never });
        stage.vitals.cache.entries_max = 123;
    })
    .await;
    let page = stage.asks("/").await.text;
    for (name, value) in [
        ("CACHE_MAX_SIZE", "123"),
        ("RATE_LIMIT_TAPS", "30/1m"),
        ("GUILD_CLEANUP_DAYS_THRESHOLD", "21"),
        ("BACKUP_INTERVAL", "off"),
        ("BACKUP_KEEP", "4,7,4"),
        ("DISK_BUDGET_MB", "77"),
    ] {
        let shown = format!("<code>{name}</code></dt><dd>{value}</dd>");
        assert!(page.contains(&shown), "{shown}");
    }
    stage.ends().await;
}

#[tokio::test]
async fn who_tries_what_organisers_may_or_taps_on_and_on_is_counted() {
    let stage = watched(|stage| {
        stage.taps = Some(muster_engine::tap_limit::TapRate::DEFAULT);
    })
    .await;
    let raid = stage.event("Raid", "tomorrow 20:00").await;
    let zofia = stage.zofia();
    let seen = zofia.runs("event create", json!({"title": "Mine", "when": "tomorrow 9:00"})).await;
    assert!(!seen.text().contains("is planned."), "{}", seen.text());
    let refused = "muster_security_events_total{kind=\"call without permission\"}";
    stage.until_figures("one call", |figures| figures.of(refused) == 1).await;
    // Five are taken, one is answered, and each tenth of those in silence is noted.
    for _ in 0..16 {
        zofia.taps(raid, "Yes").await;
    }
    let bursts = "muster_security_events_total{kind=\"rate limit burst\"}";
    stage.until_figures("one burst", |figures| figures.of(bursts) == 1).await;
    // What was refused is activity, too.
    let all = stage.sim.counts().interactions;
    let recent = "muster_interactions_recent";
    stage.until_figures("all count", |figures| figures.of(recent) == all).await;
    stage.ends().await;
}

#[tokio::test]
async fn what_was_given_up_is_listed_at_the_dashboard_and_tried_again_there() {
    let stage = watched(|_| {}).await;
    let raid = stage.event("Raid", "tomorrow 20:00").await;
    stage.zofia().taps(raid, "Yes").await;
    assert!(stage.asks("/given-up").await.text.contains("Nothing was given up."));
    stage.denies(stage.demo.events, stage.bot(), Permissions::SEND_MESSAGES);
    let form = stage.joao().runs("event edit", json!({"event": "Raid"})).await;
    form.submits(json!({"when": "tomorrow 22:00"})).await.says("are told of the new time");
    stage.a_moment_passes().await;
    let listed = async {
        loop {
            let page = stage.asks("/given-up").await;
            if page.text.contains("News of a new time") {
                return page;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    let page = tokio::time::timeout(PATIENCE, listed).await.expect("it is listed");
    assert!(page.text.contains("The bot may not write there"), "{}", page.text);
    assert!(page.text.contains(&stage.demo.guild.to_string()), "{}", page.text);
    assert!(!page.text.contains("Raid") && !page.text.contains("Zofia"), "no words of theirs");
    let field = |name: &str| {
        let after = page.text.split_once(&format!("name=\"{name}\" value=\"")).unwrap().1;
        format!("{name}={}", after.split('"').next().unwrap())
    };
    let fields = format!("kind=message&{}&{}", field("server"), field("delivery"));
    let refused = stage.submits(&page, "/try-again", &fields).await;
    assert!(refused.text.contains("done=refused"), "{}", refused.text);
    stage.allows_again(stage.demo.events);
    let sent = stage.submits(&page, "/try-again", &fields).await;
    assert_eq!(sent.status, 303);
    // A busy machine may take longer than the answer waits.
    let ends = ["/given-up?page=0&done=sent", "/given-up?page=0&done=under-way"];
    assert!(ends.iter().any(|end| sent.text.contains(end)), "{}", sent.text);
    let is_news = |one: &Message| one.content.contains("has a new time");
    let events = stage.demo.events;
    stage.until("it is sent", |world| world.messages(events).any(is_news).then_some(())).await;
    assert_eq!(stage.messages(events).iter().filter(|one| is_news(one)).count(), 1);
    let after = stage.asks("/given-up?page=0&done=sent").await.text;
    assert!(after.contains("It was sent.") && after.contains("Nothing was given up."), "{after}");
    let again = stage.submits(&page, "/try-again", &fields).await;
    assert!(again.text.contains("done=under-way"), "nothing goes out twice: {}", again.text);
    assert_eq!(stage.messages(events).iter().filter(|one| is_news(one)).count(), 1);
    stage.ends().await;
}
