//! Ways of the model, walked against `PostgreSQL` through the store's use cases.
//!
//! The clock of a database cannot be set: instead a day passes by moving everything a day into the past ([`place`]).
//! After each step the bookings, the nights they have and their money must be what the model says. A hold whose time is
//! over counts as expired on both sides, whether it has been swept or not.

mod compare;
mod perform;
mod place;
mod walk;

use std::collections::BTreeMap;

use posta_store::testing::{Database, assert_books_balance, database};

use crate::{
    action::{Action, Size, both, one},
    bug::Bug,
    check::Explored,
    replay::{place::Place, walk::Walk},
};

const SEED: u64 = 0x706f_7374_6100_0001;
const WALKS: u64 = 240;
const STEPS: usize = 12;

fn everything(bug: Bug) -> Explored {
    let size = Size {
        bookings: 3,
        ticks: 3,
        holds: Size::every_range(),
        changes: vec![
            one(0, 0, 2),
            one(0, 1, 3),
            one(1, 0, 1),
            one(1, 1, 3),
            both(1, 2),
        ],
        fetches: vec![0b000, 0b001, 0b010, 0b110],
        payments: 2,
        crashes: 2,
        presence: true,
    };
    Explored::new(size, bug)
}

/// What was walked.
#[derive(Default)]
struct Walked {
    done: BTreeMap<String, usize>,
    refused: usize,
}

#[tokio::test]
async fn what_the_model_says_is_what_the_database_does() {
    let (database, model) = (database().await, everything(Bug::None));
    println!("{WALKS} walks of {STEPS} steps, seed {SEED:#x}");
    let mut walked = Walked::default();
    for walk in 0..WALKS {
        let differs = walk_once(&database, &model, SEED + walk, &mut walked).await;
        assert!(differs.is_none(), "{}", differs.unwrap_or_default());
    }
    assert_books_balance(database.pool()).await;
    let Walked { done, refused } = walked;
    let steps: usize = done.values().sum();
    println!("{steps} steps done, {refused} refused, by both alike: {done:?}");
    assert_eq!(done.len(), 16, "some steps were never taken");
}

/// That the comparison would see it.
#[tokio::test]
async fn what_a_wrong_model_says_is_not_what_the_database_does() {
    let database = database().await;
    for bug in [
        Bug::HoldLeavesOverdueHolds,
        Bug::HoldIgnoresElsewhere,
        Bug::LateMoneyClaimsNothing,
        Bug::CancelForgetsRefund,
        Bug::ExpiryForgetsMoney,
        Bug::ImportIsSilent,
    ] {
        let model = everything(bug);
        let mut walked = Walked::default();
        let mut found = None;
        for walk in 0..WALKS {
            if walk_once(&database, &model, SEED + walk, &mut walked)
                .await
                .is_some()
            {
                found = Some(walk + 1);
                break;
            }
        }
        println!("{bug:?} seen in walk {found:?}");
        assert!(found.is_some(), "{bug:?} was not seen");
    }
}

/// One way. Where the two differ first, if they do, and how they got there.
async fn walk_once(
    database: &Database,
    model: &Explored,
    seed: u64,
    walked: &mut Walked,
) -> Option<String> {
    let place = Place::new(database).await;
    let mut walk = Walk::new(model, seed);
    let mut way = Vec::new();
    for _ in 0..STEPS {
        let (action, next) = walk.step()?;
        way.push(action);
        if next.is_some() {
            *walked.done.entry(kind(action)).or_default() += 1;
        } else {
            walked.refused += 1;
        }
        place.perform(&walk.world, action).await;
        walk.world = next.unwrap_or(walk.world);
        if let Some(differs) = place.differs(&walk.world).await {
            return Some(format!("seed {seed:#x}: {differs}\nafter {way:#?}"));
        }
    }
    None
}

fn kind(action: Action) -> String {
    let text = format!("{action:?}");
    text.split(' ').next().unwrap_or_default().to_owned()
}
