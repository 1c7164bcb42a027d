-- The desk's list of chats: those that wait for a person first, then by who wrote last.
CREATE INDEX conversations_list_idx ON conversations
    (tenant_id, (mode = 'waiting') DESC, (coalesce(last_guest_at, created_at)) DESC, id DESC);
