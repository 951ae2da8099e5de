//! Routes with an interaction's own token. They pass by the bot's queues: a person waits, and
//! Discord counts them per token.

use std::fmt::Write;

use hyper::Method;
use muster_domain::id::InteractionId;
use muster_engine::ports::Env;

use super::wire::Access;
use super::{Again, Body, CALLBACK_LIMIT, Call, Rest, RestError, Wire};

impl Call<'_> {
    fn by_token(mut self) -> Self {
        self.outgoing.access = Access::Interaction;
        self
    }
}

impl<E: Env, W: Wire> Rest<E, W> {
    /// The one answer to an interaction: `{"type":…,"data":…}`. Takes at most 2.5 s with its
    /// tries. An interaction that was answered before is an error; after a try whose end is not
    /// known nobody can tell whether that one answered it, or a process before this one.
    pub async fn callback(
        &self,
        id: InteractionId,
        token: &str,
        body: Body,
    ) -> Result<(), RestError> {
        let path = format!("/interactions/{id}/{}/callback", segment(token));
        let mut call = Call::new("interaction.callback", Method::POST, path).by_token();
        // A second answer is refused by Discord, so trying again cannot do harm.
        call.again = Again::Harmless;
        call.limit = Some(CALLBACK_LIMIT);
        self.call_unit(call.with(body)?).await
    }
}

/// Writes a token so that it is one segment of a path whatever it holds.
fn segment(token: &str) -> String {
    let mut out = String::with_capacity(token.len());
    for byte in token.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            out.push(char::from(byte));
        } else if write!(out, "%{byte:02X}").is_err() {
            // Writing to a string cannot fail; were it to, the token would just not be found.
            break;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_stays_one_segment() {
        assert_eq!(segment("aW50-_.~Z"), "aW50-_.~Z");
        assert_eq!(segment("a/../b?c=d e"), "a%2F..%2Fb%3Fc%3Dd%20e");
    }
}
