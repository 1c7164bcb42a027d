//! A notice comes in.

use sqlx::PgConnection;
use uuid::Uuid;

use super::{ReadKind, want_because};
use crate::{
    attention::{self, NewAttention},
    error::{Doing as _, StoreError},
    ids::{AccountId, TenantId},
    inbox::{self, Accepted, InboxItem, Standing, Verdict},
    pool::Store,
};

/// The notice that a payment looks like fraud: there is nothing to read, and it is sent once.
pub const FRAUD_ALERT: &str = "stop_delivery_op_wh";

/// A notice whose body names nobody we know is read with every account, up to so many: what it names is not signed.
const MOST_ACCOUNTS: usize = 10;

/// What became of a notice. Whatever it is, the notice is kept and may be acknowledged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hinted {
    /// What it hints at will be read, or a person has been told.
    Noted,
    /// It was here before.
    Duplicate,
    /// Nothing follows from it.
    Rejected(&'static str),
}

/// Stores a notice with what it hints at.
pub async fn hint(
    store: &Store,
    item: &InboxItem<'_>,
    wanted: &[(ReadKind, String)],
) -> Result<Hinted, StoreError> {
    let mut tx = store.begin().await?;
    let accepted = inbox::accept(&mut tx, item).await?;
    let hinted = if accepted.standing == Standing::Final {
        Hinted::Duplicate
    } else {
        let hinted = follow(&mut tx, item, &accepted, wanted).await?;
        let (verdict, reason) = match hinted {
            Hinted::Rejected(reason) => (Verdict::Rejected, Some(reason)),
            _ => (Verdict::Effected, None),
        };
        inbox::finish(&mut tx, &item.event(), verdict, reason).await?;
        hinted
    };
    tx.commit().await.doing("commit the notice")?;
    Ok(hinted)
}

async fn follow(
    tx: &mut PgConnection,
    item: &InboxItem<'_>,
    accepted: &Accepted,
    wanted: &[(ReadKind, String)],
) -> Result<Hinted, StoreError> {
    let alert = item.kind == FRAUD_ALERT;
    if alert {
        alarm(tx, item, accepted.tenant).await?;
    }
    if wanted.is_empty() {
        return Ok(if alert {
            Hinted::Noted
        } else {
            Hinted::Rejected("nothing to read")
        });
    }
    let accounts = accounts(tx, accepted).await?;
    if accounts.is_empty() {
        return Ok(Hinted::Rejected("no account"));
    }
    if accounts.len() > MOST_ACCOUNTS {
        let matter = NewAttention {
            tenant: TenantId::UNASSIGNED,
            kind: "payment_unknown",
            subject: "mercadopago:account",
            detail: serde_json::json!({ "account": item.account }),
            deadline: None,
        };
        attention::raise(tx, &matter).await?;
        return Ok(Hinted::Rejected("an account that nobody has"));
    }
    // Ascending, as everybody who wants several things at once.
    let mut wanted: Vec<_> = wanted.iter().collect();
    wanted.sort_unstable();
    wanted.dedup();
    for (tenant, account) in accounts {
        for (kind, resource) in &wanted {
            if !resource.is_empty() {
                let event = item.event();
                want_because(tx, tenant, account, *kind, resource, Some(&event)).await?;
            }
        }
    }
    Ok(Hinted::Noted)
}

/// Whose the notice may be: the account it names, or else all there are, one more than are wanted at most.
async fn accounts(
    tx: &mut PgConnection,
    accepted: &Accepted,
) -> Result<Vec<(TenantId, AccountId)>, StoreError> {
    if let Some(account) = accepted.account {
        return Ok(vec![(accepted.tenant, account)]);
    }
    let rows = sqlx::query!(
        "SELECT tenant_id, id FROM channel_accounts WHERE provider = 'mercadopago' ORDER BY id LIMIT $1",
        i64::try_from(MOST_ACCOUNTS).unwrap_or(i64::MAX) + 1,
    )
    .fetch_all(tx)
    .await
    .doing("read whose the notice may be")?;
    let accounts = rows
        .into_iter()
        .map(|row| (row.tenant_id.into(), row.id.into()));
    Ok(accounts.collect())
}

async fn alarm(
    tx: &mut PgConnection,
    item: &InboxItem<'_>,
    tenant: TenantId,
) -> Result<(), StoreError> {
    let said: serde_json::Value = serde_json::from_slice(item.payload).unwrap_or_default();
    let body = said.get("item").unwrap_or(&said);
    let payment = body.pointer("/data/payment_id").or(said.get("data_id"));
    let payment = payment.map(|id| id.as_str().map_or_else(|| id.to_string(), str::to_owned));
    // The body is not signed: the owner reads a number or nothing.
    let is_number = |id: &String| id.len() <= 20 && id.bytes().all(|it| it.is_ascii_digit());
    let payment = payment.filter(|id| !id.is_empty() && is_number(id));
    let matter = NewAttention {
        tenant,
        kind: "payment_fraud_alert",
        subject: &match &payment {
            Some(id) => format!("mercadopago:{id}"),
            None => format!("notice:{}", Uuid::now_v7()),
        },
        detail: serde_json::json!({ "provider_id": payment }),
        deadline: None,
    };
    attention::raise(tx, &matter).await
}
