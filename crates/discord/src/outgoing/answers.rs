//! Fills the port for answers to interactions.

use muster_domain::id::InteractionId;
use muster_engine::ports::Env;

use crate::bot::{AnswerError, Answers, Later};
use crate::interaction::ReplyToken;
use crate::rest::model::ApplicationId;
use crate::rest::{Body, Rest, Wire};

impl<E: Env, W: Wire> Answers for Rest<E, W> {
    async fn answer(
        &self,
        id: InteractionId,
        token: &ReplyToken,
        body: Body,
    ) -> Result<(), AnswerError> {
        match self.callback(id, token.expose(), body).await {
            Ok(()) => Ok(()),
            Err(error) if error.code() == 40_060 && !error.may_have_happened => {
                Err(AnswerError::AnsweredBefore)
            }
            Err(error) if error.code() == 10_062 => Err(AnswerError::TooLate),
            Err(error) if error.may_have_happened => Err(AnswerError::Unclear(error.to_string())),
            Err(error) => Err(AnswerError::Refused(error.to_string())),
        }
    }

    async fn answer_later(
        &self,
        application: ApplicationId,
        token: &ReplyToken,
        later: Later,
    ) -> Result<(), AnswerError> {
        let sent = match later {
            Later::Instead(body) => self.edit_answer(application, token.expose(), body).await,
            Later::Beside(body) => self.follow_up(application, token.expose(), body).await,
        };
        sent.map_err(|error| {
            let said = error.to_string();
            if error.may_have_happened {
                AnswerError::Unclear(said)
            } else {
                AnswerError::Refused(said)
            }
        })
    }
}
