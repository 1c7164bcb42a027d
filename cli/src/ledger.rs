//! `posta ledger`: where the money is, day by day, and whether anything contradicts itself.
//!
//! With `--check` it looks at everything there ever was and fails when something is wrong; without, at the last days.

use std::process::ExitCode;

use anyhow::Context as _;
use chrono::{DateTime, FixedOffset, NaiveDate, TimeDelta, Utc};
use posta_domain::money::{Currency, Money};
use posta_runtime::config::DatabaseConfig;
use posta_store::{
    PgConnection, catalog,
    payments::check::{self, LedgerDay, LedgerReport},
};
use serde_json::json;

use crate::{output::line, setup};

/// Mercado Pago's clock, by which the days are.
const THERE: i32 = -4 * 3600;

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Look for contradictions; fail when there are any.
    #[arg(long)]
    check: bool,
    /// As JSON.
    #[arg(long)]
    json: bool,
    /// So many days, today included.
    #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(u16).range(1..=3660))]
    days: u16,
}

pub(crate) async fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let store = setup::store(setup::load::<DatabaseConfig>()?)?;
    let mut still = check::still(&store).await?;
    let report = report(&mut still, arguments).await?;
    drop(still);
    store.close().await;
    if arguments.json {
        let days: Vec<_> = report.days.iter().map(as_json).collect();
        let mut said = json!({ "days": days });
        if arguments.check
            && let Some(said) = said.as_object_mut()
        {
            said.insert("ok".to_owned(), report.problems.is_empty().into());
            said.insert("problems".to_owned(), json!(report.problems));
        }
        line(&said.to_string())?;
    } else {
        people(&report, arguments.check)?;
    }
    Ok(if report.problems.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// The days that are shown, and, where that is asked for, the problems of all days.
async fn report(conn: &mut PgConnection, arguments: &Arguments) -> anyhow::Result<LedgerReport> {
    let today = today(catalog::now(conn).await?)?;
    let first = today - TimeDelta::days(i64::from(arguments.days) - 1);
    // Tomorrow's too: a clock of ours may be ahead.
    let last = today + TimeDelta::days(1);
    let days = check::days(conn, None, first, last).await?;
    let problems = if arguments.check {
        check::check(conn, None).await?.problems
    } else {
        Vec::new()
    };
    Ok(LedgerReport { days, problems })
}

fn today(now: DateTime<Utc>) -> anyhow::Result<NaiveDate> {
    let there = FixedOffset::east_opt(THERE).context("four hours are an offset")?;
    Ok(now.with_timezone(&there).date_naive())
}

fn as_json(day: &LedgerDay) -> serde_json::Value {
    let mut said = json!(day);
    if let Some(said) = said.as_object_mut() {
        said.insert("agrees".to_owned(), day.agrees().into());
    }
    said
}

fn people(report: &LedgerReport, check: bool) -> anyhow::Result<()> {
    line(&row([
        "day", "", "in", "by hand", "refunds", "disputes", "fees", "taxes", "net", "",
    ]))?;
    for day in &report.days {
        let amount = |minor| decimal(minor, day.currency);
        line(&row([
            &day.day.to_string(),
            day.currency.as_str(),
            &amount(day.received),
            &amount(day.by_hand),
            &amount(day.refunded + day.refunded_by_hand),
            &amount(day.charged_back),
            &amount(day.fees),
            &amount(day.withholdings),
            &amount(day.net),
            mark(day),
        ]))?;
    }
    for problem in &report.problems {
        line(&format!("wrong: {problem}"))?;
    }
    if check {
        line(&if report.problems.is_empty() {
            "the ledger is right".to_owned()
        } else {
            format!("{} problems", report.problems.len())
        })?;
    }
    Ok(())
}

/// What is beside a day: whether Mercado Pago says the same, and has been asked for its list.
fn mark(day: &LedgerDay) -> &'static str {
    match (day.agrees(), day.reconciled) {
        (false, _) => "differs from Mercado Pago",
        (true, Some(true)) => "compared",
        (true, _) => "",
    }
}

fn row(cells: [&str; 10]) -> String {
    let [
        day,
        currency,
        came,
        by_hand,
        back,
        disputed,
        fees,
        taxes,
        net,
        mark,
    ] = cells;
    let mut row = format!(
        "{day:<12}{currency:<4}{came:>16}{by_hand:>16}{back:>16}{disputed:>16}{fees:>16}{taxes:>16}{net:>16}  {mark}"
    );
    row.truncate(row.trim_end().len());
    row
}

/// As spreadsheets read it.
fn decimal(minor: i64, currency: Currency) -> String {
    let money = Money::new(minor, currency);
    let decimals = money.currency.decimals();
    let scale = 10_i64.pow(decimals);
    let sign = if minor < 0 { "-" } else { "" };
    let (whole, part) = (minor.abs() / scale, minor.abs() % scale);
    if decimals == 0 {
        format!("{sign}{whole}")
    } else {
        format!("{sign}{whole}.{part:0width$}", width = decimals as usize)
    }
}

#[cfg(test)]
mod tests {
    use posta_domain::money::Currency;

    use super::{decimal, row, today};

    #[test]
    fn amounts_have_the_decimals_of_their_currency() {
        let pesos = "CLP".parse().unwrap();
        assert_eq!(decimal(-12_345, Currency::ARS), "-123.45");
        assert_eq!(decimal(5, Currency::USD), "0.05");
        assert_eq!(decimal(12_345, pesos), "12345");
    }

    #[test]
    fn a_day_ends_four_hours_after_greenwichs() {
        let at = "2026-11-22T03:59:59Z".parse().unwrap();
        assert_eq!(today(at).unwrap().to_string(), "2026-11-21");
    }

    #[test]
    fn rows_end_where_their_last_word_does() {
        let row = row(["2026-11-22", "ARS", "1", "", "", "", "", "", "1", ""]);
        assert!(row.ends_with('1'), "{row:?}");
    }
}
