use std::time::Duration;

use proptest::prelude::*;
use serde_json::json;

use super::*;

#[test]
fn every_code_of_the_documentation_has_its_disposition() {
    use Disposition::{
        GiveUp as Never, NeedsTemplate, RetryAccount, RetryFew, RetryGuest, RetryLater,
        RetryNumber, StopAccount,
    };
    let table: &[(&[i64], Disposition)] = &[
        (&[131056], RetryGuest),
        (&[130429], RetryNumber),
        (&[4, 80007], RetryAccount),
        (&[131016, 2, 133004, 131057], RetryLater),
        (&[131000], RetryFew(3)),
        (&[1], RetryFew(2)),
        (&[131048, 131064], StopAccount(StopReason::Restricted)),
        (&[131049], Never(GiveUp::Marketing)),
        (&[131047], NeedsTemplate),
        (&[131026], Never(GiveUp::Undeliverable)),
        (&[130403, 131050], Never(GiveUp::Blocked)),
        (&[131030, 131021], Never(GiveUp::NotAllowed)),
        (&[190, 0], StopAccount(StopReason::Token)),
        (
            &[3, 10, 200, 250, 299, 131005],
            StopAccount(StopReason::Permission),
        ),
        (&[368, 131031, 130497], StopAccount(StopReason::Policy)),
        (&[131042], StopAccount(StopReason::Billing)),
        (
            &[33, 131045, 133010],
            StopAccount(StopReason::Configuration),
        ),
        (
            &[100, 131008, 131009, 131051, 135000],
            Never(GiveUp::BadRequest),
        ),
        (&[131052, 131053], Never(GiveUp::Media)),
        (
            &[132000, 132001, 132005, 132007, 132012, 132015, 132016],
            Never(GiveUp::Template),
        ),
    ];
    for (codes, disposition) in table {
        for code in *codes {
            assert_eq!(of_code(*code), Some(*disposition), "{code}");
        }
    }
    assert_eq!(of_code(300), None);
}

#[test]
fn a_guest_is_retried_after_powers_of_four() {
    let seconds: Vec<u64> = (0..9)
        .map(|refusals| retry_guest_after(refusals).as_secs())
        .collect();
    assert_eq!(seconds, [1, 4, 16, 64, 256, 1024, 4096, 4096, 4096]);
}

#[test]
fn codes_come_as_numbers_and_as_texts_and_details_are_preferred() {
    let body = json!({"error": {
        "message": "(#131047) Re-engagement message", "code": "131047", "fbtrace_id": "Az8or2yhqkZfEZ-_4Qn_Bam",
        "error_data": {"messaging_product": "whatsapp", "details": "More than 24 hours have passed"}
    }});
    let error = GraphError::from_body(400, body.to_string().as_bytes()).unwrap();
    assert_eq!(
        (error.code(), error.text()),
        (Some(131047), "More than 24 hours have passed")
    );
    assert_eq!(error.disposition(), Disposition::NeedsTemplate);
    assert_eq!(error.trace(), Some("Az8or2yhqkZfEZ-_4Qn_Bam"));
    let failed = json!({"code": 131026, "title": "Message undeliverable"});
    assert_eq!(
        GraphError::from_status(&failed).disposition(),
        Disposition::GiveUp(GiveUp::Undeliverable)
    );
}

#[test]
fn an_unlisted_code_is_judged_by_what_little_else_is_known() {
    let of = |status, error: serde_json::Value| {
        GraphError::from_body(status, json!({ "error": error }).to_string().as_bytes())
            .unwrap()
            .disposition()
    };
    assert_eq!(
        of(400, json!({"code": 999_999})),
        Disposition::GiveUp(GiveUp::Unknown)
    );
    assert_eq!(
        of(400, json!({"code": 999_999, "is_transient": true})),
        Disposition::RetryLater
    );
    assert_eq!(of(500, json!({"code": 999_999})), Disposition::RetryFew(3));
    assert_eq!(
        of(401, json!({})),
        Disposition::StopAccount(StopReason::Token)
    );
    assert_eq!(of(429, json!({"code": null})), Disposition::RetryNumber);
}

#[test]
fn an_answer_without_an_explanation_may_have_been_a_success() {
    let of = |status| {
        SendError::Unexplained {
            status,
            retry_after: Some(Duration::from_secs(1)),
        }
        .disposition()
    };
    for status in [500, 502, 503, 504, 408] {
        assert_eq!(of(status), Disposition::Ambiguous, "{status}");
    }
    assert_eq!(of(429), Disposition::RetryNumber);
    assert_eq!(of(401), Disposition::StopAccount(StopReason::Token));
    assert_eq!(of(302), Disposition::StopAccount(StopReason::Configuration));
    assert_eq!(SendError::NoId.disposition(), Disposition::Ambiguous);
}

#[test]
fn what_is_not_an_error_of_the_graph_api_is_none() {
    for body in [
        "",
        "<html>",
        "null",
        "[]",
        "{}",
        r#"{"error":"no"}"#,
        r#"{"error":null}"#,
    ] {
        assert_eq!(GraphError::from_body(502, body.as_bytes()), None, "{body}");
    }
}

proptest! {
    #[test]
    fn any_error_object_has_a_disposition_and_a_bounded_text(code in any::<i64>(), message in ".*", status in 100_u16..600) {
        let body = json!({"error": {"code": code, "message": message}}).to_string();
        let error = GraphError::from_body(status, body.as_bytes()).unwrap();
        prop_assert!(error.text().encode_utf16().count() <= 500);
        prop_assert!(!error.disposition().as_str().is_empty());
    }

    #[test]
    fn no_bytes_panic(body in proptest::collection::vec(any::<u8>(), 0..200)) {
        drop(GraphError::from_body(500, &body));
    }
}
