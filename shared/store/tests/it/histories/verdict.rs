//! What must hold.

use posta_domain::payment::{Known, plan};
use posta_store::{booking::expire_due, payments};

use super::{History, Step};

impl History<'_> {
    /// What the ledger's own check says.
    pub(super) async fn books_hold(&self) -> Step {
        let wrong = |error| format!("check: {error:?}");
        let mut conn = self.database.store().acquire().await.map_err(wrong)?;
        let report = payments::check::check(&mut conn, Some(self.lodge.tenant))
            .await
            .map_err(wrong)?;
        if report.problems.is_empty() {
            Ok(())
        } else {
            Err(report.problems.join("\n  "))
        }
    }

    /// Everything that is under way comes to its end; then the books hold, and every payment's lines say what the
    /// provider says.
    pub(super) async fn end(&mut self) -> Step {
        self.books_hold().await?;
        let swept = expire_due(self.database.store(), 100).await;
        swept.map_err(|error| format!("expire: {error:?}"))?;
        self.read_all().await?;
        self.give_all_back().await?;
        self.read_all().await?;
        self.books_hold().await?;
        for payment in self.payments.iter().filter(|payment| payment.ours) {
            let said = payment.remote.read();
            let known = self.known(&said.provider_id).await?;
            let missing = plan(&known, said).movements;
            if !missing.is_empty() {
                return Err(format!("{said:?}: the ledger lacks {missing:?}"));
            }
            let disputed = matches!(
                (said.status.as_str(), said.status_detail.as_str()),
                ("charged_back", "in_process" | "settled")
            );
            let there = if said.came() && !disputed {
                said.amount.minor - payment.remote.back()
            } else {
                0
            };
            if known.held() != there {
                return Err(format!("{said:?}: the ledger has {} of it", known.held()));
            }
        }
        Ok(())
    }

    async fn known(&self, provider_id: &str) -> Step<Known> {
        let lines: Vec<(String, String, i64)> = sqlx::query_as(
            "SELECT kind, detail, amount FROM ledger_entries
             WHERE tenant_id = $1 AND provider = 'mercadopago' AND payment = $2",
        )
        .bind(self.lodge.tenant.uuid())
        .bind(provider_id)
        .fetch_all(self.database.pool())
        .await
        .map_err(|error| format!("read the ledger: {error:?}"))?;
        let known = lines
            .iter()
            .fold(Known::nothing(), |known, (kind, detail, amount)| {
                known.with(kind, detail, *amount)
            });
        Ok(known)
    }

    /// What happened, for whoever looks for the cause.
    pub(super) fn told(&self, seed: u64, error: &str) -> String {
        format!(
            "seed {seed}: {error}\n  (POSTA_HISTORY_SEED={seed} replays it)\n{}",
            self.trail.join("\n")
        )
    }
}
