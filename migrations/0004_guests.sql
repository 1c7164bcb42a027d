-- Who writes. WhatsApp's ids come and go (phone numbers change, usernames hide them), so identity is ours and
-- theirs are aliases.

CREATE TABLE guests (
    tenant_id     uuid        NOT NULL REFERENCES tenants (id),
    id            uuid        NOT NULL PRIMARY KEY,
    kind          text        NOT NULL DEFAULT 'guest' CHECK (kind IN ('guest', 'personal', 'operator')),
    -- As the profile shows it; untrusted text.
    display_name  text,
    legal_name    text,
    document      text,
    residence     text,
    tax_condition text,
    email         text,
    -- Set when a message carried aliases of two guests: this one lives on in merged_into.
    merged_into   uuid,
    created_at    timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT guests_tenant_id_key UNIQUE (tenant_id, id),
    FOREIGN KEY (tenant_id, merged_into) REFERENCES guests (tenant_id, id)
);

CREATE TABLE guest_aliases (
    tenant_id  uuid        NOT NULL,
    account_id uuid        NOT NULL,
    kind       text        NOT NULL CHECK (kind IN ('wa_id', 'user_id', 'parent')),
    value      text        NOT NULL CHECK (value <> ''),
    guest_id   uuid        NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT guest_aliases_key PRIMARY KEY (account_id, kind, value),
    FOREIGN KEY (tenant_id, account_id) REFERENCES channel_accounts (tenant_id, id),
    FOREIGN KEY (tenant_id, guest_id) REFERENCES guests (tenant_id, id)
);
CREATE INDEX guest_aliases_guest_idx ON guest_aliases (guest_id);
