//! The official SDKs accept the simulator's answers and signatures. They are not in this repository: `make test-sdk`
//! installs them, says where, and runs these tests, which are ignored otherwise.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use sandbox::mercadopago::{Amount, MercadoPago, MercadoPagoConfig, Pay};
use secrecy::ExposeSecret as _;
use tokio::process::Command;

#[tokio::test]
#[ignore = "needs the SDK of npm: make test-sdk"]
async fn the_sdk_of_npm_accepts_the_simulator() {
    accepts("POSTA_SDK_NODE", "NODE_PATH", "node", "sdk/node/accept.js").await;
}

#[tokio::test]
#[ignore = "needs the SDK of PyPI: make test-sdk"]
async fn the_sdk_of_pypi_accepts_the_simulator() {
    accepts(
        "POSTA_SDK_PYTHON",
        "PYTHONPATH",
        "python3",
        "sdk/python/accept.py",
    )
    .await;
}

/// Runs a script that finds its SDK in the directory `installed` names.
async fn accepts(installed: &str, path: &str, program: &str, script: &str) {
    posta_runtime::tls::install();
    let directory = std::env::var(installed).unwrap();
    let any = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let till = MercadoPago::start(MercadoPagoConfig::random(), any)
        .await
        .unwrap();
    let other = till.pay(&Pay::loose(Amount::whole(1), "QK7-1")).unwrap();
    let notice = till
        .notice(other.payment_id, &"http://127.0.0.1:9/".parse().unwrap())
        .unwrap();
    let header = |name: &str| {
        let found = notice.headers.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| value.clone()).unwrap()
    };
    let addresses = till.addresses();
    let run = Command::new(program)
        .arg(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(script))
        .env(path, directory)
        .env("NO_PROXY", "127.0.0.1")
        .env("API", addresses.mercadopago_api_url)
        .env("CONTROL", addresses.mercadopago_control)
        .env("TOKEN", till.config().access_token.expose_secret())
        .env("SECRET", till.config().webhook_secret.expose_secret())
        .env("SIGNATURE", header("x-signature"))
        .env("REQUEST_ID", header("x-request-id"))
        .env("DATA_ID", other.payment_id.to_string())
        .output()
        .await
        .unwrap();
    let said = String::from_utf8_lossy(&run.stdout);
    assert!(
        run.status.success(),
        "{said}{}",
        String::from_utf8_lossy(&run.stderr)
    );
    println!("{said}");
}
