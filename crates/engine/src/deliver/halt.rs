//! Why what is found out about a delivery before it is sent comes to nothing.

use muster_store::StoreError;
use muster_store::model::DeliveryEnd;

/// Why a delivery is not sent now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Halt {
    /// It is wanted no more, and ends so.
    Ended(DeliveryEnd),
    /// The store failed, so that another attempt is made.
    Failed(StoreError),
}

impl From<DeliveryEnd> for Halt {
    fn from(end: DeliveryEnd) -> Self {
        Self::Ended(end)
    }
}

impl From<StoreError> for Halt {
    fn from(error: StoreError) -> Self {
        Self::Failed(error)
    }
}
