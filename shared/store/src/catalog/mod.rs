//! What is let, at what price and under which conditions: read whole, edited piece by piece.
//!
//! [`place()`] reads everything about a property in one statement, so that what comes back is one moment of it, however
//! the owner edits meanwhile. Each edit is a transaction of its own with its row in the audit log; what is not possible
//! comes back as [`EditError`] with every problem, and nothing has changed then. Quotes and bookings keep the prices
//! they were made from, so no edit here changes what somebody was promised.
//!
//! Not guaranteed: that a price read now is still the price a moment later.

pub(crate) mod edit;
mod error;
mod place;
mod read;
mod row;

pub(crate) use edit::check;
pub use edit::{
    About, CabinEdit, NewUnitType, PropertyEdit, SeasonEdit, UnitTypeEdit, add_cabin,
    add_unit_type, cabin_texts, edit_cabin, edit_property, edit_unit_type, put_holiday, put_season,
    remove_cabin_text, remove_holiday, remove_season, remove_text, set_cabin_text,
    set_exchange_rate, set_text,
};
pub use error::{EditError, Problem};
pub use place::{Cabin, NotOverpaid, Overpaid, Place, Property, SeasonOfPlace, UnitType};
pub use read::{
    Of, exchange, now, only_property, place, properties, property_named, property_of,
    takes_mercadopago, texts, today,
};
