//! The wire between the bot and the simulated Discord: slow, lossy, and alive when the bot is not.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use hyper::{Request, Response};
use muster_discord::rest::{Access, Answer, Departure, Outgoing, Wire, WireError};
use muster_sim::Inside;
use tokio::sync::oneshot;

use crate::env::WallClock;
use crate::faults::{Fault, Faults, Layer};
use crate::ledger::{Exchange, Ledger};
use crate::mortal::Mortal;
use crate::plant::Plant;
use crate::refusing::Refusing;
use crate::trace::Trace;

/// What can go wrong with a request.
const CAN: &[Fault] = &[
    Fault::CrashBefore,
    Fault::CrashAfter,
    Fault::NotSent,
    Fault::AnswerLost,
    Fault::ErrorAfter,
    Fault::Error,
    Fault::Limited,
    Fault::NotDiscord,
    Fault::Duplicate,
    Fault::DelayBefore,
    Fault::DelayAfter,
];

/// What can go wrong with a post in a forum, which has no nonce: whatever is done twice is there
/// twice, so that no connection may do it.
const CAN_ONCE: &[Fault] = &[
    Fault::CrashBefore,
    Fault::CrashAfter,
    Fault::NotSent,
    Fault::AnswerLost,
    Fault::ErrorAfter,
    Fault::Error,
    Fault::Limited,
    Fault::NotDiscord,
    Fault::DelayBefore,
    Fault::DelayAfter,
];

/// How long it takes to notice that nobody can be reached.
const UNREACHABLE: Duration = Duration::from_millis(30);

/// The wire of one life.
#[derive(Clone)]
pub(crate) struct SimWire {
    /// The bot's token, as this life knows it.
    pub(crate) token: Arc<str>,
    /// The other end.
    pub(crate) inside: Arc<Inside>,
    /// What goes wrong.
    pub(crate) faults: Arc<Faults>,
    /// What is noted.
    pub(crate) ledger: Arc<Ledger>,
    /// Channels that refused this life.
    pub(crate) refusing: Arc<Refusing>,
    /// What is noted, to compare runs.
    pub(crate) trace: Arc<Trace>,
    /// The life at this end.
    pub(crate) mortal: Arc<Mortal>,
    /// The machine's clock, which stands while the machine sleeps.
    pub(crate) wall: Arc<WallClock>,
    /// A bug on purpose.
    pub(crate) plant: Plant,
    /// Whether a request that was held up on its way still arrives when its sender is gone.
    pub(crate) late: bool,
}

/// A request on its way, which nobody at this end can hold back any more.
struct Flight {
    wire: SimWire,
    parcel: Parcel,
    fault: Option<Fault>,
    there: Duration,
    back: Duration,
}

/// What is sent.
#[derive(Clone)]
struct Parcel {
    method: hyper::Method,
    path: String,
    route: &'static str,
    subject: u64,
    is_bots: bool,
    kind: Option<HeaderValue>,
    body: Bytes,
}

impl Wire for SimWire {
    async fn exchange(
        &self,
        outgoing: &Outgoing,
        departure: &Departure,
    ) -> Result<Answer, WireError> {
        self.wall.is_awake().await;
        let parcel = Parcel::of(outgoing);
        let (route, path) = (parcel.route, parcel.path.clone());
        let question = self.refusing.asked(route, &path, &parcel.body);
        let opens = self.refusing.opens(route, &path);
        let answer = self.faulty(parcel, departure).await;
        if route == "message.list" && !answer.as_ref().is_ok_and(|answer| answer.status == 200) {
            self.ledger.could_not_look(&path);
        }
        let answer = answer?;
        if let Some(question) = question {
            question.told(&answer);
        }
        if let Some(message) = opens {
            self.refusing.opened(message, &answer);
        }
        Ok(answer)
    }
}

impl SimWire {
    /// Sends it, with what goes wrong at this end.
    async fn faulty(&self, parcel: Parcel, departure: &Departure) -> Result<Answer, WireError> {
        let (route, subject) = (parcel.route, parcel.subject);
        let can = if route == "thread.post" { CAN_ONCE } else { CAN };
        let fault = self.faults.draw((Layer::Wire, route), can, subject);
        let what = if subject == 0 { parcel.path.as_str() } else { "" };
        self.trace.note("wire", format_args!("{route} {subject} {what} {fault:?}"));
        match fault {
            Some(Fault::CrashBefore) => match self.mortal.die().await {},
            Some(Fault::NotSent) => {
                pause(UNREACHABLE).await;
                return Err(WireError::NotSent("injected: unreachable".into()));
            }
            _ => {}
        }
        departure.begins();
        let answer = self.fly(parcel, fault).await;
        match fault {
            Some(Fault::CrashAfter) => match self.mortal.die().await {},
            Some(Fault::AnswerLost) => Err(WireError::Lost("injected: the answer is lost".into())),
            Some(Fault::ErrorAfter) => Ok(broken_gateway()),
            _ => answer.ok_or_else(|| WireError::Lost("the connection broke".into())),
        }
    }

    /// Sends it. The flight goes on when the bot gives up, or dies.
    async fn fly(&self, parcel: Parcel, fault: Option<Fault>) -> Option<Answer> {
        let (mut there, mut back) = (self.faults.latency(), self.faults.latency());
        match fault {
            Some(Fault::DelayBefore) => there += self.faults.long_wait(),
            Some(Fault::DelayAfter) => back += self.faults.long_wait(),
            _ => {}
        }
        let flight = Flight { wire: self.clone(), parcel, fault, there, back };
        let (tell, told) = oneshot::channel();
        // Whoever asked may not be there any more.
        spawn(async move { drop(tell.send(flight.fly().await)) });
        told.await.ok().flatten()
    }

    async fn deliver(&self, parcel: &Parcel) -> Option<Answer> {
        if let Some(swallowed) = self.swallow(parcel) {
            return Some(swallowed);
        }
        let parcel = &self.with_formulas(parcel);
        let answer = self.inside.request(parcel.request(&self.token)?).await.ok()?;
        let exchange = Exchange {
            route: parcel.route,
            subject: parcel.subject,
            path: &parcel.path,
            status: answer.status().as_u16(),
            sent: &parcel.body,
            answer: answer.body(),
        };
        let status = exchange.status;
        let (route, subject) = (parcel.route, parcel.subject);
        let why = if status < 400 { b"" } else { &**exchange.answer };
        let why = String::from_utf8_lossy(why);
        self.trace.note("discord", format_args!("{route} {subject} {status} {why}"));
        self.ledger.exchanged(&exchange);
        Some(answer_of(answer))
    }

    /// A bug on purpose: what is to keep spreadsheets from reckoning is not there.
    fn with_formulas(&self, parcel: &Parcel) -> Parcel {
        let mut parcel = parcel.clone();
        if self.plant == Plant::FormulasInTables && parcel.route == "interaction.callback" {
            let body = String::from_utf8_lossy(&parcel.body);
            parcel.body = body.replace("\"'=", "\"=").replace("\"'@", "\"@").into();
        }
        parcel
    }

    /// A bug on purpose: takes a request for done that was never made.
    fn swallow(&self, parcel: &Parcel) -> Option<Answer> {
        let is_edit = parcel.route == "message.edit";
        let forgotten = (self.plant == Plant::EditForgotten && is_edit)
            || (self.plant == Plant::ThreadForgotten && parcel.route == "thread.start")
            || (self.plant == Plant::NeverAnswered
                && parcel.subject != 0
                && self.faults.below(12) == 0);
        let body = Bytes::from_static(br#"{"id":"1","channel_id":"1"}"#);
        forgotten.then(|| Answer { status: 200, headers: HeaderMap::new(), body })
    }
}

impl Flight {
    async fn fly(self) -> Option<Answer> {
        let Self { wire, parcel, fault, there, back } = self;
        pause(there).await;
        // The connection of an ended process is closed: what was held up on its way is gone.
        if fault == Some(Fault::DelayBefore) && wire.mortal.is_over() && !wire.late {
            return None;
        }
        let answer = match fault {
            Some(Fault::Error) => Some(broken_gateway()),
            Some(Fault::Limited) => Some(limited(wire.faults.below(4))),
            Some(Fault::NotDiscord) => Some(boxed(wire.faults.below(3))),
            _ => wire.deliver(&parcel).await,
        };
        let again = fault == Some(Fault::Duplicate)
            || (wire.plant == Plant::AnsweredTwice && parcel.subject != 0);
        if again {
            pause(wire.faults.latency()).await;
            wire.deliver(&parcel).await;
        }
        pause(back).await;
        answer
    }
}

impl Parcel {
    fn of(outgoing: &Outgoing) -> Self {
        let (kind, body) = match &outgoing.body {
            Some((kind, body)) => (Some(kind.clone()), body.clone()),
            None => (None, Bytes::new()),
        };
        let is_bots = match outgoing.access {
            Access::Bot => true,
            Access::Interaction => false,
        };
        Self {
            method: outgoing.method.clone(),
            path: outgoing.path.clone(),
            route: outgoing.route,
            subject: subject_of(&outgoing.path),
            is_bots,
            kind,
            body,
        }
    }

    fn request(&self, token: &str) -> Option<Request<Bytes>> {
        let mut request =
            Request::builder().method(self.method.clone()).uri(format!("/api/v10{}", self.path));
        if self.is_bots {
            request = request.header(AUTHORIZATION, format!("Bot {token}"));
        }
        if let Some(kind) = &self.kind {
            request = request.header(CONTENT_TYPE, kind.clone());
        }
        request.body(self.body.clone()).ok()
    }
}

/// The interaction that a path answers; 0 if it answers none.
fn subject_of(path: &str) -> u64 {
    let rest = path.strip_prefix("/interactions/").unwrap_or_default();
    rest.split('/').next().and_then(|id| id.parse().ok()).unwrap_or_default()
}

fn answer_of(answer: Response<Bytes>) -> Answer {
    let (parts, body) = answer.into_parts();
    Answer { status: parts.status.as_u16(), headers: parts.headers, body }
}

fn broken_gateway() -> Answer {
    let body = Bytes::from_static(b"<html><h1>502 Bad Gateway</h1></html>");
    Answer { status: 502, headers: HeaderMap::new(), body }
}

/// What a proxy or a portal in front of Discord says.
fn boxed(kind: u64) -> Answer {
    let status = [403, 404, 408].into_iter().cycle().nth(usize::try_from(kind).unwrap_or(0));
    let body = Bytes::from_static(b"<html><h1>Blocked</h1></html>");
    Answer { status: status.unwrap_or(403), headers: HeaderMap::new(), body }
}

/// A limit: of all requests, or of this one's bucket.
fn limited(kind: u64) -> Answer {
    let is_global = kind == 0;
    let header = |name: &'static str, value: &'static str| {
        (HeaderName::from_static(name), HeaderValue::from_static(value))
    };
    let mut headers: HeaderMap = [header("retry-after", "1")].into_iter().collect();
    if is_global {
        headers.extend([header("x-ratelimit-global", "true")]);
    } else {
        let bucket = [
            header("x-ratelimit-scope", "user"),
            header("x-ratelimit-limit", "5"),
            header("x-ratelimit-remaining", "0"),
            header("x-ratelimit-reset-after", "1"),
            header("x-ratelimit-bucket", "injected"),
        ];
        headers.extend(bucket);
    }
    let body = format!(
        r#"{{"message":"You are being rate limited.","retry_after":1.0,"global":{is_global}}}"#
    );
    Answer { status: 429, headers, body: Bytes::from(body) }
}

#[expect(clippy::disallowed_methods, reason = "the network is no part of the bot's world")]
async fn pause(duration: Duration) {
    tokio::time::sleep(duration).await;
}

#[expect(clippy::disallowed_methods, reason = "the network is no part of the bot's world")]
fn spawn(work: impl Future<Output = ()> + Send + 'static) {
    drop(tokio::spawn(work));
}
