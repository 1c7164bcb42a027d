//! A complete fetch of the other channel's calendar: never refused, never silent.

use posta_domain::reservation::End;

use super::{No, Steps};
use crate::{
    bug::Bug,
    world::{Nights, World},
};

impl Steps {
    /// The nights that cabin 0 is sold elsewhere are now these.
    pub(super) fn import(&self, world: &mut World, nights: u8) -> Result<(), No> {
        let cabin = 0;
        for night in (0..8).filter(|night| nights & (1 << night) != 0) {
            let night = Nights {
                cabin,
                from: night,
                to: night + 1,
            };
            self.free_expired(world, [Some(night), None])?;
        }
        world.elsewhere[usize::from(cabin)] = nights;
        let recent = nights & world.recent();
        for slot in &mut world.bookings {
            let Some(booking) = slot else { continue };
            let mut yields = false;
            for stay in booking.stays.iter_mut().flatten() {
                let hit = stay.claim.is_some_and(|claim| {
                    claim.nights.cabin == cabin && claim.nights.mask() & recent != 0
                });
                let again = stay.collision > 0;
                stay.collision = match (hit, again) {
                    (false, _) if stay.nights.cabin == cabin => 0,
                    (false, _) => stay.collision,
                    (true, _) if self.bug == Bug::ImportIsSilent => 0,
                    (true, false) => 1,
                    (true, true) => 2,
                };
                yields |= hit && again;
            }
            // Only a hold gives way, and not while its receipt is looked at.
            if yields && let Ok(state) = booking.state.give_way() {
                self.end(booking, state, End::Yielded);
            }
        }
        Ok(())
    }
}
