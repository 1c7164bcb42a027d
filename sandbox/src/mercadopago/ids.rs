//! Ids and dates in the shapes Mercado Pago uses.

use chrono::{DateTime, FixedOffset, SubsecRound as _, Utc};
use rand::Rng;

/// Where the provider's clock lives: four hours behind, not Argentina's three.
const OFFSET_SECONDS: i32 = -4 * 3600;

/// Counts upwards by irregular steps, as real ids do, so that nobody relies on neighbours.
#[derive(Debug, Clone)]
pub(crate) struct Series(u64);

impl Series {
    pub(crate) fn from(start: u64) -> Self {
        Self(start)
    }

    pub(crate) fn next(&mut self, rng: &mut impl Rng) -> u64 {
        self.0 += rng.random_range(3..40_000);
        self.0
    }
}

/// A version 4 UUID.
pub(crate) fn uuid(rng: &mut impl Rng) -> String {
    let mut bytes: [u8; 16] = rng.random();
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    let text = hex::encode(bytes);
    [
        &text[..8],
        &text[8..12],
        &text[12..16],
        &text[16..20],
        &text[20..],
    ]
    .join("-")
}

/// `2026-01-14T15:22:41.000-04:00`
pub(crate) fn date(at: DateTime<Utc>) -> String {
    match FixedOffset::east_opt(OFFSET_SECONDS) {
        Some(zone) => at
            .with_timezone(&zone)
            .format("%Y-%m-%dT%H:%M:%S%.3f%:z")
            .to_string(),
        None => at.to_rfc3339(),
    }
}

/// The only form the provider takes (its error 1001): milliseconds and an offset, both written out.
pub(crate) fn parse_date(text: &str) -> Option<DateTime<Utc>> {
    if text.len() != "2026-01-14T16:15:00.000-03:00".len() {
        return None;
    }
    DateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.3f%:z")
        .ok()
        .map(|at| at.with_timezone(&Utc))
}

/// The resolution states of payments are dated with.
pub(crate) fn resolution(at: DateTime<Utc>, whole_seconds: bool) -> DateTime<Utc> {
    at.trunc_subsecs(if whole_seconds { 0 } else { 3 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_carry_milliseconds_and_the_providers_offset() {
        let at = parse_date("2026-01-14T16:15:00.250-03:00").unwrap();
        assert_eq!(date(at), "2026-01-14T15:15:00.250-04:00");
        assert_eq!(date(resolution(at, true)), "2026-01-14T15:15:00.000-04:00");
        for wrong in [
            "2026-01-14T16:15:00-03:00",
            "2026-01-14T16:15:00.000Z",
            "2026-01-14 16:15:00.000-03:00",
            "mañana",
        ] {
            assert_eq!(parse_date(wrong), None, "{wrong}");
        }
    }
}
