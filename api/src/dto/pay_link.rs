//! The link by which something is paid.

use posta_store::booking::view::LinkRow;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A link to pay by Mercado Pago.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PayLink {
    /// How far it is.
    pub state: PayLinkState,
    /// Where to pay; while it is `ready` only.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "https://www.mercadopago.com.ar/checkout/v1/redirect?pref_id=1-2")]
    pub url: Option<String>,
}

/// How far a link is: `soon` it can be opened, `ready`, `failed` (another way must be found), `closed`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PayLinkState {
    Soon,
    Ready,
    Failed,
    Closed,
}

impl From<&LinkRow> for PayLink {
    fn from(link: &LinkRow) -> Self {
        let state = match link.state.as_str() {
            "wanted" => PayLinkState::Soon,
            "live" => PayLinkState::Ready,
            "failed" => PayLinkState::Failed,
            _ => PayLinkState::Closed,
        };
        // An address that is no longer good is not shown: it could be paid once more.
        let url = link.url.clone();
        Self {
            state,
            url: url.filter(|_| state == PayLinkState::Ready),
        }
    }
}
