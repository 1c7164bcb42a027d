-- Whose everything is. Every later table carries tenant_id, and foreign keys are composite, so that rows of two
-- tenants cannot be tied together and row-level security can be switched on without touching queries.

CREATE TABLE tenants (
    id         uuid        PRIMARY KEY,
    name       text        NOT NULL CHECK (name <> ''),
    created_at timestamptz NOT NULL DEFAULT now()
);

-- Items of accounts nobody has claimed yet are kept here: stored, never answered, shown to ops.
INSERT INTO tenants (id, name) VALUES ('00000000-0000-0000-0000-000000000000', 'unassigned');

-- Whose a WhatsApp number or a Mercado Pago account is. secret_ref names an environment variable or a secret
-- store's key, never the secret itself.
CREATE TABLE channel_accounts (
    tenant_id   uuid        NOT NULL REFERENCES tenants (id),
    id          uuid        NOT NULL PRIMARY KEY,
    provider    text        NOT NULL CHECK (provider IN ('whatsapp', 'mercadopago')),
    external_id text        NOT NULL CHECK (external_id <> ''),
    secret_ref  text        NOT NULL,
    -- Set when the provider refused our credentials or blocked the account: nothing is sent until a person clears it.
    stopped_at  timestamptz,
    stop_reason text,
    created_at  timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT channel_accounts_tenant_id_key UNIQUE (tenant_id, id),
    CONSTRAINT channel_accounts_external_key UNIQUE (provider, external_id)
);
