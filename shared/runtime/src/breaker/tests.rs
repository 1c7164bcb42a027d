use proptest::prelude::*;

use super::*;
use crate::clock::ManualClock;

const POLICY: BreakerPolicy = BreakerPolicy {
    failures: 3,
    open_for: Duration::from_secs(5),
    open_at_most: Duration::from_mins(1),
};

fn breakers() -> (Breakers<&'static str>, Arc<ManualClock>) {
    let clock = Arc::new(ManualClock::new("2026-11-21T12:00:00Z".parse().unwrap()));
    (
        Breakers::new(POLICY, Arc::<ManualClock>::clone(&clock)),
        clock,
    )
}

fn fail(breakers: &Breakers<&'static str>, key: &'static str, times: u32) {
    for _ in 0..times {
        breakers.acquire(&key).unwrap().failed();
    }
}

#[test]
fn failures_in_a_row_open_it_and_a_success_between_them_does_not() {
    let (breakers, _) = breakers();
    fail(&breakers, "a", 2);
    breakers.acquire(&"a").unwrap().succeeded();
    fail(&breakers, "a", 2);
    assert_eq!(breakers.state(&"a"), BreakerState::Closed);
    fail(&breakers, "a", 1);
    assert_eq!(
        breakers.acquire(&"a").unwrap_err().retry_after,
        Duration::from_secs(5)
    );
    assert!(
        breakers.acquire(&"b").is_ok(),
        "another account is not affected"
    );
}

#[test]
fn after_its_time_one_probe_goes_through_and_decides() {
    let (breakers, clock) = breakers();
    fail(&breakers, "a", 3);
    clock.advance(Duration::from_secs(5));
    let probe = breakers.acquire(&"a").unwrap();
    assert!(breakers.acquire(&"a").is_err(), "a second probe");
    probe.failed();
    assert_eq!(
        breakers.state(&"a"),
        BreakerState::Open(Duration::from_secs(10)),
        "longer the second time"
    );
    clock.advance(Duration::from_secs(10));
    breakers.acquire(&"a").unwrap().succeeded();
    assert_eq!(breakers.state(&"a"), BreakerState::Closed);
    fail(&breakers, "a", 3);
    assert_eq!(
        breakers.state(&"a"),
        BreakerState::Open(Duration::from_secs(5)),
        "a success forgets the history"
    );
}

#[test]
fn a_probe_without_a_result_makes_room_for_the_next() {
    let (breakers, clock) = breakers();
    fail(&breakers, "a", 3);
    clock.advance(Duration::from_secs(5));
    drop(breakers.acquire(&"a").unwrap());
    assert_eq!(breakers.state(&"a"), BreakerState::HalfOpen);
    breakers.acquire(&"a").unwrap().succeeded();
    assert_eq!(breakers.state(&"a"), BreakerState::Closed);
}

#[test]
fn a_late_success_does_not_close_what_has_opened_since() {
    let (breakers, clock) = breakers();
    let slow = breakers.acquire(&"a").unwrap();
    fail(&breakers, "a", 3);
    slow.succeeded();
    assert!(matches!(breakers.state(&"a"), BreakerState::Open(_)));
    clock.advance(Duration::from_secs(5));
    let probe = breakers.acquire(&"a").unwrap();
    breakers.trip(&"a", Duration::from_hours(1));
    probe.succeeded();
    assert_eq!(
        breakers.state(&"a"),
        BreakerState::Open(Duration::from_hours(1))
    );
    breakers.close(&"a");
    assert!(breakers.acquire(&"a").is_ok() && breakers.not_closed().is_empty());
}

proptest! {
    /// Any history: never two probes at once, never open longer than the maximum, and always reachable again.
    #[test]
    fn it_never_locks_itself_out(steps in proptest::collection::vec((0_u8..4, 0_u64..20), 0..200)) {
        let (breakers, clock) = breakers();
        let mut permits = Vec::new();
        for (step, seconds) in steps {
            match step {
                0 => {
                    let was = breakers.state(&"a");
                    match breakers.acquire(&"a") {
                        Ok(permit) => {
                            if was == BreakerState::HalfOpen {
                                prop_assert!(breakers.acquire(&"a").is_err(), "a second probe");
                            }
                            permits.push(permit);
                        }
                        Err(open) => prop_assert!(!open.retry_after.is_zero() && open.retry_after <= POLICY.open_at_most),
                    }
                }
                1 => if let Some(permit) = permits.pop() { permit.failed() },
                2 => if let Some(permit) = permits.pop() { permit.succeeded() },
                _ => clock.advance(Duration::from_secs(seconds)),
            }
        }
        permits.clear();
        clock.advance(POLICY.open_at_most);
        breakers.acquire(&"a").unwrap().succeeded();
        prop_assert_eq!(breakers.state(&"a"), BreakerState::Closed);
    }
}
