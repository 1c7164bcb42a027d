//! Doing something about a matter.
//!
//! `seen` and `done` are for every matter. What else can be done stands in its `actions`: a receipt is `accepted` or
//! `refused`, and so is a booking on request; a request for a lower price is met by `offer` or by `decline`, a collision
//! goes away by `reassign`, money owed back is `done` once it went back (the owner's to say). A payment without a booking
//! is found one by `assign`, goes back by `refund`, or is let go by `dismiss` (both the owner's to say); it is not done by
//! being seen to, since its money must end somewhere. The use case behind an action closes the matter itself, and the
//! same action again changes nothing.

use axum::extract::State;
use http::StatusCode;
use posta_domain::{dialogue::Attention, money};
use posta_store::{
    access::Role,
    booking::{
        BOOKING_REQUESTED, cancel, confirm, reassign, receipts,
        refunds::{self, Given},
    },
    chats::{self, Answer},
    ids::PaymentId,
    matters::{self, Matter},
    payments::orphans,
};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{MatterView, matter, show};
use crate::{
    auth::{Principal, Staff},
    dto::{Money, words_or_none},
    extract::{Body, Path},
    owner::{
        payments::{MOST_REFERENCE, decision},
        refunds::HandMethod,
    },
    problem::Problem,
    state::AppState,
};

/// A payment without a booking.
const ORPHAN: &str = "payment_orphan";
/// A line that a guest reads.
const MOST_REASON: usize = 200;

/// What is done about a matter.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ActBody {
    /// Which of its actions.
    action: Action,
    /// `accepted`: so much came; absent: what was asked for. `offer`: so much less, in the currency of the prices.
    amount: Option<Money>,
    /// `offer`: instead of an amount, a quote that was made for this guest.
    quote: Option<Uuid>,
    /// `offer`: why, as the guest reads it beside the amount; absent: "Descuento".
    #[schema(max_length = 200)]
    reason: Option<String>,
    /// `reassign`: into this cabin.
    to: Option<Uuid>,
    /// `assign`: to this booking.
    reservation: Option<Uuid>,
    /// `done` of money owed back: which way it went.
    method: Option<HandMethod>,
    /// Likewise: the bank's reference.
    #[schema(max_length = 200)]
    reference: Option<String>,
}

/// What can be done. `accept` and `refuse` are taken for `accepted` and `refused`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Action {
    Seen,
    Done,
    #[serde(alias = "accept")]
    Accepted,
    #[serde(alias = "refuse")]
    Refused,
    Offer,
    Decline,
    Reassign,
    Assign,
    Refund,
    Dismiss,
}

/// Do something about a matter
#[utoipa::path(post, path = "/owner/attention/{id}", tag = "owner", operation_id = "act_attention",
    params(("id" = Uuid, Path, description = "The matter.")),
    request_body = ActBody,
    responses((status = 200, description = "As it is now.", body = MatterView),
              (status = 409, description = "The action does not belong to it, or is not possible any more.")))]
pub(super) async fn act_attention(
    Staff(principal): Staff,
    State(state): State<AppState>,
    Path(id): Path<Uuid>,
    Body(body): Body<ActBody>,
) -> Result<Body<MatterView>, Problem> {
    let matter = matter(&state, &principal, id).await?;
    let subject = Subject::of(&matter);
    match (body.action, matter.kind.as_str(), subject) {
        (Action::Seen, ..) => {
            mark(&state, &principal, id, matters::State::Seen).await?;
        }
        (Action::Done, "refund_due", Some(Subject::Refund(refund))) => {
            give_back(&state, &principal, refund, &body).await?;
        }
        // Its money must end somewhere.
        (Action::Done, ORPHAN, _) => return Err(not_an_action()),
        (Action::Assign | Action::Refund | Action::Dismiss, ORPHAN, Some(Subject::Payment(id))) => {
            place(&state, &principal, id, &body).await?;
        }
        (Action::Done, ..) => {
            mark(&state, &principal, id, matters::State::Done).await?;
        }
        (
            Action::Accepted | Action::Refused,
            "receipt",
            Some(Subject::Reservation(reservation)),
        ) => {
            let decision = decision(body.action == Action::Accepted, body.amount.as_ref())?;
            let by = principal.by();
            receipts::decide(&state.store, &by, reservation.into(), &decision).await?;
        }
        (Action::Accepted, BOOKING_REQUESTED, Some(Subject::Reservation(reservation))) => {
            let by = principal.by();
            confirm(&state.store, &by, reservation.into(), None, false).await?;
        }
        (Action::Refused, BOOKING_REQUESTED, Some(Subject::Reservation(reservation))) => {
            let by = principal.by();
            let who = cancel::CancelBy::Owner;
            cancel::cancel(&state.store, &by, reservation.into(), who, "", None).await?;
        }
        (Action::Offer | Action::Decline, Attention::DISCOUNT, Some(Subject::Chat(chat))) => {
            answer(&state, &principal, &matter, chat, &body).await?;
        }
        (Action::Reassign, "collision", Some(Subject::Stay(stay))) => {
            let to = body.to.ok_or_else(|| Problem::invalid("to"))?;
            let by = principal.by();
            reassign::reassign(&state.store, &by, stay.into(), to.into(), None).await?;
        }
        _ => return Err(not_an_action()),
    }
    show(&state, &principal, id).await
}

fn not_an_action() -> Problem {
    Problem::new(StatusCode::CONFLICT, "not_an_action")
}

/// Where the money of a payment without a booking ends.
async fn place(
    state: &AppState,
    principal: &Principal,
    payment: Uuid,
    body: &ActBody,
) -> Result<(), Problem> {
    let (store, by, payment) = (&state.store, principal.by(), PaymentId::from(payment));
    if body.action == Action::Assign {
        let to = body.reservation;
        let to = to.ok_or_else(|| Problem::invalid("reservation"))?;
        orphans::assign(store, &by, payment, to.into()).await?;
        return Ok(());
    }
    if principal.role < Role::Owner {
        return Err(Problem::forbidden());
    }
    if body.action == Action::Refund {
        orphans::refund(store, &by, payment).await?;
    } else {
        orphans::dismiss(store, &by, payment).await?;
    }
    Ok(())
}

/// What the owner says to who asked for a lower price.
async fn answer(
    state: &AppState,
    principal: &Principal,
    matter: &Matter,
    chat: Uuid,
    body: &ActBody,
) -> Result<(), Problem> {
    let by = principal.by();
    let answer = match (body.action, &body.amount, body.quote) {
        (Action::Decline, ..) => Answer::Decline,
        (_, Some(amount), None) => Answer::Less {
            amount: less(amount)?,
            reason: words_or_none("reason", body.reason.as_deref(), MOST_REASON)?
                .unwrap_or_else(|| state.texts.say("discount-line")),
        },
        (_, None, Some(quote)) => {
            chats::offer(&state.store, &by, chat.into(), quote.into()).await?;
            return Ok(());
        }
        _ => return Err(Problem::invalid("amount")),
    };
    chats::answer(&state.store, &by, matter, &answer).await?;
    Ok(())
}

fn less(amount: &Money) -> Result<money::Money, Problem> {
    let amount = money::Money::try_from(amount)?;
    if amount.minor <= 0 {
        return Err(Problem::invalid("amount"));
    }
    Ok(amount)
}

async fn mark(
    state: &AppState,
    principal: &Principal,
    id: Uuid,
    to: matters::State,
) -> Result<(), Problem> {
    matters::mark(&state.store, &principal.by(), id.into(), to)
        .await?
        .map(|_| ())
        .ok_or_else(|| Problem::not_found("attention"))
}

async fn give_back(
    state: &AppState,
    principal: &Principal,
    refund: Uuid,
    body: &ActBody,
) -> Result<(), Problem> {
    if principal.role < Role::Owner {
        return Err(Problem::forbidden());
    }
    let method = body.method.ok_or_else(|| Problem::invalid("method"))?;
    let reference = words_or_none("reference", body.reference.as_deref(), MOST_REFERENCE)?;
    let given = Given {
        method: method.into(),
        reference: reference.unwrap_or_default(),
    };
    refunds::done(&state.store, &principal.by(), refund.into(), &given).await?;
    Ok(())
}

/// What a matter is about, where an action needs to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Subject {
    Reservation(Uuid),
    Stay(Uuid),
    Refund(Uuid),
    Payment(Uuid),
    Chat(Uuid),
}

impl Subject {
    fn of(matter: &Matter) -> Option<Self> {
        let (kind, id) = matter.subject.split_once(':')?;
        let id = Uuid::try_parse(id).ok()?;
        match kind {
            "reservation" => Some(Self::Reservation(id)),
            "stay" => Some(Self::Stay(id)),
            "refund" => Some(Self::Refund(id)),
            "payment" => Some(Self::Payment(id)),
            "conversation" => Some(Self::Chat(id)),
            _ => None,
        }
    }
}
