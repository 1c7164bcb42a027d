//! How a booking is paid.

use crate::dialogue::{Booked, World, turn::Turn};

/// Says how, and until when.
pub(in crate::dialogue) fn how<W: World>(_turn: &mut Turn<'_, W>, _booked: &Booked) {}
