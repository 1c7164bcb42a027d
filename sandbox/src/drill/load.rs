//! Guests who write: the load of the drills.

use std::time::Duration;

use rand::SeedableRng;
use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use tokio::time::Instant;

use crate::whatsapp::{Say, Simulator};

/// Questions the desk answers at once, so that every turn has a reply.
pub(crate) const QUESTIONS: [&str; 5] = [
    "Hola!",
    "¿Dónde queda?",
    "¿Qué servicios tienen?",
    "¿A qué hora es el check in?",
    "hola, dónde están?",
];

/// The phone number of guest `n`.
pub(crate) fn phone(n: usize) -> String {
    format!("54929447{n:05}")
}

/// `messages` messages of `guests` guests, shuffled, spread evenly over `during`.
pub(crate) async fn write(
    simulator: &Simulator,
    guests: usize,
    messages: usize,
    during: Duration,
    seed: u64,
) -> anyhow::Result<()> {
    let mut order: Vec<usize> = (0..messages).map(|n| n % guests).collect();
    order.shuffle(&mut StdRng::seed_from_u64(seed));
    let began = Instant::now();
    for (n, guest) in order.into_iter().enumerate() {
        let share = f64::from(u32::try_from(n)?) / f64::from(u32::try_from(messages.max(1))?);
        tokio::time::sleep_until(began + during.mul_f64(share)).await;
        let question = QUESTIONS[n % QUESTIONS.len()];
        // It is delivered by itself, until it gets its 200.
        drop(
            simulator
                .say(&Say::text(
                    &phone(guest),
                    &format!("Huésped {guest}"),
                    question,
                ))?
                .delivered,
        );
    }
    Ok(())
}
