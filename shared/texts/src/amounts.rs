//! Amounts of money, and who comes.

use posta_domain::{
    money::{Currency, Money},
    party::Party,
};

use crate::Renderer;

impl Renderer<'_> {
    /// `$ 120.000`, `US$ 80,50`: no decimals where they are zero.
    pub fn money(&self, money: Money) -> String {
        let (thousands, decimal) = (
            self.made_of("number-thousands", &[]),
            self.made_of("number-decimal", &[]),
        );
        let amount = digits(money, &thousands, &decimal);
        let shown = match money.currency {
            Currency::ARS => self.made_of("money-ars", &[("amount", &amount)]),
            Currency::USD => self.made_of("money-usd", &[("amount", &amount)]),
            other => self.made_of(
                "money-other",
                &[("amount", &amount), ("code", other.as_str())],
            ),
        };
        if money.minor < 0 {
            self.made_of("money-negative", &[("amount", &shown)])
        } else {
            shown
        }
    }

    /// `2 adultos, 1 menor y 1 mascota`. A child of age 0 is a baby.
    pub fn party(&self, party: &Party) -> String {
        let babies = party
            .children()
            .iter()
            .filter(|age| **age == Some(0))
            .count();
        let children = party.children().len() - babies;
        let counts = [
            ("party-adults", usize::from(party.adults())),
            ("party-children", children),
            ("party-babies", babies),
            ("party-pets", usize::from(party.pets())),
        ];
        let words: Vec<String> = counts
            .into_iter()
            .filter(|(_, count)| *count > 0)
            .map(|(key, count)| self.counted(key, u32::try_from(count).unwrap_or(u32::MAX)))
            .collect();
        self.list(&words)
    }
}

/// The amount without its sign.
fn digits(money: Money, thousands: &str, decimal: &str) -> String {
    let scale = 10_u64.pow(money.currency.decimals());
    let (whole, rest) = (
        money.minor.unsigned_abs() / scale,
        money.minor.unsigned_abs() % scale,
    );
    let plain = whole.to_string();
    let mut grouped = String::new();
    for (at, digit) in plain.chars().enumerate() {
        if at > 0 && (plain.len() - at) % 3 == 0 {
            grouped.push_str(thousands);
        }
        grouped.push(digit);
    }
    if rest == 0 {
        grouped
    } else {
        let width = money.currency.decimals() as usize;
        format!("{grouped}{decimal}{rest:0width$}")
    }
}
