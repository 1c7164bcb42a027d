//! The pages on the way back from the checkout.

use reqwest::{Method, StatusCode};

use crate::app::app;

#[tokio::test]
async fn the_page_on_the_way_back_believes_and_shows_nothing_of_its_address() {
    let app = app().await;
    let client = reqwest::Client::new();
    let url = |rest: &str| format!("http://{}/pago/{rest}", app.addresses.api);
    for name in ["ok", "pendiente", "error"] {
        let plain = client.get(url(name)).send().await.unwrap();
        assert_eq!(plain.status(), StatusCode::OK);
        for (header, value) in [
            ("content-type", "text/html; charset=utf-8"),
            ("cache-control", "no-store"),
            ("referrer-policy", "no-referrer"),
            ("x-content-type-options", "nosniff"),
        ] {
            assert_eq!(plain.headers()[header], value, "{name}");
        }
        assert!(
            plain.headers()["content-security-policy"]
                .to_str()
                .unwrap()
                .starts_with("default-src 'none'")
        );
        let page = plain.text().await.unwrap();
        assert!(page.contains("volver al chat"), "{page}");
        let query =
            "?payment_id=98765432123&status=approved&external_reference=<script>alert(1)</script>";
        let with_query = client
            .get(url(&format!("{name}{query}")))
            .send()
            .await
            .unwrap();
        assert_eq!(with_query.text().await.unwrap(), page);
        let posted = client.post(url(name)).send().await.unwrap();
        assert_eq!(posted.status(), StatusCode::METHOD_NOT_ALLOWED);
        let head = client.request(Method::HEAD, url(name)).send().await;
        assert_eq!(head.unwrap().status(), StatusCode::OK);
    }
    let other = client.get(url("otra")).send().await.unwrap();
    assert_eq!(other.status(), StatusCode::NOT_FOUND);
    assert_eq!(other.headers()["content-type"], "application/problem+json");
    // Said of no route in particular: what stood in the address is in no log and no metric.
    assert!(!app.metrics().await.contains("98765432123"));
}
