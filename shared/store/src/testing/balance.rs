//! Promises one and two, as SQL: whatever has happened, these queries find nothing.

use sqlx::PgPool;

/// Each finds what must not be, in words.
const PROMISES: &[(&str, &str)] = &[
    (
        "money that is neither applied, retained, credited nor owed back, or more than that",
        "SELECT format('%s (%s): %s applied of %s', r.code, r.status, m.net, r.charge_total)
         FROM reservations r
         CROSS JOIN LATERAL (
             SELECT coalesce((SELECT sum(CASE WHEN kind IN ('payment', 'credit_used') THEN amount
                                              WHEN kind IN ('retention', 'credit', 'chargeback') THEN -amount
                                              ELSE 0 END)
                              FROM ledger_entries l
                              WHERE l.reservation_id = r.id AND l.currency = r.charge_currency), 0)
                  - coalesce((SELECT sum(amount) FROM refunds f
                              WHERE f.reservation_id = r.id AND f.currency = r.charge_currency), 0) AS net) AS m
         WHERE CASE WHEN r.status IN ('held', 'confirmed', 'checked_in', 'completed')
                    THEN m.net < 0 OR m.net > r.charge_total
                    ELSE m.net <> 0 END",
    ),
    (
        "money of another currency that is not owed back",
        "SELECT format('%s: %s %s', r.code, sum(l.amount), l.currency)
         FROM ledger_entries l JOIN reservations r ON r.id = l.reservation_id
         WHERE l.kind = 'payment' AND l.currency <> r.charge_currency
         GROUP BY r.id, r.code, l.currency
         HAVING sum(l.amount) <> (SELECT coalesce(sum(f.amount), 0) FROM refunds f
                                  WHERE f.reservation_id = r.id AND f.currency = l.currency)",
    ),
    (
        "refunds given back that the ledger does not have, or the reverse",
        "SELECT format('%s: %s', f.reservation_id, f.id)
         FROM refunds f
         WHERE (f.state = 'done') <> EXISTS (SELECT FROM ledger_entries l
                                             WHERE l.kind = 'refund' AND l.payment = 'refund:' || f.id
                                               AND l.amount = f.amount AND l.currency = f.currency)",
    ),
    (
        "refunds due that the owner is not told of",
        "SELECT f.id::text FROM refunds f
         WHERE f.state = 'due' AND NOT EXISTS (SELECT FROM attention a
                                               WHERE a.kind = 'refund_due' AND a.subject = 'refund:' || f.id)",
    ),
    (
        "bookings that wait for the owner's yes without her being asked, or ask and do not wait",
        "SELECT format('%s (%s)', r.code, r.status) FROM reservations r
         WHERE (r.status = 'held' AND r.awaiting = 'owner')
               <> EXISTS (SELECT FROM attention a
                          WHERE a.kind = 'booking_requested' AND a.subject = 'reservation:' || r.id
                            AND a.state <> 'done')",
    ),
    (
        "stays of living bookings that do not have exactly their nights",
        "SELECT format('%s (%s): %s', r.code, r.status, s.id)
         FROM stays s JOIN reservations r ON r.id = s.reservation_id
         WHERE r.status IN ('held', 'confirmed', 'checked_in', 'completed')
           AND s.check_in < coalesce(s.left_on, s.check_out)
           AND NOT EXISTS (SELECT FROM claims c
                           WHERE c.stay_id = s.id AND c.accommodation_id = s.accommodation_id
                             AND c.period = daterange(s.check_in, coalesce(s.left_on, s.check_out), '[)')
                             AND (r.status = 'held') = (c.kind = 'hold')
                             AND c.expires_at IS NOT DISTINCT FROM r.hold_expires_at)",
    ),
    (
        "nights taken for nobody",
        "SELECT c.id::text
         FROM claims c
         LEFT JOIN stays s ON s.id = c.stay_id
         LEFT JOIN reservations r ON r.id = s.reservation_id
         LEFT JOIN blocks b ON b.id = c.block_id
         WHERE CASE c.kind WHEN 'block' THEN b.removed_at IS NOT NULL OR b.period <> c.period
                           ELSE r.status NOT IN ('held', 'confirmed', 'checked_in', 'completed')
                                OR s.left_on = s.check_in END",
    ),
    (
        "blocks without their nights",
        "SELECT b.id::text FROM blocks b
         WHERE b.removed_at IS NULL AND NOT EXISTS (SELECT FROM claims c WHERE c.block_id = b.id)",
    ),
    (
        "nights sold here and elsewhere without an open collision",
        "SELECT format('%s: %s', c.stay_id, n.night)
         FROM claims c
         JOIN external_nights n ON n.accommodation_id = c.accommodation_id AND c.period @> n.night
         WHERE c.kind <> 'block' AND n.night >= current_date
           AND (c.expires_at IS NULL OR c.expires_at > clock_timestamp())
           AND NOT EXISTS (SELECT FROM collisions x
                           WHERE x.feed_id = n.feed_id AND x.stay_id = c.stay_id AND x.state = 'open'
                             AND n.night = ANY (x.nights))",
    ),
    (
        "payments asked for a booking that has ended",
        "SELECT q.external_reference
         FROM payment_requests q JOIN reservations r ON r.id = q.reservation_id
         WHERE q.state = 'open' AND r.status IN ('expired', 'cancelled', 'yielded', 'no_show')",
    ),
    (
        "bookings whose price is not their quote's",
        "SELECT r.code FROM reservations r JOIN quotes q ON q.id = r.quote_id
         WHERE (r.charge_total, r.charge_currency, r.deposit) <> (q.charge_total, q.charge_currency, q.deposit)",
    ),
    (
        "bookings nobody wrote a step of",
        "SELECT r.code FROM reservations r
         WHERE NOT EXISTS (SELECT FROM audit_log a
                           WHERE a.tenant_id = r.tenant_id AND a.subject = 'reservation:' || r.id)",
    ),
];

/// Stops the test at the first promise that is broken.
pub async fn assert_books_balance(pool: &PgPool) {
    for (promise, sql) in PROMISES {
        let broken: Vec<String> = sqlx::query_scalar(*sql)
            .fetch_all(pool)
            .await
            .unwrap_or_else(|error| panic!("{promise}: {error}"));
        assert!(broken.is_empty(), "{promise}: {broken:#?}");
    }
}
