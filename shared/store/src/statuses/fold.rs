//! What a row becomes by the statuses seen for it. Pure, and the same in whatever order they came.

use crate::outbox::State;

/// One stored status.
#[derive(Debug, Clone)]
pub(super) struct Seen {
    pub(super) wamid: String,
    pub(super) status: String,
    pub(super) error: Option<String>,
}

/// Where the row ends up, and which of the statuses have been considered for good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Folded {
    pub(super) state: State,
    pub(super) provider_id: Option<String>,
    pub(super) error: Option<String>,
    pub(super) applied: Vec<bool>,
}

/// Forward only: late events never move a row back nor lift a failure.
pub(super) fn fold(state: State, provider_id: Option<String>, seen: &[Seen]) -> Folded {
    let mut folded = Folded {
        state,
        provider_id,
        error: None,
        applied: vec![true; seen.len()],
    };
    // Good news first: what was delivered has not failed, whichever was heard of first.
    for status in seen {
        if let Some(reached) = reached(&status.status) {
            if rank(folded.state).is_some_and(|now| now < rank(reached).unwrap_or(0)) {
                folded.state = reached;
            }
            folded
                .provider_id
                .get_or_insert_with(|| status.wamid.clone());
        }
    }
    for (status, applied) in seen.iter().zip(&mut folded.applied) {
        if status.status == "failed" {
            match (folded.state, folded.provider_id.as_deref()) {
                (State::Sent, Some(id)) if id == status.wamid => {}
                (State::Unknown, None) => folded.provider_id = Some(status.wamid.clone()),
                // The answer to the request that caused it is not recorded yet: it is looked at again when it is, or
                // when the lease runs out.
                (State::Sending, None) => {
                    *applied = false;
                    continue;
                }
                // Of another attempt, or the refusal of the request told us already.
                _ => continue,
            }
            folded.state = State::Failed;
            folded.error.clone_from(&status.error);
        }
    }
    folded
}

const fn reached(status: &str) -> Option<State> {
    // `match` on bytes: usable in a const fn, and the statuses are ASCII.
    match status.as_bytes() {
        b"sent" => Some(State::Sent),
        b"delivered" => Some(State::Delivered),
        b"read" | b"played" => Some(State::Read),
        _ => None,
    }
}

/// How far along; none for ends that a status cannot change. `unknown` is lifted by proof that it arrived.
const fn rank(state: State) -> Option<u8> {
    match state {
        State::Pending | State::Sending | State::Unknown => Some(0),
        State::Sent => Some(1),
        State::Delivered => Some(2),
        State::Read => Some(3),
        State::Failed | State::Expired | State::Dropped => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Seen, State, fold};

    fn seen(statuses: &[&str]) -> Vec<Seen> {
        statuses
            .iter()
            .map(|status| Seen {
                wamid: "wamid.1".to_owned(),
                status: (*status).to_owned(),
                error: None,
            })
            .collect()
    }

    fn end(state: State, provider_id: Option<&str>, statuses: &[&str]) -> State {
        fold(state, provider_id.map(str::to_owned), &seen(statuses)).state
    }

    #[test]
    fn a_row_moves_forward_only() {
        assert_eq!(
            end(State::Sent, Some("wamid.1"), &["delivered"]),
            State::Delivered
        );
        assert_eq!(
            end(State::Read, Some("wamid.1"), &["sent", "delivered"]),
            State::Read
        );
        assert_eq!(
            end(State::Sent, Some("wamid.1"), &["read", "delivered", "sent"]),
            State::Read
        );
    }

    #[test]
    fn delivered_may_be_skipped() {
        assert_eq!(end(State::Sent, Some("wamid.1"), &["read"]), State::Read);
    }

    #[test]
    fn a_failure_counts_only_before_delivery_and_is_never_lifted() {
        assert_eq!(
            end(State::Sent, Some("wamid.1"), &["failed"]),
            State::Failed
        );
        assert_eq!(
            end(State::Delivered, Some("wamid.1"), &["failed"]),
            State::Delivered
        );
        assert_eq!(
            end(State::Sent, Some("wamid.1"), &["failed", "delivered"]),
            State::Delivered
        );
        assert_eq!(
            end(State::Failed, Some("wamid.1"), &["delivered"]),
            State::Failed
        );
    }

    #[test]
    fn a_status_with_our_id_proves_that_it_went_out() {
        let folded = fold(State::Sending, None, &seen(&["sent"]));
        assert_eq!(
            (folded.state, folded.provider_id.as_deref()),
            (State::Sent, Some("wamid.1"))
        );
        assert_eq!(end(State::Unknown, None, &["delivered"]), State::Delivered);
    }

    #[test]
    fn a_failure_that_overtakes_the_answer_is_kept_for_later() {
        let folded = fold(State::Sending, None, &seen(&["failed"]));
        assert_eq!(
            (folded.state, folded.applied),
            (State::Sending, vec![false])
        );
    }

    #[test]
    fn a_failure_of_another_attempt_does_not_count() {
        assert_eq!(end(State::Sent, Some("wamid.2"), &["failed"]), State::Sent);
        assert_eq!(end(State::Pending, None, &["failed"]), State::Pending);
    }

    #[test]
    fn a_status_nobody_knows_changes_nothing() {
        assert_eq!(end(State::Sent, Some("wamid.1"), &["beamed"]), State::Sent);
    }
}
