use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use super::*;

async fn get(addr: SocketAddr, path: &str) -> (u16, String) {
    crate::tls::install();
    let response = reqwest::get(format!("http://{addr}{path}")).await.unwrap();
    (response.status().as_u16(), response.text().await.unwrap())
}

#[tokio::test]
async fn readiness_follows_its_checks_in_words_and_liveness_does_not() {
    let registry = Registry::new();
    registry
        .counter("posta_test_total", "A test.")
        .unwrap()
        .inc();
    let up = Arc::new(AtomicBool::new(false));
    let seen = Arc::clone(&up);
    let server = Ops::new(SocketAddr::from(([127, 0, 0, 1], 0)), registry)
        .ready_check("rabbitmq", move || {
            let up = seen.load(Ordering::SeqCst);
            async move {
                if up {
                    Ok(())
                } else {
                    Err("no connection since 3 s".to_owned())
                }
            }
        })
        .live_check("loop", || async { Ok(()) })
        .bind()
        .await
        .unwrap();
    let addr = server.addr();
    let token = CancellationToken::new();
    let serving = tokio::spawn(server.serve(token.clone()));

    let (status, body) = get(addr, "/readyz").await;
    assert_eq!(
        (status, body.contains("no connection since 3 s")),
        (503, true),
        "{body}"
    );
    assert_eq!(get(addr, "/healthz").await.0, 200);
    up.store(true, Ordering::SeqCst);
    assert_eq!(get(addr, "/readyz").await.0, 200);
    assert!(get(addr, "/metrics").await.1.contains("posta_test_total 1"));
    assert_eq!(get(addr, "/secrets").await.0, 404);

    token.cancel();
    serving.await.unwrap();
}

#[tokio::test]
async fn a_check_that_panics_fails_itself_only() {
    let server = Ops::new(SocketAddr::from(([127, 0, 0, 1], 0)), Registry::new())
        .live_check("broken", || async { panic!("a bug") })
        .live_check("fine", || async { Ok(()) })
        .bind()
        .await
        .unwrap();
    let addr = server.addr();
    let token = CancellationToken::new();
    let serving = tokio::spawn(server.serve(token.clone()));
    let (status, body) = get(addr, "/healthz").await;
    assert_eq!(status, 503);
    assert!(body.contains(r#""fine":"ok""#), "{body}");
    token.cancel();
    serving.await.unwrap();
}
