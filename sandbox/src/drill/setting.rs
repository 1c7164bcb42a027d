//! What the drills share: private services, and settings that make long waits short.

use std::time::Duration;

use crate::stack::Stack;
use crate::stack::plan::{Plan, repository};
use crate::stack::services::{Service, Services};
use crate::whatsapp::RetrySchedule;

/// How long Redis may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// Prepared for one drill after the other.
#[derive(Debug)]
pub(crate) struct Setting {
    pub(crate) services: Services,
    pub(crate) seed: u64,
}

impl Setting {
    pub(crate) async fn new(seed: u64) -> anyhow::Result<Self> {
        let repository = repository()?;
        let services = Services::private(&repository, &repository.join(".run/drill")).await?;
        Ok(Self { services, seed })
    }

    /// The settings drills have in common. Waits are shortened; nothing else differs from production.
    pub(crate) fn plan(&self, name: &str) -> anyhow::Result<Plan> {
        let mut plan = Plan::new(&format!("drill_{name}"), self.services.clone())?
            .with("QUIET_WINDOW", "500ms")
            .with("BUS_RETRY_TIERS", "500ms,1s,2s,4s")
            .with("LEASE", "10s")
            .with("UNKNOWN_GRACE", "20s");
        plan.retry = RetrySchedule {
            longest: Duration::from_secs(2),
            ..RetrySchedule::default()
        };
        plan.run_dir = plan.repository.join(".run/drills").join(name);
        plan.seed = Some(self.seed);
        Ok(plan)
    }

    /// Redis must not remember what an earlier drill sent.
    pub(crate) async fn forget(&self) -> anyhow::Result<()> {
        let client = redis::Client::open(self.services.redis_url.as_str())?;
        // Under a drill's load this machine may be busy with anything else first.
        let patient = redis::AsyncConnectionConfig::new()
            .set_connection_timeout(Some(PATIENCE))
            .set_response_timeout(Some(PATIENCE));
        let mut connection = client
            .get_multiplexed_async_connection_with_config(&patient)
            .await?;
        redis::cmd("FLUSHDB")
            .query_async::<()>(&mut connection)
            .await?;
        Ok(())
    }

    /// Everything up that a drill may have left down.
    pub(crate) async fn mend(&self) -> anyhow::Result<()> {
        for service in [Service::Postgres, Service::Rabbitmq, Service::Redis] {
            self.services.start(service).await?;
        }
        Ok(())
    }

    /// A prepared and started stack.
    pub(crate) async fn up(&self, plan: Plan) -> anyhow::Result<Stack> {
        self.forget().await?;
        Stack::up(plan).await
    }
}
