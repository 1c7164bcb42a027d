-- What is to be said to the outside, written in the transaction of the state it follows from; sent by the
-- delivery-worker. And what the provider told us became of it.

CREATE TABLE outbox (
    tenant_id           uuid        NOT NULL,
    id                  uuid        NOT NULL PRIMARY KEY,
    account_id          uuid        NOT NULL,
    channel             text        NOT NULL CHECK (channel IN ('whatsapp', 'email')),
    guest_id            uuid,
    conversation_id     uuid,
    -- Per guest first in, first out. One sequence for all: a turn holds its conversation's lock, so the order of
    -- numbers within one conversation is the order of commits.
    seq                 bigint      GENERATED ALWAYS AS IDENTITY,
    -- The message as the dialogue made it (providers::whatsapp::Outgoing as JSON), without the recipient.
    payload             jsonb       NOT NULL,
    dedupe_key          text        NOT NULL,
    author              text        NOT NULL CHECK (author IN ('bot', 'person')),
    epoch               integer     NOT NULL DEFAULT 0,
    state               text        NOT NULL DEFAULT 'pending' CHECK (state IN
                        ('pending', 'sending', 'sent', 'delivered', 'read', 'failed', 'unknown', 'expired', 'dropped')),
    -- 'sending' is a lease: when it runs out nobody knows whether the provider took it.
    lease_until         timestamptz,
    lease_owner         text,
    -- Attempts that the provider answered with a refusal worth repeating.
    attempts            integer     NOT NULL DEFAULT 0,
    -- How often the bytes went out without a clear answer and were sent again; at most once.
    resends             integer     NOT NULL DEFAULT 0,
    not_before          timestamptz NOT NULL DEFAULT now(),
    not_after           timestamptz,
    provider_message_id text,
    error               text,
    -- The turn, and the event that caused it: from a reply one walks back to the exact bytes.
    turn_id             uuid,
    cause_day           date,
    cause_key           text,
    created_at          timestamptz NOT NULL DEFAULT now(),
    sent_at             timestamptz,
    final_at            timestamptz,
    CONSTRAINT outbox_tenant_id_key UNIQUE (tenant_id, id),
    CONSTRAINT outbox_dedupe_key UNIQUE (tenant_id, dedupe_key),
    FOREIGN KEY (tenant_id, account_id) REFERENCES channel_accounts (tenant_id, id),
    FOREIGN KEY (tenant_id, guest_id) REFERENCES guests (tenant_id, id),
    FOREIGN KEY (tenant_id, conversation_id) REFERENCES conversations (tenant_id, id),
    FOREIGN KEY (tenant_id, turn_id) REFERENCES turns (tenant_id, id)
);
-- The sender's question: whose oldest row may go now? Only rows not yet final are looked at. By account too: a stopped
-- number holds up nothing the same guest is told from another one.
CREATE INDEX outbox_open_idx ON outbox (guest_id, account_id, seq) WHERE state IN ('pending', 'sending');
CREATE INDEX outbox_ready_idx ON outbox (not_before) WHERE state = 'pending';
-- Whose lease has run out?
CREATE INDEX outbox_lease_idx ON outbox (lease_until) WHERE state = 'sending';
CREATE INDEX outbox_provider_idx ON outbox (provider_message_id) WHERE provider_message_id IS NOT NULL;
CREATE INDEX outbox_conversation_idx ON outbox (conversation_id, seq);

-- One row per (message, status, recipient), stored also when no outbox row matches yet: a status can arrive before
-- the answer to the request that caused it.
CREATE TABLE message_statuses (
    tenant_id   uuid        NOT NULL REFERENCES tenants (id),
    account     text        NOT NULL,
    wamid       text        NOT NULL,
    status      text        NOT NULL,
    recipient   text        NOT NULL DEFAULT '',
    at          timestamptz NOT NULL,
    -- biz_opaque_callback_data, when it is an outbox id of ours.
    outbox_id   uuid,
    payload     bytea       NOT NULL,
    -- For failures: code and title, as the outbox row will say it.
    error       text,
    copies      integer     NOT NULL DEFAULT 1,
    received_at timestamptz NOT NULL,
    applied_at  timestamptz,
    CONSTRAINT message_statuses_key PRIMARY KEY (account, wamid, status, recipient)
);
CREATE INDEX message_statuses_outbox_idx ON message_statuses (outbox_id) WHERE outbox_id IS NOT NULL;
-- What matched no outbox row when it came; swept until it does or is purged.
CREATE INDEX message_statuses_unapplied_idx ON message_statuses (received_at) WHERE applied_at IS NULL;
-- A reply that learns its message id looks for what was said about it.
CREATE INDEX message_statuses_wamid_idx ON message_statuses (wamid);
CREATE INDEX message_statuses_received_idx ON message_statuses (received_at);
