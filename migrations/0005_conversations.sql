-- The mailbox: what was said, by whom, and what still waits for a turn.

CREATE TABLE conversations (
    tenant_id         uuid        NOT NULL,
    id                uuid        NOT NULL PRIMARY KEY,
    account_id        uuid        NOT NULL,
    guest_id          uuid        NOT NULL,
    -- Where the dialogue stands (a name of the dialogue's state machine) and what it remembers.
    state             text        NOT NULL DEFAULT 'start',
    slots             jsonb       NOT NULL DEFAULT '{}',
    mode              text        NOT NULL DEFAULT 'bot' CHECK (mode IN ('bot', 'waiting', 'human', 'muted')),
    -- Raised by every message of a person: bot rows of an older epoch are not sent any more.
    epoch             integer     NOT NULL DEFAULT 0,
    -- When a turn is due. Null: nothing waits. Set in the transaction that stores the entry.
    turn_due_at       timestamptz,
    -- Since when something waits for a turn: bounds how long a guest who keeps typing can put it off.
    turn_wanted_at    timestamptz,
    -- The last turn: a second complete request right after it waits for the quiet window again.
    last_turn_at      timestamptz,
    -- Turns that failed in a row: each puts the next one off a little longer, so that one broken chat stops no other.
    turn_failures     integer     NOT NULL DEFAULT 0,
    -- Misunderstandings in a row; two hand the chat over.
    misunderstandings integer     NOT NULL DEFAULT 0,
    -- The guest's last message by the provider's clock: opens the 24-hour window.
    last_guest_at     timestamptz,
    -- The last message of a person of ours by the provider's clock.
    last_person_at    timestamptz,
    created_at        timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT conversations_tenant_id_key UNIQUE (tenant_id, id),
    CONSTRAINT conversations_guest_key UNIQUE (account_id, guest_id),
    FOREIGN KEY (tenant_id, account_id) REFERENCES channel_accounts (tenant_id, id),
    FOREIGN KEY (tenant_id, guest_id) REFERENCES guests (tenant_id, id)
);
-- Workers take due conversations from here.
CREATE INDEX conversations_due_idx ON conversations (turn_due_at) WHERE turn_due_at IS NOT NULL;

CREATE TABLE media (
    tenant_id   uuid        NOT NULL REFERENCES tenants (id),
    id          uuid        NOT NULL PRIMARY KEY,
    account_id  uuid        NOT NULL,
    -- The provider's media id; ids from webhooks live 7 days there.
    provider_id text        NOT NULL,
    mime        text        NOT NULL,
    state       text        NOT NULL DEFAULT 'wanted' CHECK (state IN ('wanted', 'stored', 'refused', 'lost')),
    reason      text,
    sha256      bytea,
    size_bytes  bigint,
    content     bytea,
    retain_until timestamptz,
    created_at  timestamptz NOT NULL DEFAULT now(),
    stored_at   timestamptz,
    CONSTRAINT media_tenant_id_key UNIQUE (tenant_id, id),
    CONSTRAINT media_provider_key UNIQUE (account_id, provider_id),
    FOREIGN KEY (tenant_id, account_id) REFERENCES channel_accounts (tenant_id, id)
);

-- Everything both sides said, kept for people to read.
CREATE TABLE messages (
    tenant_id       uuid        NOT NULL,
    id              uuid        NOT NULL PRIMARY KEY,
    conversation_id uuid        NOT NULL,
    direction       text        NOT NULL CHECK (direction IN ('in', 'out')),
    author          text        NOT NULL CHECK (author IN ('guest', 'bot', 'person')),
    -- The provider's type (text, image, interactive, …) or 'history'.
    kind            text        NOT NULL,
    -- Null until the provider told us (outgoing).
    provider_id     text,
    provider_time   timestamptz NOT NULL,
    received_at     timestamptz NOT NULL,
    item_index      integer     NOT NULL DEFAULT 0,
    -- Readable text; NULs are shown as U+FFFD here and kept in the event's bytes.
    body            text,
    transcript      text,
    media_id        uuid,
    reply_to        text,
    -- The event that brought it (inbound_events), or the outbox row that says it.
    event_day       date,
    event_key       text,
    outbox_id       uuid,
    CONSTRAINT messages_tenant_id_key UNIQUE (tenant_id, id),
    CONSTRAINT messages_provider_key UNIQUE (conversation_id, provider_id),
    FOREIGN KEY (tenant_id, conversation_id) REFERENCES conversations (tenant_id, id),
    FOREIGN KEY (tenant_id, media_id) REFERENCES media (tenant_id, id)
);
CREATE INDEX messages_media_idx ON messages (media_id) WHERE media_id IS NOT NULL;
-- The sender tells the message its provider id.
CREATE INDEX messages_outbox_idx ON messages (outbox_id) WHERE outbox_id IS NOT NULL;
CREATE INDEX messages_thread_idx ON messages (conversation_id, provider_time, received_at, item_index);

-- One run of the dialogue over all entries that waited; ties replies to every event that caused them.
CREATE TABLE turns (
    tenant_id       uuid        NOT NULL,
    id              uuid        NOT NULL PRIMARY KEY,
    conversation_id uuid        NOT NULL,
    -- What was decided, in one word (replied, silent_human, answered_by_person, …).
    decision        text        NOT NULL,
    entries         integer     NOT NULL,
    at              timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT turns_tenant_id_key UNIQUE (tenant_id, id),
    FOREIGN KEY (tenant_id, conversation_id) REFERENCES conversations (tenant_id, id)
);
CREATE INDEX turns_conversation_idx ON turns (conversation_id, at);

-- What waits for a turn: a guest's message, a person's message, or an event of another worker.
CREATE TABLE mailbox (
    tenant_id       uuid        NOT NULL,
    id              uuid        NOT NULL PRIMARY KEY,
    conversation_id uuid        NOT NULL,
    kind            text        NOT NULL CHECK (kind IN ('guest', 'person', 'event')),
    message_id      uuid,
    -- For events: what happened, as the dialogue reads it. For taps: the id of the button or row.
    payload         jsonb       NOT NULL DEFAULT '{}',
    provider_time   timestamptz NOT NULL,
    received_at     timestamptz NOT NULL,
    item_index      integer     NOT NULL DEFAULT 0,
    -- A file waits for its download (later: a voice note for its transcript) until then.
    wait_until      timestamptz,
    -- Put in under the chat's lock, by the wall clock: what is older than a turn was there when the turn was taken.
    stored_at       timestamptz NOT NULL DEFAULT clock_timestamp(),
    handled_at      timestamptz,
    turn_id         uuid,
    -- Effects are guarded by a unique key: an entry is put in once, however often it is delivered.
    dedupe_key      text        NOT NULL,
    event_day       date,
    event_key       text,
    CONSTRAINT mailbox_dedupe_key UNIQUE (conversation_id, dedupe_key),
    FOREIGN KEY (tenant_id, conversation_id) REFERENCES conversations (tenant_id, id),
    FOREIGN KEY (tenant_id, message_id) REFERENCES messages (tenant_id, id),
    FOREIGN KEY (tenant_id, turn_id) REFERENCES turns (tenant_id, id)
);
CREATE INDEX mailbox_waiting_idx ON mailbox (conversation_id, provider_time, received_at, item_index)
    WHERE handled_at IS NULL;
CREATE INDEX mailbox_message_idx ON mailbox (message_id) WHERE message_id IS NOT NULL;
CREATE INDEX mailbox_turn_idx ON mailbox (turn_id) WHERE turn_id IS NOT NULL;
