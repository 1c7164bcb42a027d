//! A random way through the model, the same for the same seed.

use crate::{action::Action, check::Explored, replay::kind, world::World};

pub(super) struct Walk<'a> {
    model: &'a Explored,
    random: u64,
    pub(super) world: World,
}

impl<'a> Walk<'a> {
    pub(super) fn new(model: &'a Explored, seed: u64) -> Self {
        Self {
            model,
            random: seed,
            world: World::new(model.size.crashes),
        }
    }

    /// What is tried next, and the world after it; none where the model refuses.
    pub(super) fn step(&mut self) -> Option<(Action, Option<World>)> {
        let mut actions = Vec::new();
        self.model.size.actions(&self.world, &mut actions);
        let tried = actions.into_iter().map(|action| {
            let next = self.model.steps.after(&self.world, action);
            (action, next)
        });
        let (possible, refused): (Vec<_>, Vec<_>) = tried.partition(|(_, next)| next.is_some());
        let refused: Vec<_> = refused
            .into_iter()
            .filter(|(a, _)| must_be_refused(*a))
            .collect();
        let among = if self.random(8) == 0 && !refused.is_empty() {
            refused
        } else {
            possible
        };
        // A kind of step first: there are far more ways to hold than to arrive.
        let mut kinds: Vec<String> = among.iter().map(|(action, _)| kind(*action)).collect();
        kinds.sort_unstable();
        kinds.dedup();
        let wanted = kinds.get(self.random(kinds.len()))?.clone();
        let among: Vec<_> = among
            .into_iter()
            .filter(|(a, _)| kind(*a) == wanted)
            .collect();
        among.get(self.random(among.len())).copied()
    }

    /// Below the bound (`SplitMix64`).
    fn random(&mut self, bound: usize) -> usize {
        self.random = self.random.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.random;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let below = u64::try_from(bound.max(1)).expect("a small bound");
        usize::try_from((mixed ^ (mixed >> 31)) % below).expect("below a small bound")
    }
}

/// Where the store must refuse what the model refuses. (A second receipt, say, is no refusal there: it changes nothing.)
const fn must_be_refused(action: Action) -> bool {
    matches!(
        action,
        Action::Hold { lost: false, .. }
            | Action::Change { .. }
            | Action::Confirm { .. }
            | Action::Cancel { .. }
            | Action::CheckIn { .. }
            | Action::NoShow { .. }
            | Action::LeaveEarly { .. }
            | Action::CheckOut { .. }
    )
}
