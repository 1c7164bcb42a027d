-- What is let: a property has unit types, a type has interchangeable accommodations.

CREATE TABLE properties (
    tenant_id      uuid        NOT NULL REFERENCES tenants (id),
    id             uuid        NOT NULL PRIMARY KEY,
    name           text        NOT NULL CHECK (name <> ''),
    -- IANA zone. The owner's zone is the property's.
    zone           text        NOT NULL,
    currency       char(3)     NOT NULL,
    check_in_from  time        NOT NULL,
    check_out_until time       NOT NULL,
    -- When a person usually answers, in the property's zone: said to guests who ask for one.
    answers_from   time        NOT NULL DEFAULT '09:00',
    answers_until  time        NOT NULL DEFAULT '21:00',
    active         boolean     NOT NULL DEFAULT true,
    created_at     timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT properties_tenant_id_key UNIQUE (tenant_id, id),
    CONSTRAINT properties_name_key UNIQUE (tenant_id, name)
);

-- Texts the owner edits: what the desk says about this place. Keys the dialogue asks for: location, services,
-- check_in, welcome.
CREATE TABLE property_texts (
    tenant_id   uuid        NOT NULL,
    property_id uuid        NOT NULL,
    key         text        NOT NULL,
    body        text        NOT NULL CHECK (body <> ''),
    updated_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (property_id, key),
    FOREIGN KEY (tenant_id, property_id) REFERENCES properties (tenant_id, id)
);

CREATE TABLE unit_types (
    tenant_id   uuid    NOT NULL,
    id          uuid    NOT NULL PRIMARY KEY,
    property_id uuid    NOT NULL,
    name        text    NOT NULL CHECK (name <> ''),
    description text    NOT NULL DEFAULT '',
    capacity    integer NOT NULL CHECK (capacity BETWEEN 1 AND 50),
    CONSTRAINT unit_types_tenant_id_key UNIQUE (tenant_id, id),
    CONSTRAINT unit_types_name_key UNIQUE (property_id, name),
    FOREIGN KEY (tenant_id, property_id) REFERENCES properties (tenant_id, id)
);

CREATE TABLE accommodations (
    tenant_id    uuid    NOT NULL,
    id           uuid    NOT NULL PRIMARY KEY,
    unit_type_id uuid    NOT NULL,
    name         text    NOT NULL CHECK (name <> ''),
    active       boolean NOT NULL DEFAULT true,
    CONSTRAINT accommodations_tenant_id_key UNIQUE (tenant_id, id),
    CONSTRAINT accommodations_name_key UNIQUE (unit_type_id, name),
    FOREIGN KEY (tenant_id, unit_type_id) REFERENCES unit_types (tenant_id, id)
);
