//! Means of payment, and the detail a status usually has with them.

/// How it was paid. The list is what the checkout page offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Method {
    pub(crate) id: &'static str,
    pub(crate) kind: &'static str,
    pub(crate) label: &'static str,
}

pub(crate) const METHODS: [Method; 7] = [
    Method {
        id: "visa",
        kind: "credit_card",
        label: "Visa crédito",
    },
    Method {
        id: "master",
        kind: "credit_card",
        label: "Mastercard crédito",
    },
    Method {
        id: "debvisa",
        kind: "debit_card",
        label: "Visa débito",
    },
    Method {
        id: "account_money",
        kind: "account_money",
        label: "Dinero en cuenta",
    },
    Method {
        id: "rapipago",
        kind: "ticket",
        label: "Rapipago (efectivo)",
    },
    Method {
        id: "pagofacil",
        kind: "ticket",
        label: "Pago Fácil (efectivo)",
    },
    Method {
        id: "redlink",
        kind: "atm",
        label: "Red Link (cajero)",
    },
];

impl Method {
    pub(crate) fn find(id: &str) -> Option<Self> {
        METHODS.into_iter().find(|method| method.id == id)
    }

    pub(crate) fn is_card(self) -> bool {
        self.kind.ends_with("_card")
    }

    pub(crate) fn is_offline(self) -> bool {
        matches!(self.kind, "ticket" | "atm")
    }
}

/// The usual detail of a status.
pub(crate) fn usual_detail(status: &str, method: Method) -> &'static str {
    match status {
        "approved" => "accredited",
        "authorized" => "pending_capture",
        "in_process" => "pending_review_manual",
        "pending" if method.is_offline() => "pending_waiting_payment",
        "pending" => "pending_waiting_transfer",
        "rejected" => "cc_rejected_other_reason",
        "cancelled" => "expired",
        "refunded" => "refunded",
        "in_mediation" => "pending",
        "charged_back" => "in_process",
        _ => "",
    }
}
