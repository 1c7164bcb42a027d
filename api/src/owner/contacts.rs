//! Who writes: guests, or family and friends, who are nobody's business here.

use axum::extract::State;
use http::StatusCode;
use posta_store::{
    guests::{self, Kind},
    ids::GuestId,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::field::limit;
use crate::{
    auth::Staff,
    extract::{Body, Path, Query},
    problem::Problem,
    state::AppState,
};

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::default()
        .routes(routes!(list_contacts))
        .routes(routes!(mark_contact))
}

/// What somebody who writes is: a guest, or a personal contact, whose chats are not shown, not searched and never
/// answered.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum ContactKind {
    Guest,
    Personal,
}

/// Which contacts.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ContactsQuery {
    /// Of this kind.
    #[param(inline)]
    kind: ContactKind,
    /// Go on after this one: the last page's `next`.
    after: Option<Uuid>,
    /// So many at most; 50 if absent.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u16>,
}

/// A page of contacts.
#[derive(Debug, Serialize, ToSchema)]
struct Contacts {
    /// The newest first.
    contacts: Vec<Contact>,
    /// There may be more: ask with `after`.
    next: Option<Uuid>,
}

/// Somebody who writes.
#[derive(Debug, Serialize, ToSchema)]
struct Contact {
    /// Which: the `guest` of chats and bookings.
    id: Uuid,
    /// As the profile or the phone's contacts show it.
    name: Option<String>,
    /// A number, if one is known.
    phone: Option<String>,
}

/// What a contact is from now on.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ContactBody {
    /// The kind.
    kind: ContactKind,
}

/// Contacts of a kind, without a word of what was said
#[utoipa::path(get, path = "/owner/guests", tag = "owner", operation_id = "list_contacts", params(ContactsQuery),
    responses((status = 200, description = "A page of them.", body = Contacts)))]
async fn list_contacts(
    Staff(principal): Staff,
    State(state): State<AppState>,
    Query(query): Query<ContactsQuery>,
) -> Result<Body<Contacts>, Problem> {
    let limit = limit(query.limit)?;
    let after = query.after.map(GuestId::from);
    let mut conn = state.store.acquire().await?;
    let found =
        guests::of_kind(&mut conn, principal.tenant, query.kind.into(), after, limit).await?;
    let full = found.len() == usize::from(limit);
    let next = found.last().filter(|_| full).map(|last| last.id.uuid());
    let contacts = found.into_iter().map(|known| Contact {
        id: known.id.uuid(),
        name: known.name,
        phone: known.phone,
    });
    Ok(Body(Contacts {
        contacts: contacts.collect(),
        next,
    }))
}

/// Say that a contact is personal, or a guest again
#[utoipa::path(put, path = "/owner/guests/{id}/kind", tag = "owner", operation_id = "mark_contact",
    params(("id" = Uuid, Path, description = "The contact: `guest` of a chat.")),
    request_body = ContactBody,
    responses((status = 204, description = "It is so now.")))]
async fn mark_contact(
    Staff(principal): Staff,
    State(state): State<AppState>,
    Path(id): Path<Uuid>,
    Body(body): Body<ContactBody>,
) -> Result<StatusCode, Problem> {
    let by = principal.by();
    if guests::set_kind(&state.store, &by, id.into(), body.kind.into()).await? {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(Problem::not_found("guest"))
    }
}

impl From<ContactKind> for Kind {
    fn from(kind: ContactKind) -> Self {
        match kind {
            ContactKind::Guest => Self::Guest,
            ContactKind::Personal => Self::Personal,
        }
    }
}
