use futures_util::FutureExt as _;

use super::*;

fn has_given_way(arriving: &Arriving<'_>) -> bool {
    arriving.gave_way().now_or_never().is_some()
}

#[test]
fn places_come_back_when_a_request_ends() {
    let admission = Admission::new(2);
    let first = admission.admit().unwrap().arrived().unwrap();
    let second = admission.admit().unwrap();
    let _second = second.arrived().unwrap();
    assert!(admission.admit().is_none());
    drop(first);
    let third = admission.admit().unwrap();
    drop(third);
    assert!(admission.admit().is_some());
}

#[test]
fn the_slowest_sender_gives_way_and_a_request_that_has_arrived_does_not() {
    let admission = Admission::new(3);
    let arrived = admission.admit().unwrap().arrived().unwrap();
    let slowest = admission.admit().unwrap();
    let slow = admission.admit().unwrap();

    let newcomer = admission.admit().unwrap();
    assert!(has_given_way(&slowest) && !has_given_way(&slow) && !has_given_way(&newcomer));
    assert!(slowest.arrived().is_none());
    let _newcomer = newcomer.arrived().unwrap();

    let next = admission.admit().unwrap();
    assert!(has_given_way(&slow));
    let _next = next.arrived().unwrap();
    assert!(admission.admit().is_none());
    // Its place went to another: it has none left to give back.
    drop(slow);
    assert!(admission.admit().is_none());
    drop(arrived);
    assert!(admission.admit().is_some());
}

#[test]
fn bytes_are_bounded_over_all_bodies_and_small_ones_are_free() {
    let admission = Admission::new(3);
    let large = admission.admit().unwrap();
    assert!(large.grow_to(1));
    assert!(!large.grow_to(MAX_BODY_BYTES + FREE + 1));
    assert!(large.grow_to(MAX_BODY_BYTES + FREE));
    let large = large.arrived().unwrap();
    let small = admission.admit().unwrap();
    assert!(small.grow_to(FREE));
    assert!(!small.grow_to(FREE + 1));
    drop(large);
    assert!(small.grow_to(FREE + 1));
    assert!(small.grow_to(MAX_BODY_BYTES + FREE));
}

#[test]
fn slow_large_bodies_give_way_to_others_as_far_as_needed() {
    let admission = Admission::new(4);
    let half = MAX_BODY_BYTES / 2;
    let oldest = admission.admit().unwrap();
    let small = admission.admit().unwrap();
    let younger = admission.admit().unwrap();
    assert!(small.grow_to(FREE));
    assert!(oldest.grow_to(half + FREE) && younger.grow_to(half + FREE));

    let newcomer = admission.admit().unwrap();
    assert!(newcomer.grow_to(half));
    assert!(has_given_way(&oldest) && !oldest.grow_to(half + FREE + 1));
    assert!(!has_given_way(&small) && !has_given_way(&younger));
}

#[test]
fn once_closed_bodies_that_are_still_arriving_give_way_and_nobody_comes_in() {
    let admission = Admission::new(2);
    let slow = admission.admit().unwrap();
    let arrived = admission.admit().unwrap().arrived();
    admission.close();
    assert!(has_given_way(&slow) && arrived.is_some());
    assert!(admission.admit().is_none());
}
