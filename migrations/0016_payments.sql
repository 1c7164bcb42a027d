-- Mercado Pago: what was read of each payment, what is still to be read, links to pay, refunds that are carried out,
-- credits. A notice is never the truth; what is read is. Amounts are minor units of their currency.

-- A payment as it was read last. One row however often it is hinted at.
CREATE TABLE payments (
    tenant_id          uuid        NOT NULL,
    id                 uuid        NOT NULL PRIMARY KEY,
    -- Whose money it is.
    account_id         uuid        NOT NULL,
    -- Mercado Pago's id, digits.
    provider_id        text        NOT NULL CHECK (provider_id ~ '^[0-9]{1,20}$'),
    payment_request_id uuid,
    reservation_id     uuid,
    external_reference text,
    -- The provider's words; unknown ones are kept as they are.
    status             text        NOT NULL,
    status_detail      text        NOT NULL DEFAULT '',
    -- Ours: what the words mean (posta_domain::payment::Standing).
    standing           text        NOT NULL CHECK (standing IN ('pending', 'in_process', 'paid', 'disputed', 'charged_back',
                                                                'refunded', 'rejected', 'cancelled', 'unknown')),
    -- What became of it: waiting for Mercado Pago; in the ledger; an orphan that waits for the owner; not ours to count.
    verdict            text        NOT NULL CHECK (verdict IN ('open', 'entered', 'orphan', 'assigned', 'dismissed',
                                                               'foreign', 'nothing')),
    reason             text        NOT NULL DEFAULT '',
    collector          text        NOT NULL DEFAULT '',
    operation_type     text        NOT NULL DEFAULT '',
    -- visa, account_money, rapipago; credit_card, ticket, …
    method             text        NOT NULL DEFAULT '',
    method_type        text        NOT NULL DEFAULT '',
    currency           char(3)     NOT NULL,
    amount             bigint      NOT NULL CHECK (amount >= 0),
    refunded           bigint      NOT NULL DEFAULT 0 CHECK (refunded >= 0),
    fee                bigint      NOT NULL DEFAULT 0,
    withholdings       bigint      NOT NULL DEFAULT 0,
    net                bigint,
    -- The provider's clock.
    created_at         timestamptz NOT NULL,
    approved_at        timestamptz,
    updated_at         timestamptz NOT NULL,
    -- Our database's clock, before the request for what is kept here went out.
    read_from          timestamptz NOT NULL,
    first_read_at      timestamptz NOT NULL DEFAULT now(),
    reads              integer     NOT NULL DEFAULT 1,
    CONSTRAINT payments_tenant_id_key UNIQUE (tenant_id, id),
    CONSTRAINT payments_provider_key UNIQUE (account_id, provider_id),
    FOREIGN KEY (tenant_id, account_id) REFERENCES channel_accounts (tenant_id, id),
    FOREIGN KEY (tenant_id, payment_request_id) REFERENCES payment_requests (tenant_id, id),
    FOREIGN KEY (tenant_id, reservation_id) REFERENCES reservations (tenant_id, id)
);
CREATE INDEX payments_reservation_idx ON payments (reservation_id) WHERE reservation_id IS NOT NULL;
CREATE INDEX payments_reference_idx ON payments (tenant_id, external_reference);
CREATE INDEX payments_day_idx ON payments (account_id, approved_at) WHERE approved_at IS NOT NULL;
CREATE INDEX payments_open_idx ON payments (updated_at) WHERE verdict IN ('open', 'orphan');

-- What is to be read, one row per thing: however many notices hint at it, it is read once more and no oftener.
CREATE TABLE payment_reads (
    tenant_id   uuid        NOT NULL,
    account_id  uuid        NOT NULL,
    -- payment: by id; reference: all payments of one request; merchant_order, chargeback: by id; day: all payments that
    -- changed on that day (YYYY-MM-DD).
    kind        text        NOT NULL CHECK (kind IN ('payment', 'reference', 'merchant_order', 'chargeback', 'day')),
    resource    text        NOT NULL CHECK (resource <> ''),
    -- The last hint. A read that began before it does not answer it.
    wanted_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    -- The inbox event that hinted first; null where nobody did (polling).
    cause_day   date,
    cause_key   text,
    not_before  timestamptz NOT NULL DEFAULT clock_timestamp(),
    lease_until timestamptz,
    attempts    integer     NOT NULL DEFAULT 0,
    error       text,
    -- Null while it is wanted.
    done_at     timestamptz,
    outcome     text,
    CONSTRAINT payment_reads_key PRIMARY KEY (account_id, kind, resource),
    FOREIGN KEY (tenant_id, account_id) REFERENCES channel_accounts (tenant_id, id)
);
CREATE INDEX payment_reads_due_idx ON payment_reads (not_before) WHERE done_at IS NULL;
CREATE INDEX payment_reads_done_idx ON payment_reads (done_at) WHERE done_at IS NOT NULL;

-- A link to pay what was asked for. The intent is here before the provider hears of it: making one is not idempotent
-- there, so a retry first looks for what the attempt before it may have made.
CREATE TABLE payment_links (
    tenant_id          uuid        NOT NULL,
    id                 uuid        NOT NULL PRIMARY KEY,
    payment_request_id uuid        NOT NULL,
    account_id         uuid        NOT NULL,
    -- wanted → live → closing → closed; failed: refused for good, the owner is told.
    state              text        NOT NULL DEFAULT 'wanted' CHECK (state IN ('wanted', 'live', 'closing', 'closed', 'failed')),
    -- Set before the first attempt to make it: from then on there may be one that we do not know.
    tried_at           timestamptz,
    preference_id      text,
    url                text,
    -- As the provider was told; follows the request's.
    expires_at         timestamptz,
    not_before         timestamptz NOT NULL DEFAULT clock_timestamp(),
    lease_until        timestamptz,
    attempts           integer     NOT NULL DEFAULT 0,
    error              text,
    created_at         timestamptz NOT NULL DEFAULT clock_timestamp(),
    live_at            timestamptz,
    closed_at          timestamptz,
    CONSTRAINT payment_links_tenant_id_key UNIQUE (tenant_id, id),
    CONSTRAINT payment_links_live_check CHECK (state <> 'live' OR (preference_id IS NOT NULL AND url IS NOT NULL)),
    FOREIGN KEY (tenant_id, payment_request_id) REFERENCES payment_requests (tenant_id, id),
    FOREIGN KEY (tenant_id, account_id) REFERENCES channel_accounts (tenant_id, id)
);
CREATE UNIQUE INDEX payment_links_one_key ON payment_links (payment_request_id) WHERE state IN ('wanted', 'live');
CREATE INDEX payment_links_due_idx ON payment_links (not_before) WHERE state IN ('wanted', 'live', 'closing');
CREATE INDEX payment_links_request_idx ON payment_links (payment_request_id);

-- The balance is asked for once, and once more the day before.
ALTER TABLE payment_requests ADD COLUMN reminded_at timestamptz;

-- Where the lines of the ledger come from, and what they settle.
ALTER TABLE ledger_entries ADD COLUMN payment_id uuid;
ALTER TABLE ledger_entries ADD COLUMN refund_id uuid;
ALTER TABLE ledger_entries ADD CONSTRAINT ledger_entries_payment_fkey
    FOREIGN KEY (tenant_id, payment_id) REFERENCES payments (tenant_id, id);
ALTER TABLE ledger_entries ADD CONSTRAINT ledger_entries_refund_fkey
    FOREIGN KEY (tenant_id, refund_id) REFERENCES refunds (tenant_id, id);
CREATE INDEX ledger_entries_of_payment_idx ON ledger_entries (payment_id) WHERE payment_id IS NOT NULL;
CREATE INDEX ledger_entries_of_refund_idx ON ledger_entries (refund_id) WHERE refund_id IS NOT NULL;
CREATE INDEX ledger_entries_day_idx ON ledger_entries (tenant_id, at);
-- Money in: payment, credit_used, chargeback_reversed. Money out: refund, retention, credit, chargeback. And three that
-- only move it between our own columns: retention_released (what was retained went back after all), loss (more went
-- back than the booking held: the owner's), credit_expired (a credit nobody used is retained). An orphan is money in
-- that belongs to no booking; orphan_out takes it off that list when it finds its booking or goes back.
ALTER TABLE ledger_entries DROP CONSTRAINT ledger_entries_kind_check;
ALTER TABLE ledger_entries ADD CONSTRAINT ledger_entries_kind_check
    CHECK (kind IN ('payment', 'refund', 'retention', 'credit', 'credit_used', 'chargeback', 'chargeback_reversed',
                    'retention_released', 'loss', 'credit_expired', 'orphan', 'orphan_out'));

-- Refunds that the provider carries out. With a payment: due → requested → done, or failed → by_hand. Without: the
-- owner gives it back and says so.
ALTER TABLE refunds ALTER COLUMN reservation_id DROP NOT NULL;
ALTER TABLE refunds ADD COLUMN payment_id uuid;
-- The provider's ids of what carried it out; the idempotency key of the request is this row's id.
ALTER TABLE refunds ADD COLUMN provider_refund_id text;
ALTER TABLE refunds ADD COLUMN not_before timestamptz NOT NULL DEFAULT now();
ALTER TABLE refunds ADD COLUMN lease_until timestamptz;
ALTER TABLE refunds ADD COLUMN attempts integer NOT NULL DEFAULT 0;
ALTER TABLE refunds ADD COLUMN requested_at timestamptz;
ALTER TABLE refunds ADD COLUMN error text;
ALTER TABLE refunds ADD CONSTRAINT refunds_payment_fkey
    FOREIGN KEY (tenant_id, payment_id) REFERENCES payments (tenant_id, id);
ALTER TABLE refunds ADD CONSTRAINT refunds_subject_check CHECK (reservation_id IS NOT NULL OR payment_id IS NOT NULL);
-- credited: the guest took a credit instead. charged_back: what was owed was taken by a dispute of its payment instead;
-- owed again (due) should the dispute be won. Both are counted by their ledger lines and not as refunds.
ALTER TABLE refunds DROP CONSTRAINT refunds_state_check;
ALTER TABLE refunds ADD CONSTRAINT refunds_state_check
    CHECK (state IN ('due', 'requested', 'done', 'failed', 'by_hand', 'credited', 'charged_back'));
CREATE INDEX refunds_payment_idx ON refunds (payment_id) WHERE payment_id IS NOT NULL;
CREATE INDEX refunds_to_do_idx ON refunds (not_before) WHERE state IN ('due', 'requested') AND payment_id IS NOT NULL;

-- Money a guest has with us for a later stay. What is left is amount - used - expired.
CREATE TABLE credits (
    tenant_id      uuid        NOT NULL,
    id             uuid        NOT NULL PRIMARY KEY,
    guest_id       uuid        NOT NULL,
    -- Where it came from.
    reservation_id uuid        NOT NULL,
    currency       char(3)     NOT NULL,
    amount         bigint      NOT NULL CHECK (amount > 0),
    used           bigint      NOT NULL DEFAULT 0 CHECK (used >= 0),
    expired        bigint      NOT NULL DEFAULT 0 CHECK (expired >= 0),
    expires_at     timestamptz NOT NULL,
    created_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT credits_tenant_id_key UNIQUE (tenant_id, id),
    CONSTRAINT credits_left_check CHECK (used + expired <= amount),
    FOREIGN KEY (tenant_id, guest_id) REFERENCES guests (tenant_id, id),
    FOREIGN KEY (tenant_id, reservation_id) REFERENCES reservations (tenant_id, id)
);
CREATE INDEX credits_guest_idx ON credits (guest_id) WHERE used + expired < amount;
CREATE INDEX credits_expiry_idx ON credits (expires_at) WHERE used + expired < amount;

-- Why a hold was given more time; once for each reason.
CREATE TABLE hold_prolongations (
    tenant_id      uuid        NOT NULL,
    reservation_id uuid        NOT NULL,
    -- pending, in_process: a payment is on its way. outage: Mercado Pago could not be asked before the hold's end.
    reason         text        NOT NULL CHECK (reason IN ('pending', 'in_process', 'outage')),
    until          timestamptz NOT NULL,
    at             timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT hold_prolongations_key PRIMARY KEY (reservation_id, reason),
    FOREIGN KEY (tenant_id, reservation_id) REFERENCES reservations (tenant_id, id)
);

-- What Mercado Pago says of a day against what the ledger says; the last comparison of each.
CREATE TABLE reconciliations (
    tenant_id     uuid        NOT NULL,
    account_id    uuid        NOT NULL,
    day           date        NOT NULL,
    currency      char(3)     NOT NULL,
    -- Approved that day, and of that what has gone back, as Mercado Pago says and as the ledger says.
    theirs        bigint      NOT NULL,
    theirs_count  integer     NOT NULL,
    theirs_back   bigint      NOT NULL,
    ours          bigint      NOT NULL,
    ours_count    integer     NOT NULL,
    ours_back     bigint      NOT NULL,
    at            timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT reconciliations_key PRIMARY KEY (account_id, day, currency),
    FOREIGN KEY (tenant_id, account_id) REFERENCES channel_accounts (tenant_id, id)
);

-- What becomes of more than was asked for; how long a credit lasts; how many days before arrival the balance is asked
-- for (0: never, it is paid at the desk).
ALTER TABLE properties ADD COLUMN overpaid text NOT NULL DEFAULT 'refund' CHECK (overpaid IN ('refund', 'credit'));
ALTER TABLE properties ADD COLUMN credit_days integer NOT NULL DEFAULT 365 CHECK (credit_days BETWEEN 1 AND 3650);
ALTER TABLE properties ADD COLUMN balance_days integer NOT NULL DEFAULT 3 CHECK (balance_days BETWEEN 0 AND 90);
