//! From the moment somebody pays to the message that says that her stay is confirmed: notice, reading, ledger, turn,
//! delivery, with every program running.
//!
//! The simulator tells of a payment at once; of real ones half are told within 1.7 s.

use std::time::Duration;

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use futures_util::{StreamExt as _, stream};
use tokio::time::Instant;

use super::figures::{milliseconds, number, percentile};
use super::table::Table;
use super::{ROUNDS, build_of, plan};
use crate::drill::desk::six_cabins;
use crate::drill::load::phone;
use crate::drill::setting::Setting;
use crate::mercadopago::Pay;
use crate::script::owner::Owner;
use crate::script::player::words;
use crate::script::stay::{Calendar, Stay};
use crate::script::{Player, Script, Silent, Step, pay};
use crate::stack::Stack;

/// So many pay in a round, at this pace.
const PAYERS: usize = 40;
const PER_SECOND: u32 = 4;
/// So many want the same nights: there are three cabins of each kind.
const TOGETHER: usize = 3;
const PATIENCE: Duration = Duration::from_mins(1);

static HOLDS: Script = Script {
    name: "holds",
    about: "holds, and is sent a link",
    guest: "Paga",
    nights: 3,
    party: 2,
    steps: &[
        Step::Writes("hola! hay lugar {range} para 2?"),
        Step::Taps("option:"),
        Step::Taps("hold:"),
        Step::OpensLink,
    ],
    ends: &[],
};

/// Sorted; as many as were told.
type Round = Vec<Duration>;

pub(crate) async fn run(setting: &Setting) -> anyhow::Result<Table> {
    let plan = six_cabins(plan(setting, "paying")?)?.with("QUIET_WINDOW", "0s");
    let mut table = Table::new(format!(
        "paying ({}): {PER_SECOND} payments a second, {PAYERS} a round",
        build_of(&plan)
    ));
    let mut stack = setting.up(plan).await?;
    let owner = Owner::new(&stack).await?;
    let calendar = Calendar::default();
    let mut rounds = Vec::new();
    for number in 0..ROUNDS {
        eprintln!("bench paying: round {} of {ROUNDS} …", number + 1);
        let guests = number * PAYERS..(number + 1) * PAYERS;
        let links = links(&stack, &owner, &calendar, guests.clone()).await?;
        rounds.push(round(&stack, guests, &links).await?);
    }
    fill(&mut table, &rounds);
    for fallen in stack.fallen()? {
        table.fail(format!("ended by itself: {fallen}"));
    }
    stack.stop().await?;
    stack.clean().await?;
    Ok(table)
}

/// These guests hold nights, each with a link.
async fn links(
    stack: &Stack,
    owner: &Owner,
    calendar: &Calendar,
    guests: std::ops::Range<usize>,
) -> anyhow::Result<Vec<String>> {
    let mut players = Vec::new();
    let mut stay: Option<Stay> = None;
    for (at, n) in guests.enumerate() {
        if at % TOGETHER == 0 {
            stay = Some(calendar.next(stack, HOLDS.nights, HOLDS.party).await?);
        }
        players.push(Player {
            stack,
            owner,
            script: &HOLDS,
            phone: phone(n),
            stay,
            voice: Silent,
            patience: PATIENCE,
        });
    }
    stream::iter(&players)
        .map(async |player| {
            player.play().await?;
            let link = pay::sent(stack, &player.phone, None, PATIENCE).await?;
            pay::preference(&link)
        })
        .buffered(8)
        .collect::<Vec<_>>()
        .await
        .into_iter()
        .collect()
}

async fn round(
    stack: &Stack,
    guests: std::ops::Range<usize>,
    links: &[String],
) -> anyhow::Result<Round> {
    let began = Instant::now();
    let mut paid: Vec<(usize, DateTime<Utc>)> = Vec::new();
    for ((n, guest), link) in (0_u32..).zip(guests).zip(links) {
        tokio::time::sleep_until(began + Duration::from_secs(1) * n / PER_SECOND).await;
        paid.push((guest, stack.simulator.clock().now()));
        stack.mercadopago.pay(&Pay::link(link.as_str()))?;
    }
    let waiting = Instant::now();
    let mut times = Vec::new();
    while !paid.is_empty() && waiting.elapsed() < PATIENCE {
        for (_, took) in paid
            .extract_if(.., |(guest, _)| told(stack, *guest).is_some())
            .map(|(guest, at)| (guest, told(stack, guest).map(|told| told - at)))
        {
            let took = took.and_then(|took| took.to_std().ok());
            times.push(took.context("a message is older than its payment")?);
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    times.sort_unstable();
    Ok(times)
}

/// When the guest was told that her stay is confirmed.
fn told(stack: &Stack, guest: usize) -> Option<DateTime<Utc>> {
    let chat = stack.simulator.chat(&phone(guest));
    let mut told = chat.replies().filter(|it| words(it).contains("confirmad"));
    told.next().map(|it| it.at)
}

fn fill(table: &mut Table, rounds: &[Round]) {
    let each = |figure: &dyn Fn(&Round) -> f64| -> Vec<f64> { rounds.iter().map(figure).collect() };
    for percent in [50, 95, 99] {
        table.row(
            &format!("paid to confirmation accepted, p{percent}"),
            "ms",
            1,
            &each(&|round| milliseconds(percentile(round, percent))),
        );
    }
    table.row("told", "guests", 0, &each(&|round| number(round.len())));
    table.zero(
        "not told",
        "guests",
        &each(&|round| number(PAYERS - round.len())),
    );
}
