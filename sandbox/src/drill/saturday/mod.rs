//! A Saturday of the high season: forty guests at once, one owner, six kinds of trouble.
//!
//! Guests write as their scripts say, each after a little while of its own; the owner looks at her list, decides on
//! receipts and discounts with two taps each, and answers by phone who waits for a person. The last nine write at two in
//! the morning, while she sleeps: what needs her waits until she is up again, a little later here. What is counted comes from the database, what guests waited
//! from the simulator's own clock. Amounts of messages are those handed to the Graph API: each is billed.

mod crowd;
mod figures;
mod marta;

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use anyhow::Context as _;
use futures_util::future::join_all;

use super::questions::{books, count, settle};
use super::report::Report;
use super::setting::Setting;
use crate::script::owner::Owner;
use crate::script::stay::Calendar;
use crate::stack::Stack;

/// How long after the first guest the last one begins.
const SPREAD: Duration = Duration::from_secs(20);
/// How long the night lasts: the last guest of it has written by then, and been answered.
const NIGHT: Duration = Duration::from_secs(35);

pub(crate) async fn run(setting: &Setting) -> anyhow::Result<Report> {
    let mut report = Report::new("saturday");
    let plan = super::desk::six_cabins(setting.plan("saturday")?.with("QUIET_WINDOW", "2s"))?;
    let mut stack = setting.up(plan).await?;
    let played = play(&stack).await;
    let played = match played {
        Ok(played) => played,
        Err(error) => {
            stack.stop().await?;
            return Err(error);
        }
    };
    let settled = settle(&stack, Duration::from_mins(1)).await?;
    report.check(
        "everything settled",
        settled,
        if settled { "yes" } else { "no" },
    );
    for failure in &played.failures {
        eprintln!("saturday: {failure}");
    }
    report.figure("guests", played.guests);
    report.check(
        "scripts that went as they should",
        played.failures.is_empty(),
        format!(
            "{} of {}",
            played.guests - played.failures.len(),
            played.guests
        ),
    );
    figures::fill(&stack, &mut report, &played).await?;
    books(&mut stack, &mut report).await?;
    let double = count(
        &stack.database,
        "SELECT count(*) FROM claims a JOIN claims b ON a.accommodation_id = b.accommodation_id
           AND a.id < b.id AND a.period && b.period",
    )
    .await?;
    report.zero("nights with two bookings", double);
    stack.stop().await?;
    stack.clean().await?;
    Ok(report)
}

/// What happened.
pub(crate) struct Played {
    pub(crate) guests: usize,
    pub(crate) failures: Vec<String>,
    pub(crate) taps: u64,
    pub(crate) receipts: u64,
    pub(crate) receipt_taps: u64,
    pub(crate) phoned: u64,
}

async fn play(stack: &Stack) -> anyhow::Result<Played> {
    let owner = Owner::new(stack).await?;
    let calendar = Calendar::default();
    let day = Arc::new(marta::Day::default());
    let marta = marta::Marta::new(stack, &owner, Arc::clone(&day));
    let crowd = async {
        let crowd = crowd(stack, &owner, &calendar, &day).await;
        day.over.store(true, Ordering::Relaxed);
        crowd
    };
    let (crowd, phoned) = tokio::join!(crowd, marta.works());
    let (guests, failures) = crowd?;
    let done = phoned?;
    Ok(Played {
        guests,
        failures,
        taps: owner.taps() + done.phoned,
        receipts: done.receipts,
        receipt_taps: done.receipt_taps,
        phoned: done.phoned,
    })
}

/// How many guests there were, and what went wrong with whom.
async fn crowd(
    stack: &Stack,
    owner: &Owner,
    calendar: &Calendar,
    day: &marta::Day,
) -> anyhow::Result<(usize, Vec<String>)> {
    let mut failures = Vec::new();
    let mut guests = 0;
    for part in crowd::PARTS {
        day.asleep.store(part.night, Ordering::Relaxed);
        let hours = marta::is_up(owner, !part.night).await;
        hours.context("could not set the owner's hours")?;
        let players = crowd::of(part, stack, owner, calendar, guests).await?;
        guests += players.len();
        let all = u32::try_from(players.len()).unwrap_or(1);
        let played = players.iter().zip(0_u32..).map(async |(player, n)| {
            tokio::time::sleep(SPREAD * n / all).await;
            player.play().await.map_err(|error| format!("{error:#}"))
        });
        let morning = async {
            if part.night {
                tokio::time::sleep(NIGHT).await;
                day.asleep.store(false, Ordering::Relaxed);
                return marta::is_up(owner, true).await;
            }
            Ok(())
        };
        let (played, morning) = tokio::join!(join_all(played), morning);
        morning.context("could not set the owner's hours")?;
        failures.extend(played.into_iter().filter_map(Result::err));
    }
    Ok((guests, failures))
}
