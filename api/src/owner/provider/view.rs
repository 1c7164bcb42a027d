//! A payment at Mercado Pago, as the desk reads it.

use chrono::{DateTime, Utc};
use posta_domain::money::Money as Amount;
use posta_store::{
    ids::{PaymentRequestId, ReservationId},
    payments::PaymentRow,
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::dto::Money;

/// A page of payments.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ProviderPayments {
    /// Newest first.
    pub(super) payments: Vec<ProviderPayment>,
    /// There may be more: ask with `after`.
    pub(super) next: Option<Uuid>,
}

/// A payment at Mercado Pago.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::owner) struct ProviderPayment {
    /// Which.
    id: Uuid,
    /// Its number at Mercado Pago.
    #[schema(example = "123456789012")]
    provider_id: String,
    /// As Mercado Pago says it: approved, rejected, …
    status: String,
    /// Its second word: accredited, `cc_rejected_insufficient_amount`, …
    status_detail: String,
    /// Where it stands: pending, `in_process`, paid, disputed, `charged_back`, refunded, rejected, cancelled, unknown.
    standing: String,
    /// What became of it: open (nothing came yet), entered (in the ledger), orphan (waits for you), assigned, dismissed,
    /// foreign (not this account's), nothing (it ended without money).
    verdict: String,
    /// Why, where the verdict needs a reason.
    reason: String,
    /// What was paid, without what the payer's financing costs.
    amount: Money,
    /// How much of it has gone back.
    refunded: Money,
    /// What Mercado Pago took for it.
    fee: Money,
    /// What taxes took.
    withholdings: Money,
    /// What was received; null while it is not known.
    net: Option<Money>,
    /// visa, `account_money`, …
    method: String,
    /// `credit_card`, `account_money`, …
    method_type: String,
    /// Whose money it is.
    reservation: Option<Uuid>,
    /// That booking's code.
    code: Option<String>,
    /// What it was asked for.
    request: Option<Uuid>,
    /// What was quoted with it.
    reference: Option<String>,
    /// By Mercado Pago's clock.
    created_at: DateTime<Utc>,
    /// When the money came.
    approved_at: Option<DateTime<Utc>>,
    /// When anything about it changed last, as far as it was read.
    updated_at: DateTime<Utc>,
}

impl From<PaymentRow> for ProviderPayment {
    fn from(row: PaymentRow) -> Self {
        let money = |minor| Money::from(Amount::new(minor, row.amount.currency));
        Self {
            id: row.id.uuid(),
            provider_id: row.provider_id,
            status: row.status,
            status_detail: row.status_detail,
            standing: row.standing,
            verdict: row.verdict,
            reason: row.reason,
            amount: row.amount.into(),
            refunded: money(row.refunded),
            fee: money(row.fee),
            withholdings: money(row.withholdings),
            net: row.net.map(money),
            method: row.method,
            method_type: row.method_type,
            reservation: row.reservation.map(ReservationId::uuid),
            code: row.code,
            request: row.request.map(PaymentRequestId::uuid),
            reference: row.external_reference,
            created_at: row.created_at,
            approved_at: row.approved_at,
            updated_at: row.updated_at,
        }
    }
}
