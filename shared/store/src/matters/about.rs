//! What a matter is about, as it is now: enough to act on a receipt, a payment or a request for a lower price without
//! looking anything else up.
//!
//! Read with the matters and kept nowhere: names stay where erasing a guest finds them.

mod bookings;
mod chats;
mod money;

use std::collections::{BTreeSet, HashMap};

use chrono::NaiveDate;
use posta_domain::money::{Currency, Money};
use sqlx::PgConnection;
use uuid::Uuid;

use super::Matter;
use crate::{
    error::StoreError,
    ids::{
        AttentionId, ConversationId, GuestId, MediaId, PaymentId, QuoteId, RefundId, ReservationId,
        TenantId,
    },
};

/// What it is about.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct About {
    /// Who.
    pub guest: Option<GuestId>,
    /// The legal name, or else what she calls herself.
    pub guest_name: Option<String>,
    /// Her chat; not a personal contact's.
    pub chat: Option<ConversationId>,
    /// The booking.
    pub reservation: Option<ReservationId>,
    /// Its code.
    pub code: Option<String>,
    /// The quote she asks a lower price for.
    pub quote: Option<QuoteId>,
    /// The first night.
    pub check_in: Option<NaiveDate>,
    /// The day of leaving.
    pub check_out: Option<NaiveDate>,
    /// The names of the cabins, or of their kinds where it is a quote.
    pub cabins: Vec<String>,
    /// A receipt: what should have come with it. A quote: its price. A payment or a refund: how much it is. Any other
    /// matter of a booking: what is open of what was asked for.
    pub amount: Option<Money>,
    /// The receipt's file.
    pub receipt: Option<MediaId>,
    /// The payment at Mercado Pago.
    pub payment: Option<PaymentId>,
    /// Its number there.
    pub provider_payment: Option<String>,
    /// The money that is owed back.
    pub refund: Option<RefundId>,
}

/// What each is about. Those that are about none of these are not there.
pub async fn about(
    conn: &mut PgConnection,
    tenant: TenantId,
    matters: &[Matter],
) -> Result<HashMap<AttentionId, About>, StoreError> {
    let of = |kind: &str| -> Vec<Uuid> {
        let subjects = matters.iter().filter_map(subject);
        let ids = subjects.filter(|(what, _)| *what == kind);
        ids.map(|(_, id)| id).collect()
    };
    let payments = money::payments(conn, tenant, &of("payment")).await?;
    let refunds = money::refunds(conn, tenant, &of("refund")).await?;
    let chats = chats::chats(conn, tenant, &of("conversation")).await?;
    let mut wanted: BTreeSet<Uuid> = of("reservation").into_iter().collect();
    let of_money = payments.values().chain(refunds.values());
    wanted.extend(of_money.filter_map(|money| money.reservation));
    let bookings = bookings::bookings(conn, tenant, &Vec::from_iter(wanted)).await?;
    let mut found = HashMap::new();
    for matter in matters {
        let Some((what, id)) = subject(matter) else {
            continue;
        };
        let about = match what {
            "reservation" => bookings.get(&id).map(|it| it.about(&matter.kind)),
            "payment" => payments.get(&id).map(|it| it.about(&bookings)),
            "refund" => refunds.get(&id).map(|it| it.about(&bookings)),
            "conversation" => match chats.get(&id) {
                Some(about) => Some(chats::priced(conn, tenant, matter, about.clone()).await?),
                None => None,
            },
            _ => None,
        };
        if let Some(about) = about {
            found.insert(matter.id, about);
        }
    }
    Ok(found)
}

fn subject(matter: &Matter) -> Option<(&str, Uuid)> {
    let (what, id) = matter.subject.split_once(':')?;
    Some((what, Uuid::try_parse(id).ok()?))
}

fn amount(minor: Option<i64>, currency: Option<&str>) -> Option<Money> {
    let currency: Currency = currency?.parse().ok()?;
    Some(Money::new(minor?, currency))
}
