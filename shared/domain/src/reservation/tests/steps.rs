//! Which steps lead where: every state × every step, and the days and moments at which they are possible.

use chrono::TimeDelta;

use super::super::{Awaiting, Hold, Illegal, Reservation, Status};
use super::{before, day, end, everywhere, held};

type Step = fn(Reservation) -> Result<Reservation, Illegal>;

/// Every step, at a time and on a day when it is possible; the hold is alive, but for `expire`.
const STEPS: [(&str, Step); 13] = [
    ("confirm", |r| r.confirm(before())),
    ("expire", |r| r.expire(end())),
    ("await payment", |r| awaiting(r, Awaiting::Payment)),
    ("await verification", |r| {
        awaiting(r, Awaiting::Verification)
    }),
    ("await owner", |r| awaiting(r, Awaiting::Owner)),
    ("prolong", |r| r.prolong(before(), end())),
    ("cancel", Reservation::cancel),
    ("give way", Reservation::give_way),
    ("hold again", |r| r.hold_again(day(10), day(10))),
    ("check in", |r| r.check_in(day(10), day(10), day(12))),
    ("leave early", |r| r.leave_early(day(11), day(10), day(12))),
    ("check out", Reservation::check_out),
    ("no show", |r| r.no_show(day(10), day(10))),
];

fn awaiting(state: Reservation, awaiting: Awaiting) -> Result<Reservation, Illegal> {
    state.await_now(
        before(),
        Hold {
            expires_at: end(),
            awaiting,
        },
    )
}

/// Where a step leads, if it is legal: the table of the design, written down a second time.
fn expected(from: Reservation, step: &str) -> Option<Status> {
    use Awaiting::{Owner, Payment, Verification};
    let waits = match from {
        Reservation::Held(hold) => Some(hold.awaiting),
        _ => None,
    };
    match (from.status(), step, waits) {
        (Status::Held, "confirm", _) | (Status::Expired, "hold again", _) => {
            Some(Status::Confirmed)
        }
        (Status::Held, "expire", _) => Some(Status::Expired),
        (Status::Held, "await payment", Some(Verification | Owner))
        | (Status::Held, "await verification" | "await owner" | "prolong", Some(Payment)) => {
            Some(Status::Held)
        }
        (Status::Held | Status::Confirmed, "cancel", _) => Some(Status::Cancelled),
        (Status::Held, "give way", Some(Payment | Owner)) => Some(Status::Yielded),
        (Status::Confirmed, "check in", _) | (Status::CheckedIn, "leave early", _) => {
            Some(Status::CheckedIn)
        }
        (Status::CheckedIn, "check out", _) => Some(Status::Completed),
        (Status::Confirmed, "no show", _) => Some(Status::NoShow),
        _ => None,
    }
}

#[test]
fn every_state_allows_its_steps_and_no_other() {
    let (mut legal, mut illegal) = (0, 0);
    for from in everywhere() {
        for (name, step) in STEPS {
            let reached = step(from).ok().map(Reservation::status);
            assert_eq!(reached, expected(from, name), "{name} from {from:?}");
            if reached.is_some() {
                legal += 1;
            } else {
                illegal += 1;
            }
        }
    }
    assert_eq!((legal, illegal), (22, 108));
}

#[test]
fn an_illegal_step_says_from_where() {
    let refused = Reservation::Completed.cancel();
    assert_eq!(
        refused,
        Err(Illegal::From {
            from: Status::Completed,
            step: "be cancelled"
        })
    );
}

#[test]
fn a_step_that_was_done_cannot_be_done_again() {
    let again: [(Reservation, Step); 6] = [
        (held(Awaiting::Payment), |r| r.confirm(before())),
        (held(Awaiting::Payment), |r| r.expire(end())),
        (Reservation::Confirmed, Reservation::cancel),
        (Reservation::CheckedIn, Reservation::check_out),
        (Reservation::Confirmed, |r| r.no_show(day(10), day(10))),
        (Reservation::Expired, |r| r.hold_again(day(9), day(10))),
    ];
    for (from, step) in again {
        let once = step(from).unwrap();
        assert!(step(once).is_err(), "{once:?}");
    }
}

#[test]
fn a_hold_ends_at_its_moment_and_not_before() {
    for awaiting in [Awaiting::Payment, Awaiting::Verification, Awaiting::Owner] {
        let hold = held(awaiting);
        assert_eq!(hold.confirm(end()), Err(Illegal::HoldOver(end())));
        assert_eq!(hold.expire(before()), Err(Illegal::HoldAlive(end())));
        assert_eq!(hold.change(end()), Err(Illegal::HoldOver(end())));
        assert_eq!(hold.change(before()), Ok(hold));
        assert_eq!(hold.at(before()), hold);
        assert_eq!(hold.at(end()), Reservation::Expired);
    }
    let late = held(Awaiting::Payment).await_now(
        end(),
        Hold {
            expires_at: end(),
            awaiting: Awaiting::Verification,
        },
    );
    assert_eq!(late, Err(Illegal::HoldOver(end())));
}

#[test]
fn nothing_but_a_hold_expires_with_time() {
    for state in everywhere() {
        if state.status() != Status::Held {
            assert_eq!(state.at(end()), state);
        }
    }
}

#[test]
fn only_holds_and_sold_bookings_can_be_changed() {
    for state in everywhere() {
        let possible = matches!(state.status(), Status::Held | Status::Confirmed);
        assert_eq!(state.change(before()).is_ok(), possible, "{state:?}");
    }
}

#[test]
fn a_guest_checks_in_from_the_day_of_arrival_until_the_day_before_departure() {
    let on = |today| Reservation::Confirmed.check_in(today, day(10), day(12));
    assert_eq!(on(day(9)), Err(Illegal::Day(day(9))));
    assert_eq!(on(day(10)), Ok(Reservation::CheckedIn));
    assert_eq!(on(day(11)), Ok(Reservation::CheckedIn));
    assert_eq!(on(day(12)), Err(Illegal::Day(day(12))));
}

#[test]
fn a_guest_leaves_early_between_arrival_and_the_day_before_departure() {
    let on = |today| Reservation::CheckedIn.leave_early(today, day(10), day(12));
    assert!(on(day(9)).is_err());
    assert!(on(day(10)).is_ok());
    assert!(on(day(11)).is_ok());
    assert!(on(day(12)).is_err(), "that is the departure");
}

#[test]
fn nobody_is_a_no_show_before_the_day_of_arrival() {
    let on = |today| Reservation::Confirmed.no_show(today, day(10));
    assert_eq!(on(day(9)), Err(Illegal::Day(day(9))));
    assert_eq!(on(day(10)), Ok(Reservation::NoShow));
    assert_eq!(on(day(20)), Ok(Reservation::NoShow));
}

#[test]
fn an_expired_hold_comes_back_until_the_day_of_arrival() {
    let on = |today| Reservation::Expired.hold_again(today, day(10));
    assert_eq!(on(day(10)), Ok(Reservation::Confirmed));
    assert_eq!(on(day(11)), Err(Illegal::Day(day(11))));
}

#[test]
fn the_nights_are_taken_by_what_lives() {
    for state in everywhere() {
        let ended = matches!(
            state.status(),
            Status::Expired | Status::Cancelled | Status::Yielded | Status::NoShow
        );
        assert_eq!(state.takes_nights(), !ended, "{state:?}");
    }
}

#[test]
fn a_status_is_written_and_read_alike() {
    for status in Status::ALL {
        assert_eq!(status.as_str().parse(), Ok(status));
    }
    for awaiting in [Awaiting::Payment, Awaiting::Verification, Awaiting::Owner] {
        assert_eq!(awaiting.as_str().parse(), Ok(awaiting));
    }
    assert!("Held".parse::<Status>().is_err());
    assert!("".parse::<Awaiting>().is_err());
}

#[test]
fn a_hold_that_waits_for_money_gets_more_time_and_never_less() {
    let hour = TimeDelta::hours(1);
    let ends = |expires_at| {
        Ok(Reservation::Held(Hold {
            expires_at,
            awaiting: Awaiting::Payment,
        }))
    };
    let hold = held(Awaiting::Payment);
    assert_eq!(hold.prolong(before(), end() + hour), ends(end() + hour));
    assert_eq!(hold.prolong(before(), end() - hour), ends(end()));
    // What is over stays over: its nights may be somebody else's.
    assert_eq!(
        hold.prolong(end(), end() + hour),
        Err(Illegal::HoldOver(end()))
    );
}
