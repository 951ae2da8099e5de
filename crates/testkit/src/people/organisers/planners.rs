//! What organisers do about what repeats: they plan series and days of the week, leave dates out,
//! change and end what they planned, and often enough think better of it.

use jiff::civil::{DateTime, Time, time};
use muster_sim::Answer;
use muster_sim::ids::MessageId;
use serde_json::{Map, Value, json};

use super::Person;
use crate::rhythm::Rhythm;
use crate::words;

/// How series repeat, in words, and on which days of the week that is.
const RHYTHMS: [(&str, &[i8]); 5] = [
    ("every day", &[1, 2, 3, 4, 5, 6, 7]),
    ("every day", &[1, 2, 3, 4, 5, 6, 7]),
    ("every tuesday and thursday", &[2, 4]),
    ("mon-fri", &[1, 2, 3, 4, 5]),
    ("every weekend", &[6, 7]),
];

/// When in the day something takes place that repeats.
const TIMES: [Time; 5] = [
    time(0, 15, 0, 0),
    time(9, 5, 0, 0),
    time(14, 30, 0, 0),
    time(20, 0, 0, 0),
    time(22, 30, 0, 0),
];

/// When it is posted, in words.
const POSTINGS: [&str; 7] = [
    "on the day",
    "the day before at 18:00",
    "3 days before",
    "2h before",
    "23h 59m before",
    "10m before",
    "1m before",
];

/// To when a date is moved.
const MOVED_TO: [&str; 8] = [
    "in 15 minutes",
    "in 40 minutes",
    "in 90 minutes",
    "in 5 hours",
    "tomorrow 08:00",
    "tomorrow 21:30",
    "in 2 days",
    "in 3 days",
];

/// What becomes of a series once it is planned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Afterwards {
    /// It stays as it is.
    Stands,
    /// Its next date is left out.
    LosesADate,
    /// It ends.
    Ends,
}

impl Afterwards {
    /// Each of them.
    pub(crate) const ALL: [Self; 3] = [Self::Stands, Self::LosesADate, Self::Ends];
}

impl Person {
    /// Plans a series.
    pub(crate) async fn plans_a_series(mut self) {
        let (words, days) = *self.random.pick(&RHYTHMS).unwrap_or(&("every day", &[]));
        let begins = self.time_of_day();
        let rhythm = Rhythm { days: days.iter().copied().collect(), time: Some(begins) };
        let when = format!("tomorrow {}", begins.strftime("%H:%M"));
        self.plans(rhythm, (&when, words)).await;
    }

    /// Plans a series that begins soon, today or tomorrow.
    pub(crate) async fn plans_soon(mut self) {
        let minutes = *self.random.pick(&[5, 16, 40, 1_442, 1_455]).unwrap_or(&5);
        self.plans(Rhythm::daily(None), (&format!("in {minutes} minutes"), "every day")).await;
    }

    /// Plans a series that begins so many minutes from now, lasts five and is posted at the last
    /// moment.
    pub(crate) async fn plans_at_the_last_moment(mut self, minutes: u32, afterwards: Afterwards) {
        let title = self.notes_rhythm("Late", Rhythm::daily(None));
        let when = format!("in {minutes} minutes");
        let options =
            json!({"title": title, "when": when, "repeat": "every day", "duration": "5m"});
        let channel = self.channel();
        let planned = self.runs(channel, "event create", options).await;
        let Some(Answer::Message(panel)) = planned else { return };
        let form = self.taps_on(panel, "Wp").await;
        self.submits(form, json!({"posting": "1m before"})).await;
        match afterwards {
            Afterwards::Stands => {}
            Afterwards::LosesADate => {
                let dates = words::menu(&self.components(panel), "Wd");
                let next = dates.map(|(id, dates)| (id, dates.into_iter().take(1).collect()));
                self.chooses_one_of(panel, next).await;
                self.taps_on(panel, "Ws").await;
            }
            Afterwards::Ends => drop(self.taps_on(panel, "Wx").await),
        }
    }

    /// Plans a series at this time of its zone's clocks, every day or on that day of the week.
    pub(crate) async fn plans_at(mut self, start: DateTime) {
        let time = Some(start.time());
        let (rhythm, words) = if self.random.below(2) == 0 {
            (Rhythm::daily(time), "every day".to_owned())
        } else {
            let days = [start.date().weekday().to_monday_one_offset()].into();
            (Rhythm { days, time }, start.strftime("every %A").to_string())
        };
        let when = start.strftime("%Y-%m-%d %H:%M").to_string();
        self.plans(rhythm, (&when, &words)).await;
    }

    async fn plans(&mut self, rhythm: Rhythm, (when, repeat): (&str, &str)) {
        let title = json!(self.notes_rhythm("Series", rhythm));
        let mut options = Map::from_iter([
            ("title".into(), title),
            ("when".into(), json!(when)),
            ("repeat".into(), json!(repeat)),
        ]);
        let duration = *self.random.pick(&["", "5m", "20m", "3h"]).unwrap_or(&"");
        if !duration.is_empty() {
            options.insert("duration".into(), json!(duration));
        }
        if self.random.below(3) == 0 {
            options.insert("capacity".into(), json!(1 + self.random.below(4)));
        }
        let channel = self.channel();
        let planned = self.runs(channel, "event create", Value::Object(options)).await;
        let Some(Answer::Message(panel)) = planned else { return };
        match self.random.below(8) {
            0 => drop(self.taps_on(panel, "Wu").await),
            1..4 => self.posts_it_at(panel).await,
            _ => {}
        }
    }

    fn time_of_day(&mut self) -> Time {
        self.random.pick(&TIMES).copied().unwrap_or_default()
    }

    /// Remembers what is asked for, under a title of its own.
    pub(in crate::people) fn notes_rhythm(&mut self, kind: &str, rhythm: Rhythm) -> String {
        let title = format!("{kind} {}", self.random.below(1_000_000));
        self.stage.ledger.lock().book.planned.insert(title.clone(), rhythm);
        title
    }

    /// Chooses when a series is posted.
    async fn posts_it_at(&mut self, panel: MessageId) {
        let form = self.taps_on(panel, "Wp").await;
        let words = *self.random.pick(&POSTINGS).unwrap_or(&"on the day");
        self.submits(form, json!({"posting": words})).await;
    }

    /// Changes one of the series: leaves a date out, posts one ahead, ends it, edits it.
    pub(crate) async fn changes_a_series(mut self) {
        let Some(panel) = self.opens_a_series().await else { return };
        match self.random.below(10) {
            0..3 => self.leaves_a_date_out(panel).await,
            3 => self.changes_one_date(panel).await,
            4 => {
                let out = words::menu(&self.components(panel), "Wt");
                self.chooses_one_of(panel, out).await;
            }
            5 | 6 => {
                self.taps_on(panel, "Wx").await;
                if self.random.below(3) == 0 {
                    self.taps_on(panel, "Wr").await;
                }
            }
            7 => self.posts_it_at(panel).await,
            _ => self.edits_the_series(panel).await,
        }
        self.thinks_better(panel, "Wu").await;
    }

    /// Opens a series, from the week or from the post of one of its events.
    pub(in crate::people) async fn opens_a_series(&mut self) -> Option<MessageId> {
        if self.random.below(3) == 0 {
            return self.opens("Wv").await;
        }
        let channel = self.channel();
        let week = self.runs(channel, "schedule view", json!({})).await;
        let Some(Answer::Message(panel)) = week else { return None };
        let all = words::menu(&self.components(panel), "Wf");
        self.chooses_one_of(panel, all).await;
        Some(panel)
    }

    async fn leaves_a_date_out(&mut self, panel: MessageId) {
        self.chooses_a_date(panel).await;
        self.taps_on(panel, "Ws").await;
        if self.random.below(4) == 0 {
            self.taps_on(panel, "Wk").await;
        }
    }

    /// Makes the event of a date ahead of its time: to post it, or to have it different.
    async fn changes_one_date(&mut self, panel: MessageId) {
        self.chooses_a_date(panel).await;
        if self.random.below(2) == 0 {
            self.taps_on(panel, "Wn").await;
            return;
        }
        let form = self.taps_on(panel, "Wo").await;
        let title = format!("Alone {}", self.random.below(1_000_000));
        self.submits(form, json!({"title": title})).await;
        let Some(panel) = self.opens_a_series().await else { return };
        match self.random.below(3) {
            0 => self.leaves_a_date_out(panel).await,
            1 => drop(self.taps_on(panel, "Wx").await),
            _ => {}
        }
    }

    /// Has one date of a series be at another time, alone; and sometimes thinks better of it.
    pub(crate) async fn moves_a_date(mut self) {
        let Some(panel) = self.opens_a_series().await else { return };
        let dates = words::menu(&self.components(panel), "Wd");
        let dates = dates.map(|(id, dates)| (id, dates.into_iter().take(4).collect()));
        self.chooses_one_of(panel, dates).await;
        let form = self.taps_on(panel, "Wo").await;
        let when = *self.random.pick(&MOVED_TO).unwrap_or(&"in 5 hours");
        let moved = self.submits(form, json!({"when": when})).await;
        if self.random.below(5) == 0 {
            self.uses_button(moved, "u").await;
        }
    }

    /// Mostly the next one.
    async fn chooses_a_date(&mut self, panel: MessageId) {
        let Some((id, dates)) = words::menu(&self.components(panel), "Wd") else { return };
        let soon = dates.into_iter().take(if self.random.below(3) == 0 { 10 } else { 1 });
        self.chooses_one_of(panel, Some((id, soon.collect()))).await;
    }

    async fn edits_the_series(&mut self, panel: MessageId) {
        let form = self.taps_on(panel, "We").await;
        let begins = self.time_of_day();
        let values = match self.random.below(4) {
            0 => json!({"title": format!("Renamed {}", self.random.below(1_000_000))}),
            1 => json!({"duration": "15m"}),
            2 => json!({"repeat": "every monday, tuesday and wednesday"}),
            _ => json!({"time": begins.strftime("%H:%M").to_string()}),
        };
        self.submits(form, values).await;
    }

    /// Changes an event, and has all that follow it in its series be so, too.
    pub(crate) async fn changes_all_that_follow(mut self) {
        let (Some(event), channel) = (self.event(), self.channel()) else { return };
        let form = self.runs(channel, "event edit", json!({"event": event.to_string()})).await;
        let title = format!("Onward {}", self.random.below(1_000_000));
        let edited = self.submits(form, json!({"title": title})).await;
        self.uses_button(edited, "Wl").await;
    }

    /// Plans something on a day of every week.
    pub(crate) async fn plans_a_day(mut self) {
        let day = i8::try_from(1 + self.random.below(7)).unwrap_or(1);
        let begins = self.time_of_day();
        self.plans_the_day(day, begins).await;
    }

    /// Plans something for every week at this time of its zone's clocks.
    pub(crate) async fn plans_the_day_at(mut self, start: DateTime) {
        self.plans_the_day(start.date().weekday().to_monday_one_offset(), start.time()).await;
    }

    async fn plans_the_day(&mut self, day: i8, begins: Time) {
        let title = self.notes_rhythm("Day", Rhythm { days: [day].into(), time: Some(begins) });
        let time = begins.strftime("%H:%M").to_string();
        let options = json!({"day": day.to_string(), "title": title, "time": time});
        let channel = self.channel();
        let planned = self.runs(channel, "schedule set", options).await;
        if self.random.below(8) == 0 {
            self.uses_button(planned, "Wu").await;
        }
    }

    /// Plans nothing on a day of the week any more, has the week rest, or posts a day's events.
    pub(crate) async fn changes_the_week(mut self) {
        let channel = self.channel();
        let day = (1 + self.random.below(7)).to_string();
        match self.random.below(4) {
            0 => {
                let cleared = self.runs(channel, "schedule clear", json!({"day": day})).await;
                if self.random.below(2) == 0 {
                    self.uses_button(cleared, "Ur").await;
                }
            }
            1 | 2 => {
                let days = [json!({"from": "tomorrow"}), json!({"from": "today", "to": "sunday"})];
                let days = self.random.pick(&days).cloned().unwrap_or_default();
                let rests = self.runs(channel, "schedule skip", days).await;
                if self.random.below(3) == 0 {
                    self.uses_button(rests, "Uk").await;
                }
            }
            _ => drop(self.runs(channel, "schedule post", json!({"day": day})).await),
        }
    }
}
