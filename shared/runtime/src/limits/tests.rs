use super::*;
use crate::clock::ManualClock;

fn limits(per_second: u32) -> (SendingLimits, Arc<ManualClock>) {
    let clock = Arc::new(ManualClock::new("2026-11-21T12:00:00Z".parse().unwrap()));
    (
        SendingLimits::new(
            NonZeroU32::new(per_second).unwrap(),
            Arc::<ManualClock>::clone(&clock),
        ),
        clock,
    )
}

#[test]
fn a_guest_may_get_45_at_once_and_then_one_every_six_seconds() {
    let (limits, clock) = limits(80);
    for _ in 0..45 {
        limits.check("n", "g").unwrap();
    }
    let refused = limits.check("n", "g").unwrap_err();
    assert!(matches!(refused, Refused::Guest(_)));
    assert_eq!(refused.retry_after(), Duration::from_secs(6));
    limits.check("n", "another guest").unwrap();
    clock.advance(Duration::from_secs(6));
    limits.check("n", "g").unwrap();
    assert!(limits.check("n", "g").is_err());
}

#[test]
fn a_number_has_its_throughput_and_other_numbers_theirs() {
    let (limits, clock) = limits(20);
    for guest in 0..20 {
        limits.check("n", &guest.to_string()).unwrap();
    }
    assert!(matches!(limits.check("n", "g"), Err(Refused::Number(_))));
    limits.check("m", "g").unwrap();
    clock.advance(Duration::from_millis(50));
    limits.check("n", "g").unwrap();
}

#[test]
fn guests_are_forgotten_when_their_buckets_are_full_again() {
    let (limits, clock) = limits(1000);
    for guest in 0..500 {
        limits.check("n", &guest.to_string()).unwrap();
    }
    limits.forget_idle();
    assert_eq!(limits.guests(), 500);
    // Kept for one burst (45 × 6 s) beyond that.
    clock.advance(Duration::from_secs(7 + 45 * 6));
    limits.forget_idle();
    assert_eq!(limits.guests(), 0);
}
