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

use futures_util::{StreamExt as _, stream};
use posta_store::testing::{Database, assert_books_balance, database};

use crate::{
    action::{Action, Size, both, one},
    bug::Bug,
    check::Explored,
    replay::{place::Place, walk::Walk},
};

const SEED: u64 = 0x706f_7374_6100_0001;
const WALKS: u64 = 200;
/// So many at a time, each of a tenant of its own.
const TOGETHER: usize = 6;
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
    /// The kinds of the steps.
    done: Vec<String>,
    refused: usize,
    /// Where the two differed first, if they did, and how they got there.
    differs: Option<String>,
}

#[tokio::test]
async fn what_the_model_says_is_what_the_database_does() {
    let (database, model) = (database().await, everything(Bug::None));
    println!("{WALKS} walks of {STEPS} steps, seed {SEED:#x}");
    let walks = stream::iter(0..WALKS).map(|walk| walk_once(&database, &model, SEED + walk));
    let walks: Vec<Walked> = walks.buffer_unordered(TOGETHER).collect().await;
    let (mut done, mut refused) = (BTreeMap::<String, usize>::new(), 0);
    for walked in walks {
        let differs = walked.differs;
        assert!(differs.is_none(), "{}", differs.unwrap_or_default());
        for kind in walked.done {
            *done.entry(kind).or_default() += 1;
        }
        refused += walked.refused;
    }
    assert_books_balance(database.pool()).await;
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
        let mut found = None;
        for walk in 0..WALKS {
            let walked = walk_once(&database, &model, SEED + walk).await;
            if walked.differs.is_some() {
                found = Some(walk + 1);
                break;
            }
        }
        println!("{bug:?} seen in walk {found:?}");
        assert!(found.is_some(), "{bug:?} was not seen");
    }
}

/// One way.
async fn walk_once(database: &Database, model: &Explored, seed: u64) -> Walked {
    let place = Place::new(database).await;
    let (mut walk, mut walked) = (Walk::new(model, seed), Walked::default());
    let mut way = Vec::new();
    for _ in 0..STEPS {
        let Some((action, next)) = walk.step() else {
            break;
        };
        way.push(action);
        if next.is_some() {
            walked.done.push(kind(action));
        } else {
            walked.refused += 1;
        }
        place.perform(&walk.world, action).await;
        walk.world = next.unwrap_or(walk.world);
        if let Some(differs) = place.differs(&walk.world).await {
            walked.differs = Some(format!("seed {seed:#x}: {differs}\nafter {way:#?}"));
            break;
        }
    }
    walked
}

fn kind(action: Action) -> String {
    let text = format!("{action:?}");
    text.split(' ').next().unwrap_or_default().to_owned()
}
