use std::time::{Duration, Instant};

use serde_json::json;

use super::*;
use crate::{
    fake::{Provider, Reply},
    whatsapp::{
        Outgoing, Recipient,
        errors::{Disposition, StopReason},
    },
};

fn graph(base: Url) -> GraphClient {
    let timeouts = Timeouts {
        connect: Duration::from_secs(1),
        request: Duration::from_millis(400),
    };
    GraphClient::new(base, "v26.0", Vec::new(), timeouts).unwrap()
}

fn from() -> PhoneNumberId {
    PhoneNumberId::parse("106540352242922").unwrap()
}

fn hello() -> serde_json::Value {
    Outgoing::text("Hola")
        .unwrap()
        .to_graph_body(&Recipient::phone("5492944123456").unwrap(), "outbox:7")
}

async fn send(base: Url) -> Result<Sent, SendError> {
    graph(base)
        .send(&from(), &SecretString::from("EAAG"), &hello())
        .await
}

async fn disposition_after(reply: Reply) -> Disposition {
    let provider = Provider::start(move |_| reply.clone()).await;
    send(provider.url("/whatsapp"))
        .await
        .unwrap_err()
        .disposition()
}

#[tokio::test]
async fn a_message_is_posted_with_the_token_and_its_id_returned() {
    let provider = Provider::start(|_| {
        Reply::json(
            200,
            &json!({
                "messaging_product": "whatsapp",
                "contacts": [{"input": "+5492944123456", "wa_id": "542944123456"}],
                "messages": [{"id": "wamid.HBgN"}]
            }),
        )
    })
    .await;
    let sent = send(provider.url("/whatsapp")).await.unwrap();
    assert_eq!(
        (sent.wamid.as_str(), sent.wa_id.as_deref(), sent.user_id),
        ("wamid.HBgN", Some("542944123456"), None)
    );
    let request = &provider.requests()[0];
    assert_eq!(request.target, "/whatsapp/v26.0/106540352242922/messages");
    assert_eq!(request.header("authorization"), Some("Bearer EAAG"));
    assert_eq!(
        serde_json::from_slice::<serde_json::Value>(&request.body).unwrap(),
        hello()
    );
}

#[tokio::test]
async fn metas_refusals_keep_their_code_and_the_time_to_wait() {
    let provider = Provider::start(|_| {
        let body = json!({"error": {"code": 131056, "message": "pair rate limit"}}).to_string();
        Reply::Http(400, vec!["retry-after: 30".to_owned()], body.into_bytes())
    })
    .await;
    let error = send(provider.url("/")).await.unwrap_err();
    assert_eq!(
        (error.code(), error.disposition()),
        (Some(131056), Disposition::RetryGuest)
    );
    assert_eq!(error.retry_after(), Some(Duration::from_secs(30)));
    assert!(
        !error.counts_for_breaker(),
        "a guest's limit says nothing about the API"
    );
}

#[tokio::test]
async fn nothing_was_sent_when_nobody_listens() {
    let addr = Provider::start(|_| Reply::HangUp).await.addr;
    let error = send(format!("http://{addr}").parse().unwrap())
        .await
        .unwrap_err();
    assert!(matches!(error, SendError::NotConnected(_)), "{error:?}");
    assert_eq!(error.disposition(), Disposition::RetryLater);
    assert!(error.counts_for_breaker());
}

#[tokio::test]
async fn an_answer_that_does_not_arrive_is_ambiguous() {
    for reply in [
        Reply::HangUp,
        Reply::Silence,
        Reply::BreaksOff,
        Reply::Http(502, Vec::new(), b"<html>Bad Gateway</html>".to_vec()),
        Reply::Http(500, Vec::new(), Vec::new()),
        Reply::Http(200, Vec::new(), b"ok".to_vec()),
        Reply::json(200, &json!({"messages": []})),
        Reply::Chunked(1024 * 1024),
    ] {
        let words = format!("{reply:?}").chars().take(80).collect::<String>();
        assert_eq!(
            disposition_after(reply).await,
            Disposition::Ambiguous,
            "{words}"
        );
    }
}

#[tokio::test]
async fn a_redirect_is_not_followed_with_the_token() {
    let elsewhere =
        Provider::start(|_| Reply::json(200, &json!({"messages": [{"id": "w"}]}))).await;
    let location = format!("location: {}", elsewhere.url("/"));
    let disposition = disposition_after(Reply::Http(307, vec![location], Vec::new())).await;
    assert_eq!(
        disposition,
        Disposition::StopAccount(StopReason::Configuration)
    );
    assert!(elsewhere.requests().is_empty());
}

#[tokio::test]
async fn a_silent_api_costs_no_more_than_the_time_out() {
    let begun = Instant::now();
    assert_eq!(
        disposition_after(Reply::Silence).await,
        Disposition::Ambiguous
    );
    assert!(begun.elapsed() < Duration::from_secs(5));
}

#[tokio::test]
async fn errors_show_neither_the_token_nor_the_number() {
    for reply in [Reply::HangUp, Reply::Silence, Reply::BreaksOff] {
        let provider = Provider::start(move |_| reply.clone()).await;
        let error = send(provider.url("/whatsapp")).await.unwrap_err();
        let words = format!("{error} {error:?}");
        assert!(
            !words.contains("EAAG")
                && !words.contains("106540352242922")
                && !words.contains("5492944"),
            "{words}"
        );
    }
}

#[tokio::test]
async fn reading_and_typing_are_one_call() {
    let provider = Provider::start(|_| Reply::json(200, &json!({"success": true}))).await;
    let token = SecretString::from("EAAG");
    graph(provider.url(""))
        .mark_read(&from(), &token, "wamid.1", true)
        .await
        .unwrap();
    let body: serde_json::Value = serde_json::from_slice(&provider.requests()[0].body).unwrap();
    assert_eq!(body["typing_indicator"]["type"], "text");
    assert_eq!(
        (&body["status"], &body["message_id"]),
        (&json!("read"), &json!("wamid.1"))
    );
}

#[test]
fn an_account_id_is_digits_since_it_becomes_a_path() {
    assert!(PhoneNumberId::parse("106540352242922").is_some());
    for wrong in ["", "1/2", "..", "12a", "１２", &"1".repeat(33)] {
        assert!(PhoneNumberId::parse(wrong).is_none(), "{wrong}");
    }
}
