//! What can happen to a payment, each as the readings that were possible on the way.

use posta_domain::payment::{GivenState, Snapshot};

use crate::mercadopago::{Manner, Remote};

/// A name, and what it says after each change.
pub(super) struct Life {
    pub(super) name: &'static str,
    pub(super) readings: fn(&Remote) -> Vec<Snapshot>,
}

pub(super) const LIVES: &[Life] = &[
    Life {
        name: "pending, approved",
        readings: |remote| {
            let mut remote = remote.clone();
            vec![
                remote.read().clone(),
                remote.becomes("approved", "accredited"),
            ]
        },
    },
    Life {
        name: "approved, given back in two parts",
        readings: |remote| {
            let mut remote = remote.clone();
            let part = remote.read().amount.minor / 3;
            vec![
                remote.read().clone(),
                remote.becomes("approved", "accredited"),
                remote.gives_back(2_201, part),
                remote.gives_back(2_202, i64::MAX),
            ]
        },
    },
    Life {
        name: "approved, a part given back",
        readings: |remote| {
            let mut remote = remote.clone();
            vec![
                remote.becomes("approved", "accredited"),
                remote.gives_back(2_201, 1_000_050),
            ]
        },
    },
    Life {
        name: "reviewed, approved, refunded",
        readings: |remote| {
            let mut remote = remote.clone();
            vec![
                remote.becomes("in_process", "pending_contingency"),
                remote.becomes("approved", "accredited"),
                remote.gives_back(2_201, i64::MAX),
            ]
        },
    },
    Life {
        name: "approved, a refund on its way, there",
        readings: |remote| {
            let mut remote = remote.clone().speaking(Manner::Eager);
            let mut said = vec![
                remote.becomes("approved", "accredited"),
                remote.will_give_back(2_201, 1_000_050),
            ];
            said.extend(remote.finishes(GivenState::Done));
            said
        },
    },
    Life {
        name: "claimed, approved again",
        readings: |remote| {
            let mut remote = remote.clone();
            vec![
                remote.becomes("approved", "accredited"),
                remote.becomes("in_mediation", "pending"),
                remote.becomes("approved", "accredited"),
            ]
        },
    },
    Life {
        name: "claimed, disputed, lost",
        readings: |remote| {
            let mut remote = remote.clone();
            vec![
                remote.becomes("approved", "accredited"),
                remote.becomes("in_mediation", "pending"),
                remote.becomes("charged_back", "in_process"),
                remote.becomes("charged_back", "settled"),
            ]
        },
    },
    Life {
        name: "disputed, won",
        readings: |remote| {
            let mut remote = remote.clone();
            vec![
                remote.becomes("approved", "accredited"),
                remote.becomes("charged_back", "in_process"),
                remote.becomes("charged_back", "reimbursed"),
            ]
        },
    },
    Life {
        name: "a part given back, the rest disputed and lost",
        readings: |remote| {
            let mut remote = remote.clone();
            vec![
                remote.becomes("approved", "accredited"),
                remote.gives_back(2_201, 1_000_050),
                remote.becomes("charged_back", "in_process"),
                remote.becomes("charged_back", "settled"),
            ]
        },
    },
    Life {
        name: "pending, reviewed, rejected",
        readings: |remote| {
            let mut remote = remote.clone();
            vec![
                remote.read().clone(),
                remote.becomes("in_process", "pending_review_manual"),
                remote.becomes("rejected", "cc_rejected_insufficient_amount"),
            ]
        },
    },
    Life {
        name: "pending, cancelled",
        readings: |remote| {
            let mut remote = remote.clone();
            vec![
                remote.read().clone(),
                remote.becomes("cancelled", "expired"),
            ]
        },
    },
    Life {
        name: "approved, a word nobody knows, approved",
        readings: |remote| {
            let mut remote = remote.clone();
            vec![
                remote.becomes("approved", "accredited"),
                remote.becomes("a_word_of_tomorrow", ""),
                remote.becomes("approved", "accredited"),
            ]
        },
    },
];
