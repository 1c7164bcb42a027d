//! Whole processes: signals, exit codes, logs and the last traces.
//!
//! The child is this test binary itself, asked to run [`child`].
#![expect(clippy::unwrap_used, reason = "these are tests")]

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpListener,
    process::{Child, Command, ExitCode, Stdio},
    time::Duration,
};

use posta_runtime::{config::OpsConfig, lifecycle, metrics::Registry, ops::Ops, telemetry::trace};
use tracing::Instrument as _;

const PARENT: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

/// A service with an ops port and one message, which ends on SIGTERM, or not.
#[test]
#[ignore = "runs as the child of the other tests"]
fn child() -> ExitCode {
    lifecycle::run("child", |config: OpsConfig, shutdown| async move {
        let server = Ops::new(config.addr, Registry::new()).bind().await?;
        let token = shutdown.token();
        let stubborn = std::env::var_os("STUBBORN").is_some();
        shutdown.spawn("ops", async move {
            server.serve(token.clone()).await;
            if stubborn {
                std::future::pending::<()>().await;
            }
            Ok(())
        });
        let span = trace::message("posta.messages.v1", "m1", 1, Some(PARENT));
        async { tracing::info!(step = 1, "handled") }
            .instrument(span)
            .await;
        Ok(())
    })
}

fn start(envs: &[(&str, &str)]) -> (Child, BufReader<std::process::ChildStderr>) {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command
        .args(["--exact", "child", "--ignored", "--nocapture"])
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    command
        .env_clear()
        .env("OPS_ADDR", "127.0.0.1:0")
        .envs(envs.iter().copied());
    let mut child = command.spawn().unwrap();
    let stderr = BufReader::new(child.stderr.take().unwrap());
    (child, stderr)
}

/// Lines up to the one that contains `text`.
fn lines_until(stderr: &mut impl std::io::BufRead, text: &str) -> Vec<serde_json::Value> {
    let mut lines = Vec::new();
    for line in stderr.lines() {
        let line = line.unwrap();
        let found = line.contains(text);
        lines.push(serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}")));
        if found {
            return lines;
        }
    }
    panic!("the log ended without {text:?}: {lines:?}");
}

fn signal(child: &Child, name: &str) {
    let sent = Command::new("kill")
        .args([name, &child.id().to_string()])
        .status()
        .unwrap();
    assert!(sent.success());
}

#[test]
fn sigterm_ends_well_and_every_line_of_a_message_has_its_trace() {
    let (mut child, mut stderr) = start(&[]);
    let lines = lines_until(&mut stderr, "handled");
    let listening = lines
        .iter()
        .find(|line| line["message"] == "listening")
        .unwrap();
    assert_eq!(listening["listener"], "ops");
    assert!(
        listening["addr"]
            .as_str()
            .unwrap()
            .starts_with("127.0.0.1:")
    );
    let handled = lines.last().unwrap();
    assert_eq!(
        (&handled["step"], &handled["level"]),
        (&1.into(), &"INFO".into())
    );
    assert_eq!(handled["spans"][0]["trace.id"], PARENT[3..35]);
    signal(&child, "-TERM");
    assert!(child.wait().unwrap().success());
}

#[test]
fn a_second_signal_ends_hard_what_does_not_end_by_itself() {
    let (mut child, mut stderr) = start(&[("STUBBORN", "1"), ("SHUTDOWN_DEADLINE", "1h")]);
    lines_until(&mut stderr, "handled");
    signal(&child, "-INT");
    lines_until(&mut stderr, "shutting down");
    signal(&child, "-TERM");
    assert!(!child.wait().unwrap().success());
}

#[test]
fn a_deadline_ends_hard_too() {
    let (mut child, mut stderr) = start(&[("STUBBORN", "1"), ("SHUTDOWN_DEADLINE", "200ms")]);
    lines_until(&mut stderr, "handled");
    signal(&child, "-TERM");
    lines_until(&mut stderr, "stopping hard");
    assert!(!child.wait().unwrap().success());
}

#[test]
fn every_configuration_error_is_one_line_on_the_terminal() {
    let (mut child, mut stderr) = start(&[
        ("OPS_ADDR", "here"),
        ("LOG_LEVEL", "info,a=b=c"),
        ("SHUTDOWN_DEADLINE", "8"),
    ]);
    let mut text = String::new();
    stderr.read_to_string(&mut text).unwrap();
    assert!(!child.wait().unwrap().success());
    for line in [
        "3 problems",
        "\n  OPS_ADDR is",
        "\n  LOG_LEVEL is",
        "\n  SHUTDOWN_DEADLINE is",
    ] {
        assert!(text.contains(line), "{line:?} is not in {text}");
    }
}

#[test]
fn the_last_traces_are_sent_before_the_process_ends() {
    let collector = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("http://{}", collector.local_addr().unwrap());
    let (mut child, mut stderr) = start(&[("OTEL_EXPORTER_OTLP_ENDPOINT", &endpoint)]);
    lines_until(&mut stderr, "handled");
    signal(&child, "-TERM");
    let (mut stream, _) = collector.accept().unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(5)))
        .unwrap();
    let mut request = Vec::new();
    // The queue's name is inside the protobuf.
    while !request
        .windows(17)
        .any(|window| window == b"posta.messages.v1")
    {
        let mut chunk = [0; 4096];
        let read = stream.read(&mut chunk).unwrap();
        assert_ne!(read, 0, "{}", String::from_utf8_lossy(&request));
        request.extend_from_slice(&chunk[..read]);
    }
    assert!(request.starts_with(b"POST /v1/traces"));
    stream
        .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
        .unwrap();
    assert!(child.wait().unwrap().success());
}

#[test]
fn a_collector_that_is_away_delays_nobody() {
    let nobody = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let (mut child, mut stderr) =
        start(&[("OTEL_EXPORTER_OTLP_ENDPOINT", &format!("http://{nobody}"))]);
    lines_until(&mut stderr, "handled");
    signal(&child, "-TERM");
    assert!(child.wait().unwrap().success());
}
