//! `[[unit_types]]`.

use posta_domain::money::Currency;

use super::{
    super::reader::{Part, Reading, count, flag, text, texts},
    FileUnitType, rates, twice,
    words::{texts as words, texts_by_cabin},
};
use crate::catalog::{UnitTypeEdit, check};

pub(super) fn read(
    mut part: Part<'_, '_>,
    currency: Currency,
    reading: &mut Reading,
) -> Option<FileUnitType> {
    let name = part.need(reading, "name", text);
    let capacity = part.need(reading, "capacity", count);
    let accommodations = part.need(reading, "accommodations", texts);
    let rates = part
        .part(reading, "rates")
        .map(|part| rates::read(part, currency, capacity.unwrap_or(1).clamp(1, 50), reading));
    let edit = UnitTypeEdit {
        name: name.clone(),
        description: part.get(reading, "description", text),
        capacity,
        photos: part.get(reading, "photos", texts),
        active: part.get(reading, "active", flag),
        // Checked where they are read. Absent: as they are in the database.
        rates: None,
    };
    let mut found = Vec::new();
    edit.check(&part.prefix(), currency, &mut found);
    for cabin in accommodations.iter().flatten() {
        check::name(&part.at("accommodations"), cabin, &mut found);
    }
    reading.problems_of(found);
    let accommodations = accommodations.unwrap_or_default();
    twice(
        accommodations.iter().map(String::as_str),
        &part.at("accommodations"),
        reading,
    );
    let about_all = words(&mut part, "texts", reading);
    let about_single = texts_by_cabin(&mut part, "cabin_texts", &accommodations, reading);
    part.finish(reading);
    Some(FileUnitType {
        name: name?,
        capacity: capacity?,
        edit: UnitTypeEdit {
            rates: rates.flatten().map(Some),
            ..edit
        },
        texts: about_all,
        cabin_texts: about_single,
        accommodations,
    })
}
