-- What a night costs and under which conditions, as the owner edits it. Amounts are minor units (centavos) of the
-- property's currency; what is charged may be another currency, at a rate the quote freezes.

CREATE EXTENSION IF NOT EXISTS btree_gist;

ALTER TABLE properties
    ADD COLUMN country            char(2) NOT NULL DEFAULT 'AR',
    -- Null: charged in the currency of the prices.
    ADD COLUMN charge_currency    char(3),
    -- Basis points (1/100 %) of what is charged, due to confirm.
    ADD COLUMN deposit_bp         integer NOT NULL DEFAULT 5000 CHECK (deposit_bp BETWEEN 0 AND 10000),
    -- How long nights are held: waiting for a payment, for the owner's look at a receipt, for her yes to a request.
    ADD COLUMN hold_minutes       integer NOT NULL DEFAULT 30 CHECK (hold_minutes BETWEEN 1 AND 10080),
    ADD COLUMN verification_hours integer NOT NULL DEFAULT 48 CHECK (verification_hours BETWEEN 1 AND 48),
    ADD COLUMN request_hours      integer NOT NULL DEFAULT 24 CHECK (request_hours BETWEEN 1 AND 168),
    ADD COLUMN quote_minutes      integer NOT NULL DEFAULT 1440 CHECK (quote_minutes BETWEEN 1 AND 43200),
    -- Nothing is sold further ahead, nor longer, than this.
    ADD COLUMN horizon_days       integer NOT NULL DEFAULT 540 CHECK (horizon_days BETWEEN 1 AND 1100),
    ADD COLUMN max_nights         integer NOT NULL DEFAULT 60 CHECK (max_nights BETWEEN 1 AND 365),
    -- posta_domain::cancellation::Policy as JSON. The default gives everything back until 15 days before, half until
    -- 7, then nothing; and the law's right of withdrawal within 10 days of booking (the owner confirms the numbers).
    ADD COLUMN cancellation       jsonb   NOT NULL DEFAULT
        '{"tiers": [{"days_before": 15, "refund_bp": 10000}, {"days_before": 7, "refund_bp": 5000}],
          "withdrawal": {"days": 10, "notice_days": 0}}';

ALTER TABLE unit_types
    -- posta_domain::rates::Rates as JSON. Null: not priced yet, sold by hand only.
    ADD COLUMN rates  jsonb,
    -- Addresses of pictures.
    ADD COLUMN photos jsonb   NOT NULL DEFAULT '[]',
    ADD COLUMN active boolean NOT NULL DEFAULT true;

CREATE TABLE seasons (
    tenant_id    uuid    NOT NULL,
    id           uuid    NOT NULL PRIMARY KEY,
    property_id  uuid    NOT NULL,
    name         text    NOT NULL CHECK (name <> ''),
    -- Nights, both included.
    first_night  date    NOT NULL,
    last_night   date    NOT NULL,
    -- Where seasons overlap the higher one gives the price of the night.
    priority     integer NOT NULL DEFAULT 0,
    min_nights   integer CHECK (min_nights BETWEEN 1 AND 365),
    -- Bits Monday = 1 … Sunday = 64. Null: any day.
    arrival_days smallint CHECK (arrival_days BETWEEN 1 AND 127),
    booking_mode text    CHECK (booking_mode IN ('instant', 'request')),
    CONSTRAINT seasons_tenant_id_key UNIQUE (tenant_id, id),
    CONSTRAINT seasons_name_key UNIQUE (property_id, name),
    CONSTRAINT seasons_order_check CHECK (first_night <= last_night AND last_night - first_night <= 731),
    FOREIGN KEY (tenant_id, property_id) REFERENCES properties (tenant_id, id)
);
-- Which seasons does a stay touch?
CREATE INDEX seasons_property_idx ON seasons (property_id, last_night);

-- A season may leave a type's prices as they are (only its conditions count then).
CREATE TABLE season_prices (
    tenant_id     uuid   NOT NULL,
    season_id     uuid   NOT NULL,
    unit_type_id  uuid   NOT NULL,
    night         bigint NOT NULL CHECK (night > 0),
    -- Null: as `night`.
    weekend_night bigint CHECK (weekend_night > 0),
    holiday_night bigint CHECK (holiday_night > 0),
    PRIMARY KEY (season_id, unit_type_id),
    FOREIGN KEY (tenant_id, season_id) REFERENCES seasons (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, unit_type_id) REFERENCES unit_types (tenant_id, id)
);

-- What one unit of the price currency costs in the currency that is charged, as the owner (or later a source) says.
-- The newest counts; quotes freeze it.
CREATE TABLE exchange_rates (
    tenant_id   uuid        NOT NULL,
    id          uuid        NOT NULL PRIMARY KEY,
    property_id uuid        NOT NULL,
    from_currency char(3)   NOT NULL,
    to_currency char(3)     NOT NULL,
    -- Millionths.
    micros      bigint      NOT NULL CHECK (micros > 0),
    source      text        NOT NULL CHECK (source <> ''),
    at          timestamptz NOT NULL DEFAULT now(),
    CHECK (from_currency <> to_currency),
    FOREIGN KEY (tenant_id, property_id) REFERENCES properties (tenant_id, id)
);
CREATE INDEX exchange_rates_newest_idx ON exchange_rates (property_id, from_currency, to_currency, at DESC);
