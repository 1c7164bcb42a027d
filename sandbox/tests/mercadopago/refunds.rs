//! Refunds: the key first, the rules then, and never one peso too many.

use reqwest::Method;
use sandbox::mercadopago::{Amount, Fault, Kind, Pay, Target};
use serde_json::{Value, json};

use crate::world::{World, same_shape, sample, world};

async fn paid(world: &World) -> u64 {
    let link = world.link("QK7-1", "?source_news=webhooks").await;
    world.till.pay(&Pay::link(link)).unwrap().payment_id
}

async fn code(response: reqwest::Response) -> Value {
    assert_eq!(response.status(), 400);
    response.json::<Value>().await.unwrap()["cause"][0]["code"].clone()
}

#[tokio::test]
async fn without_a_key_nothing_is_looked_at() {
    let world = world().await;
    for payment in [paid(&world).await, 1] {
        let refused = world.refund(payment, None, &json!({})).await;
        assert_eq!(refused.status(), 400);
        let expected = sample("error_400_refund_missing_idempotency_key");
        assert_eq!(refused.json::<Value>().await.unwrap(), expected);
    }
}

#[tokio::test]
async fn a_replay_answers_with_nothing_and_does_nothing() {
    let world = world().await;
    let payment = paid(&world).await;
    let first = world
        .refund(payment, Some("k1"), &json!({ "amount": 21000.5 }))
        .await;
    assert_eq!(first.status(), 201);
    let first: Value = first.json().await.unwrap();
    same_shape(&first, &sample("refund_create_201"), "refund");
    assert_eq!(first["amount"], json!(21000.5));
    let again = world
        .refund(payment, Some("k1"), &json!({ "amount": 21000.5 }))
        .await;
    assert_eq!(again.status(), 200);
    assert_eq!(again.bytes().await.unwrap().len(), 0);
    let read = world.get(&format!("/v1/payments/{payment}")).await;
    same_shape(&read, &sample("payment_partially_refunded"), "payment");
    assert_eq!(read["transaction_amount_refunded"], json!(21000.5));
    assert_eq!(
        (&read["status"], &read["status_detail"]),
        (&json!("approved"), &json!("partially_refunded"))
    );
    let listed = world.get(&format!("/v1/payments/{payment}/refunds")).await;
    assert_eq!(listed, json!([first]));
    let one = format!("/v1/payments/{payment}/refunds/{}", first["id"]);
    assert_eq!(world.get(&one).await, first);
}

#[tokio::test]
async fn parts_that_sum_up_to_the_whole_make_it_refunded() {
    let world = world().await;
    let payment = paid(&world).await;
    for (key, amount) in [("a", 80_000), ("b", 4_000)] {
        let refund = world
            .refund(payment, Some(key), &json!({ "amount": amount }))
            .await;
        assert_eq!(refund.status(), 201);
    }
    let read = world.get(&format!("/v1/payments/{payment}")).await;
    same_shape(&read, &sample("payment_refunded"), "payment");
    assert_eq!(read["status"], "refunded");
    let refused = world.refund(payment, Some("c"), &json!({})).await;
    assert_eq!(
        refused.json::<Value>().await.unwrap(),
        sample("error_400_refund_invalid_state")
    );
}

#[tokio::test]
async fn no_more_than_is_left_and_no_less_than_a_cent() {
    let world = world().await;
    let payment = paid(&world).await;
    for amount in [json!(84000.01), json!(0), json!(-1), json!(1.005)] {
        let refused = world
            .refund(payment, Some("k"), &json!({ "amount": amount }))
            .await;
        assert_eq!(code(refused).await, 2017, "{amount}");
    }
    // A refused call used no key.
    assert_eq!(
        world.refund(payment, Some("k"), &json!({})).await.status(),
        201
    );
}

#[tokio::test]
async fn old_payments_and_those_never_approved_are_not_refunded() {
    let world = world().await;
    let link = world.link("QK7-1", "").await;
    let rejected = world
        .till
        .pay(&Pay::link(&link).turning_out("rejected"))
        .unwrap();
    let refused = world
        .refund(rejected.payment_id, Some("a"), &json!({}))
        .await;
    assert_eq!(code(refused).await, 2063);
    let payment = world.till.pay(&Pay::link(&link)).unwrap().payment_id;
    world.till.clock().advance(181 * 24 * 3600);
    let refused = world.refund(payment, Some("b"), &json!({})).await;
    assert_eq!(code(refused).await, 2024);
}

#[tokio::test]
async fn one_key_at_the_same_moment_is_one_refund() {
    let world = world().await;
    let payment = paid(&world).await;
    let body = json!({ "amount": 100 });
    let calls = (0..8).map(|_| world.refund(payment, Some("same"), &body));
    let answers = futures_util::future::join_all(calls).await;
    let made = answers
        .iter()
        .filter(|answer| answer.status() == 201)
        .count();
    assert_eq!((made, world.till.state().counters.refunds_replayed), (1, 7));
    assert_eq!(world.till.payments()[0].refunds.len(), 1);
}

#[tokio::test]
async fn a_refund_whose_answer_is_cut_off_was_made() {
    let world = world().await;
    let payment = paid(&world).await;
    world
        .till
        .fault(Fault::new(Target::RefundCreate, Kind::Cut).times(1));
    let path = format!("/v1/payments/{payment}/refunds");
    let request = world
        .request(Method::POST, &path)
        .header("x-idempotency-key", "k")
        .json(&json!({}));
    assert!(request.send().await.is_err());
    let replay = world.refund(payment, Some("k"), &json!({})).await;
    assert_eq!(
        (replay.status().as_u16(), world.till.state().counters.cut),
        (200, 1)
    );
    assert_eq!(world.till.payments()[0].refunds.len(), 1);
}

#[tokio::test]
async fn a_refund_that_waits_holds_its_money_until_it_is_decided() {
    let world = world().await;
    let payment = paid(&world).await;
    world.till.let_refunds_wait(true);
    let made = world
        .refund(payment, Some("a"), &json!({ "amount": 80_000 }))
        .await;
    let made: Value = made.json().await.unwrap();
    assert_eq!(made["status"], "in_process");
    let path = format!("/v1/payments/{payment}");
    assert_eq!(
        world.get(&path).await["transaction_amount_refunded"],
        json!(0)
    );
    let more = world
        .refund(payment, Some("b"), &json!({ "amount": 4_001 }))
        .await;
    assert_eq!(code(more).await, 2017);
    world
        .till
        .decide_refund(made["id"].as_u64().unwrap(), false)
        .unwrap();
    let back = world.till.refund(payment, None).unwrap();
    world.till.decide_refund(back, true).unwrap();
    assert_eq!(world.get(&path).await["status"], "refunded");
    assert_eq!(world.till.payments()[0].refunds[0].1, Amount::whole(84_000));
}
