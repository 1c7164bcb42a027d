//! What a question is about, and the owner's texts about it.

use crate::dialogue::{Booked, CabinOfKind, Desk, KindOfCabin, World, turn::Turn};

/// A kind of cabin, or one cabin of it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Subject<'a> {
    pub(super) kind: &'a KindOfCabin,
    pub(super) cabin: Option<&'a CabinOfKind>,
}

/// What was named; else what the guest looks at; else what she has booked.
pub(super) fn of<'a, W: World>(
    turn: &Turn<'a, W>,
    named: Option<&str>,
    bookings: &[Booked],
) -> Vec<Subject<'a>> {
    let desk = turn.desk;
    if let Some(found) = named.and_then(|name| by_name(desk, name)) {
        return vec![found];
    }
    let looked_at = turn.chat.slots.kinds.iter();
    let looked_at: Vec<Subject<'a>> = looked_at
        .filter_map(|id| turn.kind(*id))
        .map(|kind| Subject { kind, cabin: None })
        .collect();
    if !looked_at.is_empty() {
        return looked_at;
    }
    let living = bookings.iter().find(|booked| super::is_living(booked));
    living.map_or_else(Vec::new, |booked| booked_cabins(desk, booked))
}

fn by_name<'a>(desk: &'a Desk, name: &str) -> Option<Subject<'a>> {
    desk.kinds.iter().find_map(|kind| {
        let cabin = kind.cabins.iter().find(|cabin| cabin.name == name);
        (kind.name == name || cabin.is_some()).then_some(Subject { kind, cabin })
    })
}

fn booked_cabins<'a>(desk: &'a Desk, booked: &Booked) -> Vec<Subject<'a>> {
    let stays = booked.stays.iter();
    stays
        .filter_map(|stay| {
            let kind = desk.kinds.iter().find(|kind| kind.id == stay.unit_type)?;
            let cabin = kind.cabins.iter().find(|cabin| cabin.id == stay.cabin);
            Some(Subject { kind, cabin })
        })
        .collect()
}

/// The texts of a key: of the subjects; else the property's; else those of every kind, with its name.
pub(super) fn texts(desk: &Desk, key: &str, subjects: &[Subject<'_>]) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for subject in subjects {
        let own = subject.cabin.and_then(|cabin| cabin.texts.get(key));
        if let Some(text) = own.or_else(|| subject.kind.texts.get(key))
            && !found.contains(text)
        {
            found.push(text.clone());
        }
    }
    if found.is_empty() {
        found.extend(desk.text(key).map(str::to_owned));
    }
    if found.is_empty() && subjects.is_empty() {
        let kinds = desk.kinds.iter();
        found.extend(kinds.filter_map(|kind| {
            let text = kind.texts.get(key)?;
            Some(format!("{}: {text}", kind.name))
        }));
    }
    found
}

/// How to get into the cabins of a booking. Whoever asks has checked that it may be told.
pub(super) fn access<'a>(desk: &'a Desk, booked: &Booked) -> Vec<&'a str> {
    let mut found: Vec<&str> = Vec::new();
    for subject in booked_cabins(desk, booked) {
        let own = subject.cabin.and_then(|cabin| cabin.texts.get("access"));
        let text = own
            .or_else(|| subject.kind.texts.get("access"))
            .map(String::as_str)
            .or_else(|| desk.text("access"));
        if let Some(text) = text
            && !found.contains(&text)
        {
            found.push(text);
        }
    }
    found
}
