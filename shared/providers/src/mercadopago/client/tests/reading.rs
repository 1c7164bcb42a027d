//! Reading and searching.

use super::*;

#[tokio::test]
async fn a_payment_is_read_with_the_token() {
    let provider = Provider::start(|_| text(200, APPROVED)).await;
    let payment = mercado_pago(&provider)
        .payment(&token(), &paid())
        .await
        .unwrap();
    assert_eq!(payment.snapshot().unwrap().amount, pesos(8_400_000));
    let request = &provider.requests()[0];
    assert_eq!(
        (method(request), request.target.as_str()),
        ("GET", "/mercadopago/v1/payments/140233071955")
    );
    assert_eq!(request.header("authorization"), Some("Bearer APP_USR-1234"));
    assert_eq!(request.header("x-idempotency-key"), None);
}

#[tokio::test]
async fn an_answer_about_another_payment_is_not_taken_for_it() {
    let provider = Provider::start(|_| text(200, APPROVED)).await;
    let other = PaymentNumber::parse("1").unwrap();
    let error = mercado_pago(&provider)
        .payment(&token(), &other)
        .await
        .unwrap_err();
    let expected = Unfit::Another("payment");
    assert!(matches!(error, MercadoPagoError::NotUnderstood(unfit) if unfit == expected));
}

#[tokio::test]
async fn a_payment_nobody_knows_is_told_from_a_page_nobody_wrote() {
    let unknown =
        include_str!("../../../../tests/data/mercadopago/error_404_payment_not_found.json");
    for (reply, expected) in [
        (text(404, unknown), Disposition::NotFound),
        (text(404, "<html>nginx"), Disposition::Retry { after: None }),
    ] {
        let provider = Provider::start(move |_| reply.clone()).await;
        let error = mercado_pago(&provider)
            .payment(&token(), &paid())
            .await
            .unwrap_err();
        assert_eq!(error.disposition(), expected);
    }
}

#[tokio::test]
async fn too_many_calls_say_how_long_to_wait() {
    let limited =
        include_str!("../../../../tests/data/mercadopago/error_429_too_many_requests.json");
    for (seconds, waited) in [("12", 12), (" 1 ", 1), ("999999", 3600)] {
        let provider = Provider::start(move |_| {
            let header = format!("retry-after: {seconds}");
            Reply::Http(429, vec![header], limited.as_bytes().to_vec())
        })
        .await;
        let error = mercado_pago(&provider)
            .payment(&token(), &paid())
            .await
            .unwrap_err();
        let after = Some(Duration::from_secs(waited));
        assert_eq!(error.disposition(), Disposition::Retry { after });
        assert!(!error.counts_for_breaker());
    }
}

#[tokio::test]
async fn an_answer_that_does_not_arrive_whole_is_ambiguous() {
    for reply in [
        Reply::HangUp,
        Reply::Silence,
        Reply::BreaksOff,
        Reply::Chunked(3 * 1024 * 1024),
        text(200, ""),
        text(200, "{\"id\": 1402330719"),
        text(200, "[]"),
        Reply::Http(200, Vec::new(), vec![0xff, 0xfe]),
    ] {
        let words: String = format!("{reply:?}").chars().take(60).collect();
        let provider = Provider::start(move |_| reply.clone()).await;
        let error = mercado_pago(&provider)
            .payment(&token(), &paid())
            .await
            .unwrap_err();
        assert_eq!(error.disposition(), Disposition::Ambiguous, "{words}");
        assert!(error.may_have_happened(), "{words}");
    }
}

#[tokio::test]
async fn a_search_goes_on_until_its_last_page() {
    let provider = Provider::start(|request| {
        let payment: Value = serde_json::from_str(APPROVED).unwrap();
        let results = if request.target.contains("offset=0") {
            json!([payment, {"id": null}, {"id": 7, "external_reference": "another"}])
        } else {
            json!([{"id": 8}])
        };
        let paging = json!({"total": 4, "limit": 50, "offset": 0});
        Reply::json(200, &json!({"paging": paging, "results": results}))
    })
    .await;
    let search = Search::new(PaymentsBy::Reference(reference()));
    let client = mercado_pago(&provider);
    let page = client.search_payments(&token(), &search).await.unwrap();
    let counts = (page.payments.len(), page.unreadable, page.total);
    assert_eq!(counts, (1, 1, Some(4)));
    let next = page.next.unwrap();
    let page = client.search_payments(&token(), &next).await.unwrap();
    assert_eq!((page.payments.len(), page.next), (1, None));
    let lacking = page.payments[0].snapshot();
    assert!(lacking.is_err(), "a hit may lack everything but its id");
    let targets: Vec<String> = provider.requests().into_iter().map(|r| r.target).collect();
    let query = "external_reference=res_01JZ8Q4M7T&sort=date_created&criteria=desc&limit=50";
    assert_eq!(
        targets,
        [0, 3].map(|offset| format!("/mercadopago/v1/payments/search?{query}&offset={offset}"))
    );
}

#[tokio::test]
async fn a_day_is_searched_in_the_providers_own_time() {
    let nothing = json!({"paging": {"total": 0}, "results": []});
    let provider = Provider::start(move |_| Reply::json(200, &nothing)).await;
    let day = |text: &str| text.parse().unwrap();
    let by = PaymentsBy::Changed(day("2026-01-14T03:00:00Z"), day("2026-01-15T02:59:59.999Z"));
    let page = mercado_pago(&provider)
        .search_payments(&token(), &Search::new(by))
        .await
        .unwrap();
    assert_eq!((page.payments.len(), page.next), (0, None));
    let request = &provider.requests()[0];
    let asked = request.target.split_once('?').unwrap().1;
    let pairs: Vec<(String, String)> = url::form_urlencoded::parse(asked.as_bytes())
        .into_owned()
        .collect();
    for (name, value) in [
        ("sort", "date_last_updated"),
        ("criteria", "asc"),
        ("range", "date_last_updated"),
        ("begin_date", "2026-01-13T23:00:00.000-04:00"),
        ("end_date", "2026-01-14T22:59:59.999-04:00"),
    ] {
        let pair = (name.to_owned(), value.to_owned());
        assert!(pairs.contains(&pair), "{name}: {pairs:?}");
    }
}

#[tokio::test]
async fn something_that_is_no_search_answer_is_not_an_empty_one() {
    let provider = Provider::start(|_| Reply::json(200, &json!({"ok": true}))).await;
    let client = mercado_pago(&provider);
    let search = Search::new(PaymentsBy::Reference(reference()));
    let payments = client
        .search_payments(&token(), &search)
        .await
        .map(|_| ())
        .unwrap_err();
    let links = client
        .search_preferences(&token(), &reference())
        .await
        .map(|_| ())
        .unwrap_err();
    let by = OrdersBy::Reference(reference());
    let orders = client
        .search_merchant_orders(&token(), &by)
        .await
        .map(|_| ())
        .unwrap_err();
    for error in [payments, links, orders] {
        let lacking = matches!(error, MercadoPagoError::NotUnderstood(Unfit::Missing(_)));
        assert!(lacking, "{error:?}");
    }
}

#[tokio::test]
async fn links_are_found_on_all_pages_newest_first_and_only_our_own() {
    let provider = Provider::start(|request| {
        let hit = |id: &str, reference: &str, hour: u8| {
            let made = format!("2026-01-14T{hour}:00:00.000-04:00");
            json!({"id": id, "external_reference": reference, "date_created": made, "items": ["x"]})
        };
        let (ours, theirs) = ("res_01JZ8Q4M7T", "another");
        let page = if request.target.contains("offset=0") {
            let hits = [hit("1-a", ours, 10), hit("1-x", theirs, 12)];
            json!({"elements": hits, "next_offset": 50, "total": 51})
        } else {
            json!({"elements": [hit("1-b", ours, 11)], "next_offset": 51, "total": 51})
        };
        Reply::json(200, &page)
    })
    .await;
    let hits = mercado_pago(&provider)
        .search_preferences(&token(), &reference())
        .await
        .unwrap();
    let ids: Vec<&str> = hits.iter().map(|hit| hit.id.as_str()).collect();
    assert_eq!(ids, ["1-b", "1-a"]);
    assert_eq!(provider.requests().len(), 2);
}

#[tokio::test]
async fn a_search_that_finds_nothing_may_say_null() {
    let nothing = json!({"elements": null, "next_offset": 0, "total": 0});
    let provider = Provider::start(move |_| Reply::json(200, &nothing)).await;
    let client = mercado_pago(&provider);
    let links = client.search_preferences(&token(), &reference()).await;
    let by = OrdersBy::Preference(PreferenceId::parse("1-a").unwrap());
    let orders = client.search_merchant_orders(&token(), &by).await;
    assert_eq!((links.unwrap().len(), orders.unwrap().len()), (0, 0));
    let target = &provider.requests()[1].target;
    assert_eq!(
        target,
        "/mercadopago/merchant_orders/search?preference_id=1-a"
    );
}

#[tokio::test]
async fn chargebacks_and_orders_lead_to_their_payments() {
    let provider = Provider::start(|request| {
        let chargeback = include_str!("../../../../tests/data/mercadopago/chargeback_get.json");
        let order = include_str!("../../../../tests/data/mercadopago/merchant_order_closed.json");
        match request.target.as_str() {
            "/mercadopago/v1/chargebacks/233000071554120193" => text(200, chargeback),
            _ => text(200, order),
        }
    })
    .await;
    let client = mercado_pago(&provider);
    let number = ChargebackNumber::parse("233000071554120193").unwrap();
    let chargeback = client.chargeback(&token(), &number).await.unwrap();
    let payment = PaymentNumber::parse("140251337046").unwrap();
    assert_eq!(chargeback.payments, [payment]);
    let number = MerchantOrderNumber::parse("37120448213").unwrap();
    let order = client.merchant_order(&token(), &number).await.unwrap();
    assert_eq!(order.payments.last(), Some(&paid()));
    let target = &provider.requests()[1].target;
    assert_eq!(target, "/mercadopago/merchant_orders/37120448213");
}
