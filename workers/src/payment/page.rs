//! What a guest reads on Mercado Pago's pages, and where her browser goes afterwards.

use posta_domain::{dialogue::Value, nights::Period};
use posta_providers::mercadopago::{BackUrls, NewPreference, NotAPreference, StatementDescriptor};
use posta_runtime::config::PaymentLinkConfig;
use posta_store::payments::links::LinkTitle;
use posta_texts::Texts;
use url::Url;

/// Words and addresses of every link.
pub struct Pages {
    texts: Texts,
    notification_url: Option<Url>,
    back: Option<BackUrls>,
}

impl Pages {
    /// As the environment says. Without `https` nobody can be sent back to us: the provider drops such addresses.
    #[must_use]
    pub fn new(texts: Texts, config: &PaymentLinkConfig) -> Self {
        let page = |name: &str| {
            let mut url = config.public_url.clone();
            if let Ok(mut path) = url.path_segments_mut() {
                path.pop_if_empty().extend(["pago", name]);
            }
            url
        };
        Self {
            texts,
            notification_url: config.notification_url.clone(),
            back: BackUrls::new(page("ok"), page("pendiente"), page("error")).ok(),
        }
    }

    /// What is paid for, in words.
    pub(super) fn title(&self, title: &LinkTitle) -> String {
        let period = match Period::new(title.check_in, title.check_out) {
            Ok(period) => Value::Period(period),
            Err(_) => Value::Day(title.check_in),
        };
        let values = [
            ("purpose", Value::Which(title.purpose.as_str())),
            ("code", Value::Words(title.code.clone())),
            ("property", Value::Words(title.property.clone())),
            ("period", period),
        ];
        self.texts.say_with("link-title", &values)
    }

    /// Everything of a link that does not depend on what it is for.
    pub(super) fn dress(
        &self,
        mut new: NewPreference,
        property: &str,
    ) -> Result<NewPreference, NotAPreference> {
        if let Some(url) = &self.notification_url {
            new = new.notifying(url)?;
        }
        if let Some(back) = &self.back {
            new = new.returning_to(back.clone());
        }
        if let Some(descriptor) = StatementDescriptor::fit(property) {
            new = new.described_as(descriptor);
        }
        Ok(new)
    }
}

#[cfg(test)]
mod tests {
    use posta_store::booking::money::Purpose;

    use super::*;

    fn pages(public: &str) -> Pages {
        let config = PaymentLinkConfig {
            notification_url: None,
            public_url: public.parse().unwrap(),
        };
        Pages::new(Texts::es_ar().unwrap(), &config)
    }

    #[test]
    fn a_guest_reads_what_she_pays_for() {
        let title = LinkTitle {
            property: "Cabañas del Coihue".to_owned(),
            code: "K7M2QP".to_owned(),
            purpose: Purpose::Deposit,
            check_in: "2027-01-09".parse().unwrap(),
            check_out: "2027-01-15".parse().unwrap(),
        };
        let pages = pages("http://127.0.0.1:8081");
        assert_eq!(
            pages.title(&title),
            "Seña de la reserva K7M2QP · Cabañas del Coihue · del sábado 9 al viernes 15 de enero de 2027"
        );
        for (purpose, word) in [
            (Purpose::Balance, "Saldo"),
            (Purpose::Difference, "Diferencia"),
            (Purpose::Extra, "Adicional"),
        ] {
            let title = LinkTitle {
                purpose,
                ..title.clone()
            };
            assert!(pages.title(&title).starts_with(word));
        }
    }

    #[test]
    fn browsers_come_back_only_to_what_is_secure() {
        assert!(pages("http://127.0.0.1:8081").back.is_none());
        assert!(pages("https://posta.example").back.is_some());
    }
}
