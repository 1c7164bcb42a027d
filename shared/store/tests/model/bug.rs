//! Bugs that are put into the steps on purpose: the checker must find each.

/// One bug, or none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Bug {
    None,
    /// A hold does not end the overdue holds in its way, and leaves that to the sweep.
    HoldLeavesOverdueHolds,
    /// A hold takes nights without looking who has them.
    HoldForgetsToLook,
    /// A hold looks at claims only, not at nights sold elsewhere.
    HoldIgnoresElsewhere,
    /// Late money brings a booking back to life without its nights.
    LateMoneyClaimsNothing,
    /// Late money takes the nights whoever has them now.
    LateMoneyIgnoresOthers,
    /// A cancellation says what goes back and writes no refund.
    CancelForgetsRefund,
    /// A hold that runs out keeps the money that was in it.
    ExpiryForgetsMoney,
    /// A change lets the old nights go in one transaction and takes the new ones in another.
    ChangeLetsGoFirst,
    /// The sweep acts on what it read before it locked: a payment may have come in between.
    SweepDecidesBeforeLocking,
    /// The key is not kept in the step's transaction: asking again does it again.
    RetryForgetsKey,
    /// An import over one of our stays tells nobody.
    ImportIsSilent,
}

impl Bug {
    /// Those that are one.
    pub(crate) const ALL: [Self; 11] = [
        Self::HoldLeavesOverdueHolds,
        Self::HoldForgetsToLook,
        Self::HoldIgnoresElsewhere,
        Self::LateMoneyClaimsNothing,
        Self::LateMoneyIgnoresOthers,
        Self::CancelForgetsRefund,
        Self::ExpiryForgetsMoney,
        Self::ChangeLetsGoFirst,
        Self::SweepDecidesBeforeLocking,
        Self::RetryForgetsKey,
        Self::ImportIsSilent,
    ];
}
