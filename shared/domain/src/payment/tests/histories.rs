//! Random lives of a payment, read at random moments, the readings applied in random order and more than once: the
//! ledger's sums are the provider's, whatever was seen on the way.

use chrono::{DateTime, TimeDelta, Utc};
use proptest::{collection::vec, prelude::*, sample::Index};

use super::{
    super::{Known, Order, Snapshot, order},
    entered,
    model::{Manner, Model},
};

type Reading = (Snapshot, DateTime<Utc>);

/// All it ever said: a reading after each change, asked for in that order.
fn life(manner: Manner, steps: &[(u8, u8)]) -> (Vec<Reading>, Model) {
    let mut model = Model::new(manner);
    let mut readings = Vec::new();
    for (n, (what, size)) in (0..).zip(steps) {
        model.step(*what, *size);
        let snapshot = model.read();
        let read_from = snapshot.created_at + TimeDelta::milliseconds(n);
        readings.push((snapshot, read_from));
    }
    (readings, model)
}

/// Applies readings as the store does: what is overtaken is left out.
fn applied<'a>(readings: impl IntoIterator<Item = &'a Reading>) -> Result<Known, TestCaseError> {
    let mut known = Known::nothing();
    let mut newest: Option<(DateTime<Utc>, DateTime<Utc>)> = None;
    for (snapshot, read_from) in readings {
        if newest.is_some_and(|(updated, read)| {
            order(updated, read, snapshot.updated_at, *read_from) == Order::Older
        }) {
            continue;
        }
        newest = Some((snapshot.updated_at, *read_from));
        known = entered(&known, snapshot);
        prop_assert!((0..=100).contains(&known.held()), "{:?}", known);
    }
    Ok(known)
}

/// The lines but for disputes that came to nothing, and for the names of refunds.
fn substance(known: &Known) -> (Option<i64>, i64, Option<i64>) {
    (
        known.came,
        known.back(),
        known.taken().map(|(_, amount)| amount),
    )
}

fn manner() -> impl Strategy<Value = Manner> {
    prop_oneof![
        Just(Manner::Settled),
        Just(Manner::Eager),
        Just(Manner::Lagging)
    ]
}

fn steps() -> impl Strategy<Value = Vec<(u8, u8)>> {
    vec((any::<u8>(), 1..=70_u8), 1..14)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn the_sums_of_the_ledger_depend_on_the_last_reading_alone(
        manner in manner(),
        steps in steps(),
        seen in vec(any::<Index>(), 0..24),
    ) {
        let (life, model) = life(manner, &steps);
        let last = &life[life.len() - 1..];
        let mut order: Vec<_> = seen.iter().map(|index| index.get(&life)).collect();
        // The last one is read at some time, perhaps first.
        order.insert(seen.len() / 2, &last[0]);
        let known = applied(order)?;
        prop_assert_eq!(substance(&known), substance(&applied(last)?));
        // And it is what the provider says of itself.
        let says = (model.came().then_some(100), model.back(), Some(model.taken()).filter(|taken| *taken > 0));
        prop_assert_eq!(substance(&known), says);
        prop_assert_eq!(known.held(), if model.came() { 100 - model.back() - model.taken() } else { 0 });
    }

    #[test]
    fn even_the_lines_are_the_same_where_no_dispute_ended_unseen(
        manner in prop_oneof![Just(Manner::Settled), Just(Manner::Eager)],
        steps in steps(),
        seen in vec(any::<Index>(), 0..24),
    ) {
        // Whoever is disputed stays so; all refunds are listed at once.
        let steps: Vec<_> = steps.into_iter().filter(|(what, _)| !matches!(what % 10, 2 | 3 | 7)).collect();
        prop_assume!(!steps.is_empty());
        let (life, _) = life(manner, &steps);
        let last = &life[life.len() - 1..];
        let mut order: Vec<_> = seen.iter().map(|index| index.get(&life)).collect();
        order.push(&last[0]);
        prop_assert_eq!(applied(order)?, applied(last)?);
    }
}
