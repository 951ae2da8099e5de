//! Routes with an interaction's own token. They pass by the bot's queues: a person waits, and
//! Discord counts them per token.

use std::fmt::Write;
use std::time::Duration;

use hyper::Method;
use muster_domain::id::InteractionId;
use muster_engine::ports::Env;

use super::model::ApplicationId;
use super::wire::Access;
use super::{Again, Body, CALLBACK_LIMIT, Call, Rest, RestError, Wire};

/// Somebody looks at "thinking", and an interaction's token holds for minutes.
const LATER_LIMIT: Duration = Duration::from_secs(10);

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

impl<E: Env, W: Wire> Rest<E, W> {
    /// Puts a message in the place of the first answer to an interaction: of "thinking", or of the
    /// message whose component was used.
    pub async fn edit_answer(
        &self,
        application: ApplicationId,
        token: &str,
        body: Body,
    ) -> Result<(), RestError> {
        let (id, token) = (application.0, segment(token));
        let path = format!("/webhooks/{id}/{token}/messages/@original");
        self.later("interaction.edit", Method::PATCH, path, body).await
    }

    /// Another message beside the first answer to an interaction.
    pub async fn follow_up(
        &self,
        application: ApplicationId,
        token: &str,
        body: Body,
    ) -> Result<(), RestError> {
        let path = format!("/webhooks/{}/{}", application.0, segment(token));
        self.later("interaction.follow_up", Method::POST, path, body).await
    }

    async fn later(
        &self,
        route: &'static str,
        method: Method,
        path: String,
        body: Body,
    ) -> Result<(), RestError> {
        let mut call = Call::new(route, method, path).by_token();
        call.limit = Some(LATER_LIMIT);
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
