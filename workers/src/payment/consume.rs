//! What comes over `posta.payments.v1`: notices. Each is stored with what it hints at, and acknowledged; nothing is read
//! from Mercado Pago here.

use std::sync::Arc;

use async_trait::async_trait;
use posta_bus::{Handler, Incoming, Verdict};
use posta_store::{
    Store, StoreError,
    payments::reads::{self, Hinted},
};
use tokio::sync::Notify;

use super::notice::Notice;
use crate::{compose, message::arrive};

/// Stores notices.
pub struct Notices {
    store: Store,
    wake: Arc<Notify>,
}

impl Notices {
    /// Into `store`; `wake` is told when there is something to read.
    #[must_use]
    pub const fn new(store: Store, wake: Arc<Notify>) -> Self {
        Self { store, wake }
    }

    async fn take(&self, incoming: &Incoming) -> Result<Verdict, StoreError> {
        let envelope = &incoming.envelope;
        let notice = Notice::parse(&envelope.payload);
        let trace = incoming.traceparent.as_deref();
        let item = arrive::item(envelope, notice.signed_at, trace);
        Ok(
            match reads::hint(&self.store, &item, &notice.hints).await? {
                Hinted::Noted => {
                    self.wake.notify_one();
                    Verdict::Done
                }
                Hinted::Duplicate => Verdict::Duplicate,
                Hinted::Rejected(reason) => Verdict::Rejected(reason.to_owned()),
            },
        )
    }
}

#[async_trait]
impl Handler for Notices {
    async fn handle(&self, incoming: &Incoming) -> Verdict {
        match self.take(incoming).await {
            Ok(verdict) => verdict,
            Err(error) => compose::verdict(&error),
        }
    }
}
