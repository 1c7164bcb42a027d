//! The lines of the ledger: a booking's, to be read, and how one is entered.
//!
//! Guaranteed: what is entered is never changed; where the price is in another currency than what is charged, a line says
//! at which rate, the quote's, and what it is worth there.

use chrono::{DateTime, Utc};
use posta_domain::{
    money::{Currency, Money},
    quote::Exchange,
};
use sqlx::PgConnection;

use super::Booking;
use crate::{
    audit::By,
    error::{Doing as _, StoreError},
    ids::{
        GuestId, LedgerEntryId, PaymentId, PaymentRequestId, QuoteId, RefundId, ReservationId,
        TenantId,
    },
};

/// A line to be entered. Most of it is nothing for most kinds.
#[derive(Debug, Clone, Default)]
pub(crate) struct NewLine<'a> {
    /// `payment`, `refund`, …
    pub(crate) kind: &'static str,
    /// `cash`, `transfer`, `mercadopago`, `internal`.
    pub(crate) provider: &'static str,
    /// The provider's payment, or ours.
    pub(crate) payment: &'a str,
    /// The refund's id or the dispute's number; empty for the payment itself.
    pub(crate) detail: &'a str,
    /// For which booking, whose guest and quote.
    pub(crate) of: Option<Of>,
    /// What it was asked for.
    pub(crate) request: Option<PaymentRequestId>,
    /// The payment at the provider.
    pub(crate) payment_id: Option<PaymentId>,
    /// What it gives back.
    pub(crate) refund: Option<RefundId>,
    /// What the provider and the state keep of it.
    pub(crate) fees: Option<Fees>,
    /// In the words of whoever recorded it.
    pub(crate) note: &'a str,
}

/// The booking of a line.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Of {
    /// Which.
    pub(crate) reservation: ReservationId,
    /// Whose.
    pub(crate) guest: GuestId,
    /// By which price.
    pub(crate) quote: QuoteId,
}

/// What is kept of a payment before it is ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Fees {
    /// The provider's.
    pub(crate) fee: i64,
    /// Taxes.
    pub(crate) withholdings: i64,
    /// What is received.
    pub(crate) net: Option<i64>,
}

impl From<&Booking> for Of {
    fn from(booking: &Booking) -> Self {
        Self {
            reservation: booking.id,
            guest: booking.guest,
            quote: booking.quote,
        }
    }
}

/// Enters it. An amount that is not above zero enters nothing.
pub(crate) async fn enter(
    tx: &mut PgConnection,
    by: &By,
    amount: Money,
    new: &NewLine<'_>,
) -> Result<(), StoreError> {
    if amount.minor <= 0 {
        return Ok(());
    }
    let worth = match new.of {
        Some(of) => worth(tx, of.quote, amount).await?,
        None => None,
    };
    let came = matches!(new.kind, "payment" | "orphan") && new.detail.is_empty();
    let (fee, withholdings, net) = match new.fees {
        Some(fees) => (
            Some(fees.fee),
            Some(fees.withholdings),
            fees.net
                .or(Some(amount.minor - fees.fee - fees.withholdings)),
        ),
        None => (None, None, came.then_some(amount.minor)),
    };
    sqlx::query!(
        "INSERT INTO ledger_entries (tenant_id, id, reservation_id, guest_id, payment_request_id, kind, provider, payment,
                                     detail, currency, amount, rate_micros, price_currency, price_amount, gross, fee,
                                     withholdings, net, note, recorded_by, payment_id, refund_id)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)",
        by.tenant.uuid(),
        LedgerEntryId::fresh().uuid(),
        new.of.map(|of| of.reservation.uuid()),
        new.of.map(|of| of.guest.uuid()),
        new.request.map(PaymentRequestId::uuid),
        new.kind,
        new.provider,
        new.payment,
        new.detail,
        amount.currency.as_str(),
        amount.minor,
        worth.as_ref().map(|(rate, _)| *rate),
        worth.as_ref().map(|(_, money)| money.currency.as_str()),
        worth.as_ref().map(|(_, money)| money.minor),
        came.then_some(amount.minor),
        fee,
        withholdings,
        net,
        new.note,
        by.actor,
        new.payment_id.map(PaymentId::uuid),
        new.refund.map(RefundId::uuid),
    )
    .execute(tx)
    .await
    .doing("enter a line into the ledger")
    .map(|_| ())
}

/// What it is worth in the currency of the price, and at which rate, where that is another.
async fn worth(
    conn: &mut PgConnection,
    quote: QuoteId,
    amount: Money,
) -> Result<Option<(i64, Money)>, StoreError> {
    let row = sqlx::query!(
        "SELECT currency, charge_currency, inputs->'exchange' AS exchange FROM quotes
         WHERE id = $1 AND currency <> charge_currency",
        quote.uuid(),
    )
    .fetch_optional(conn)
    .await
    .doing("read the rate of the quote")?;
    let Some((row, exchange)) = row
        .and_then(|mut row| Some((row.exchange.take()?, row)))
        .map(|(exchange, row)| (row, exchange))
    else {
        return Ok(None);
    };
    let unreadable = |what, source: Box<dyn std::error::Error + Send + Sync>| {
        StoreError::Unreadable { what, source }
    };
    let exchange: Exchange = serde_json::from_value(exchange)
        .map_err(|source| unreadable("quotes.inputs", source.into()))?;
    let price: Currency =
        row.currency
            .parse()
            .map_err(|source: posta_domain::money::NotACurrency| {
                unreadable("quotes.currency", source.into())
            })?;
    if amount.currency != exchange.to {
        return Ok(None);
    }
    let scale = |currency: Currency| 10_i128.pow(currency.decimals());
    let exact = i128::from(amount.minor) * 1_000_000 * scale(price);
    let divisor = i128::from(exchange.rate.get()) * scale(exchange.to);
    // Half away from zero, as everywhere; amounts are above zero here.
    let minor = i64::try_from((exact + divisor / 2) / divisor)
        .map_err(|source| unreadable("ledger_entries.amount", source.into()))?;
    Ok(Some((exchange.rate.get(), Money::new(minor, price))))
}

/// One line. The kind says which way the money went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerLine {
    /// Which.
    pub id: LedgerEntryId,
    /// `payment`, `refund`, `retention`, `credit`, `credit_used`, `chargeback`, `chargeback_reversed`,
    /// `retention_released`, `loss`.
    pub kind: String,
    /// `cash`, `transfer`, `mercadopago`, `internal`.
    pub provider: String,
    /// The provider's payment, or the reference it was recorded under.
    pub reference: String,
    /// How much, always positive.
    pub amount: Money,
    /// What it is worth in the currency of the prices, and at which rate, where that is another one.
    pub price: Option<(Money, i64)>,
    /// What the provider kept of it, minor units of its currency.
    pub fee: Option<i64>,
    /// What taxes took.
    pub withholdings: Option<i64>,
    /// What was received, where that is known.
    pub net: Option<i64>,
    /// What it was asked for.
    pub request: Option<PaymentRequestId>,
    /// The payment at the provider.
    pub payment: Option<PaymentId>,
    /// In the words of whoever recorded it.
    pub note: String,
    /// Who recorded it.
    pub recorded_by: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// All of them, oldest first.
pub async fn lines(
    conn: &mut PgConnection,
    tenant: TenantId,
    reservation: ReservationId,
) -> Result<Vec<LedgerLine>, StoreError> {
    let rows = sqlx::query!(
        "SELECT id, kind, provider, payment, currency, amount, rate_micros, price_currency, price_amount, fee,
                withholdings, net, payment_request_id, payment_id, note, recorded_by, at
         FROM ledger_entries
         WHERE tenant_id = $1 AND reservation_id = $2
         ORDER BY at, id",
        tenant.uuid(),
        reservation.uuid(),
    )
    .fetch_all(conn)
    .await
    .doing("read the booking's ledger")?;
    let currency_of = |code: &str| -> Result<Currency, StoreError> {
        code.parse().map_err(|source| StoreError::Unreadable {
            what: "ledger_entries.currency",
            source: Box::<dyn std::error::Error + Send + Sync>::from(source),
        })
    };
    let lines = rows.into_iter().map(|row| {
        let price = match (row.price_amount, &row.price_currency, row.rate_micros) {
            (Some(amount), Some(code), Some(rate)) => {
                Some((Money::new(amount, currency_of(code)?), rate))
            }
            _ => None,
        };
        Ok(LedgerLine {
            id: row.id.into(),
            kind: row.kind,
            provider: row.provider,
            reference: row.payment,
            amount: Money::new(row.amount, currency_of(&row.currency)?),
            price,
            fee: row.fee,
            withholdings: row.withholdings,
            net: row.net,
            request: row.payment_request_id.map(Into::into),
            payment: row.payment_id.map(Into::into),
            note: row.note,
            recorded_by: row.recorded_by,
            at: row.at,
        })
    });
    lines.collect()
}
