//! `/schedule` as Discord is told of it.

use muster_domain::text::Description;

use super::{Choice, Definition, Kind, Opt, POSTING_CHANNELS, WORDS_MAX};

/// Days of the week by their number.
const DAYS: &[Choice] = &[
    Choice { name: "Monday", value: "1" },
    Choice { name: "Tuesday", value: "2" },
    Choice { name: "Wednesday", value: "3" },
    Choice { name: "Thursday", value: "4" },
    Choice { name: "Friday", value: "5" },
    Choice { name: "Saturday", value: "6" },
    Choice { name: "Sunday", value: "7" },
];

/// The weekly schedule.
pub(super) fn schedule() -> Definition {
    let to = Opt::text("to", "The last day to skip, if there are several", WORDS_MAX);
    let from = Opt::text("from", "Which day: tomorrow · fri · 24 Dec", WORDS_MAX).required();
    let subcommands = vec![
        Opt::subcommand("setup", "Walk through the week, day by day", Vec::new()),
        Opt::subcommand("view", "See the weekly schedule and all series", Vec::new()),
        Opt::subcommand("set", "Add an event to one day of every week", set()),
        Opt::subcommand(
            "clear",
            "Remove everything planned on one day of the week",
            vec![day().required()],
        ),
        Opt::subcommand(
            "skip",
            "Pause the weekly schedule for a day, or from one day to another",
            vec![from, to],
        ),
        Opt::subcommand("post", "Post a day's events now (today's unless you name a day)", post()),
    ];
    Definition::new("schedule", "What happens every week", subcommands)
}

fn day() -> Opt {
    Opt { choices: DAYS, ..Opt::new(Kind::Text, "day", "Which day of the week") }
}

fn post() -> Vec<Opt> {
    vec![day(), channel("Post them in this channel; existing posts move there")]
}

fn channel(what: &'static str) -> Opt {
    Opt { channel_types: POSTING_CHANNELS, ..Opt::new(Kind::Channel, "channel", what) }
}

fn set() -> Vec<Opt> {
    vec![
        day().required(),
        Opt::new(Kind::Text, "title", "What it is called"),
        Opt::text("time", "What time: 20:00 · 8pm · 20:00 to 22:30", WORDS_MAX),
        Opt::text("duration", "How long it lasts: 90m · 1h30", WORDS_MAX),
        Opt::text("description", "What it is about", 2 * Description::MAX),
        Opt::text("fields", "Extra fields, like \"Outfit: kilt; Vehicle: tank\"", 2_000),
        channel("Where it is posted, if not in the usual channel"),
    ]
}
