//! Five hours without workers while guests write and the owner answers some by phone: afterwards no stale answer,
//! no double one. The hours pass on the simulator's clock, which stamps what it sends.

use std::time::Duration;

use super::questions::{count, settle, taken};
use super::report::Report;
use super::setting::Setting;
use super::{load, questions};
use crate::whatsapp::Say;

const SECOND: Duration = Duration::from_secs(1);
const HOUR: i64 = 3_600;
/// Guests nobody answered: they wrote three times over the hours.
const WAITING: usize = 20;
/// Guests the owner answered after their last message.
const ANSWERED: usize = 10;
/// Guests the owner answered and who thanked her afterwards.
const THANKED: usize = 5;

pub(crate) async fn run(setting: &Setting) -> anyhow::Result<Report> {
    let mut report = Report::new("offline");
    let plan = setting.plan("offline")?.with("LATE_WINDOW", "4s");
    let mut stack = setting.up(plan).await?;
    for name in [
        "message-worker",
        "audio-worker",
        "delivery-worker",
        "scheduler",
    ] {
        stack.child(name)?.terminate(SECOND * 10).await?;
    }
    hours_pass(&stack)?;
    let delivered = stack.simulator.settled(SECOND * 30).await;
    report.check(
        "everything taken while the workers were away",
        delivered,
        taken(&stack).len(),
    );
    for name in [
        "message-worker",
        "audio-worker",
        "delivery-worker",
        "scheduler",
    ] {
        stack.start_one(name).await?;
    }
    let settled = settle(&stack, SECOND * 90).await?;
    // Longer than the late window: whatever else would be said has been said.
    tokio::time::sleep(SECOND * 6).await;
    report.check(
        "everything settled",
        settled,
        if settled { "yes" } else { "no" },
    );
    report.figure(
        "replies in the outbox",
        count(&stack.database, "SELECT count(*) FROM outbox").await?,
    );
    let replies = |guest: usize| stack.simulator.chat(&load::phone(guest)).replies().count();
    let once = (0..WAITING).filter(|guest| replies(*guest) == 1).count();
    report.check(
        "guests nobody had answered: one reply",
        once == WAITING,
        format!("{once} of {WAITING}"),
    );
    let stale = (WAITING..WAITING + ANSWERED + THANKED)
        .filter(|guest| replies(*guest) > 0)
        .count();
    report.check(
        "guests the owner had answered: a reply all the same",
        stale == 0,
        stale,
    );
    // Not by the chats' mode: the owner's last word is hours old, and the scheduler may have handed them back already.
    let hers = count(
        &stack.database,
        "SELECT count(DISTINCT conversation_id) FROM turns
         WHERE decision IN ('answered_by_person', 'silent_human')",
    )
    .await?;
    report.check(
        "chats that were left to the owner",
        hers == i64::try_from(ANSWERED + THANKED)?,
        hers,
    );
    report.zero(
        "ids with a 200 that are not in the inbox",
        questions::missing(&stack).await?,
    );
    report.zero(
        "entries without a turn",
        count(&stack.database, questions::UNHANDLED).await?,
    );
    report.zero(
        "dead letters",
        count(&stack.database, questions::DEAD).await?,
    );
    questions::residue(&mut stack, &mut report).await?;
    stack.stop().await?;
    stack.clean().await?;
    Ok(report)
}

fn hours_pass(stack: &crate::stack::Stack) -> anyhow::Result<()> {
    let simulator = &stack.simulator;
    let write = |guest: usize, text: &str| {
        simulator
            .say(&Say::text(
                &load::phone(guest),
                &format!("Huésped {guest}"),
                text,
            ))
            .map(drop)
    };
    simulator.clock().advance(-5 * HOUR);
    for guest in 0..WAITING + ANSWERED + THANKED {
        write(guest, "Hola!")?;
    }
    simulator.clock().advance(HOUR);
    for guest in 0..WAITING {
        write(guest, "¿Dónde queda?")?;
    }
    simulator.clock().advance(HOUR);
    for guest in WAITING..WAITING + ANSWERED + THANKED {
        drop(simulator.echo(&load::phone(guest), "Hola, soy la dueña: te cuento por acá")?);
    }
    simulator.clock().advance(HOUR);
    for guest in WAITING + ANSWERED..WAITING + ANSWERED + THANKED {
        write(guest, "¡Gracias!")?;
    }
    simulator.clock().advance(HOUR);
    for guest in 0..WAITING {
        write(guest, "¿Hay alguien?")?;
    }
    simulator.clock().reset();
    Ok(())
}
