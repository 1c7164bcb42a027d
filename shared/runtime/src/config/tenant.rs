//! The first tenant and its accounts, written to the database by `posta migrate`.

use crate::env::{Env, Section, Var, parse};

const TENANT_NAME: Var = Var::with_default("TENANT_NAME", "Posta", "the name of the first tenant");
const WHATSAPP_PHONE_NUMBER_ID: Var = Var::new(
    "WHATSAPP_PHONE_NUMBER_ID",
    "the id (not the number) of the first WhatsApp number",
);
const WHATSAPP_WABA_ID: Var = Var::new(
    "WHATSAPP_WABA_ID",
    "the WhatsApp Business Account of that number",
);
const MERCADOPAGO_USER_ID: Var = Var::new(
    "MERCADOPAGO_USER_ID",
    "the user id of the first Mercado Pago account",
);

pub(super) const VARS: &[Var] = &[
    TENANT_NAME,
    WHATSAPP_PHONE_NUMBER_ID,
    WHATSAPP_WABA_ID,
    MERCADOPAGO_USER_ID,
];

/// Whom the first accounts belong to.
#[derive(Debug, Clone)]
pub struct TenantConfig {
    /// The tenant's name.
    pub name: String,
    /// The first WhatsApp number's id.
    pub whatsapp_phone_number_id: Option<String>,
    /// Its business account.
    pub whatsapp_waba_id: Option<String>,
    /// The first Mercado Pago account's user.
    pub mercadopago_user_id: Option<String>,
}

impl Section for TenantConfig {
    fn read(env: &mut Env) -> Option<Self> {
        let name = env.required(&TENANT_NAME, parse::text);
        let whatsapp_phone_number_id = env.optional(&WHATSAPP_PHONE_NUMBER_ID, parse::digits);
        let whatsapp_waba_id = env.optional(&WHATSAPP_WABA_ID, parse::digits);
        let mercadopago_user_id = env.optional(&MERCADOPAGO_USER_ID, parse::digits);
        Some(Self {
            name: name?,
            whatsapp_phone_number_id: whatsapp_phone_number_id?,
            whatsapp_waba_id: whatsapp_waba_id?,
            mercadopago_user_id: mercadopago_user_id?,
        })
    }
}
