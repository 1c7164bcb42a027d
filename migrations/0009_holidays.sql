-- Public holidays: the country's are data; each property has its own copy, which the owner edits.

-- tenant_id is the unassigned tenant's: reference data of the installation.
CREATE TABLE national_holidays (
    tenant_id uuid    NOT NULL DEFAULT '00000000-0000-0000-0000-000000000000' REFERENCES tenants (id),
    country   char(2) NOT NULL,
    day       date    NOT NULL,
    name      text    NOT NULL CHECK (name <> ''),
    PRIMARY KEY (country, day)
);

CREATE TABLE holidays (
    tenant_id   uuid NOT NULL,
    property_id uuid NOT NULL,
    day         date NOT NULL,
    name        text NOT NULL CHECK (name <> ''),
    PRIMARY KEY (property_id, day),
    FOREIGN KEY (tenant_id, property_id) REFERENCES properties (tenant_id, id)
);

-- Ley 27.399: of the movable ones, Tuesday and Wednesday move to the Monday before, Thursday and Friday to the Monday
-- after. Bridges of 2026: Resolución 164/2025. Those of 2027 were not decreed when this was written: the owner adds them.
INSERT INTO national_holidays (country, day, name) VALUES
    ('AR', '2026-01-01', 'Año Nuevo'),
    ('AR', '2026-02-16', 'Carnaval'),
    ('AR', '2026-02-17', 'Carnaval'),
    ('AR', '2026-03-23', 'Feriado puente'),
    ('AR', '2026-03-24', 'Día de la Memoria'),
    ('AR', '2026-04-02', 'Malvinas y Jueves Santo'),
    ('AR', '2026-04-03', 'Viernes Santo'),
    ('AR', '2026-05-01', 'Día del Trabajador'),
    ('AR', '2026-05-25', 'Revolución de Mayo'),
    ('AR', '2026-06-15', 'Paso a la Inmortalidad de Güemes'),
    ('AR', '2026-06-20', 'Día de la Bandera'),
    ('AR', '2026-07-09', 'Día de la Independencia'),
    ('AR', '2026-07-10', 'Feriado puente'),
    ('AR', '2026-08-17', 'Paso a la Inmortalidad de San Martín'),
    ('AR', '2026-10-12', 'Respeto a la Diversidad Cultural'),
    ('AR', '2026-11-23', 'Soberanía Nacional'),
    ('AR', '2026-12-07', 'Feriado puente'),
    ('AR', '2026-12-08', 'Inmaculada Concepción'),
    ('AR', '2026-12-25', 'Navidad'),
    ('AR', '2027-01-01', 'Año Nuevo'),
    ('AR', '2027-02-08', 'Carnaval'),
    ('AR', '2027-02-09', 'Carnaval'),
    ('AR', '2027-03-24', 'Día de la Memoria'),
    ('AR', '2027-03-25', 'Jueves Santo'),
    ('AR', '2027-03-26', 'Viernes Santo'),
    ('AR', '2027-04-02', 'Malvinas'),
    ('AR', '2027-05-01', 'Día del Trabajador'),
    ('AR', '2027-05-25', 'Revolución de Mayo'),
    ('AR', '2027-06-20', 'Día de la Bandera'),
    ('AR', '2027-06-21', 'Paso a la Inmortalidad de Güemes'),
    ('AR', '2027-07-09', 'Día de la Independencia'),
    ('AR', '2027-08-16', 'Paso a la Inmortalidad de San Martín'),
    ('AR', '2027-10-11', 'Respeto a la Diversidad Cultural'),
    ('AR', '2027-11-20', 'Soberanía Nacional'),
    ('AR', '2027-12-08', 'Inmaculada Concepción'),
    ('AR', '2027-12-25', 'Navidad');

-- Every property begins with its country's. A later release that knows another year inserts into both tables.
CREATE FUNCTION give_national_holidays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO holidays (tenant_id, property_id, day, name)
    SELECT NEW.tenant_id, NEW.id, n.day, n.name FROM national_holidays n WHERE n.country = NEW.country
    ON CONFLICT (property_id, day) DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER properties_holidays AFTER INSERT ON properties
    FOR EACH ROW EXECUTE FUNCTION give_national_holidays();

INSERT INTO holidays (tenant_id, property_id, day, name)
SELECT p.tenant_id, p.id, n.day, n.name FROM properties p JOIN national_holidays n ON n.country = p.country;
