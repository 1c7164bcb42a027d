//! A guest's program that heard no answer asks again: the same request with the same key, at once, later, and after the
//! process that had the first was killed. One booking, one answer.

use std::time::Duration;

use anyhow::Context as _;
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use serde_json::json;

use super::desk::{Desk, Want};
use super::questions::count;
use super::report::Report;
use super::setting::Setting;

/// So often the process is killed.
const KILLS: u32 = 40;
/// The first process is killed at some moment within this time of the request; a hold takes less.
const MOMENT: Duration = Duration::from_millis(100);
/// So many guests send everything twice at the same moment.
const PAIRS: u32 = 60;

pub(crate) async fn run(setting: &Setting) -> anyhow::Result<Report> {
    let mut report = Report::new("twice");
    let plan = setting
        .plan("twice")?
        .only("api", 2)
        .with("RATE_LIMIT_PER_MINUTE", "1000000");
    let mut stack = setting.up(super::desk::six_cabins(plan)?).await?;
    let desk = Desk::new(&stack).await?;
    let mut rng = StdRng::seed_from_u64(setting.seed);
    let (mut cut_off, mut wrong) = (0_u32, 0_u32);
    for n in 0..KILLS {
        let quote = desk.quote(1, &one(&desk, n)).await?;
        let key = format!("killed-{n}");
        let first = tokio::spawn({
            let (desk, quote, key) = (desk.clone(), quote.clone(), key.clone());
            async move { desk.hold(0, &quote, &key).await }
        });
        tokio::time::sleep(MOMENT.mul_f64(rng.random::<f64>())).await;
        stack.child("api")?.kill().await?;
        let first = first.await.context("the first guest panicked")?.ok();
        let again = desk.hold(1, &quote, &key).await?;
        match &first {
            // Answered before the kill: the same bytes again.
            Some(first) if first.status == 201 => {
                wrong += u32::from(again.status != 201 || first.bytes != again.bytes);
            }
            _ => {
                cut_off += 1;
                wrong += u32::from(again.status != 201);
            }
        }
        stack.start_one("api").await?;
    }
    report.figure("holds whose process was killed before it answered", cut_off);
    report.check("cut off at least once", cut_off > 0, cut_off);
    report.check(
        "the second was refused, or answered otherwise",
        wrong == 0,
        wrong,
    );
    let unequal = pairs(&desk).await?;
    report.check(
        "sent twice at once and answered differently",
        unequal == 0,
        unequal,
    );
    let bookings = count(&stack.database, "SELECT count(*) FROM reservations").await?;
    report.check(
        "one booking for each key",
        bookings == i64::from(KILLS + PAIRS),
        bookings,
    );
    let poisoned = refused_then_free(&desk).await?;
    report.check(
        "a refused attempt leaves its key usable",
        poisoned.is_none(),
        poisoned.unwrap_or_default(),
    );
    stack.stop().await?;
    stack.clean().await?;
    Ok(report)
}

/// A night of its own, in one of the cabins.
fn one(desk: &Desk, n: u32) -> Want {
    let cabin = desk.cabins.get(n as usize % desk.cabins.len());
    Want {
        stays: vec![json!({"accommodation": cabin})],
        first: 5 + n,
        nights: 1,
    }
}

async fn pairs(desk: &Desk) -> anyhow::Result<u32> {
    let mut unequal = 0;
    for n in 0..PAIRS {
        let quote = desk.quote(0, &one(desk, KILLS + n)).await?;
        let key = format!("pair-{n}");
        let (one, two) = tokio::join!(desk.hold(0, &quote, &key), desk.hold(1, &quote, &key));
        let (one, two) = (one?, two?);
        unequal += u32::from(one.status != 201 || two.status != 201 || one.bytes != two.bytes);
    }
    Ok(unequal)
}

/// A night somebody has; the same key is refused, and works for nights that are free. What went wrong, if anything.
async fn refused_then_free(desk: &Desk) -> anyhow::Result<Option<String>> {
    let taken = desk.quote(0, &one(desk, 0)).await?;
    let refused = desk.hold(0, &taken, "refused").await?;
    if refused.status != 409 {
        return Ok(Some(format!(
            "a taken night was answered by {}",
            refused.status
        )));
    }
    let free = desk.quote(0, &one(desk, KILLS + PAIRS)).await?;
    let held = desk.hold(1, &free, "refused").await?;
    Ok((held.status != 201).then(|| format!("then {}: {}", held.status, held.body)))
}
