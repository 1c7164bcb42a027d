//! The same sequence for the same seed.

/// splitmix64.
#[derive(Debug, Clone)]
pub(super) struct Dice(u64);

impl Dice {
    pub(super) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Less than `sides`.
    pub(super) const fn roll(&mut self, sides: u64) -> u64 {
        self.next() % sides
    }

    /// An index; none into nothing.
    pub(super) fn below(&mut self, len: usize) -> Option<usize> {
        let len = u64::try_from(len).ok().filter(|len| *len > 0)?;
        usize::try_from(self.roll(len)).ok()
    }

    /// One in so many times.
    pub(super) const fn one_in(&mut self, times: u64) -> bool {
        self.roll(times) == 0
    }

    /// From 1 to `most`, which is at least 1.
    pub(super) fn amount(&mut self, most: i64) -> i64 {
        let sides = u64::try_from(most.max(1)).unwrap_or(1);
        i64::try_from(self.roll(sides)).unwrap_or(0) + 1
    }
}
