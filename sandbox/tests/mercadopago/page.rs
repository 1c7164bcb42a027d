//! The page where a person pays.

use reqwest::Response;
use sandbox::mercadopago::{Pay, Refusal};
use serde_json::{Value, json};

use crate::world::{World, world};

async fn open(world: &World, link: &str) -> (u16, String) {
    let address = format!("{}{link}", world.till.addresses().checkout_page);
    let page = world.client.get(address).send().await.unwrap();
    (page.status().as_u16(), page.text().await.unwrap())
}

async fn click(world: &World, link: &str, method: &str, outcome: &str) -> Response {
    let form = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs([("pref_id", link), ("method", method), ("outcome", outcome)])
        .finish();
    let address = format!(
        "{}/checkout/v1/pay",
        world.till.addresses().mercadopago_api_url
    );
    let request = world.client.post(address).body(form);
    let request = request.header("content-type", "application/x-www-form-urlencoded");
    request.send().await.unwrap()
}

async fn ours(world: &World, more: Value) -> String {
    let mut body = json!({
        "items": [{ "title": "Cabaña <b>Ñire</b>", "quantity": 1, "unit_price": 84000.5 }],
        "external_reference": "QK7-1",
        "back_urls": { "success": "https://example.com/pago/ok" },
        "auto_return": "approved",
        "payment_methods": { "excluded_payment_types": [{ "id": "ticket" }, { "id": "atm" }] }
    });
    for (name, value) in more.as_object().unwrap() {
        body[name.as_str()] = value.clone();
    }
    let made: Value = world.create(&body).await.json().await.unwrap();
    made["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_person_sees_what_is_asked_and_pays_any_number_of_times() {
    let world = world().await;
    let link = ours(&world, json!({})).await;
    let (status, page) = open(&world, &link).await;
    assert_eq!(status, 200);
    assert!(
        page.contains("84.000,50") && page.contains("Pagar"),
        "{page}"
    );
    assert!(
        page.contains("Caba\u{f1}a &lt;b&gt;")
            && !page.contains("<b>")
            && !page.contains("<script")
    );
    assert!(!page.contains("Rapipago") && page.contains("Visa"));
    let no = click(&world, &link, "visa", "rejected:cc_rejected_high_risk").await;
    assert!(no.text().await.unwrap().contains("Intentar de nuevo"));
    for _ in 0..2 {
        let yes = click(&world, &link, "visa", "approved:").await;
        let yes = yes.text().await.unwrap();
        assert!(
            yes.contains("https://example.com/pago/ok?collection_id="),
            "{yes}"
        );
    }
    let statuses: Vec<_> = world
        .till
        .payments()
        .iter()
        .map(|payment| payment.status.clone())
        .collect();
    assert_eq!(statuses, ["rejected", "approved", "approved"]);
}

#[tokio::test]
async fn a_link_that_is_over_or_excludes_something_refuses() {
    let world = world().await;
    let over = json!({ "expires": true, "expiration_date_to": "2020-01-01T00:00:00.000-03:00" });
    let link = ours(&world, over).await;
    assert_eq!(open(&world, &link).await.0, 410);
    assert_eq!(
        click(&world, &link, "visa", "approved:").await.status(),
        409
    );
    assert_eq!(world.till.pay(&Pay::link(&link)), Err(Refusal::Expired));
    let begun = Pay {
        even_expired: true,
        ..Pay::link(&link)
    };
    assert!(world.till.pay(&begun).is_ok());
    assert_eq!(open(&world, "no-such-thing").await.0, 404);

    let link = ours(&world, json!({ "binary_mode": true })).await;
    assert!(!open(&world, &link).await.1.contains("en revisión"));
    assert_eq!(
        click(&world, &link, "rapipago", "approved:").await.status(),
        409
    );
    assert_eq!(
        click(&world, &link, "visa", "in_process:").await.status(),
        409
    );
    assert_eq!(
        click(&world, &link, "visa", "charged_back:").await.status(),
        400
    );
}
