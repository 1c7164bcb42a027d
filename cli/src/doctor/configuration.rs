//! Every variable of every service.

use posta_runtime::{
    config::{
        AmqpConfig, DatabaseConfig, DeliveryConfig, DialogueConfig, IngressConfig, LifecycleConfig,
        MercadoPagoWebhookConfig, OpsConfig, RedisConfig, RetentionConfig, TelemetryConfig,
        TenantConfig, WhatsAppApiConfig, WhatsAppWebhookConfig, WorkerConfig,
    },
    env::Env,
};

use super::Finding;

type Services = (
    DatabaseConfig,
    AmqpConfig,
    RedisConfig,
    OpsConfig,
    IngressConfig,
    WorkerConfig,
    TelemetryConfig,
);
type Behaviour = (
    DialogueConfig,
    DeliveryConfig,
    RetentionConfig,
    LifecycleConfig,
    TenantConfig,
);
type Providers = (
    WhatsAppApiConfig,
    WhatsAppWebhookConfig,
    MercadoPagoWebhookConfig,
);

pub(super) fn check() -> Vec<Finding> {
    match Env::from_process().load::<(Services, Behaviour, Providers)>() {
        Ok((_, (.., tenant), (_, whatsapp, mercadopago))) => {
            let mut findings = vec![Finding::Fine("every variable can be read".to_owned())];
            if whatsapp.app_secrets.is_empty() {
                findings.push(Finding::wrong(
                    "WHATSAPP_APP_SECRETS is not set: every webhook is refused with 401",
                    "copy the app secret from Meta's app dashboard (App settings, Basic)",
                ));
            }
            if whatsapp.verify_token.is_none() {
                findings.push(Finding::Note(
                    "WHATSAPP_VERIFY_TOKEN is not set: Meta cannot verify the webhook's address"
                        .to_owned(),
                ));
            }
            if tenant.whatsapp_phone_number_id.is_none() {
                findings.push(Finding::Note(
                    "WHATSAPP_PHONE_NUMBER_ID is not set: `posta migrate` makes no WhatsApp account".to_owned(),
                ));
            }
            if mercadopago.secrets.is_empty() {
                findings.push(Finding::Note(
                    "MERCADOPAGO_WEBHOOK_SECRETS is not set: Mercado Pago's webhooks are refused with 401".to_owned(),
                ));
            }
            findings
        }
        Err(error) => {
            let wrong = |problem: &posta_runtime::env::Problem| {
                Finding::wrong(
                    problem.to_string(),
                    format!("set {} as .env.example says", problem.variable()),
                )
            };
            error.problems().iter().map(wrong).collect()
        }
    }
}
