//! "La 2", "la más barata", a name, a bare yes: one of what was shown.

use crate::{
    dialogue::{KindOfCabin, Offered},
    understand::{Pointer, Understanding},
};

/// Which of what was shown is meant, if one clearly is.
pub(super) fn at<'o>(
    offered: &'o [Offered],
    it: &Understanding,
    kinds: &[KindOfCabin],
) -> Option<&'o Offered> {
    if let Some(name) = &it.accommodation {
        let kind = kinds.iter().find(|kind| {
            kind.name == *name || kind.cabins.iter().any(|cabin| cabin.name == *name)
        })?;
        return offered.iter().find(|one| one.kinds == [kind.id]);
    }
    let by_price = |one: &&Offered| one.charge.minor;
    match it.pointer? {
        Pointer::Nth(n) => offered.get(usize::try_from(n).ok()?.checked_sub(1)?),
        Pointer::Last => offered.last(),
        Pointer::Cheapest => offered.iter().min_by_key(by_price),
        // The dearest is what is meant by the best and the largest, as far as prices tell.
        Pointer::Best => offered.iter().max_by_key(by_price),
    }
}
