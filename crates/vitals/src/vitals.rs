//! What the parts of one running bot share.

use crate::limiter::Limiter;
use crate::meters::Meters;
use crate::security::Security;
use crate::settings::Settings;
use crate::tasks::Tasks;

/// What is measured, limited and kept in order in one running bot.
#[derive(Debug)]
pub struct Vitals {
    /// What the operator decided.
    pub settings: Settings,
    /// What is measured.
    pub meters: Meters,
    /// The gate before background work.
    pub tasks: Tasks,
    /// The limits of what comes in.
    pub limiter: Limiter,
    /// What should not happen.
    pub security: Security,
}

impl Vitals {
    /// Nothing measured yet.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        Self {
            meters: Meters::default(),
            tasks: Tasks::new(settings.tasks),
            limiter: Limiter::new(settings.limiter),
            security: Security::default(),
            settings,
        }
    }
}

impl Default for Vitals {
    fn default() -> Self {
        Self::new(Settings::default())
    }
}
