//! The gateway: HELLO, READY, the guilds, heartbeats, and taps as fast as they are fired.

use futures_util::{SinkExt as _, StreamExt as _};
use tokio::sync::mpsc;
use tokio_websockets::{Message, ServerBuilder, WebSocketStream};

use super::frames::Frames;
use super::{Shared, Wire, guild, splice};
use crate::error::BenchError;
use crate::tally;

/// Milliseconds between heartbeats, as Discord has it.
const HEARTBEAT_MS: u32 = 41_250;

/// Taps sent together at most, before the socket is flushed.
const TAPS_AT_ONCE: usize = 64;

type Socket = WebSocketStream<Box<dyn Wire>>;

/// Serves one connection to its end; a broken one is the bot's affair.
pub(super) async fn serve(
    stream: Box<dyn Wire>,
    shared: &Shared,
    shots: &mut mpsc::UnboundedReceiver<u64>,
) {
    let Ok((_, socket)) = ServerBuilder::new().accept(stream).await else { return };
    // The reason, if any, is that the bot hung up.
    drop(converse(socket, shared, shots).await);
}

async fn converse(
    mut socket: Socket,
    shared: &Shared,
    shots: &mut mpsc::UnboundedReceiver<u64>,
) -> Result<(), Gone> {
    let hello = format!(r#"{{"op":10,"d":{{"heartbeat_interval":{HEARTBEAT_MS}}}}}"#);
    let mut first = splice::STREAM_BEGIN.to_vec();
    first.extend(splice::message(&hello));
    socket.send(Message::binary(first)).await?;
    let mut sequence = identified(&mut socket, shared).await?;
    let mut frames = Frames::new(shared)?;
    let mut numbers = Vec::with_capacity(TAPS_AT_ONCE);
    loop {
        tokio::select! {
            fired = shots.recv_many(&mut numbers, TAPS_AT_ONCE) => {
                if fired == 0 {
                    return Ok(());
                }
                for number in numbers.drain(..) {
                    sequence += 1;
                    shared.tally.leaves(number);
                    socket.feed(Message::binary(frames.tap(number, sequence))).await?;
                }
                socket.flush().await?;
            }
            heard = socket.next() => hear(&mut socket, heard).await?,
        }
    }
}

/// Waits for the bot to identify, and shows it who it is and where.
async fn identified(socket: &mut Socket, shared: &Shared) -> Result<u64, Gone> {
    loop {
        let heard = socket.next().await.ok_or(Gone)??;
        if heard.as_text().is_some_and(|text| text.contains(r#""op":2,"#)) {
            break;
        }
    }
    let ready = guild::ready(shared.options.guilds, &shared.gateway_url);
    socket.send(Message::binary(splice::compressed(ready.as_bytes())?)).await?;
    tally::say("ready")?;
    let available = shared.options.guilds.min(shared.options.available);
    for number in 0..available {
        let arrived = guild::arrived(number, number + 2);
        socket.send(Message::binary(splice::compressed(arrived.as_bytes())?)).await?;
    }
    Ok(available + 1)
}

async fn hear(
    socket: &mut Socket,
    heard: Option<Result<Message, tokio_websockets::Error>>,
) -> Result<(), Gone> {
    let heard = heard.ok_or(Gone)??;
    if heard.as_text().is_some_and(|text| text.contains(r#""op":1,"#)) {
        socket.send(Message::binary(splice::message(r#"{"op":11}"#))).await?;
    }
    Ok(())
}

/// The connection is over.
struct Gone;

impl From<tokio_websockets::Error> for Gone {
    fn from(_: tokio_websockets::Error) -> Self {
        Self
    }
}

impl From<BenchError> for Gone {
    fn from(_: BenchError) -> Self {
        Self
    }
}
