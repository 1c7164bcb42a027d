//! Mercado Pago's books against ours, payment by payment.

use std::collections::HashMap;
use std::time::Duration;

use anyhow::Context as _;
use tokio::time::Instant;

use crate::drill::questions::{count, until};
use crate::drill::report::Report;
use crate::stack::Stack;

/// What is to be read, made, closed or given back.
const WORK: &str = "SELECT (SELECT count(*) FROM payment_reads WHERE done_at IS NULL)
     + (SELECT count(*) FROM payment_links WHERE state IN ('wanted', 'closing'))
     + (SELECT count(*) FROM refunds WHERE state IN ('due', 'requested') AND payment_id IS NOT NULL)";
/// Of requests that are not open.
const SETTLED: &str = "SELECT external_reference FROM payment_requests WHERE state <> 'open'";
/// By payment: what came in and what went back.
const OURS: &str =
    "SELECT payment, coalesce(sum(amount) FILTER (WHERE kind IN ('payment', 'orphan')), 0)::bigint,
            coalesce(sum(amount) FILTER (WHERE kind = 'refund'), 0)::bigint
     FROM ledger_entries WHERE provider = 'mercadopago' GROUP BY payment";

/// Waits until the payment worker has nothing to do.
pub(crate) async fn settled(stack: &Stack, within: Duration) -> anyhow::Result<bool> {
    let told = stack.mercadopago.settled(within).await;
    Ok(until(&stack.database, WORK, |work| work == 0, within).await? == 0 && told)
}

/// Whatever Mercado Pago has, the ledger has, to the centavo; and what is settled can no longer be paid.
pub(crate) async fn compare(stack: &Stack, report: &mut Report) -> anyhow::Result<()> {
    let ours: Vec<(String, i64, i64)> = sqlx::query_as(OURS)
        .fetch_all(&stack.database)
        .await
        .context("could not read the ledger")?;
    let ours: HashMap<String, (i64, i64)> = ours
        .into_iter()
        .map(|(payment, came, back)| (payment, (came, back)))
        .collect();
    let (mut came, mut back, mut differ) = (0, 0, Vec::new());
    let payments = stack.mercadopago.payments();
    for payment in &payments {
        let paid = ["approved", "refunded", "charged_back", "in_mediation"]
            .contains(&payment.status.as_str());
        let theirs = if paid {
            let refunded: i64 = payment.refunds.iter().map(|(_, it)| it.minor()).sum();
            (payment.amount.minor(), refunded)
        } else {
            (0, 0)
        };
        came += theirs.0;
        back += theirs.1;
        let here = ours.get(&payment.payment_id.to_string());
        if here.copied().unwrap_or_default() != theirs {
            differ.push(format!(
                "{} ({}): {theirs:?} there, {here:?} here",
                payment.payment_id, payment.status
            ));
        }
        if payment.refunds.len() > 1 {
            differ.push(format!(
                "{}: given back {} times",
                payment.payment_id,
                payment.refunds.len()
            ));
        }
    }
    for difference in &differ {
        eprintln!("pay: {difference}");
    }
    let state = stack.mercadopago.state();
    report.figure(
        "payments at Mercado Pago, of whatever status",
        payments.len(),
    );
    report.figure("centavos that came", came);
    report.figure("centavos that went back", back);
    report.figure("calls cut off after their effect", state.counters.cut);
    report.figure("refund calls replayed", state.counters.refunds_replayed);
    report.figure("notices tried", state.counters.attempts);
    report.check(
        "payments that differ, or went back twice",
        differ.is_empty(),
        differ.len(),
    );
    payable(stack, report).await
}

async fn payable(stack: &Stack, report: &mut Report) -> anyhow::Result<()> {
    let began = Instant::now();
    loop {
        let settled: Vec<String> = sqlx::query_scalar(SETTLED)
            .fetch_all(&stack.database)
            .await
            .context("could not read what was asked for")?;
        let links = stack.mercadopago.links();
        let open = links.iter().filter(|link| {
            let reference = link.reference.as_deref().unwrap_or_default();
            link.payable && settled.iter().any(|it| it == reference)
        });
        let open = open.count();
        if open == 0 || began.elapsed() > Duration::from_secs(30) {
            report.figure("links at Mercado Pago", links.len());
            report.check(
                "links of settled requests that can still be paid",
                open == 0,
                open,
            );
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

/// `posta ledger --check` says yes.
pub(crate) async fn ledger(stack: &Stack, report: &mut Report) -> anyhow::Result<()> {
    let output = stack.posta_output(&["ledger", "--check"]).await?;
    let holds = output.status.success();
    if !holds {
        eprintln!(
            "posta ledger --check: {}{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
    }
    report.check("posta ledger --check", holds, output.status);
    let lines = count(
        &stack.database,
        "SELECT count(*) FROM ledger_entries WHERE provider = 'mercadopago'",
    );
    report.figure("lines of the ledger from Mercado Pago", lines.await?);
    Ok(())
}
