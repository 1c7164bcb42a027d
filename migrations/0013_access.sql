-- Who may do what, what was done by whom, and answers that must be given only once.

CREATE TABLE users (
    tenant_id     uuid        NOT NULL REFERENCES tenants (id),
    id            uuid        NOT NULL PRIMARY KEY,
    -- Lower case.
    email         text        NOT NULL CHECK (email = lower(email) AND email LIKE '%_@_%'),
    name          text        NOT NULL CHECK (name <> ''),
    role          text        NOT NULL CHECK (role IN ('owner', 'staff', 'readonly')),
    -- Argon2id, PHC string.
    password_hash text        NOT NULL,
    active        boolean     NOT NULL DEFAULT true,
    created_at    timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT users_tenant_id_key UNIQUE (tenant_id, id),
    -- One person, one address, whatever the tenant: it is how she logs in.
    CONSTRAINT users_email_key UNIQUE (email)
);

-- Pages. Only the SHA-256 of the cookie's 256 random bits is kept.
CREATE TABLE sessions (
    tenant_id  uuid        NOT NULL,
    token_hash bytea       NOT NULL PRIMARY KEY,
    user_id    uuid        NOT NULL,
    csrf_hash  bytea       NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id)
);
CREATE INDEX sessions_user_idx ON sessions (user_id);

-- Machines. The token is 256 random bits (so its SHA-256 is enough) and is shown once.
CREATE TABLE api_tokens (
    tenant_id  uuid        NOT NULL,
    id         uuid        NOT NULL PRIMARY KEY,
    -- Who made it; it can do no more than that user may.
    user_id    uuid        NOT NULL,
    name       text        NOT NULL CHECK (name <> ''),
    role       text        NOT NULL CHECK (role IN ('owner', 'staff', 'readonly')),
    token_hash bytea       NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz,
    revoked_at timestamptz,
    CONSTRAINT api_tokens_hash_key UNIQUE (token_hash),
    CONSTRAINT api_tokens_tenant_id_key UNIQUE (tenant_id, id),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id)
);

-- Guesses at passwords and links, by what is guessed at and by who guesses. Each failure makes the next wait longer.
-- tenant_id is the unassigned tenant's where the guess names nobody.
CREATE TABLE login_failures (
    tenant_id   uuid        NOT NULL DEFAULT '00000000-0000-0000-0000-000000000000' REFERENCES tenants (id),
    -- account:<sha256 of the address>, address:<ip>.
    subject     text        NOT NULL PRIMARY KEY,
    failures    integer     NOT NULL DEFAULT 1,
    last_at     timestamptz NOT NULL DEFAULT now(),
    blocked_until timestamptz
);
CREATE INDEX login_failures_last_idx ON login_failures (last_at);

-- A guest's way to her own booking: signed, expiring, revocable.
CREATE TABLE guest_links (
    tenant_id      uuid        NOT NULL,
    id             uuid        NOT NULL PRIMARY KEY,
    reservation_id uuid        NOT NULL,
    created_at     timestamptz NOT NULL DEFAULT now(),
    expires_at     timestamptz NOT NULL,
    revoked_at     timestamptz,
    CONSTRAINT guest_links_tenant_id_key UNIQUE (tenant_id, id),
    FOREIGN KEY (tenant_id, reservation_id) REFERENCES reservations (tenant_id, id)
);
CREATE INDEX guest_links_reservation_idx ON guest_links (reservation_id);

-- A request that was carried out, and its true answer: inserted in the transaction that carries it out, so a second
-- one with the same key waits for the first and is given the same. Refusals leave no row.
CREATE TABLE idempotency_keys (
    tenant_id      uuid        NOT NULL REFERENCES tenants (id),
    principal      text        NOT NULL,
    route          text        NOT NULL,
    key            text        NOT NULL CHECK (length(key) BETWEEN 1 AND 255),
    request_sha256 bytea       NOT NULL,
    -- Null only inside the transaction that is carrying it out.
    answer         jsonb,
    created_at     timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, principal, route, key)
);
CREATE INDEX idempotency_keys_created_idx ON idempotency_keys (created_at);

-- Who or what did each step.
CREATE TABLE audit_log (
    tenant_id  uuid        NOT NULL REFERENCES tenants (id),
    id         uuid        NOT NULL PRIMARY KEY,
    -- reservation:<uuid>, season:<uuid>, …
    subject    text        NOT NULL,
    -- user:<uuid>, token:<uuid>, guest:<link uuid>, web, system:<program>, import, …
    actor      text        NOT NULL,
    -- held, confirmed, payment_recorded, price_edited, …
    action     text        NOT NULL,
    detail     jsonb       NOT NULL DEFAULT '{}',
    request_id text,
    at         timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX audit_log_subject_idx ON audit_log (tenant_id, subject, at);
