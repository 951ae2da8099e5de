//! Routes about the bot itself: who it is, where its gateway is, which commands it has.

use hyper::Method;
use muster_engine::ports::Env;

use super::model::{Application, ApplicationId, GatewayBot, RegisteredCommand, User};
use super::{Body, Call, Rest, RestError, Wire};

impl<E: Env, W: Wire> Rest<E, W> {
    /// Where the gateway is and how many shards Discord recommends.
    pub async fn gateway_bot(&self) -> Result<GatewayBot, RestError> {
        self.call_json(Call::get("gateway.bot", "/gateway/bot".into())).await
    }

    /// The bot's own account.
    pub async fn current_user(&self) -> Result<User, RestError> {
        self.call_json(Call::get("user.me", "/users/@me".into())).await
    }

    /// The application behind the token.
    pub async fn current_application(&self) -> Result<Application, RestError> {
        self.call_json(Call::get("application.me", "/applications/@me".into())).await
    }

    /// The global commands as Discord has them.
    pub async fn global_commands(
        &self,
        application: ApplicationId,
    ) -> Result<Vec<RegisteredCommand>, RestError> {
        let path = format!("/applications/{}/commands", application.0);
        self.call_json(Call::get("commands.get", path)).await
    }

    /// Replaces all global commands; `body` is a list. Gives them as Discord has them now.
    pub async fn set_global_commands(
        &self,
        application: ApplicationId,
        body: Body,
    ) -> Result<Vec<RegisteredCommand>, RestError> {
        let path = format!("/applications/{}/commands", application.0);
        self.call_json(Call::new("commands.put", Method::PUT, path).with(body)?).await
    }
}
