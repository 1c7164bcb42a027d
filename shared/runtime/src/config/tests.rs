use std::{collections::HashSet, time::Duration};

use secrecy::ExposeSecret;

use super::*;
use crate::env::{ConfigError, Env};

type Everything = (
    (DatabaseConfig, AmqpConfig, RedisConfig, OpsConfig),
    (IngressConfig, WhatsAppWebhookConfig, WhatsAppApiConfig),
    (
        MercadoPagoWebhookConfig,
        MercadoPagoApiConfig,
        PaymentLinkConfig,
        TenantConfig,
    ),
    (
        DialogueConfig,
        WorkerConfig,
        DeliveryConfig,
        RetentionConfig,
        LifecycleConfig,
        TelemetryConfig,
    ),
);

const LEAST: [(&str, &str); 5] = [
    ("DATABASE_URL", "postgres://posta:hunter2@db/posta"),
    ("AMQP_URL", "amqp://posta:hunter2@mq/%2f"),
    ("REDIS_URL", "redis://cache:6379/0"),
    ("WHATSAPP_ACCESS_TOKEN", "EAAG"),
    ("MERCADOPAGO_ACCESS_TOKEN", "APP_USR"),
];

fn load(extra: &[(&str, &str)]) -> Result<Everything, ConfigError> {
    Env::from_map(LEAST.iter().chain(extra).copied()).load()
}

#[test]
fn every_default_is_accepted_by_its_own_parser() {
    let (first, whatsapp, _, (dialogue, worker, delivery, retention, lifecycle, telemetry)) =
        load(&[]).unwrap();
    assert_eq!(
        first.1.retry_tiers,
        [5, 30, 300, 3600].map(Duration::from_secs)
    );
    assert_eq!(first.2.timeout, Duration::from_millis(50));
    assert_eq!(whatsapp.0.idempotency_ttl, Duration::from_hours(168));
    assert_eq!(whatsapp.2.url.as_str(), "https://graph.facebook.com/");
    assert_eq!(dialogue.quiet_window, Duration::from_secs(2));
    assert_eq!((worker.concurrency, retention.inbox_days), (16, 30));
    assert_eq!(delivery.lease, Duration::from_secs(30));
    assert_eq!(lifecycle.shutdown_deadline, Duration::from_secs(8));
    assert!(telemetry.otlp_endpoint.is_none());
}

#[test]
fn several_mistakes_in_several_sections_are_all_reported() {
    let error = load(&[
        ("DATABASE_URL", "mysql://posta:hunter2@db/posta"),
        ("DATABASE_POOL", "0"),
        ("BUS_RETRY_TIERS", "5s,1s,5m,1h"),
        ("OPS_ADDR", "localhost"),
        ("QUIET_WINDOW", "2"),
        ("WHATSAPP_API_VERSION", "26"),
        ("LOG_LEVEL", "info,=,="),
        ("REDIS_URL", ""),
    ])
    .unwrap_err();
    let wrong: Vec<_> = error
        .problems()
        .iter()
        .map(crate::env::Problem::variable)
        .collect();
    assert_eq!(
        wrong,
        [
            "DATABASE_URL",
            "DATABASE_POOL",
            "BUS_RETRY_TIERS",
            "REDIS_URL",
            "OPS_ADDR",
            "WHATSAPP_API_VERSION",
            "QUIET_WINDOW",
            "LOG_LEVEL"
        ]
    );
    let words = error.to_string();
    assert_eq!(words.lines().count(), 9, "{words}");
    assert!(
        words.starts_with("the configuration has 8 problems:"),
        "{words}"
    );
    assert!(
        words.contains("QUIET_WINDOW is \"2\": expected a whole number and a unit"),
        "{words}"
    );
    assert!(
        words.contains("REDIS_URL is not set: the Redis server"),
        "{words}"
    );
}

#[test]
fn secrets_appear_neither_in_problems_nor_in_debug_output() {
    let error = load(&[
        ("DATABASE_URL", "hunter2"),
        ("WHATSAPP_APP_SECRETS", "hunter2,,hunter3"),
    ])
    .unwrap_err();
    assert!(
        !format!("{error} {error:?}").contains("hunter"),
        "{error:?}"
    );
    let everything = load(&[("WHATSAPP_APP_SECRETS", "hunter2,hunter3")]).unwrap();
    assert!(!format!("{everything:?}").contains("hunter"));
    assert_eq!(everything.1.1.app_secrets[1].expose_secret(), "hunter3");
}

#[test]
fn the_same_problem_of_two_sections_is_reported_once() {
    let error = Env::from_map([("OPS_ADDR", "nowhere")])
        .load::<(OpsConfig, OpsConfig)>()
        .unwrap_err();
    assert_eq!(error.problems().len(), 1);
}

#[test]
fn a_base_url_loses_its_trailing_slash_and_may_not_carry_credentials() {
    let url = load(&[("WHATSAPP_API_URL", "http://127.0.0.1:9000/whatsapp/")])
        .unwrap()
        .1
        .2
        .url;
    assert_eq!(url.as_str(), "http://127.0.0.1:9000/whatsapp");
    assert!(load(&[("WHATSAPP_API_URL", "https://user:pw@graph.facebook.com")]).is_err());
    assert!(load(&[("WHATSAPP_API_URL", "ftp://graph.facebook.com")]).is_err());
}

#[test]
fn every_variable_is_listed_once_and_says_what_it_is_for() {
    let names: Vec<_> = variables().map(|var| var.name).collect();
    assert_eq!(names.iter().collect::<HashSet<_>>().len(), names.len());
    assert!(variables().all(|var| !var.about.is_empty() && (!var.secret || var.default.is_none())));
}
