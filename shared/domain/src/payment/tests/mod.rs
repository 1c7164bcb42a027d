//! The rules of payments: what a reading adds to the ledger, and that it matters neither when nor how often one looks.

mod histories;
mod model;
mod plans;
mod words;

use super::{Given, GivenState, Known, Movement, Snapshot, plan};
use crate::money::{Currency, Money};

/// Carries out a plan as the store does, and gives what the ledger has then.
fn entered(known: &Known, snapshot: &Snapshot) -> Known {
    let plan = plan(known, snapshot);
    let known = plan
        .movements
        .iter()
        .fold(known.clone(), |known, movement| match movement {
            Movement::In { amount } => known.with("payment", "", *amount),
            Movement::Refunded { id, amount } => known.with("refund", id, *amount),
            Movement::ChargedBack { n, amount } => {
                known.with("chargeback", &n.to_string(), *amount)
            }
            Movement::Returned { n, amount } => {
                known.with("chargeback_reversed", &n.to_string(), *amount)
            }
        });
    assert_eq!(known.held(), plan.held, "{:?}", plan.movements);
    known
}

/// A payment of 100 with that status, of which nothing went back.
fn read(status: &str, detail: &str) -> Snapshot {
    let at = "2027-01-05T15:40:00Z".parse().unwrap();
    Snapshot {
        provider_id: "140233071955".into(),
        status: status.into(),
        status_detail: detail.into(),
        amount: Money::new(100, Currency::ARS),
        refunded: 0,
        given: Vec::new(),
        collector: "418820117".into(),
        external_reference: Some("QX3TKM-1".into()),
        operation_type: "regular_payment".into(),
        method: "visa".into(),
        method_type: "credit_card".into(),
        fee: 6,
        net: Some(94),
        created_at: at,
        approved_at: Some(at),
        updated_at: at,
    }
}

fn given(id: &str, amount: i64, state: GivenState) -> Given {
    Given {
        id: id.into(),
        amount,
        state,
    }
}
