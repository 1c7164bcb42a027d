//! A hundred guests book in chats while everything is killed again and again: workers, scheduler, database, broker.
//!
//! They write, look at a price, tap the yes twice, and where the nights went to somebody else take what is offered
//! instead; there is less than they want. A third of the webhooks come twice, some late. Afterwards every booking has the
//! tap that said yes to its price, nobody has two, no night is let twice, and every reply is out once or counted.

mod guests;

use std::time::Duration;

use rand::rngs::StdRng;
use rand::seq::SliceRandom as _;
use rand::{Rng as _, SeedableRng as _};
use tokio::time::Instant;

use super::questions::{books, count, settle};
use super::report::Report;
use super::setting::Setting;
use crate::stack::Stack;
use crate::stack::services::Service;
use crate::whatsapp::{Fault, Kind, Target};

const SETTLE: Duration = Duration::from_mins(3);

/// Who dies, and how often.
const VICTIMS: [(&str, usize); 8] = [
    ("message-worker", 10),
    ("message-worker.2", 6),
    ("delivery-worker", 8),
    ("scheduler", 3),
    ("audio-worker", 2),
    ("ingress", 2),
    ("postgres", 4),
    ("broker", 1),
];

/// Bookings to whose price no tap of the same guest said yes.
const WITHOUT_YES: &str = "SELECT count(*) FROM reservations r
     WHERE r.source = 'whatsapp' AND NOT EXISTS (
         SELECT 1 FROM mailbox m JOIN conversations c ON c.id = m.conversation_id
         WHERE c.guest_id = r.guest_id AND m.kind = 'guest' AND m.payload::text LIKE '%hold:' || r.quote_id || '%')";
/// Guests who have more than one.
const TWO_BOOKINGS: &str = "SELECT count(*) FROM (
     SELECT guest_id FROM reservations WHERE source = 'whatsapp' GROUP BY guest_id HAVING count(*) > 1) AS those";
/// Pairs of claims on the same night of the same cabin.
const DOUBLE: &str =
    "SELECT count(*) FROM claims a JOIN claims b ON a.accommodation_id = b.accommodation_id
     AND a.id < b.id AND a.period && b.period";
/// Living bookings without their nights.
const WITHOUT_NIGHTS: &str = "SELECT count(*) FROM stays s JOIN reservations r ON r.id = s.reservation_id
     WHERE r.status IN ('held', 'confirmed') AND NOT EXISTS (SELECT 1 FROM claims c WHERE c.stay_id = s.id)";
/// Turns that hold somebody and say nothing.
const SILENT: &str =
    "SELECT count(*) FROM reservations r WHERE r.source = 'whatsapp' AND NOT EXISTS (
     SELECT 1 FROM messages m JOIN conversations c ON c.id = m.conversation_id
     WHERE c.guest_id = r.guest_id AND m.direction = 'out' AND m.body LIKE '%' || r.code || '%')";

pub(crate) async fn run(setting: &Setting) -> anyhow::Result<Report> {
    let mut report = Report::new("talks");
    let plan = super::desk::six_cabins(setting.plan("talks")?)?.times("message-worker", 2);
    let mut stack = setting.up(plan).await?;
    let simulator = stack.simulator.clone();
    simulator.fault(Fault::new(Target::Webhook, Kind::Duplicate).at_rate(0.3));
    simulator.fault(
        Fault::new(Target::Webhook, Kind::Reorder)
            .at_rate(0.1)
            .of_millis(2_000),
    );
    let began = Instant::now();
    let crowd = guests::prepare(&stack).await?;
    let talks = tokio::spawn(guests::talk(simulator.clone(), crowd, setting.seed));
    let kills = murders(&mut stack, setting.seed, &talks).await?;
    let talked = talks.await?;
    simulator.clear_faults();
    let settled = settle(&stack, SETTLE).await?;
    for failure in &talked.failures {
        eprintln!("talks: {failure}");
    }
    for (victim, times) in kills {
        report.figure(&format!("SIGKILLs of {victim}"), times);
    }
    report.figure("seconds in all", began.elapsed().as_secs());
    report.figure("guests", guests::GUESTS);
    report.figure("guests who got what they were told", talked.booked);
    report.figure("guests to whom the nights were lost first", talked.lost);
    report.check(
        "everything settled",
        settled,
        if settled { "yes" } else { "no" },
    );
    report.check(
        "guests who were not answered as they should",
        talked.failures.is_empty(),
        talked.failures.len(),
    );
    let database = &stack.database;
    let made = count(
        database,
        "SELECT count(*) FROM reservations WHERE source = 'whatsapp'",
    )
    .await?;
    report.check(
        "bookings as many as guests who were told so",
        made == i64::try_from(talked.booked)?,
        made,
    );
    for (what, question) in [
        ("bookings without a yes", WITHOUT_YES),
        ("guests with two bookings", TWO_BOOKINGS),
        ("nights let twice", DOUBLE),
        ("living bookings without their nights", WITHOUT_NIGHTS),
        ("bookings nobody was told of", SILENT),
    ] {
        report.zero(what, count(database, question).await?);
    }
    books(&mut stack, &mut report).await?;
    stack.stop().await?;
    stack.clean().await?;
    Ok(report)
}

/// Kills while the guests talk, each victim so often at least.
async fn murders<T>(
    stack: &mut Stack,
    seed: u64,
    talks: &tokio::task::JoinHandle<T>,
) -> anyhow::Result<Vec<(&'static str, usize)>> {
    let mut rng = StdRng::seed_from_u64(seed);
    let mut agenda: Vec<&'static str> = VICTIMS
        .iter()
        .flat_map(|(who, times)| std::iter::repeat_n(*who, *times))
        .collect();
    agenda.shuffle(&mut rng);
    let mut kills: Vec<(&str, usize)> = VICTIMS.iter().map(|(who, _)| (*who, 0)).collect();
    for victim in agenda {
        if talks.is_finished() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(rng.random_range(200..1_800))).await;
        let dead_for = Duration::from_millis(rng.random_range(50..1_200));
        let service = match victim {
            "postgres" => Some(Service::Postgres),
            "broker" => Some(Service::Rabbitmq),
            _ => None,
        };
        if let Some(service) = service {
            stack.services.kill(service).await?;
            tokio::time::sleep(dead_for).await;
            stack.services.start(service).await?;
        } else {
            let child = stack.child(victim)?;
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
