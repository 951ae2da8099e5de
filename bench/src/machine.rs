//! On what machine a figure was measured, and how its processes are kept apart there.

use std::fs;
use std::process::{Command, Stdio};

use crate::error::{BenchError, io, other};

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

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
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
    let number = match core {
        Core::Load => "0",
        Core::Measured => "1",
    };
    let mut command = Command::new("taskset");
    command.args(["-c", number]).arg(program);
    command
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_process_has_memory_and_takes_time() {
        let this = std::process::id();
        let (resident, proportional) = memory_kib(this).unwrap();
        assert!(resident > 500 && proportional > 100, "{resident} {proportional}");
        let began = crate::clock::now();
        while cpu_seconds(this).unwrap() < 0.02 {
            assert!(began.elapsed().as_secs() < 20, "no time was counted");
        }
    }
}
