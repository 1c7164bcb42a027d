-- What needs a person, what could not be handled, and what the scheduler ran.

CREATE TABLE attention (
    tenant_id  uuid        NOT NULL REFERENCES tenants (id),
    id         uuid        NOT NULL PRIMARY KEY,
    kind       text        NOT NULL,
    -- What it is about, e.g. conversation:<uuid>; one open row per (kind, subject).
    subject    text        NOT NULL,
    detail     jsonb       NOT NULL DEFAULT '{}',
    deadline   timestamptz,
    state      text        NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'seen', 'done')),
    actions    jsonb       NOT NULL DEFAULT '[]',
    -- How often the same thing was reported again while open.
    repeats    integer     NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now(),
    done_at    timestamptz,
    CONSTRAINT attention_tenant_id_key UNIQUE (tenant_id, id)
);
CREATE UNIQUE INDEX attention_open_key ON attention (tenant_id, kind, subject) WHERE state <> 'done';

-- Messages the pipeline gave up on, with everything needed to understand and replay them.
CREATE TABLE dead_letters (
    tenant_id   uuid        NOT NULL REFERENCES tenants (id),
    id          uuid        NOT NULL PRIMARY KEY,
    queue       text        NOT NULL,
    -- Null when the bytes are not an envelope of ours.
    message_id  text,
    key         text,
    routing_key text        NOT NULL,
    body        bytea       NOT NULL,
    headers     jsonb       NOT NULL DEFAULT '{}',
    -- handler (attempts used up or poison), delivery_limit (the broker threw it out), unrouted.
    origin      text        NOT NULL CHECK (origin IN ('handler', 'delivery_limit', 'unrouted')),
    error       text        NOT NULL,
    attempts    integer     NOT NULL DEFAULT 0,
    created_at  timestamptz NOT NULL DEFAULT now(),
    replayed_at timestamptz,
    resolved_at timestamptz
);
-- The same broker message is recorded once, however often the recording is repeated after a crash.
CREATE UNIQUE INDEX dead_letters_message_key ON dead_letters (queue, message_id)
    WHERE resolved_at IS NULL AND replayed_at IS NULL;

CREATE TABLE job_runs (
    tenant_id    uuid        NOT NULL DEFAULT '00000000-0000-0000-0000-000000000000' REFERENCES tenants (id),
    job          text        NOT NULL,
    scheduled_at timestamptz NOT NULL,
    started_at   timestamptz NOT NULL DEFAULT now(),
    finished_at  timestamptz,
    outcome      text,
    CONSTRAINT job_runs_key PRIMARY KEY (job, scheduled_at)
);
