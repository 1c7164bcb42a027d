use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use super::*;

const LONG: Duration = Duration::from_secs(30);

#[tokio::test]
async fn work_in_hand_is_finished_after_the_token_is_cancelled() {
    let finished = Arc::new(AtomicBool::new(false));
    let seen = Arc::clone(&finished);
    let ended_well = supervise("test", LONG, |shutdown| async move {
        let token = shutdown.token();
        shutdown.spawn("worker", async move {
            token.cancelled().await;
            tokio::task::yield_now().await;
            seen.store(true, Ordering::SeqCst);
            Ok(())
        });
        shutdown.token().cancel();
        Ok(())
    })
    .await;
    assert!(ended_well && finished.load(Ordering::SeqCst));
}

#[tokio::test]
async fn a_task_that_fails_panics_or_ends_early_takes_the_process_down() {
    for (name, task) in [("fails", 0), ("panics", 1), ("ends early", 2)] {
        let ended_well = supervise("test", LONG, |shutdown| async move {
            shutdown.spawn("bad", async move {
                match task {
                    0 => anyhow::bail!("no luck"),
                    1 => panic!("a bug"),
                    _ => Ok(()),
                }
            });
            let token = shutdown.token();
            shutdown.spawn("good", async move {
                token.cancelled().await;
                Ok(())
            });
            Ok(())
        })
        .await;
        assert!(!ended_well, "{name}");
    }
}

#[tokio::test]
async fn a_body_that_fails_stops_the_tasks_it_had_started() {
    let ended_well = supervise("test", LONG, |shutdown| async move {
        let token = shutdown.token();
        shutdown.spawn("good", async move {
            token.cancelled().await;
            Ok(())
        });
        anyhow::bail!("the second half did not start")
    })
    .await;
    assert!(!ended_well);
}

#[tokio::test(start_paused = true)]
async fn the_deadline_ends_a_process_whose_work_does_not() {
    let ended_well = supervise("test", LONG, |shutdown| async move {
        shutdown.spawn("stuck", std::future::pending());
        shutdown.token().cancel();
        Ok(())
    })
    .await;
    assert!(!ended_well);
}

#[test]
fn a_bad_configuration_is_exit_code_1() {
    let env = Env::from_map([("SHUTDOWN_DEADLINE", "soon")]);
    let code = run_with::<(), _, _>("test", env, |(), _| async { Ok(()) });
    assert_eq!(format!("{code:?}"), format!("{:?}", ExitCode::FAILURE));
}
