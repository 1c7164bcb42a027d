//! The senses found in a message, and what only their neighbours tell: whether "si" is a yes or an if, whether "no"
//! is an answer, whether "tienen" asks for room or for a pool.

use super::{phrases::Hit, said::Spoken, sense::Sense};
use crate::understand::{PayBy, Topic};

/// A "tienen" within so many words of a known question belongs to it.
const NEAR: usize = 4;
/// "Esa" is a yes only in a message about as short.
const SHORT: usize = 5;

/// All that was found.
pub(super) struct Senses<'a> {
    words: &'a [Spoken<'a>],
    hits: Vec<Hit>,
    /// Whether there is a question mark.
    pub(super) question: bool,
}

impl<'a> Senses<'a> {
    pub(super) fn new(words: &'a [Spoken<'a>], hits: Vec<Hit>, question: bool) -> Self {
        Self {
            words,
            hits,
            question,
        }
    }

    /// How many words there are.
    pub(super) fn len(&self) -> usize {
        self.words.len()
    }

    pub(super) fn hits(&self) -> impl Iterator<Item = &Hit> {
        self.hits.iter()
    }

    /// Where a sense is found first.
    pub(super) fn first(&self, sense: Sense) -> Option<usize> {
        self.hits().find(|hit| hit.sense == sense).map(|hit| hit.at)
    }

    pub(super) fn has(&self, sense: Sense) -> bool {
        self.first(sense).is_some()
    }

    pub(super) fn any(&self, senses: &[Sense]) -> bool {
        self.hits().any(|hit| senses.contains(&hit.sense))
    }

    /// Where a sense is found first in a phrase of at least so many words.
    pub(super) fn first_of_words(&self, sense: Sense, words: usize) -> Option<usize> {
        self.hits()
            .find(|hit| hit.sense == sense && hit.words >= words)
            .map(|hit| hit.at)
    }

    /// Ordinary words that nobody knew.
    pub(super) fn unread(&self) -> usize {
        let known: Vec<bool> = self
            .hits()
            .fold(vec![false; self.words.len()], |mut known, hit| {
                known
                    .iter_mut()
                    .take(hit.end)
                    .skip(hit.at)
                    .for_each(|known| *known = true);
                known
            });
        self.words
            .iter()
            .zip(known)
            .filter(|(word, known)| word.plain && !word.taken && !known)
            .count()
    }

    /// Known questions, with where they begin and whether the words alone make them one.
    pub(super) fn topics(&self) -> impl Iterator<Item = (Topic, &Hit)> {
        self.hits().filter_map(|hit| match hit.sense {
            Sense::Topic(topic) => Some((topic, hit)),
            _ => None,
        })
    }

    /// The way to pay that is named first.
    pub(super) fn pay_by(&self) -> Option<PayBy> {
        self.hits().find_map(|hit| match hit.sense {
            Sense::By(way) => Some(way),
            _ => None,
        })
    }

    /// Whether the words of a phrase belong to the guests or the dates.
    pub(super) fn is_taken(&self, hit: &Hit) -> bool {
        self.words
            .get(hit.at..hit.end)
            .is_some_and(|words| words.iter().any(|word| word.taken))
    }

    /// A "tenés", "hay" that does not ask for a known thing.
    pub(super) fn have(&self) -> Option<usize> {
        self.hits()
            .enumerate()
            .filter(|(_, hit)| hit.sense == Sense::Have)
            .find(|(index, hit)| !self.belongs(hit, self.hits.get(index + 1..).unwrap_or_default()))
            .map(|(_, hit)| hit.at)
    }

    /// Whether a "tenés" belongs to what follows: "tienen pileta", but not "tenés cabaña con pileta".
    fn belongs(&self, have: &Hit, after: &[Hit]) -> bool {
        after
            .iter()
            .take_while(|next| {
                next.at <= have.end + NEAR
                    && !matches!(next.sense, Sense::Cabin | Sense::Lodge)
                    && !(have.end..=next.at).any(|at| {
                        self.words
                            .get(at)
                            .is_some_and(|word| word.starts || word.taken)
                    })
            })
            .filter(|next| {
                next.at
                    .checked_sub(1)
                    .and_then(|before| self.words.get(before))
                    .is_none_or(|before| before.text != "con")
            })
            .any(|next| {
                matches!(
                    next.sense,
                    Sense::Topic(_)
                        | Sense::Discount
                        | Sense::Somebody
                        | Sense::Mine
                        | Sense::Price
                )
            })
    }

    /// Whether a yes was said: "si" counts as an answer, not as an if.
    pub(super) fn yes(&self) -> bool {
        self.opening(&[Sense::Yes]) || self.plain_si()
    }

    /// Whether the message begins with something like a yes: "ok", "esa", "la quiero".
    pub(super) fn agrees(&self) -> bool {
        self.opening(&[Sense::Nod, Sense::Take])
            || self.opening(&[Sense::That]) && self.len() <= SHORT
    }

    /// Whether one of these comes before anything but courtesy.
    fn opening(&self, senses: &[Sense]) -> bool {
        let mut read = 0;
        for hit in &self.hits {
            if hit.at > read {
                return false;
            }
            if senses.contains(&hit.sense) {
                return true;
            }
            if !matches!(
                hit.sense,
                Sense::Hello
                    | Sense::Courtesy
                    | Sense::Thanks
                    | Sense::Nod
                    | Sense::Yes
                    | Sense::Si
                    | Sense::That
                    | Sense::Correction
                    | Sense::Filler
            ) {
                return false;
            }
            read = read.max(hit.end);
        }
        false
    }

    /// "si" as an answer: at the start of a sentence, and followed by nothing that it could depend on.
    fn plain_si(&self) -> bool {
        self.hits.iter().enumerate().any(|(index, hit)| {
            if hit.sense != Sense::Si {
                return false;
            }
            let opens = self
                .words
                .get(hit.at)
                .is_some_and(|word| word.starts || word.paused)
                || self.hits.iter().take(index).all(|before| {
                    matches!(
                        before.sense,
                        Sense::Hello | Sense::Yes | Sense::Nod | Sense::Thanks | Sense::Courtesy
                    )
                });
            let closes = self
                .words
                .get(hit.end)
                .is_none_or(|word| word.starts || word.paused || word.taken)
                || self.hits.get(index + 1).is_some_and(|next| {
                    matches!(
                        next.sense,
                        Sense::Yes
                            | Sense::Nod
                            | Sense::That
                            | Sense::Thanks
                            | Sense::Reserve
                            | Sense::Take
                            | Sense::Si
                            | Sense::By(_)
                    )
                })
                || self.len() <= 3;
            opens && closes
        })
    }

    /// "no" as an answer.
    pub(super) fn plain_no(&self) -> bool {
        self.hits.iter().enumerate().any(|(index, hit)| {
            let opens = self.hits.iter().take(index).all(|before| {
                matches!(
                    before.sense,
                    Sense::Hello
                        | Sense::Nod
                        | Sense::Thanks
                        | Sense::Correction
                        | Sense::No
                        | Sense::Courtesy
                )
            });
            let closes = self
                .words
                .get(hit.end)
                .is_none_or(|word| word.starts || word.paused)
                || self.hits.get(index + 1).is_some_and(|next| {
                    matches!(
                        next.sense,
                        Sense::Thanks | Sense::Correction | Sense::Leave | Sense::No
                    )
                })
                || self.len() <= 2 && self.words.get(hit.end).is_none_or(|next| next.text != "se");
            hit.sense == Sense::No && opens && closes
        })
    }
}
