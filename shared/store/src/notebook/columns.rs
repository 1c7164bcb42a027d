//! The notebook's columns: in any order, named in English or Spanish, with or without accents and capitals.

/// A column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "each is explained by Column::about")]
pub enum Column {
    Source,
    Guest,
    Phone,
    Cabin,
    CheckIn,
    CheckOut,
    Adults,
    Children,
    Total,
    Paid,
    Method,
    Currency,
    BookedOn,
    Notes,
}

/// All of them.
pub const ALL: [Column; 14] = [
    Column::Source,
    Column::Guest,
    Column::Phone,
    Column::Cabin,
    Column::CheckIn,
    Column::CheckOut,
    Column::Adults,
    Column::Children,
    Column::Total,
    Column::Paid,
    Column::Method,
    Column::Currency,
    Column::BookedOn,
    Column::Notes,
];

// === impl Column ===

impl Column {
    /// As the documentation calls it.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.names().first().copied().unwrap_or_default()
    }

    /// Everything it may be called, the first being English and the second Spanish.
    #[must_use]
    pub const fn names(self) -> &'static [&'static str] {
        match self {
            Self::Source => &["source", "origen"],
            Self::Guest => &["guest", "huesped", "nombre", "pasajero"],
            Self::Phone => &["phone", "telefono", "celular"],
            Self::Cabin => &["cabin", "cabana", "unidad"],
            Self::CheckIn => &["check_in", "ingreso", "entrada", "desde", "arrival"],
            Self::CheckOut => &["check_out", "salida", "egreso", "hasta", "departure"],
            Self::Adults => &["adults", "adultos", "personas"],
            Self::Children => &["children", "menores", "ninos", "chicos"],
            Self::Total => &["total", "precio", "price"],
            Self::Paid => &["paid", "pagado", "sena"],
            Self::Method => &["method", "medio", "forma_de_pago"],
            Self::Currency => &["currency", "moneda"],
            Self::BookedOn => &["booked_on", "reservado", "fecha_de_reserva"],
            Self::Notes => &["notes", "notas", "observaciones", "comentarios"],
        }
    }

    /// What is written in it.
    #[must_use]
    pub const fn about(self) -> &'static str {
        match self {
            Self::Source => "how the booking came (phone, Airbnb, a cousin); kept with the notes",
            Self::Guest => "the guest's name",
            Self::Phone => "with area code; the same name and phone are the same guest",
            Self::Cabin => "the cabin's name, or its type's if the type has one cabin",
            Self::CheckIn => "day of arrival: 10/01/2027 (day first) or 2027-01-10",
            Self::CheckOut => "day of departure",
            Self::Adults => "how many; 1 if empty",
            Self::Children => "how many who take a place; 0 if empty",
            Self::Total => "the whole price: 450000, 450.000 or \"$ 450.000,50\"",
            Self::Paid => "of that, paid so far; nothing if empty",
            Self::Method => "how it was paid: cash (efectivo) or transfer (transferencia)",
            Self::Currency => "of total and paid; the property's charge currency if empty",
            Self::BookedOn => {
                "the day of booking, which the right of withdrawal counts from; today if empty"
            }
            Self::Notes => "anything",
        }
    }

    /// Whether a notebook without it makes no sense.
    #[must_use]
    pub const fn is_needed(self) -> bool {
        matches!(
            self,
            Self::Guest | Self::Cabin | Self::CheckIn | Self::CheckOut | Self::Total
        )
    }

    /// The column of that heading.
    pub(super) fn named(heading: &str) -> Option<Self> {
        let heading = plain(heading).replace([' ', '-'], "_");
        ALL.into_iter()
            .find(|column| column.names().contains(&heading.as_str()))
    }
}

/// Without capitals, accents and doubled spaces: how names are compared.
pub(super) fn plain(text: &str) -> String {
    let words: Vec<String> = text
        .split_whitespace()
        .map(|word| word.to_lowercase().chars().filter_map(bare).collect())
        .collect();
    words.join(" ")
}

fn bare(c: char) -> Option<char> {
    Some(match c {
        'á' | 'à' | 'â' | 'ã' | 'ä' => 'a',
        'é' | 'è' | 'ê' | 'ë' => 'e',
        'í' | 'ì' | 'î' | 'ï' => 'i',
        'ó' | 'ò' | 'ô' | 'õ' | 'ö' => 'o',
        'ú' | 'ù' | 'û' | 'ü' => 'u',
        'ñ' => 'n',
        'ç' => 'c',
        // Accents that are characters of their own: some keyboards write them so.
        '\u{300}'..='\u{36f}' => return None,
        other => other,
    })
}
