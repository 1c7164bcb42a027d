//! Notifications: signatures, forms, repetition, and what overtakes what.

use std::collections::HashSet;
use std::time::Duration;

use posta_providers::mercadopago::notification::is_ipn_body;
use posta_providers::mercadopago::signature::verify;
use sandbox::mercadopago::{Fault, Kind, Pay, Target, Unit, Update, signature};
use secrecy::SecretString;

use crate::world::{Arrival, World, same_shape, sample, until, with, world};

fn verifies(world: &World, arrival: &Arrival) -> bool {
    verify(
        &[world.till.config().webhook_secret.clone()],
        Some(arrival.header("x-signature").as_bytes()),
        Some(arrival.header("x-request-id").as_bytes()),
        arrival.query("data.id").or(arrival.query("id")).as_deref(),
    )
    .is_ok()
}

#[test]
fn signatures_are_those_of_the_published_vectors() {
    let file = sample("signature_vectors");
    let mut checked = 0;
    for vector in file["vectors"].as_array().unwrap() {
        if vector["expect"].as_str() != Some("valid") {
            continue;
        }
        let (Some(header), Some(secret)) =
            (vector["x_signature"].as_str(), vector["secret"].as_str())
        else {
            continue;
        };
        let [Some(ts), Some(v1)] = ["ts=", "v1="].map(|name| {
            header
                .split(',')
                .find_map(|part| part.trim().strip_prefix(name))
        }) else {
            continue;
        };
        let secret = SecretString::from(secret);
        let ours = signature(
            &secret,
            vector["data_id_query"]
                .as_str()
                .filter(|id| !id.trim().is_empty()),
            vector["x_request_id"]
                .as_str()
                .filter(|id| !id.trim().is_empty()),
            ts,
        );
        assert_eq!(ours, format!("ts={ts},v1={v1}"), "{}", vector["name"]);
        checked += 1;
    }
    assert!(checked >= 6, "only {checked} vectors");
}

#[tokio::test]
async fn an_approved_payment_is_told_once_by_its_webhook_and_its_order() {
    let world = world().await;
    let link = world.link("QK7-1", "?source_news=webhooks").await;
    let paid = world.till.pay(&Pay::link(link)).unwrap();
    let told = world.told("payment").await;
    assert_eq!(told.len(), 1);
    let id = paid.payment_id.to_string();
    assert_eq!(
        told[0].uri.query().unwrap(),
        format!("source_news=webhooks&data.id={id}&type=payment")
    );
    same_shape(&told[0].body, &sample("webhook_payment_created"), "webhook");
    assert_eq!(
        told[0].header("user-agent"),
        "MercadoPago WebHook v1.0 payment"
    );
    assert!(verifies(&world, &told[0]));
    let order = world.told("topic_merchant_order_wh").await;
    same_shape(
        &order[0].body,
        &sample("webhook_merchant_order_wh"),
        "order",
    );
    assert!(verifies(&world, &order[0]));
    assert_eq!(world.arrivals().len(), 2);
}

#[tokio::test]
async fn without_a_choice_the_older_form_comes_too_and_cannot_be_verified() {
    let world = with(|config| config.signed_in = Unit::Millis).await;
    let link = world.link("QK7-1", "").await;
    world.till.pay(&Pay::link(link)).unwrap();
    let told = world.told("payment").await;
    assert_eq!(told.len(), 2);
    let (twins, webhooks): (Vec<_>, Vec<_>) = told
        .iter()
        .partition(|arrival| is_ipn_body(arrival.body.to_string().as_bytes()));
    same_shape(&twins[0].body, &sample("ipn_payment"), "ipn");
    assert!(!verifies(&world, twins[0]) && verifies(&world, webhooks[0]));
    let ts = webhooks[0].header("x-signature").split_once(',').unwrap().0;
    assert_eq!(ts.len(), "ts=1742505638683".len());
    let orders = world.told("merchant_order").await;
    same_shape(&orders[0].body, &sample("ipn_merchant_order"), "ipn order");
}

#[tokio::test]
async fn a_notice_is_repeated_with_everything_new_until_it_is_taken() {
    let world = with(|config| config.orders_too = false).await;
    world.refuse(3);
    let link = world.link("QK7-1", "?source_news=webhooks").await;
    world.till.pay(&Pay::link(link)).unwrap();
    let told = world.told("payment").await;
    assert_eq!(told.len(), 4);
    let distinct =
        |of: &dyn Fn(&Arrival) -> String| told.iter().map(of).collect::<HashSet<_>>().len();
    assert_eq!(distinct(&|arrival| arrival.body["id"].to_string()), 4);
    assert_eq!(
        distinct(&|arrival| arrival.header("x-request-id").to_owned()),
        4
    );
    assert_eq!(told[3].header("x-retry"), "3");
    assert!(told.iter().all(|arrival| verifies(&world, arrival)));
}

#[tokio::test]
async fn a_newer_state_ends_the_repetition_of_the_older() {
    let world = with(|config| {
        config.orders_too = false;
        config.retry.pauses = vec![Duration::from_millis(200)];
    })
    .await;
    world.refuse(1);
    let link = world.link("QK7-1", "?source_news=webhooks").await;
    let paid = world
        .till
        .pay(&Pay::link(link).turning_out("pending"))
        .unwrap();
    until("the first is refused", || world.arrivals().len() == 1).await;
    world
        .till
        .update(&Update::to(paid.payment_id, "approved"))
        .unwrap();
    let told = world.told("payment").await;
    assert_eq!(told.len(), 2);
    same_shape(&told[1].body, &sample("webhook_payment_updated"), "webhook");
    assert_eq!(world.till.state().counters.notices_superseded, 1);
}

#[tokio::test]
async fn a_dispute_is_told_of_with_a_list_of_actions() {
    let world = world().await;
    let link = world.link("QK7-1", "?source_news=webhooks").await;
    let paid = world.till.pay(&Pay::link(link)).unwrap();
    let id = world.till.charge_back(paid.payment_id).unwrap();
    let told = world.told("topic_chargebacks_wh").await;
    same_shape(&told[0].body, &sample("webhook_chargeback"), "webhook");
    assert_eq!(told[0].body["data"]["id"].as_u64(), Some(id));
    assert_eq!(told[0].query("data.id"), Some(id.to_string()));
    assert!(verifies(&world, &told[0]));
    assert_eq!(world.told("payment").await.len(), 2);
}

#[tokio::test]
async fn duplicates_losses_and_silence_happen_when_asked_for() {
    let world = with(|config| config.orders_too = false).await;
    let link = world.link("QK7-1", "?source_news=webhooks").await;
    let six = Fault::new(Target::Webhook, Kind::Duplicate)
        .in_copies(6)
        .times(1);
    world.till.fault(six);
    let paid = world.till.pay(&Pay::link(&link)).unwrap();
    assert_eq!(world.told("payment").await.len(), 6);
    world
        .till
        .fault(Fault::new(Target::Webhook, Kind::Lose).times(1));
    world.till.pay(&Pay::link(&link)).unwrap();
    world.till.pay(&Pay::link(&link).silently()).unwrap();
    world.till.silence(true);
    world
        .till
        .update(&Update::to(paid.payment_id, "in_mediation"))
        .unwrap();
    world.till.silence(false);
    assert_eq!(world.told("payment").await.len(), 6);
    assert_eq!(world.till.state().counters.notices_unsent, 2);
    world
        .till
        .notify(paid.payment_id, 3, Duration::from_millis(1))
        .unwrap();
    assert_eq!(world.told("payment").await.len(), 9);
}

#[tokio::test]
async fn a_notice_can_be_captured_to_be_replayed() {
    let world = world().await;
    let link = world.link("QK7-1", "?source_news=webhooks").await;
    let paid = world.till.pay(&Pay::link(link).silently()).unwrap();
    let address = world.hook("?source_news=webhooks").parse().unwrap();
    let notice = world.till.notice(paid.payment_id, &address).unwrap();
    for _ in 0..2 {
        assert_eq!(world.till.post(&notice).await, Some(201));
    }
    let arrivals = world.arrivals();
    assert_eq!(
        arrivals[0].header("x-signature"),
        arrivals[1].header("x-signature")
    );
    assert!(verifies(&world, &arrivals[0]));
}
