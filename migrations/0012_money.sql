-- What was asked for and what became of every peso. Amounts are minor units of their currency.

CREATE TABLE payment_requests (
    tenant_id          uuid        NOT NULL,
    id                 uuid        NOT NULL PRIMARY KEY,
    reservation_id     uuid        NOT NULL,
    -- 1, 2, … within the booking.
    n                  integer     NOT NULL CHECK (n > 0),
    purpose            text        NOT NULL CHECK (purpose IN ('deposit', 'balance', 'difference', 'extra')),
    method             text        NOT NULL CHECK (method IN ('mercadopago', 'transfer', 'cash')),
    currency           char(3)     NOT NULL,
    amount             bigint      NOT NULL CHECK (amount > 0),
    -- code-n: what the other side quotes back to us.
    external_reference text        NOT NULL,
    state              text        NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'paid', 'expired', 'withdrawn')),
    expires_at         timestamptz,
    -- A transfer's receipt: waiting for the owner's look, accepted, refused.
    receipt            text        CHECK (receipt IN ('waiting', 'accepted', 'refused')),
    receipt_media_id   uuid,
    receipt_at         timestamptz,
    created_at         timestamptz NOT NULL DEFAULT now(),
    closed_at          timestamptz,
    CONSTRAINT payment_requests_tenant_id_key UNIQUE (tenant_id, id),
    CONSTRAINT payment_requests_n_key UNIQUE (reservation_id, n),
    CONSTRAINT payment_requests_reference_key UNIQUE (tenant_id, external_reference),
    FOREIGN KEY (tenant_id, reservation_id) REFERENCES reservations (tenant_id, id),
    FOREIGN KEY (tenant_id, receipt_media_id) REFERENCES media (tenant_id, id)
);
CREATE INDEX payment_requests_open_idx ON payment_requests (expires_at) WHERE state = 'open';

-- Append only. `payment` brings money in; every other kind says where money went. For each booking:
-- payments = applied to the stay + retained + credited + refunds (due or done).
CREATE TABLE ledger_entries (
    tenant_id          uuid        NOT NULL,
    id                 uuid        NOT NULL PRIMARY KEY,
    reservation_id     uuid,
    guest_id           uuid,
    payment_request_id uuid,
    kind               text        NOT NULL CHECK (kind IN ('payment', 'refund', 'retention', 'credit', 'credit_used',
                                                            'chargeback')),
    -- cash and transfer are recorded by hand.
    provider           text        NOT NULL CHECK (provider IN ('cash', 'transfer', 'mercadopago', 'internal')),
    -- The provider's payment; for hand-recorded ones the id the caller gave.
    payment            text        NOT NULL CHECK (payment <> ''),
    -- The refund's or dispute's id; empty for the payment itself.
    detail             text        NOT NULL DEFAULT '',
    currency           char(3)     NOT NULL,
    -- Always positive; the kind says which way.
    amount             bigint      NOT NULL CHECK (amount > 0),
    -- Charge currency per price currency, millionths, and the amount in the price's currency; null where equal.
    rate_micros        bigint,
    price_currency     char(3),
    price_amount       bigint,
    gross              bigint,
    fee                bigint,
    withholdings       bigint,
    net                bigint,
    note               text        NOT NULL DEFAULT '',
    recorded_by        text        NOT NULL,
    at                 timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT ledger_entries_tenant_id_key UNIQUE (tenant_id, id),
    CONSTRAINT ledger_entries_payment_key UNIQUE (tenant_id, provider, payment, kind, detail),
    FOREIGN KEY (tenant_id, reservation_id) REFERENCES reservations (tenant_id, id),
    FOREIGN KEY (tenant_id, guest_id) REFERENCES guests (tenant_id, id),
    FOREIGN KEY (tenant_id, payment_request_id) REFERENCES payment_requests (tenant_id, id)
);
CREATE INDEX ledger_entries_reservation_idx ON ledger_entries (reservation_id, at);

CREATE FUNCTION ledger_never_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Two guests that turn out to be one are the exception.
    IF TG_OP = 'DELETE' OR to_jsonb(OLD) - 'guest_id' IS DISTINCT FROM to_jsonb(NEW) - 'guest_id' THEN
        RAISE EXCEPTION 'ledger entry % cannot be changed: write another', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER ledger_immutable BEFORE UPDATE OR DELETE ON ledger_entries
    FOR EACH ROW EXECUTE FUNCTION ledger_never_changes();

-- Money we owe back. `due` until somebody (later: Mercado Pago) gives it back; by hand the owner says so.
CREATE TABLE refunds (
    tenant_id      uuid        NOT NULL,
    id             uuid        NOT NULL PRIMARY KEY,
    reservation_id uuid        NOT NULL,
    currency       char(3)     NOT NULL,
    amount         bigint      NOT NULL CHECK (amount > 0),
    -- cancelled, withdrawal, nights_gone, overpaid, changed, …
    reason         text        NOT NULL CHECK (reason <> ''),
    state          text        NOT NULL DEFAULT 'due' CHECK (state IN ('due', 'requested', 'done', 'failed', 'by_hand')),
    created_at     timestamptz NOT NULL DEFAULT now(),
    done_at        timestamptz,
    CONSTRAINT refunds_tenant_id_key UNIQUE (tenant_id, id),
    FOREIGN KEY (tenant_id, reservation_id) REFERENCES reservations (tenant_id, id)
);
CREATE INDEX refunds_reservation_idx ON refunds (reservation_id);
CREATE INDEX refunds_open_idx ON refunds (created_at) WHERE state NOT IN ('done');
