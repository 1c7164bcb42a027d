use super::{super::calendar, day, kind, limits, market, season, take};
use crate::rates::SeasonPrices;

#[test]
fn a_calendar_says_how_many_are_free_and_from_how_much() {
    let mut dear = kind(1, 4, 1_500, 1);
    let mut cheap = kind(2, 2, 900, 2);
    take(&mut cheap, 0, "2026-12-10", "2026-12-12");
    take(&mut cheap, 1, "2026-12-11", "2026-12-13");
    let mut fiesta = season("2026-12-12", "2026-12-12");
    fiesta.prices = Some(SeasonPrices {
        night: 2_000,
        weekend_night: None,
        holiday_night: None,
    });
    dear.seasons = vec![fiesta];
    let shown = calendar(
        &market(vec![dear, cheap]),
        &limits(),
        day("2026-12-09"),
        day("2026-12-14"),
    )
    .unwrap();
    let days: Vec<_> = shown
        .days
        .iter()
        .map(|day| (day.free, day.from.unwrap().minor))
        .collect();
    assert_eq!(days, [(3, 900), (2, 900), (1, 1_500), (2, 900), (3, 900)]);
    let prices: Vec<_> = shown.kinds[0]
        .prices
        .iter()
        .flatten()
        .map(|it| it.minor)
        .collect();
    assert_eq!(prices, [1_500, 1_500, 1_500, 2_000, 1_500]);
    let taken: Vec<_> = shown
        .cabins
        .iter()
        .map(|cabin| cabin.taken.clone())
        .collect();
    assert_eq!(
        taken,
        [
            vec![],
            vec![(day("2026-12-10"), day("2026-12-12"))],
            vec![(day("2026-12-11"), day("2026-12-13"))]
        ]
    );
}

#[test]
fn the_past_and_what_lies_beyond_the_horizon_cannot_be_had() {
    let market = market(vec![kind(1, 2, 900, 1)]);
    let free = |from, until| {
        let shown = calendar(&market, &limits(), day(from), day(until)).unwrap();
        shown.days.iter().map(|day| day.free).collect::<Vec<_>>()
    };
    assert_eq!(free("2026-11-19", "2026-11-21"), [0, 1]);
    let mut near = limits();
    near.horizon_days = 3;
    let shown = calendar(&market, &near, day("2026-11-20"), day("2026-11-25")).unwrap();
    // The last departure is the 23rd.
    assert_eq!(
        shown.days.iter().map(|day| day.free).collect::<Vec<_>>(),
        [1, 1, 1, 0, 0]
    );
    assert!(shown.days[4].from.is_none());
}

#[test]
fn a_range_that_is_inverted_or_endless_is_refused() {
    let market = market(vec![]);
    for until in ["2026-11-20", "2026-11-19", "2028-11-20"] {
        assert!(
            calendar(&market, &limits(), day("2026-11-20"), day(until)).is_err(),
            "{until}"
        );
    }
}
