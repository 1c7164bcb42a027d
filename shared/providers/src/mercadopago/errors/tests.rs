use std::time::Duration;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

fn refused(status: u16, body: &Value) -> MercadoPagoError {
    MercadoPagoError::Refused {
        status,
        retry_after: None,
        error: ApiError::from_body(body.to_string().as_bytes()).unwrap(),
    }
}

fn coded(status: u16, code: &Value) -> Disposition {
    let body = json!({"message": "no", "error": "bad_request", "status": status, "cause": [{"code": code, "description": "no"}]});
    refused(status, &body).disposition()
}

#[test]
fn every_refund_code_of_the_documentation_has_its_meaning() {
    let table: &[(&[i64], Meaning)] = &[
        (&[2030, 2031], Meaning::NoFunds),
        (&[2024, 15016], Meaning::TooOld),
        (&[2063, 2018, 2029], Meaning::State),
        (&[2017], Meaning::Amount),
        (&[2022], Meaning::TooMany),
        (&[2025], Meaning::NotRefundable),
        (&[3024], Meaning::NoPartial),
        (&[2084], Meaning::Transient),
        (&[4292, 1001], Meaning::BadRequest),
        (&[99_999], Meaning::Unknown),
    ];
    for (codes, meaning) in table {
        for code in *codes {
            let expected = Disposition::Refused {
                code: Some(*code),
                meaning: *meaning,
            };
            // As a number, and as a text.
            assert_eq!(coded(400, &json!(code)), expected);
            assert_eq!(coded(400, &json!(code.to_string())), expected);
            assert_eq!(meaning.is_final(), *meaning != Meaning::Transient);
        }
    }
}

#[test]
fn a_cause_is_a_list_an_object_empty_null_absent_or_named_otherwise() {
    let of = |body: Value| ApiError::from_body(body.to_string().as_bytes()).unwrap();
    for cause in [json!([]), json!(null), json!({})] {
        let error = of(json!({"message": "m", "error": "e", "status": 400, "cause": cause}));
        assert_eq!(
            (error.code(), error.key(), error.text()),
            (None, Some("e"), "m")
        );
    }
    assert_eq!(of(json!({"message": "m"})).to_string(), "no code: m");
    assert_eq!(
        of(json!({"cause": {"code": 2017, "description": "d"}})).code(),
        Some(2017)
    );
    let listed = of(json!({"errors": [{"code": "unsupported_properties", "message": "m"}]}));
    assert_eq!(
        (listed.code(), listed.key()),
        (None, Some("unsupported_properties"))
    );
    assert_eq!(listed.to_string(), "unsupported_properties: m");
    for nothing in ["", "<html>", "null", "[]", "{}", r#"{"a":1}"#, "\u{fffd}"] {
        assert_eq!(ApiError::from_body(nothing.as_bytes()), None, "{nothing}");
    }
}

#[test]
fn what_passes_is_tried_again_whatever_the_body_says() {
    for status in [302, 408, 409, 423, 424, 429, 500, 502, 503, 504] {
        assert_eq!(
            coded(status, &json!(2017)),
            Disposition::Retry { after: None },
            "{status}"
        );
        let unexplained = MercadoPagoError::Unexplained {
            status,
            retry_after: Some(Duration::from_secs(7)),
        };
        let after = Some(Duration::from_secs(7));
        assert_eq!(
            unexplained.disposition(),
            Disposition::Retry { after },
            "{status}"
        );
    }
}

#[test]
fn tokens_rights_and_test_credentials_are_told_apart() {
    use AuthProblem::{Foreign, Permission, TestCredentials, Token};
    assert_eq!(coded(401, &json!(null)), Disposition::Auth(Token));
    assert_eq!(coded(401, &json!(7)), Disposition::Auth(TestCredentials));
    assert_eq!(coded(400, &json!(3)), Disposition::Auth(TestCredentials));
    assert_eq!(coded(403, &json!(4)), Disposition::Auth(Foreign));
    let policy = json!({"code": "PA_UNAUTHORIZED_RESULT_FROM_POLICIES", "blocked_by": "PolicyAgent", "status": 403,
                        "message": "At least one policy returned UNAUTHORIZED."});
    let policy = refused(403, &policy);
    assert_eq!(policy.disposition(), Disposition::Auth(Permission));
    assert_eq!(
        policy.refusal().unwrap().key(),
        Some("PA_UNAUTHORIZED_RESULT_FROM_POLICIES")
    );
    assert!(Token.stops_account());
    assert!(
        [Permission, Foreign, TestCredentials]
            .iter()
            .all(|it| !it.stops_account())
    );
}

#[test]
fn only_the_provider_itself_says_that_something_does_not_exist() {
    assert_eq!(coded(404, &json!(2000)), Disposition::NotFound);
    assert_eq!(coded(400, &json!(2000)), Disposition::NotFound);
    assert_eq!(coded(404, &json!(null)), Disposition::NotFound);
    let page = MercadoPagoError::Unexplained {
        status: 404,
        retry_after: None,
    };
    assert_eq!(page.disposition(), Disposition::Retry { after: None });
    assert!(page.counts_for_breaker());
}

#[test]
fn a_breaker_counts_faults_and_not_refusals() {
    let of = |status| refused(status, &json!({"message": "m"}));
    for status in [400, 401, 403, 404, 409, 429] {
        assert!(!of(status).counts_for_breaker(), "{status}");
    }
    assert!(of(500).counts_for_breaker() && of(503).counts_for_breaker());
    for status in [500, 409, 423, 424, 408] {
        assert!(of(status).may_have_happened(), "{status}");
    }
    for status in [400, 401, 404, 429] {
        assert!(!of(status).may_have_happened(), "{status}");
    }
}

#[test]
fn a_seller_without_papers_is_told_from_a_bug_of_ours() {
    let of = |body: Value| match refused(400, &body).disposition() {
        Disposition::Refused { meaning, .. } => meaning,
        other => panic!("{other:?}"),
    };
    let key = "collector_does_not_comply_with_current_regulation";
    assert_eq!(
        of(json!({"message": "m", "error": key})),
        Meaning::Regulation
    );
    assert_eq!(
        of(json!({"message": "m", "error": "bad_request", "cause": [{"code": key}]})),
        Meaning::Regulation
    );
    assert_eq!(
        of(json!({"message": "m", "error": "invalid_auto_return", "cause": null})),
        Meaning::BadRequest
    );
}

proptest! {
    #[test]
    fn any_error_has_a_disposition_and_bounded_words(code in any::<i64>(), message in ".*", status in 300_u16..600) {
        let error = refused(status, &json!({"message": message, "error": message, "cause": [{"code": code}]}));
        prop_assert!(!error.disposition().as_str().is_empty());
        prop_assert!(error.refusal().unwrap().to_string().chars().count() <= 300);
    }

    #[test]
    fn no_bytes_panic(body in proptest::collection::vec(any::<u8>(), 0..200)) {
        drop(ApiError::from_body(&body));
    }
}
