//! The owner at her desk: what she sees and taps, through the API she uses from her phone. Opening a matter is one tap,
//! doing something about it another.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use anyhow::{Context as _, bail, ensure};
use serde_json::{Value, json};
use tokio::time::Instant;

use super::stay::Stay;
use crate::stack::Stack;

/// A matter that should be there is there within this.
const WITHIN: Duration = Duration::from_secs(20);

/// Her login, and how often she tapped.
#[derive(Debug)]
pub(crate) struct Owner {
    base: String,
    token: String,
    client: reqwest::Client,
    taps: AtomicU64,
}

impl Owner {
    /// Logs her in.
    pub(crate) async fn new(stack: &Stack) -> anyhow::Result<Self> {
        Ok(Self {
            base: stack.api_base()?,
            token: stack.owner_token().await?,
            client: stack.client.clone(),
            taps: AtomicU64::new(0),
        })
    }

    /// Her token, for whoever wants to look around.
    pub(crate) fn token(&self) -> &str {
        &self.token
    }

    /// Where the API answers.
    pub(crate) fn base(&self) -> &str {
        &self.base
    }

    /// How often she tapped so far.
    pub(crate) fn taps(&self) -> u64 {
        self.taps.load(Ordering::Relaxed)
    }

    /// What needs her.
    pub(crate) async fn matters(&self) -> anyhow::Result<Vec<Value>> {
        let page = self.get("owner/attention?limit=200").await?;
        let matters = page.get("matters").and_then(Value::as_array);
        matters.cloned().context("the list has no matters")
    }

    /// Opens a matter and does this about it: two taps.
    pub(crate) async fn act(&self, id: &str, body: &Value) -> anyhow::Result<()> {
        self.taps.fetch_add(1, Ordering::Relaxed);
        self.get(&format!("owner/attention/{id}")).await?;
        self.taps.fetch_add(1, Ordering::Relaxed);
        self.post(&format!("owner/attention/{id}"), body, None)
            .await
            .map(|_| ())
    }

    /// Waits for an open matter of this kind about one of this guest's things.
    pub(crate) async fn matter_of(
        &self,
        stack: &Stack,
        phone: &str,
        kind: &str,
    ) -> anyhow::Result<Value> {
        let subjects = subjects(stack, phone).await?;
        let began = Instant::now();
        loop {
            let found = self.matters().await?.into_iter().find(|matter| {
                let subject = matter.get("subject").and_then(Value::as_str);
                matter.get("kind").and_then(Value::as_str) == Some(kind)
                    && subject.is_some_and(|it| subjects.iter().any(|of| of == it))
            });
            if let Some(matter) = found {
                return Ok(matter);
            }
            if began.elapsed() > WITHIN {
                bail!("nothing of the kind {kind} came to the owner's list");
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Somebody on the phone books a cabin for these nights, without paying yet. False if none is left.
    pub(crate) async fn books(&self, stay: Stay, adults: u32, n: usize) -> anyhow::Result<bool> {
        let Stay {
            check_in,
            check_out,
        } = stay;
        let free = self
            .get(&format!(
                "availability?check_in={check_in}&check_out={check_out}&adults={adults}"
            ))
            .await?;
        let Some(cabin) = free.pointer("/offers/0/free/0") else {
            return Ok(false);
        };
        let properties = self.get("owner/properties").await?;
        let property = ["/properties/0/id", "/0/id"]
            .iter()
            .find_map(|at| properties.pointer(at))
            .context("there is no property")?;
        let quote = json!({"property": property, "stays": [{
            "accommodation": cabin, "check_in": check_in, "check_out": check_out, "party": {"adults": adults},
        }]});
        let quote = self.post("owner/quotes", &quote, None).await?;
        let booking = json!({
            "quote": quote["id"], "guest": {"name": format!("Por teléfono {n}")}, "source": "phone", "method": "cash", "confirm": true,
        });
        let key = format!("script-{check_in}-{n}-{cabin}").replace('"', "");
        self.post("owner/reservations", &booking, Some(&key))
            .await?;
        Ok(true)
    }

    pub(crate) async fn get(&self, path: &str) -> anyhow::Result<Value> {
        let request = self.client.get(format!("{}/{path}", self.base));
        answered(request.bearer_auth(&self.token), path).await
    }

    pub(crate) async fn patch(&self, path: &str, body: &Value) -> anyhow::Result<Value> {
        let request = self
            .client
            .patch(format!("{}/{path}", self.base))
            .json(body);
        answered(request.bearer_auth(&self.token), path).await
    }

    pub(crate) async fn post(
        &self,
        path: &str,
        body: &Value,
        key: Option<&str>,
    ) -> anyhow::Result<Value> {
        let mut request = self.client.post(format!("{}/{path}", self.base)).json(body);
        if let Some(key) = key {
            request = request.header("Idempotency-Key", key);
        }
        answered(request.bearer_auth(&self.token), path).await
    }
}

async fn answered(request: reqwest::RequestBuilder, path: &str) -> anyhow::Result<Value> {
    let answer = request
        .send()
        .await
        .with_context(|| format!("no answer to {path}"))?;
    let status = answer.status();
    let body = answer.text().await.context("the answer broke off")?;
    ensure!(
        status.is_success(),
        "{path} was answered with {status}: {body}"
    );
    serde_json::from_str(&body).with_context(|| format!("{path} was not answered in JSON"))
}

/// What matters of a guest are about.
async fn subjects(stack: &Stack, phone: &str) -> anyhow::Result<Vec<String>> {
    sqlx::query_scalar(
        "SELECT 'conversation:' || c.id FROM conversations c JOIN guest_aliases a USING (guest_id) WHERE a.value = $1
         UNION ALL
         SELECT 'reservation:' || r.id FROM reservations r JOIN guest_aliases a USING (guest_id) WHERE a.value = $1",
    )
    .bind(phone)
    .fetch_all(&stack.database)
    .await
    .context("could not ask what is the guest's")
}
