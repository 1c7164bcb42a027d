use std::time::Duration;

use proptest::prelude::*;

use super::parse;

#[test]
fn durations_need_a_whole_number_and_a_unit() {
    assert_eq!(parse::duration("250ms"), Ok(Duration::from_millis(250)));
    assert_eq!(parse::duration("0s"), Ok(Duration::ZERO));
    assert_eq!(parse::duration("7d"), Ok(Duration::from_hours(168)));
    for wrong in [
        "",
        "2",
        "s",
        "-1s",
        "1.5s",
        "2 weeks",
        "99999999999999999999s",
        "18446744073709551615d",
        "1000000d",
    ] {
        assert!(parse::duration(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn hosts_are_bare_names() {
    assert_eq!(
        parse::hosts("Lookaside.fbsbx.com, cdn.example:8443").unwrap(),
        ["lookaside.fbsbx.com", "cdn.example:8443"]
    );
    for wrong in [
        "https://lookaside.fbsbx.com",
        "a/b",
        "a,,b",
        ".fbsbx.com",
        "user@host",
    ] {
        assert!(parse::hosts(wrong).is_err(), "{wrong}");
    }
}

proptest! {
    #[test]
    fn no_parser_panics_on_any_text(raw in ".*") {
        drop((parse::duration(&raw), parse::hosts(&raw), parse::http_url(&raw), parse::socket_addr(&raw)));
        drop((parse::secrets(&raw).is_ok(), parse::number(0..=9_u8)(&raw), parse::digits(&raw), parse::name(&raw)));
    }
}
