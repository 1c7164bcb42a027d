-- Quotes, reservations, stays, and the claims that make selling a night twice impossible.

ALTER TABLE guests ADD COLUMN phone text;

-- A quote never changes: the price charged is the quote's, to the cent. `inputs` holds everything the price follows
-- from (posta_domain::quote::Inputs), so that pricing it again gives the same breakdown.
CREATE TABLE quotes (
    tenant_id       uuid        NOT NULL,
    id              uuid        NOT NULL PRIMARY KEY,
    property_id     uuid        NOT NULL,
    guest_id        uuid,
    inputs          jsonb       NOT NULL,
    breakdown       jsonb       NOT NULL,
    currency        char(3)     NOT NULL,
    total           bigint      NOT NULL CHECK (total >= 0),
    charge_currency char(3)     NOT NULL,
    charge_total    bigint      NOT NULL CHECK (charge_total >= 0),
    deposit         bigint      NOT NULL CHECK (deposit BETWEEN 0 AND charge_total),
    created_by      text        NOT NULL,
    created_at      timestamptz NOT NULL DEFAULT now(),
    valid_until     timestamptz NOT NULL,
    CONSTRAINT quotes_tenant_id_key UNIQUE (tenant_id, id),
    FOREIGN KEY (tenant_id, property_id) REFERENCES properties (tenant_id, id),
    FOREIGN KEY (tenant_id, guest_id) REFERENCES guests (tenant_id, id)
);
CREATE INDEX quotes_guest_idx ON quotes (guest_id, created_at) WHERE guest_id IS NOT NULL;

CREATE FUNCTION quotes_never_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Two guests that turn out to be one are the exception: who asked is not part of the price.
    IF to_jsonb(OLD) - 'guest_id' IS DISTINCT FROM to_jsonb(NEW) - 'guest_id' THEN
        RAISE EXCEPTION 'quote % cannot be changed: make another', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER quotes_immutable BEFORE UPDATE ON quotes FOR EACH ROW EXECUTE FUNCTION quotes_never_change();

CREATE TABLE reservations (
    tenant_id       uuid        NOT NULL,
    id              uuid        NOT NULL PRIMARY KEY,
    -- Said on the phone and used in references of payments; unambiguous letters.
    code            text        NOT NULL,
    property_id     uuid        NOT NULL,
    guest_id        uuid        NOT NULL,
    -- The quote in force. A change of dates or cabin puts another one in its place.
    quote_id        uuid        NOT NULL,
    status          text        NOT NULL CHECK (status IN ('held', 'confirmed', 'checked_in', 'completed', 'expired',
                                                           'cancelled', 'yielded', 'no_show')),
    awaiting        text        CHECK (awaiting IN ('payment', 'verification', 'owner')),
    hold_expires_at timestamptz,
    source          text        NOT NULL CHECK (source IN ('whatsapp', 'web', 'phone', 'walk_in', 'import', 'channel')),
    charge_currency char(3)     NOT NULL,
    charge_total    bigint      NOT NULL CHECK (charge_total >= 0),
    deposit         bigint      NOT NULL CHECK (deposit >= 0),
    -- Raised by every step; a change that was decided on an older one is refused.
    version         integer     NOT NULL DEFAULT 1,
    notes           text        NOT NULL DEFAULT '',
    created_at      timestamptz NOT NULL DEFAULT now(),
    confirmed_at    timestamptz,
    ended_at        timestamptz,
    CONSTRAINT reservations_tenant_id_key UNIQUE (tenant_id, id),
    CONSTRAINT reservations_code_key UNIQUE (tenant_id, code),
    CONSTRAINT reservations_held_check CHECK ((status = 'held') = (hold_expires_at IS NOT NULL)
                                          AND (status = 'held') = (awaiting IS NOT NULL)),
    FOREIGN KEY (tenant_id, property_id) REFERENCES properties (tenant_id, id),
    FOREIGN KEY (tenant_id, guest_id) REFERENCES guests (tenant_id, id),
    FOREIGN KEY (tenant_id, quote_id) REFERENCES quotes (tenant_id, id)
);
-- One living booking per quote. After an expired hold the same quote may be held again while it is valid.
CREATE UNIQUE INDEX reservations_quote_key ON reservations (quote_id)
    WHERE status IN ('held', 'confirmed', 'checked_in', 'completed');
CREATE INDEX reservations_quote_idx ON reservations (quote_id);
CREATE INDEX reservations_guest_idx ON reservations (guest_id, created_at);
CREATE INDEX reservations_list_idx ON reservations (property_id, status, created_at);
-- What the sweep frees; few rows are held.
CREATE INDEX reservations_expiry_idx ON reservations (hold_expires_at) WHERE status = 'held';

CREATE TABLE stays (
    tenant_id        uuid    NOT NULL,
    id               uuid    NOT NULL PRIMARY KEY,
    reservation_id   uuid    NOT NULL,
    -- Which stay of the quote this is.
    position         integer NOT NULL,
    unit_type_id     uuid    NOT NULL,
    accommodation_id uuid    NOT NULL,
    check_in         date    NOT NULL,
    check_out        date    NOT NULL,
    adults           integer NOT NULL CHECK (adults BETWEEN 1 AND 50),
    -- Ages, null where unknown.
    children         jsonb   NOT NULL DEFAULT '[]',
    pets             integer NOT NULL DEFAULT 0 CHECK (pets >= 0),
    -- Set when the guest left before check_out: the nights from this day on are free again.
    left_on          date,
    CONSTRAINT stays_tenant_id_key UNIQUE (tenant_id, id),
    CONSTRAINT stays_position_key UNIQUE (reservation_id, position),
    CONSTRAINT stays_order_check CHECK (check_in < check_out),
    CONSTRAINT stays_left_check CHECK (left_on >= check_in AND left_on < check_out),
    FOREIGN KEY (tenant_id, reservation_id) REFERENCES reservations (tenant_id, id),
    FOREIGN KEY (tenant_id, unit_type_id) REFERENCES unit_types (tenant_id, id),
    FOREIGN KEY (tenant_id, accommodation_id) REFERENCES accommodations (tenant_id, id)
);
-- Who arrives and who leaves on a day, by cabin.
CREATE INDEX stays_accommodation_idx ON stays (accommodation_id, check_in);

-- Nights the owner keeps to herself.
CREATE TABLE blocks (
    tenant_id        uuid        NOT NULL,
    id               uuid        NOT NULL PRIMARY KEY,
    accommodation_id uuid        NOT NULL,
    period           daterange   NOT NULL CHECK (NOT isempty(period) AND lower(period) IS NOT NULL AND upper(period) IS NOT NULL),
    reason           text        NOT NULL DEFAULT '',
    created_by       text        NOT NULL,
    created_at       timestamptz NOT NULL DEFAULT now(),
    removed_at       timestamptz,
    CONSTRAINT blocks_tenant_id_key UNIQUE (tenant_id, id),
    FOREIGN KEY (tenant_id, accommodation_id) REFERENCES accommodations (tenant_id, id)
);
CREATE INDEX blocks_accommodation_idx ON blocks (accommodation_id) WHERE removed_at IS NULL;

-- The nights that are taken, by whom. A row exists while it takes them: expiry, cancellation and early departure
-- delete or shorten it. Promise one is this table's exclusion constraint.
CREATE TABLE claims (
    tenant_id        uuid        NOT NULL,
    id               uuid        NOT NULL PRIMARY KEY,
    accommodation_id uuid        NOT NULL,
    period           daterange   NOT NULL,
    kind             text        NOT NULL CHECK (kind IN ('hold', 'stay', 'block')),
    stay_id          uuid,
    block_id         uuid,
    -- Holds only: from then on the nights are free, swept or not.
    expires_at       timestamptz,
    CONSTRAINT claims_period_check CHECK (NOT isempty(period) AND lower_inc(period) AND NOT upper_inc(period)
                                          AND lower(period) IS NOT NULL AND upper(period) IS NOT NULL),
    CONSTRAINT claims_hold_check CHECK ((kind = 'hold') = (expires_at IS NOT NULL)),
    CONSTRAINT claims_owner_check CHECK ((kind = 'block') = (block_id IS NOT NULL) AND (kind = 'block') = (stay_id IS NULL)),
    CONSTRAINT claims_no_overlap EXCLUDE USING gist (accommodation_id WITH =, period WITH &&),
    FOREIGN KEY (tenant_id, accommodation_id) REFERENCES accommodations (tenant_id, id),
    FOREIGN KEY (tenant_id, stay_id) REFERENCES stays (tenant_id, id),
    FOREIGN KEY (tenant_id, block_id) REFERENCES blocks (tenant_id, id)
);
-- One claim a stay, one a block.
CREATE UNIQUE INDEX claims_stay_key ON claims (stay_id) WHERE stay_id IS NOT NULL;
CREATE UNIQUE INDEX claims_block_key ON claims (block_id) WHERE block_id IS NOT NULL;
