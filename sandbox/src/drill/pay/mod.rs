//! Sixty guests pay by link, in every way money can come, while everything is killed again and again.
//!
//! Approved, refused and then approved, reviewed, paid twice, paid when the hold was over with the nights free or gone,
//! called off after it was paid. Links are made and refunds asked for with answers that never arrive; a third of the
//! notices come three times, some late. Afterwards every script has ended in the rows it names, every payment at Mercado
//! Pago is in the ledger as it stands there, nothing was given back twice, and no link of what is settled can be paid.

mod crowd;
pub(super) mod till;

use std::time::Duration;

use rand::rngs::StdRng;
use rand::seq::SliceRandom as _;
use rand::{Rng as _, SeedableRng as _};
use tokio::sync::watch;
use tokio::time::Instant;

use super::questions::{books, count, settle};
use super::report::Report;
use super::setting::Setting;
use crate::mercadopago::{Fault, Kind, Target};
use crate::script::owner::Owner;
use crate::stack::Stack;
use crate::stack::services::Service;

const SETTLE: Duration = Duration::from_mins(3);

/// Who dies, and how often, while there is somebody to disturb.
const VICTIMS: [(&str, usize); 7] = [
    ("payment-worker", 14),
    ("payment-worker.2", 8),
    ("message-worker", 5),
    ("delivery-worker", 3),
    ("scheduler", 2),
    ("ingress", 2),
    ("broker", 1),
];

/// Pairs of claims on the same night of the same cabin.
const DOUBLE: &str =
    "SELECT count(*) FROM claims a JOIN claims b ON a.accommodation_id = b.accommodation_id
     AND a.id < b.id AND a.period && b.period";
/// Refunds that are neither done nor the owner's to do.
const OPEN_REFUNDS: &str =
    "SELECT count(*) FROM refunds WHERE state NOT IN ('done', 'by_hand', 'credited')";

pub(crate) async fn run(setting: &Setting) -> anyhow::Result<Report> {
    let mut report = Report::new("pay");
    let plan = super::desk::six_cabins(setting.plan("pay")?)?.times("payment-worker", 2);
    let mut stack = setting.up(plan).await?;
    disturb(&stack);
    let owner = Owner::new(&stack).await?;
    let began = Instant::now();
    let (over, watching) = watch::channel(false);
    let mut victims = std::mem::take(&mut stack.children);
    let seed = setting.seed;
    let services = stack.services.clone();
    let kills = tokio::spawn(async move {
        let killed = murders(&mut victims, &services, seed, watching).await;
        (victims, killed)
    });
    let failures = crowd::pay(&stack, &owner).await;
    // They may have ended by themselves.
    over.send_replace(true);
    let (victims, killed) = kills.await?;
    stack.children = victims;
    let (guests, failures) = failures?;
    stack.simulator.clear_faults();
    stack.mercadopago.clear_faults();
    let settled = settle(&stack, SETTLE).await? && till::settled(&stack, SETTLE).await?;
    for failure in &failures {
        eprintln!("pay: {failure}");
    }
    for (victim, times) in killed? {
        report.figure(&format!("SIGKILLs of {victim}"), times);
    }
    report.figure("seconds in all", began.elapsed().as_secs());
    report.check(
        "everything settled",
        settled,
        if settled { "yes" } else { "no" },
    );
    report.check(
        "scripts that went as they should",
        failures.is_empty(),
        format!("{} of {guests}", guests - failures.len()),
    );
    till::compare(&stack, &mut report).await?;
    report.zero("nights let twice", count(&stack.database, DOUBLE).await?);
    report.zero(
        "refunds on their way for ever",
        count(&stack.database, OPEN_REFUNDS).await?,
    );
    till::ledger(&stack, &mut report).await?;
    books(&mut stack, &mut report).await?;
    stack.stop().await?;
    stack.clean().await?;
    Ok(report)
}

fn disturb(stack: &Stack) {
    let mercadopago = &stack.mercadopago;
    for fault in [
        Fault::new(Target::Webhook, Kind::Duplicate)
            .at_rate(0.3)
            .in_copies(3),
        Fault::new(Target::Webhook, Kind::Reorder)
            .at_rate(0.1)
            .of_millis(3_000),
        Fault::new(Target::PreferenceCreate, Kind::Cut).at_rate(0.3),
        Fault::new(Target::RefundCreate, Kind::Cut).at_rate(0.4),
        Fault::new(Target::RefundCreate, Kind::Status)
            .at_rate(0.1)
            .with_status(500),
        Fault::new(Target::Payment, Kind::Status)
            .at_rate(0.05)
            .with_status(503),
        Fault::new(Target::Payment, Kind::Status)
            .at_rate(0.02)
            .with_status(429)
            .retry_after(1),
    ] {
        mercadopago.fault(fault);
    }
}

/// Kills until the guests are through, each victim so often at most.
async fn murders(
    children: &mut [crate::stack::child::Child],
    services: &crate::stack::services::Services,
    seed: u64,
    mut over: watch::Receiver<bool>,
) -> anyhow::Result<Vec<(&'static str, usize)>> {
    let mut rng = StdRng::seed_from_u64(seed);
    let mut agenda: Vec<&'static str> = VICTIMS
        .iter()
        .flat_map(|(who, times)| std::iter::repeat_n(*who, *times))
        .collect();
    agenda.shuffle(&mut rng);
    let mut kills: Vec<(&str, usize)> = VICTIMS.iter().map(|(who, _)| (*who, 0)).collect();
    for victim in agenda {
        let pause = Duration::from_millis(rng.random_range(300..2_500));
        if tokio::time::timeout(pause, over.changed()).await.is_ok() {
            break;
        }
        let dead_for = Duration::from_millis(rng.random_range(50..1_500));
        if victim == "broker" {
            services.kill(Service::Rabbitmq).await?;
            tokio::time::sleep(dead_for).await;
            services.start(Service::Rabbitmq).await?;
        } else if let Some(child) = children.iter_mut().find(|child| child.name() == victim) {
            child.kill().await?;
            tokio::time::sleep(dead_for).await;
            child.start()?;
        }
        for (who, times) in &mut kills {
            *times += usize::from(*who == victim);
        }
    }
    Ok(kills)
}
