//! What the provider's words mean: facts, section 4.1, every one of them.

use super::super::{Dispute, Standing, Why};

#[test]
fn every_detail_of_a_refusal_has_its_reason() {
    for (detail, why) in [
        ("cc_rejected_bad_filled_card_number", Why::CardData),
        ("cc_rejected_bad_filled_date", Why::CardData),
        ("cc_rejected_bad_filled_other", Why::CardData),
        ("cc_rejected_bad_filled_security_code", Why::CardData),
        ("cc_rejected_blacklist", Why::Risk),
        ("cc_rejected_call_for_authorize", Why::CallBank),
        ("cc_rejected_card_disabled", Why::Card),
        ("cc_rejected_card_error", Why::Card),
        ("cc_rejected_duplicated_payment", Why::Duplicate),
        ("cc_rejected_high_risk", Why::Risk),
        ("cc_rejected_insufficient_amount", Why::Funds),
        ("cc_rejected_invalid_installments", Why::Instalments),
        ("cc_rejected_max_attempts", Why::Tries),
        ("cc_rejected_other_reason", Why::Other),
        ("cc_rejected_time_out", Why::Expired),
        ("cc_rejected_3ds_challenge", Why::Card),
        ("cc_rejected_3ds_mandatory", Why::Card),
        ("cc_rejected_card_type_not_allowed", Why::Card),
        ("cc_amount_rate_limit_exceeded", Why::Funds),
        ("rejected_insufficient_data", Why::CardData),
        ("rejected_by_bank", Why::Other),
        ("rejected_by_regulations", Why::Other),
        ("rejected_high_risk", Why::Risk),
        ("rejected_by_biz_rule", Why::Other),
        ("rejected_other_reason", Why::Other),
        ("insufficient_amount", Why::Funds),
        ("bank_error", Why::Other),
        ("a_word_of_tomorrow", Why::Other),
        ("", Why::Other),
    ] {
        assert_eq!(Why::of("rejected", detail), why, "{detail}");
    }
    for detail in ["expired", "by_collector", "by_payer", "by_admin"] {
        assert_eq!(Why::of("cancelled", detail), Why::Expired, "{detail}");
    }
}

#[test]
fn every_status_has_its_standing_and_its_dispute() {
    for (status, detail, standing, dispute) in [
        ("approved", "accredited", Standing::Paid, Dispute::None),
        (
            "approved",
            "partially_refunded",
            Standing::Paid,
            Dispute::None,
        ),
        (
            "authorized",
            "pending_capture",
            Standing::Pending,
            Dispute::None,
        ),
        (
            "in_process",
            "pending_review_manual",
            Standing::InProcess,
            Dispute::None,
        ),
        (
            "pending",
            "pending_waiting_payment",
            Standing::Pending,
            Dispute::None,
        ),
        (
            "rejected",
            "cc_rejected_high_risk",
            Standing::Rejected,
            Dispute::None,
        ),
        ("cancelled", "expired", Standing::Cancelled, Dispute::None),
        ("canceled", "expired", Standing::Cancelled, Dispute::None),
        ("refunded", "by_admin", Standing::Refunded, Dispute::None),
        (
            "in_mediation",
            "pending",
            Standing::Disputed,
            Dispute::Claim,
        ),
        (
            "charged_back",
            "in_process",
            Standing::ChargedBack,
            Dispute::Withheld,
        ),
        ("charged_back", "", Standing::ChargedBack, Dispute::Withheld),
        (
            "charged_back",
            "settled",
            Standing::ChargedBack,
            Dispute::Lost,
        ),
        (
            "charged_back",
            "reimbursed",
            Standing::ChargedBack,
            Dispute::Won,
        ),
        (
            "a_word_of_tomorrow",
            "settled",
            Standing::Unknown,
            Dispute::None,
        ),
    ] {
        assert_eq!(Standing::of(status, detail), standing, "{status}");
        assert_eq!(Dispute::of(status, detail), dispute, "{status} {detail}");
    }
}
