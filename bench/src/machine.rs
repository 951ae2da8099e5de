//! On what machine a figure was measured, and how its processes are kept apart there.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use crate::error::{BenchError, io, other};
use crate::figures::many;

/// "2 × Intel Xeon …, Linux 6.1, 4 GiB", from the kernel's own account.
pub(crate) fn describe() -> String {
    let info = read("/proc/cpuinfo");
    let model = info.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    let model = model.map_or("unknown processor", |(_, model)| model);
    let kernel = read("/proc/sys/kernel/osrelease");
    let memory = read("/proc/meminfo");
    let kib = memory.split_whitespace().nth(1).and_then(|kib| kib.parse::<u64>().ok());
    let gib = kib.unwrap_or_default() / (1 << 20);
    format!("{} × {model}, {gib} GiB, Linux {}", cores(), kernel.trim())
}

fn read(path: &str) -> String {
    fs::read_to_string(path).unwrap_or_default()
}

/// As many as there were for this process when it was first asked, before it kept to one.
fn cores() -> usize {
    static CORES: OnceLock<usize> = OnceLock::new();
    *CORES.get_or_init(|| std::thread::available_parallelism().map_or(1, usize::from))
}

/// Whose processor core it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Core {
    /// Of the stand-in for Discord.
    Load,
    /// Of what is measured.
    Measured,
}

/// Whether the two are kept on one core each; without `taskset` or a second core they are not.
pub(crate) fn apart() -> bool {
    let tried = Command::new("taskset").arg("-V").stdout(Stdio::null()).status();
    cores() > 1 && tried.is_ok_and(|status| status.success())
}

/// In words.
pub(crate) fn apart_in_words() -> &'static str {
    if apart() {
        "The stand-in for Discord is kept on one core, what is measured on another."
    } else {
        "Stand-in and bot share all cores: `taskset` or a second core is missing."
    }
}

/// A command for this program, kept on its core if that is possible.
pub(crate) fn on(core: Core, program: &std::path::Path) -> Command {
    if !apart() {
        return Command::new(program);
    }
    let mut command = Command::new("taskset");
    command.args(["-c", number(core)]).arg(program);
    command
}

const fn number(core: Core) -> &'static str {
    match core {
        Core::Load => "0",
        Core::Measured => "1",
    }
}

/// Keeps this process, with all its threads, on a core if that is possible.
pub(crate) fn keep_this_on(core: Core) {
    if apart() {
        let process = std::process::id().to_string();
        let mut command = Command::new("taskset");
        command.args(["-a", "-c", "-p", number(core), &process]).stdout(Stdio::null());
        // It has worked for others; where it does not, the figures are a little worse.
        drop(command.status());
    }
}

/// Processes that ran or wanted to, on average over the last minute: beside what is measured, if
/// it is far above one.
pub(crate) fn load_in_words() -> String {
    let load = read("/proc/loadavg");
    let last_minute = load.split_whitespace().next().unwrap_or("unknown");
    format!("Load average over the last minute: {last_minute}.")
}

/// Resident and proportional set of a process, in KiB.
pub(crate) fn memory_kib(process: u32) -> Result<(u64, u64), BenchError> {
    let field = |file: &str, name: &str| {
        let text = fs::read_to_string(format!("/proc/{process}/{file}"))
            .map_err(io("the kernel's account of memory"))?;
        text.lines()
            .find_map(|line| line.strip_prefix(name)?.trim().strip_suffix(" kB")?.parse().ok())
            .ok_or_else(|| other("the kernel gives no account of memory"))
    };
    Ok((field("status", "VmRSS:")?, field("smaps_rollup", "Pss:")?))
}

/// The largest resident set that a process has had, in MiB.
pub(crate) fn peak_mib(process: u32) -> Result<f64, BenchError> {
    let status = read(&format!("/proc/{process}/status"));
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|line| line.trim().strip_suffix(" kB")?.parse::<u32>().ok());
    kib.map(|kib| f64::from(kib) / 1_024.0).ok_or_else(|| other("no account of memory"))
}

/// How many files and sockets a process has open; 0 if it is gone.
pub(crate) fn open_files(process: u32) -> u64 {
    fs::read_dir(format!("/proc/{process}/fd")).map_or(0, |files| many(files.count()))
}

/// How many it may have open.
pub(crate) fn open_files_max(process: u32) -> Option<u64> {
    let limits = read(&format!("/proc/{process}/limits"));
    let line = limits.lines().find_map(|line| line.strip_prefix("Max open files"))?;
    line.split_whitespace().next()?.parse().ok()
}

/// Processor time of all threads of a process so far, in seconds.
pub(crate) fn cpu_seconds(process: u32) -> Result<f64, BenchError> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat"))
        .map_err(io("the kernel's account of processor time"))?;
    // The second field is the name in brackets, and may hold blanks. User and system time are the
    // 14th and 15th, in hundredths of a second.
    let after = stat.rsplit_once(')').map_or("", |(_, after)| after);
    let ticks = after.split_whitespace().skip(11).take(2).map(str::parse::<u32>);
    let sum: u32 = ticks.sum::<Result<_, _>>().map_err(|_| other("no processor time"))?;
    Ok(f64::from(sum) / 100.0)
}

/// What all threads of a process have done so far.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Account {
    /// Nanoseconds on a processor.
    pub(crate) cpu_ns: u64,
    /// How often one of them went to sleep: each time it was woken once.
    pub(crate) sleeps: u64,
}

impl Account {
    /// What was done since then.
    pub(crate) const fn since(self, before: Self) -> Self {
        Self {
            cpu_ns: self.cpu_ns.saturating_sub(before.cpu_ns),
            sleeps: self.sleeps.saturating_sub(before.sleeps),
        }
    }
}

/// The account of a process, from the kernel's of its threads.
pub(crate) fn account(process: u32) -> Result<Account, BenchError> {
    let threads = fs::read_dir(format!("/proc/{process}/task")).map_err(io("its threads"))?;
    let mut sum = Account::default();
    for thread in threads {
        let folder = thread.map_err(io("its threads"))?.path();
        let text = |name: &str| fs::read_to_string(folder.join(name)).unwrap_or_default();
        sum.cpu_ns += nanoseconds(&text("schedstat")).unwrap_or_default();
        sum.sleeps += sleeps(&text("status")).unwrap_or_default();
    }
    Ok(sum)
}

/// How long each thread of a process was on a processor so far, in nanoseconds, by its number.
#[derive(Clone, Debug, Default)]
pub(crate) struct Threads(BTreeMap<OsString, u64>);

impl Threads {
    /// What was spent since then. A thread that has ended meanwhile takes away only what it did
    /// since.
    pub(crate) fn since(&self, before: &Self) -> u64 {
        let spent = |(thread, now): (&OsString, &u64)| {
            now.saturating_sub(before.0.get(thread).copied().unwrap_or_default())
        };
        self.0.iter().map(spent).sum()
    }
}

/// The times of a process' threads.
pub(crate) fn threads(process: u32) -> Result<Threads, BenchError> {
    let threads = fs::read_dir(format!("/proc/{process}/task")).map_err(io("its threads"))?;
    let mut times = Threads::default();
    for thread in threads {
        let thread = thread.map_err(io("its threads"))?;
        let text = fs::read_to_string(thread.path().join("schedstat")).unwrap_or_default();
        times.0.insert(thread.file_name(), nanoseconds(&text).unwrap_or_default());
    }
    Ok(times)
}

/// The first of three numbers (Linux documentation: "Scheduler Statistics").
fn nanoseconds(schedstat: &str) -> Option<u64> {
    schedstat.split_whitespace().next()?.parse().ok()
}

fn sleeps(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("voluntary_ctxt_switches:"))?;
    line.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kernels_words_are_read() {
        assert_eq!(nanoseconds("123456 789 10\n"), Some(123_456));
        let status =
            "Name:\tmuster\nvoluntary_ctxt_switches:\t42\nnonvoluntary_ctxt_switches:\t7\n";
        assert_eq!(sleeps(status), Some(42));
    }

    #[test]
    fn a_thread_that_ended_takes_nothing_away_that_was_done_before() {
        let times = |times: &[(&str, u64)]| {
            Threads(times.iter().map(|(thread, ns)| (OsString::from(thread), *ns)).collect())
        };
        let before = times(&[("1", 100), ("2", 5_000)]);
        assert_eq!(times(&[("1", 130), ("3", 7)]).since(&before), 37);
        assert!(threads(std::process::id()).unwrap().since(&Threads::default()) > 0);
    }

    #[test]
    fn a_process_that_sleeps_is_seen_to_do_so() {
        // A process of its own: in this one threads of other tests end, and what they did goes
        // with them.
        let mut sleeper = Command::new("sleep").arg("60").spawn().unwrap();
        let began = crate::clock::now();
        let seen = loop {
            let seen = account(sleeper.id()).unwrap();
            if (seen.sleeps >= 1 && seen.cpu_ns > 0) || began.elapsed().as_secs() > 20 {
                break seen;
            }
        };
        sleeper.kill().unwrap();
        sleeper.wait().unwrap();
        assert!(seen.sleeps >= 1 && seen.cpu_ns > 0, "{seen:?}");
    }

    #[test]
    fn this_process_has_memory_and_takes_time() {
        let this = std::process::id();
        let (resident, proportional) = memory_kib(this).unwrap();
        assert!(resident > 500 && proportional > 100, "{resident} {proportional}");
        assert!(peak_mib(this).unwrap() >= 0.5 && open_files(this) >= 3);
        assert!(open_files_max(this).unwrap() >= open_files(this));
        let began = crate::clock::now();
        while cpu_seconds(this).unwrap() < 0.02 {
            assert!(began.elapsed().as_secs() < 20, "no time was counted");
        }
    }
}
