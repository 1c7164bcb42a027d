-- Nights sold on other channels: outside the exclusion constraint, so that an import can never fail because of it.
-- Claiming and importing both lock the accommodation, which is what keeps the two apart.

CREATE TABLE calendar_feeds (
    tenant_id        uuid        NOT NULL,
    id               uuid        NOT NULL PRIMARY KEY,
    accommodation_id uuid        NOT NULL,
    -- airbnb, booking, …
    channel          text        NOT NULL CHECK (channel <> ''),
    created_at       timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT calendar_feeds_tenant_id_key UNIQUE (tenant_id, id),
    CONSTRAINT calendar_feeds_channel_key UNIQUE (accommodation_id, channel),
    FOREIGN KEY (tenant_id, accommodation_id) REFERENCES accommodations (tenant_id, id)
);

CREATE TABLE external_nights (
    tenant_id        uuid        NOT NULL,
    feed_id          uuid        NOT NULL,
    accommodation_id uuid        NOT NULL,
    night            date        NOT NULL,
    first_seen_at    timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (feed_id, night),
    FOREIGN KEY (tenant_id, feed_id) REFERENCES calendar_feeds (tenant_id, id),
    FOREIGN KEY (tenant_id, accommodation_id) REFERENCES accommodations (tenant_id, id)
);
-- Is any of these nights sold elsewhere?
CREATE INDEX external_nights_idx ON external_nights (accommodation_id, night);

-- A night sold elsewhere that one of ours has too. Opened by the import; closed by re-assignment, by the hold's
-- giving way, or by the other side's night going away.
CREATE TABLE collisions (
    tenant_id        uuid        NOT NULL,
    id               uuid        NOT NULL PRIMARY KEY,
    feed_id          uuid        NOT NULL,
    accommodation_id uuid        NOT NULL,
    -- Stays and holds only: the owner's own block over a night sold elsewhere is no collision.
    stay_id          uuid        NOT NULL,
    nights           date[]      NOT NULL CHECK (cardinality(nights) > 0),
    -- Complete fetches that said so.
    seen             integer     NOT NULL DEFAULT 1,
    state            text        NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'resolved')),
    resolution       text,
    opened_at        timestamptz NOT NULL DEFAULT now(),
    resolved_at      timestamptz,
    CONSTRAINT collisions_tenant_id_key UNIQUE (tenant_id, id),
    FOREIGN KEY (tenant_id, feed_id) REFERENCES calendar_feeds (tenant_id, id),
    FOREIGN KEY (tenant_id, accommodation_id) REFERENCES accommodations (tenant_id, id),
    FOREIGN KEY (tenant_id, stay_id) REFERENCES stays (tenant_id, id)
);
CREATE UNIQUE INDEX collisions_open_key ON collisions (feed_id, stay_id) WHERE state = 'open';
CREATE INDEX collisions_stay_idx ON collisions (stay_id);
