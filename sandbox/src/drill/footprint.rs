//! What an idle program costs: resident memory, and the time from start to ready. Release binaries are measured
//! and judged where they have been built; else these, whose memory is shown and not judged: most of it is code
//! without optimisation.

use std::time::Duration;

use super::report::Report;
use super::setting::Setting;

const MOST_KIB: u64 = 40 * 1024;
const READY_WITHIN: Duration = Duration::from_secs(1);
/// Pools and caches have settled by then.
const IDLE: Duration = Duration::from_secs(5);

pub(crate) async fn run(setting: &Setting) -> anyhow::Result<Report> {
    let mut report = Report::new("footprint");
    let mut plan = setting.plan("footprint")?;
    let release = plan
        .binaries
        .parent()
        .map(|directory| directory.join("release"));
    if let Some(release) = release.filter(|directory| {
        plan.programs
            .iter()
            .all(|(name, _)| directory.join(name).is_file())
    }) && release.join("posta").is_file()
    {
        plan.binaries = release;
    }
    let optimised = plan.binaries.ends_with("release");
    report.figure(
        "binaries measured (memory is judged for release)",
        if optimised { "release" } else { "debug" },
    );
    setting.forget().await?;
    let mut stack = crate::stack::Stack::prepare(plan).await?;
    let names: Vec<String> = stack
        .children
        .iter()
        .map(|child| child.name().to_owned())
        .collect();
    // One after the other: five at once would measure the machine.
    for name in &names {
        let took = stack.start_one(name).await?;
        report.check(
            &format!("{name}: milliseconds from start to ready"),
            took <= READY_WITHIN,
            took.as_millis(),
        );
    }
    tokio::time::sleep(IDLE).await;
    for child in &stack.children {
        let kib = child.resident_kib()?;
        let found = format!("{:.1} MiB", f64::from(u32::try_from(kib)?) / 1024.0);
        let what = format!("{}: resident when idle", child.name());
        if optimised {
            report.check(&what, kib <= MOST_KIB, found);
        } else {
            report.figure(&what, found);
        }
    }
    stack.stop().await?;
    stack.clean().await?;
    Ok(report)
}
