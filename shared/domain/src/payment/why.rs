//! Why a payment was refused, as far as a guest can do something about it.

use serde::{Deserialize, Serialize};

/// The reason, to be said in words (`locales/`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// The card or the account has not enough.
    Funds,
    /// A number, date or code was mistyped.
    CardData,
    /// The bank wants to be called.
    CallBank,
    /// The card is not active, or cannot be used for this.
    Card,
    /// The provider thinks it risky.
    Risk,
    /// The same was paid a moment ago.
    Duplicate,
    /// Too many tries.
    Tries,
    /// Not in so many instalments.
    Instalments,
    /// It took too long, or was never paid.
    Expired,
    /// The bank or the provider said no without a reason.
    Other,
}

impl Why {
    /// From `status` and `status_detail` of a payment that was not, or never, made. Words nobody knows are
    /// [`Why::Other`].
    #[must_use]
    pub fn of(status: &str, detail: &str) -> Self {
        if matches!(status, "cancelled" | "canceled") {
            // Whoever ended it: it was never paid.
            return Self::Expired;
        }
        match detail {
            "cc_rejected_insufficient_amount"
            | "insufficient_amount"
            | "cc_amount_rate_limit_exceeded" => Self::Funds,
            "cc_rejected_bad_filled_card_number"
            | "cc_rejected_bad_filled_date"
            | "cc_rejected_bad_filled_security_code"
            | "cc_rejected_bad_filled_other"
            | "rejected_insufficient_data" => Self::CardData,
            "cc_rejected_call_for_authorize" => Self::CallBank,
            "cc_rejected_card_disabled"
            | "cc_rejected_card_error"
            | "cc_rejected_card_type_not_allowed"
            | "cc_rejected_3ds_challenge"
            | "cc_rejected_3ds_mandatory" => Self::Card,
            "cc_rejected_high_risk" | "rejected_high_risk" | "cc_rejected_blacklist" => Self::Risk,
            "cc_rejected_duplicated_payment" => Self::Duplicate,
            "cc_rejected_max_attempts" => Self::Tries,
            "cc_rejected_invalid_installments" => Self::Instalments,
            "cc_rejected_time_out" => Self::Expired,
            // cc_rejected_other_reason, rejected_by_bank, rejected_by_regulations, rejected_by_biz_rule,
            // rejected_other_reason, bank_error: a no without a reason that a guest could do something about.
            _ => Self::Other,
        }
    }
}
