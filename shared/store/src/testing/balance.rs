//! Promises one and two, as SQL: whatever has happened, these queries find nothing.

use sqlx::PgPool;

/// Each finds what must not be, in words.
const PROMISES: &[(&str, &str)] = &[
    (
        "money that is neither applied, retained, credited nor owed back, or more than that",
        "SELECT format('%s (%s): %s applied of %s', r.code, r.status, m.net, m.total)
         FROM reservations r
         CROSS JOIN LATERAL (
             SELECT coalesce((SELECT sum(CASE WHEN kind IN ('payment', 'credit_used', 'chargeback_reversed',
                                                            'retention_released', 'loss') THEN amount
                                              WHEN kind IN ('retention', 'credit', 'chargeback') THEN -amount
                                              ELSE 0 END)
                              FROM ledger_entries l
                              WHERE l.reservation_id = r.id AND l.currency = r.charge_currency), 0)
                  - coalesce((SELECT sum(amount) FROM refunds f
                              WHERE f.reservation_id = r.id AND f.currency = r.charge_currency
                                AND f.state NOT IN ('credited', 'charged_back')), 0) AS net,
                    r.charge_total
                  + coalesce((SELECT sum(amount) FROM payment_requests q
                              WHERE q.reservation_id = r.id AND q.purpose = 'extra' AND q.state IN ('open', 'paid')
                                AND q.currency = r.charge_currency), 0) AS total) AS m
         WHERE CASE WHEN r.status IN ('held', 'confirmed', 'checked_in', 'completed')
                    THEN m.net < 0 OR m.net > m.total
                    ELSE m.net <> 0 END",
    ),
    (
        "money of another currency that is not owed back",
        "SELECT format('%s: %s %s', r.code, m.net, m.currency)
         FROM reservations r
         CROSS JOIN LATERAL (
             SELECT m.currency, sum(m.amount) AS net
             FROM (SELECT currency, CASE WHEN kind IN ('payment', 'credit_used', 'chargeback_reversed',
                                                       'retention_released', 'loss') THEN amount
                                         WHEN kind IN ('retention', 'credit', 'chargeback') THEN -amount
                                         ELSE 0 END AS amount
                   FROM ledger_entries WHERE reservation_id = r.id
                   UNION ALL
                   SELECT currency, -amount FROM refunds
                   WHERE reservation_id = r.id AND state NOT IN ('credited', 'charged_back')) AS m
             GROUP BY m.currency) AS m
         WHERE m.currency <> r.charge_currency AND m.net <> 0",
    ),
    (
        "refunds given back that the ledger does not have, or the reverse",
        "SELECT format('%s: %s', f.reservation_id, f.id)
         FROM refunds f
         CROSS JOIN LATERAL (
             SELECT count(*) AS lines, coalesce(sum(l.amount), 0) AS amount FROM ledger_entries l
             WHERE l.kind = 'refund' AND (l.refund_id = f.id OR l.payment = 'refund:' || f.id)
               AND l.currency = f.currency) AS l
         WHERE CASE f.state WHEN 'done' THEN l.lines <> 1 OR l.amount <> f.amount ELSE l.lines <> 0 END",
    ),
    (
        "refunds that wait and that the owner is not told of",
        "SELECT format('%s (%s)', f.id, f.state) FROM refunds f
         WHERE f.state IN ('due', 'requested', 'failed', 'by_hand')
           AND NOT EXISTS (SELECT FROM attention a
                           WHERE a.subject = 'refund:' || f.id
                             AND a.kind = CASE WHEN f.payment_id IS NULL OR f.state = 'by_hand' THEN 'refund_due'
                                               ELSE 'refund_automatic' END)",
    ),
    (
        "payments whose money came and is not in the ledger exactly once, or did not come and is",
        "SELECT format('%s (%s, %s): %s', p.provider_id, p.standing, p.verdict, l.came)
         FROM payments p
         CROSS JOIN LATERAL (
             SELECT coalesce(sum(amount) FILTER (WHERE kind = 'orphan' AND detail = ''),
                             sum(amount) FILTER (WHERE kind = 'payment'), 0) AS came,
                    count(*) FILTER (WHERE kind = 'payment') AS payments,
                    coalesce(sum(amount) FILTER (WHERE kind = 'payment'), 0) AS entered,
                    sum(amount) FILTER (WHERE kind = 'orphan_out' AND detail = 'out') AS placed
             FROM ledger_entries WHERE payment_id = p.id) AS l
         WHERE CASE WHEN p.verdict IN ('open', 'nothing', 'foreign') THEN l.came <> 0
                    ELSE l.came <> p.amount OR l.payments > 1
                         OR (p.verdict = 'entered' AND l.entered <> p.amount)
                         OR (p.verdict = 'assigned' AND l.entered IS DISTINCT FROM l.placed)
                         OR (p.verdict IN ('orphan', 'dismissed') AND l.payments > 0) END",
    ),
    (
        "payments whose lines do not say what was read of them",
        "SELECT format('%s (%s, %s): %s back, %s taken of %s', p.provider_id, p.status, p.status_detail, l.back, l.taken,
                       p.amount)
         FROM payments p
         CROSS JOIN LATERAL (
             SELECT coalesce(sum(amount) FILTER (WHERE kind = 'refund'), 0) AS back,
                    coalesce(sum(CASE kind WHEN 'chargeback' THEN amount
                                           WHEN 'chargeback_reversed' THEN -amount END), 0) AS taken
             FROM ledger_entries WHERE payment_id = p.id AND provider = 'mercadopago') AS l
         WHERE l.back > p.amount
            OR (p.standing = 'refunded' AND p.verdict <> 'foreign' AND l.back <> p.amount)
            OR (p.standing IN ('paid', 'disputed') AND l.back < 0)
            OR l.taken <> CASE WHEN p.standing = 'charged_back' AND p.status_detail <> 'reimbursed'
                                    AND p.verdict NOT IN ('foreign', 'open', 'nothing')
                               THEN p.amount - l.back ELSE 0 END",
    ),
    (
        "payments out of which more is owed back than is there",
        "SELECT format('%s: %s', p.provider_id, f.owed)
         FROM payments p
         CROSS JOIN LATERAL (SELECT coalesce(sum(amount), 0) AS owed FROM refunds
                             WHERE payment_id = p.id AND state NOT IN ('done', 'credited', 'charged_back')) AS f
         CROSS JOIN LATERAL (
             SELECT coalesce(sum(CASE WHEN kind = 'chargeback_reversed' THEN amount
                                      WHEN kind IN ('refund', 'chargeback') THEN -amount END), 0) AS moved
             FROM ledger_entries WHERE payment_id = p.id AND provider = 'mercadopago') AS l
         WHERE f.owed > p.amount + l.moved",
    ),
    (
        "orphans that nobody is told of, that are there twice, or that somebody has placed and that still wait",
        "SELECT format('%s (%s): %s', p.provider_id, p.verdict, l.waiting)
         FROM payments p
         CROSS JOIN LATERAL (
             SELECT coalesce(sum(CASE kind WHEN 'orphan' THEN amount WHEN 'orphan_out' THEN -amount END), 0) AS waiting
             FROM ledger_entries WHERE payment_id = p.id) AS l
         WHERE l.waiting < 0 OR (l.waiting > 0) <> (p.verdict = 'orphan')
            OR (l.waiting > 0 AND NOT EXISTS (SELECT FROM attention a
                                              WHERE a.kind = 'payment_orphan' AND a.subject = 'payment:' || p.id))",
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
