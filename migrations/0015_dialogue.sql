-- What the dialogue needs: events in the mailbox, texts of single cabins, guests who want no messages, and a search of
-- what was said.

-- An event is put into a mailbox by whoever changes a booking, who must not touch the chat's row (the lock order is
-- chat, then cabins, then bookings). The message-worker announces it: sets the chat's turn, in a transaction of its own.
ALTER TABLE mailbox ADD COLUMN announced_at timestamptz;
CREATE INDEX mailbox_unannounced_idx ON mailbox (stored_at)
    WHERE kind = 'event' AND handled_at IS NULL AND announced_at IS NULL;

-- Texts about a kind of cabin or about one cabin; they go before the property's. Keys as in property_texts.
CREATE TABLE cabin_texts (
    tenant_id        uuid        NOT NULL,
    property_id      uuid        NOT NULL,
    unit_type_id     uuid        NOT NULL,
    -- Null: about every cabin of the kind.
    accommodation_id uuid,
    key              text        NOT NULL,
    body             text        NOT NULL CHECK (body <> ''),
    updated_at       timestamptz NOT NULL DEFAULT now(),
    FOREIGN KEY (tenant_id, property_id) REFERENCES properties (tenant_id, id),
    FOREIGN KEY (tenant_id, unit_type_id) REFERENCES unit_types (tenant_id, id),
    FOREIGN KEY (tenant_id, accommodation_id) REFERENCES accommodations (tenant_id, id)
);
CREATE UNIQUE INDEX cabin_texts_key ON cabin_texts
    (unit_type_id, coalesce(accommodation_id, '00000000-0000-0000-0000-000000000000'), key);
CREATE INDEX cabin_texts_property_idx ON cabin_texts (property_id);

-- Set while the guest wants no messages that we begin ("baja"). What she asks is still answered.
ALTER TABLE guests ADD COLUMN opted_out_at timestamptz;

-- How long before a hold ends its guest is reminded; 0: never.
ALTER TABLE properties ADD COLUMN remind_minutes integer NOT NULL DEFAULT 10 CHECK (remind_minutes BETWEEN 0 AND 1440);
-- The end of the hold its guest was reminded of: a hold that is prolonged is reminded of again.
ALTER TABLE reservations ADD COLUMN reminded_of timestamptz;
CREATE INDEX reservations_remind_idx ON reservations (hold_expires_at)
    WHERE status = 'held' AND awaiting = 'payment';

-- Search of what was said. No stemming: names and codes are looked for as often as words.
CREATE INDEX messages_search_idx ON messages
    USING gin (to_tsvector('simple', coalesce(body, '') || ' ' || coalesce(transcript, '')));
-- A word that is everywhere ("hola") is found among the newest; only rare ones are worth the index above.
CREATE INDEX messages_time_idx ON messages (tenant_id, provider_time, id);

-- Which file of a chat is a receipt.
CREATE INDEX payment_requests_receipt_idx ON payment_requests (receipt_media_id) WHERE receipt_media_id IS NOT NULL;
