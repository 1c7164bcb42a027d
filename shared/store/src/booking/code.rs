//! The code of a booking: said on the phone, written on a transfer.
//!
//! Letters and digits that cannot be mistaken for one another, and no vowels, so that no word comes out by chance. Seven
//! of 27 are ten thousand million: enough not to collide often (a collision is tried again), and guessing one opens
//! nothing.

use uuid::Uuid;

const LETTERS: &[u8; 27] = b"BCDFGHJKLMNPQRSTVWXYZ234567";
const LENGTH: u32 = 7;

/// Three codes out of the bits of a random (version 4) UUID.
pub(super) fn codes(random: Uuid) -> impl Iterator<Item = String> {
    let mut bits = random.as_u128();
    (0..3).map(move |_| {
        let mut code = String::new();
        for _ in 0..LENGTH {
            let at = usize::try_from(bits % 27).unwrap_or(0);
            bits /= 27;
            code.extend(LETTERS.get(at).map(|letter| char::from(*letter)));
        }
        code
    })
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::{LETTERS, codes};

    #[test]
    fn three_different_codes_of_seven_unmistakable_letters_come_out_of_one_uuid() {
        let random = Uuid::from_u128(0x3f2a_77c1_9d04_4be8_a1c3_5566_77ab_90de);
        let all: Vec<String> = codes(random).collect();
        assert_eq!(all.len(), 3);
        assert!(all.iter().all(|code| code.len() == 7
            && code.bytes().all(|letter| LETTERS.contains(&letter))));
        assert!(all[0] != all[1] && all[1] != all[2]);
        assert!(LETTERS.iter().all(|letter| !b"AEIOU01".contains(letter)));
    }
}
