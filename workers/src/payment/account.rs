//! Whose money a row is about, and what the owner hears of her token.

use posta_store::{
    Store, StoreError,
    attention::{self, NewAttention},
    booking::refunds::ClaimedRefund,
    ids::{AccountId, TenantId},
    payments::{links::ClaimedLink, reads},
};

const REFUSED: &str = "mercadopago_refused";

/// An account at Mercado Pago.
#[derive(Debug, Clone)]
pub struct Account {
    /// Whose.
    pub tenant: TenantId,
    /// Its row.
    pub id: AccountId,
    /// The provider's name of it.
    pub external: String,
    /// Names its secret; never the secret.
    pub secret_ref: String,
}

macro_rules! account_of {
    ($row:ty) => {
        impl From<&$row> for Account {
            fn from(row: &$row) -> Self {
                Self {
                    tenant: row.tenant,
                    id: row.account,
                    external: row.account_external.clone(),
                    secret_ref: row.secret_ref.clone(),
                }
            }
        }
    };
}

account_of!(reads::Claimed);
account_of!(ClaimedLink);
account_of!(ClaimedRefund);

/// Tells the owner that the token is refused; once, while nobody has seen to it.
pub(super) async fn refused(
    store: &Store,
    account: &Account,
    error: &str,
) -> Result<(), StoreError> {
    let mut conn = store.acquire().await?;
    let matter = NewAttention {
        tenant: account.tenant,
        kind: REFUSED,
        subject: &subject(account),
        detail: serde_json::json!({ "account": account.external, "error": error }),
        deadline: None,
    };
    attention::raise(&mut conn, &matter).await
}

/// It works: whatever was said of it is settled.
pub(super) async fn welcome(store: &Store, account: &Account) -> Result<(), StoreError> {
    let mut conn = store.acquire().await?;
    attention::close(&mut conn, account.tenant, REFUSED, &subject(account)).await
}

fn subject(account: &Account) -> String {
    format!("account:{}", account.id)
}
