//! SIGTERM under load: every program exits with 0 within 10 s, and nothing is lost.

use std::time::Duration;

use super::load;
use super::questions::{books, settle};
use super::report::Report;
use super::setting::Setting;

const SECOND: Duration = Duration::from_secs(1);

pub(crate) async fn run(setting: &Setting) -> anyhow::Result<Report> {
    let mut report = Report::new("sigterm");
    let mut stack = setting.up(setting.plan("sigterm")?).await?;
    let simulator = stack.simulator.clone();
    let seed = setting.seed;
    let writing =
        tokio::spawn(async move { load::write(&simulator, 100, 1_000, SECOND * 20, seed).await });
    let names: Vec<String> = stack
        .children
        .iter()
        .map(|child| child.name().to_owned())
        .collect();
    for name in names {
        tokio::time::sleep(SECOND).await;
        let ended = stack.child(&name)?.terminate(SECOND * 10).await?;
        let well = ended.status.is_some_and(|status| status.code() == Some(0));
        let how = ended.status.map_or("killed".to_owned(), |status| {
            status.code().map_or("signal".into(), |c| c.to_string())
        });
        report.figure(
            &format!("milliseconds until {name} was gone"),
            ended.took.as_millis(),
        );
        report.check(&format!("exit code of {name}"), well, how);
        stack.start_one(&name).await?;
    }
    writing.await??;
    let settled = settle(&stack, SECOND * 90).await?;
    report.check(
        "everything settled",
        settled,
        if settled { "yes" } else { "no" },
    );
    books(&mut stack, &mut report).await?;
    for (name, ended) in stack.stop().await? {
        let well = ended.status.is_some_and(|status| status.success());
        if !well {
            report.check(
                &format!("{name} at the end"),
                false,
                format!("{:?}", ended.status),
            );
        }
    }
    stack.clean().await?;
    Ok(report)
}
