//! Routes with an interaction's own token. They pass by the bot's queues: a person waits, and
//! Discord counts them per token.

use std::fmt::Write;

use hyper::Method;
use muster_domain::id::{InteractionId, MessageId};
use muster_engine::ports::Env;

use super::model::{ApplicationId, Message};
use super::wire::Access;
use super::{Again, Body, CALLBACK_LIMIT, Call, Rest, RestError, Wire};

impl Call {
    fn by_token(mut self) -> Self {
        self.outgoing.access = Access::Interaction;
        self
    }
}

impl<E: Env, W: Wire> Rest<E, W> {
    /// The one answer to an interaction: `{"type":…,"data":…}`. Takes at most 2.5 s with its
    /// tries. An interaction that was answered before is an error unless the earlier answer was
    /// a try of this very call.
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
        match self.call_unit(call.with(body)?).await {
            Err(error) if error.is_already_acknowledged() && error.may_have_happened => Ok(()),
            other => other,
        }
    }

    /// The message that the answer to an interaction created.
    pub async fn original(
        &self,
        application: ApplicationId,
        token: &str,
    ) -> Result<Message, RestError> {
        let path = original_path(application, token);
        self.call_json(Call::get("interaction.original.get", path).by_token()).await
    }

    /// Edits the answer to an interaction, also one that was deferred.
    pub async fn edit_original(
        &self,
        application: ApplicationId,
        token: &str,
        body: Body,
    ) -> Result<Message, RestError> {
        let path = original_path(application, token);
        let call = Call::new("interaction.original.edit", Method::PATCH, path).by_token();
        self.call_json(call.with(body)?).await
    }

    /// Deletes the answer to an interaction.
    pub async fn delete_original(
        &self,
        application: ApplicationId,
        token: &str,
    ) -> Result<(), RestError> {
        let path = original_path(application, token);
        self.call_unit(Call::new("interaction.original.delete", Method::DELETE, path).by_token())
            .await
    }

    /// Another message after the answer. Not repeated when in doubt.
    pub async fn follow_up(
        &self,
        application: ApplicationId,
        token: &str,
        body: Body,
    ) -> Result<Message, RestError> {
        let path = format!("/webhooks/{}/{}", application.0, segment(token));
        let call = Call::new("interaction.follow_up", Method::POST, path).by_token();
        self.call_json(call.with(body)?).await
    }

    /// Edits a further message.
    pub async fn edit_follow_up(
        &self,
        application: ApplicationId,
        token: &str,
        message: MessageId,
        body: Body,
    ) -> Result<Message, RestError> {
        let path = follow_up_path(application, token, message);
        let call = Call::new("interaction.follow_up.edit", Method::PATCH, path).by_token();
        self.call_json(call.with(body)?).await
    }

    /// Deletes a further message.
    pub async fn delete_follow_up(
        &self,
        application: ApplicationId,
        token: &str,
        message: MessageId,
    ) -> Result<(), RestError> {
        let path = follow_up_path(application, token, message);
        self.call_unit(Call::new("interaction.follow_up.delete", Method::DELETE, path).by_token())
            .await
    }
}

fn original_path(application: ApplicationId, token: &str) -> String {
    format!("/webhooks/{}/{}/messages/@original", application.0, segment(token))
}

fn follow_up_path(application: ApplicationId, token: &str, message: MessageId) -> String {
    format!("/webhooks/{}/{}/messages/{message}", application.0, segment(token))
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
