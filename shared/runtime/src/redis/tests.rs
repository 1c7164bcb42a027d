//! Against a small server that speaks just enough RESP, so that it can be stopped, stalled and started again.

use std::{net::SocketAddr, sync::atomic::AtomicBool, time::Instant};

use secrecy::SecretString;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
    task::JoinHandle,
};

use super::*;

/// Answers `+PONG` to whatever ends in PING, `+OK` to each other command; nothing while stalled.
struct Server {
    addr: SocketAddr,
    stalled: Arc<AtomicBool>,
    task: JoinHandle<()>,
}

impl Server {
    async fn start(addr: SocketAddr) -> Self {
        let listener = TcpListener::bind(addr).await.unwrap();
        let addr = listener.local_addr().unwrap();
        let stalled = Arc::new(AtomicBool::new(false));
        let seen = Arc::clone(&stalled);
        let task = tokio::spawn(async move {
            // Dropped, and with it every connection, when the task is aborted.
            let mut connections = tokio::task::JoinSet::new();
            loop {
                let (mut stream, _) = listener.accept().await.unwrap();
                let stalled = Arc::clone(&seen);
                connections.spawn(async move {
                    let mut buffer = [0; 4096];
                    while let Ok(read @ 1..) = stream.read(&mut buffer).await {
                        if stalled.load(Ordering::SeqCst) {
                            continue;
                        }
                        let text = String::from_utf8_lossy(&buffer[..read]).into_owned();
                        // Each command is an array: one answer for each.
                        let answer: String = text
                            .split('*')
                            .skip(1)
                            .map(|command| {
                                if command.contains("PING") {
                                    "+PONG\r\n"
                                } else {
                                    "+OK\r\n"
                                }
                            })
                            .collect();
                        if stream.write_all(answer.as_bytes()).await.is_err() {
                            break;
                        }
                    }
                });
            }
        });
        Self {
            addr,
            stalled,
            task,
        }
    }

    async fn stop(self) -> SocketAddr {
        self.task.abort();
        assert!(self.task.await.unwrap_err().is_cancelled());
        self.addr
    }
}

fn client(addr: SocketAddr) -> Redis {
    let config = RedisConfig {
        url: SecretString::from(format!("redis://{addr}/0")),
        timeout: Duration::from_millis(50),
    };
    Redis::start(&config, CancellationToken::new()).unwrap()
}

async fn until(what: &str, condition: impl Fn() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(10);
    while !condition() {
        assert!(Instant::now() < deadline, "still not: {what}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

fn anywhere() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], 0))
}

#[tokio::test]
async fn without_a_server_nobody_waits_and_it_is_taken_up_when_it_comes() {
    let addr = Server::start(anywhere()).await.stop().await;
    let redis = client(addr);
    let begun = Instant::now();
    for _ in 0..100 {
        assert!(matches!(
            redis.query::<String>(&cmd("PING")).await,
            Err(RedisError::Down)
        ));
    }
    assert!(begun.elapsed() < Duration::from_millis(500));
    let _server = Server::start(addr).await;
    until("up", || redis.is_up()).await;
    assert_eq!(redis.query::<String>(&cmd("PING")).await.unwrap(), "PONG");
}

#[tokio::test]
async fn a_server_that_goes_away_and_returns_is_noticed_both_times() {
    let server = Server::start(anywhere()).await;
    let redis = client(server.addr);
    until("up", || redis.is_up()).await;
    let addr = server.stop().await;
    assert!(redis.query::<String>(&cmd("PING")).await.is_err());
    until("down", || !redis.is_up()).await;
    let _server = Server::start(addr).await;
    until("up again", || redis.is_up()).await;
}

#[tokio::test]
async fn a_stalled_server_costs_three_bounded_waits_and_then_nothing() {
    let server = Server::start(anywhere()).await;
    let redis = client(server.addr);
    until("up", || redis.is_up()).await;
    server.stalled.store(true, Ordering::SeqCst);
    let begun = Instant::now();
    for _ in 0..SLOW_CALLS {
        assert!(matches!(
            redis.query::<String>(&cmd("PING")).await,
            Err(RedisError::TimedOut(_))
        ));
    }
    for _ in 0..100 {
        assert!(matches!(
            redis.query::<String>(&cmd("PING")).await,
            Err(RedisError::Down)
        ));
    }
    assert!(
        begun.elapsed() < Duration::from_millis(900),
        "{:?}",
        begun.elapsed()
    );
    server.stalled.store(false, Ordering::SeqCst);
    until("up again", || redis.is_up()).await;
}

#[test]
fn a_url_that_is_not_redis_is_refused_at_start() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let _entered = runtime.enter();
    let config = RedisConfig {
        url: SecretString::from("http://cache"),
        timeout: Duration::from_millis(50),
    };
    assert!(matches!(
        Redis::start(&config, CancellationToken::new()),
        Err(RedisError::Url(_))
    ));
}
