-- The inbox: one row per item received from outside, with the exact bytes and the verdict of their signature.

CREATE TABLE inbound_events (
    tenant_id   uuid        NOT NULL REFERENCES tenants (id),
    -- From the provider's own timestamp (stable on redelivery), UTC; 1970-01-01 where the provider gives none.
    day         date        NOT NULL,
    key         text        NOT NULL,
    id          uuid        NOT NULL,
    source      text        NOT NULL,
    kind        text        NOT NULL,
    account     text,
    guest_id    uuid,
    -- Exact bytes of the envelope's payload: jsonb would refuse \u0000 and reorder keys.
    payload     bytea       NOT NULL,
    received_at timestamptz NOT NULL,
    -- Which of the configured secrets had signed it; null: not signed (internal).
    signature   integer,
    copies      integer     NOT NULL DEFAULT 1,
    verdict     text        NOT NULL DEFAULT 'pending'
                CHECK (verdict IN ('pending', 'effected', 'rejected', 'dead')),
    reason      text,
    attempts    integer     NOT NULL DEFAULT 0,
    trace_id    text,
    stored_at   timestamptz NOT NULL DEFAULT now(),
    handled_at  timestamptz,
    PRIMARY KEY (day, key)
) PARTITION BY RANGE (day);

-- Days outside the prepared partitions (absent or absurd timestamps): an insert must never fail for its date.
CREATE TABLE inbound_events_default PARTITION OF inbound_events DEFAULT;

-- "From a booking or a message one can walk back": events are looked up by id too.
CREATE INDEX inbound_events_id_idx ON inbound_events (id);
-- The books ask for what is still pending; few rows are.
CREATE INDEX inbound_events_pending_idx ON inbound_events (received_at) WHERE verdict = 'pending';

-- Prepares one partition a day for [from_day, to_day]. A day that already has rows in the default partition is
-- left there (attaching would fail): it is purged by its age like the rest. Returns how many were made.
-- Attaching takes SHARE UPDATE EXCLUSIVE only, so inserts go on meanwhile.
CREATE FUNCTION prepare_inbound_partitions(from_day date, to_day date) RETURNS integer
LANGUAGE plpgsql AS $$
DECLARE
    d    date := from_day;
    part text;
    made integer := 0;
BEGIN
    WHILE d <= to_day LOOP
        part := 'inbound_events_' || to_char(d, 'YYYYMMDD');
        IF to_regclass(part) IS NULL
           AND NOT EXISTS (SELECT 1 FROM inbound_events_default WHERE day = d) THEN
            EXECUTE format('CREATE TABLE %I (LIKE inbound_events INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', part);
            EXECUTE format('ALTER TABLE inbound_events ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
                           part, d, d + 1);
            made := made + 1;
        END IF;
        d := d + 1;
    END LOOP;
    RETURN made;
END $$;

SELECT prepare_inbound_partitions(current_date - 35, current_date + 14);
