//! What contradicts itself. Each question finds nothing where all is well, and else says what in words.

use sqlx::PgConnection;

use crate::{
    error::{Doing as _, StoreError},
    ids::TenantId,
};

/// Each of them names at most so many.
const MOST: i64 = 100;

/// Asks all of them.
pub(super) async fn find(
    conn: &mut PgConnection,
    tenant: Option<TenantId>,
) -> Result<Vec<String>, StoreError> {
    let mut found = payments(conn, tenant).await?;
    found.extend(bookings(conn, tenant).await?);
    found.extend(refunds(conn, tenant).await?);
    found.extend(credits(conn, tenant).await?);
    Ok(found)
}

/// A payment's lines are what its newest reading says: it came once, as an orphan or for a booking, and what is gone of it
/// is gone there too. An orphan that found its place is off the list, all of it.
async fn payments(
    conn: &mut PgConnection,
    tenant: Option<TenantId>,
) -> Result<Vec<String>, StoreError> {
    sqlx::query_scalar!(
        r#"SELECT format('payment %s (%s, %s): %s of %s read, %s gone of %s; the ledger has %s, %s gone, %s out of %s waiting',
                         p.provider_id, p.status, p.verdict, p.currency, p.amount, it.back, p.amount, l.came, l.back,
                         l.out, l.orphan) AS "problem!"
           FROM payments p
           CROSS JOIN LATERAL (
               SELECT p.standing IN ('paid', 'disputed', 'charged_back', 'refunded') AND p.amount > 0
                          AND p.verdict NOT IN ('foreign') AS came,
                      CASE WHEN p.status = 'charged_back' AND p.status_detail <> 'reimbursed' THEN p.amount
                           ELSE p.refunded END AS back) AS it
           CROSS JOIN LATERAL (
               SELECT coalesce(sum(amount) FILTER (WHERE kind = 'orphan' AND detail = ''), 0)   AS orphan,
                      count(*) FILTER (WHERE kind = 'orphan' AND detail = '')                   AS orphans,
                      coalesce(sum(amount) FILTER (WHERE kind = 'payment'), 0)                  AS applied,
                      count(*) FILTER (WHERE kind = 'payment')                                  AS payments,
                      coalesce(sum(amount) FILTER (WHERE kind = 'orphan_out'), 0)               AS out,
                      coalesce(sum(amount) FILTER (WHERE kind IN ('refund', 'chargeback')), 0)
                      - coalesce(sum(amount) FILTER (WHERE kind = 'chargeback_reversed'), 0)    AS back,
                      coalesce(sum(amount) FILTER (WHERE kind = 'orphan' AND detail = ''),
                               sum(amount) FILTER (WHERE kind = 'payment'), 0)                  AS came
               FROM ledger_entries
               WHERE payment_id = p.id AND currency = p.currency
                 AND (provider = 'mercadopago' OR kind = 'orphan_out')) AS l
           WHERE ($1::uuid IS NULL OR p.tenant_id = $1)
             AND (it.came AND (l.came <> p.amount OR l.back <> it.back)
                  OR NOT it.came AND p.verdict IN ('open', 'nothing', 'foreign') AND l.came <> 0
                  OR l.orphans > 1 OR l.payments > 1
                  OR p.verdict IN ('entered', 'assigned') AND l.payments <> 1
                  OR p.verdict IN ('orphan', 'dismissed') AND l.payments <> 0
                  OR (p.verdict IN ('entered', 'assigned')) <> (p.reservation_id IS NOT NULL AND l.payments = 1))
           ORDER BY p.created_at, p.id
           LIMIT $2"#,
        tenant.map(TenantId::uuid),
        MOST,
    )
    .fetch_all(conn)
    .await
    .doing("compare the payments with the ledger")
}

/// A booking's money is applied, retained, credited, charged back or owed back: what is applied is not below zero, not
/// beyond what it costs, and nothing once it is over.
async fn bookings(
    conn: &mut PgConnection,
    tenant: Option<TenantId>,
) -> Result<Vec<String>, StoreError> {
    sqlx::query_scalar!(
        r#"SELECT format('booking %s (%s): %s %s applied of %s, %s retained', r.code, r.status, m.currency, m.applied,
                         r.charge_total + x.extras, m.retained) AS "problem!"
           FROM reservations r
           CROSS JOIN LATERAL (
               SELECT coalesce(sum(amount), 0) AS extras FROM payment_requests
               WHERE reservation_id = r.id AND purpose = 'extra' AND state IN ('open', 'paid')
                 AND currency = r.charge_currency) AS x
           CROSS JOIN LATERAL (
               SELECT currency, sum(applied) AS applied, sum(retained) AS retained
               FROM (SELECT currency,
                            CASE WHEN kind IN ('payment', 'credit_used', 'chargeback_reversed', 'retention_released',
                                               'loss') THEN amount
                                 WHEN kind IN ('retention', 'credit', 'chargeback') THEN -amount ELSE 0 END AS applied,
                            CASE kind WHEN 'retention' THEN amount WHEN 'retention_released' THEN -amount
                                      ELSE 0 END AS retained
                     FROM ledger_entries WHERE reservation_id = r.id
                     UNION ALL
                     SELECT currency, -amount, 0 FROM refunds
                     WHERE reservation_id = r.id AND state NOT IN ('credited', 'charged_back')) AS moved
               GROUP BY currency) AS m
           WHERE ($1::uuid IS NULL OR r.tenant_id = $1)
             AND (m.retained < 0
                  OR CASE WHEN m.currency = r.charge_currency
                               AND r.status IN ('held', 'confirmed', 'checked_in', 'completed')
                          THEN m.applied < 0 OR m.applied > r.charge_total + x.extras
                          ELSE m.applied <> 0 END)
           ORDER BY r.created_at, r.id
           LIMIT $2"#,
        tenant.map(TenantId::uuid),
        MOST,
    )
    .fetch_all(conn)
    .await
    .doing("compare the bookings with the ledger")
}

/// What was given back is in the ledger, all of it and once; what was not, is not.
async fn refunds(
    conn: &mut PgConnection,
    tenant: Option<TenantId>,
) -> Result<Vec<String>, StoreError> {
    sqlx::query_scalar!(
        r#"SELECT format('refund %s (%s): %s %s, the ledger has %s', f.id, f.state, f.currency, f.amount, l.given)
                  AS "problem!"
           FROM refunds f
           CROSS JOIN LATERAL (
               SELECT coalesce(sum(amount), 0) AS given FROM ledger_entries
               -- By hand before refunds had lines of their own name: by the reference.
               WHERE kind = 'refund' AND currency = f.currency
                 AND (refund_id = f.id OR refund_id IS NULL AND tenant_id = f.tenant_id AND payment = 'refund:' || f.id)) AS l
           WHERE ($1::uuid IS NULL OR f.tenant_id = $1)
             AND l.given <> CASE f.state WHEN 'done' THEN f.amount ELSE 0 END
           ORDER BY f.created_at, f.id
           LIMIT $2"#,
        tenant.map(TenantId::uuid),
        MOST,
    )
    .fetch_all(conn)
    .await
    .doing("compare the refunds with the ledger")
}

/// What a credit was, was used and ran out is in the ledger.
async fn credits(
    conn: &mut PgConnection,
    tenant: Option<TenantId>,
) -> Result<Vec<String>, StoreError> {
    sqlx::query_scalar!(
        r#"SELECT format('credit %s: %s %s given, %s used, %s expired; the ledger has %s, %s, %s', c.id, c.currency,
                         c.amount, c.used, c.expired, l.given, l.used, l.expired) AS "problem!"
           FROM credits c
           CROSS JOIN LATERAL (
               SELECT coalesce(sum(amount) FILTER (WHERE kind = 'credit'), 0)         AS given,
                      coalesce(sum(amount) FILTER (WHERE kind = 'credit_used'), 0)    AS used,
                      coalesce(sum(amount) FILTER (WHERE kind = 'credit_expired'), 0) AS expired
               FROM ledger_entries
               WHERE tenant_id = c.tenant_id AND provider = 'internal' AND payment = 'credit:' || c.id
                 AND currency = c.currency) AS l
           WHERE ($1::uuid IS NULL OR c.tenant_id = $1)
             AND (c.amount, c.used, c.expired) <> (l.given, l.used, l.expired)
           ORDER BY c.created_at, c.id
           LIMIT $2"#,
        tenant.map(TenantId::uuid),
        MOST,
    )
    .fetch_all(conn)
    .await
    .doing("compare the credits with the ledger")
}
