//! A guest's program at the API: asks for quotes and holds nights, at any of several processes.

use std::fmt::Write as _;
use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context as _, ensure};
use chrono::{Days, NaiveDate};
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::stack::Stack;
use crate::stack::plan::Plan;

/// Longer than any answer may take.
const ANSWER_WITHIN: Duration = Duration::from_mins(1);

/// What a guest wants.
#[derive(Debug, Clone)]
pub(crate) struct Want {
    /// `{"unit_type": …}` or `{"accommodation": …}`, one for each cabin.
    pub(crate) stays: Vec<Value>,
    /// Days from today.
    pub(crate) first: u32,
    pub(crate) nights: u32,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Value,
    pub(crate) bytes: Vec<u8>,
    pub(crate) took: Duration,
}

/// The API's address, and what is let.
#[derive(Debug, Clone)]
pub(crate) struct Desk {
    client: reqwest::Client,
    api: Vec<SocketAddr>,
    pub(crate) property: String,
    pub(crate) types: Vec<String>,
    pub(crate) cabins: Vec<String>,
    today: NaiveDate,
}

/// Two types of three cabins, and a file that describes them.
pub(crate) fn six_cabins(mut plan: Plan) -> anyhow::Result<Plan> {
    let mut file = String::from(
        "[property]\nname = \"Seis Cabañas\"\nzone = \"America/Argentina/Buenos_Aires\"\ncurrency = \"ARS\"\n\
         check_in_from = \"15:00\"\ncheck_out_until = \"10:00\"\nanswers_from = \"09:00\"\nanswers_until = \"21:00\"\n\
         [property.texts]\nwelcome = \"Hola\"\n\
         location = \"Ruta 40 km 2118, Villa La Angostura.\"\nservices = \"Cocina completa, wifi y parrilla.\"\n\
         check_in = \"Ingreso desde las 15:00, salida hasta las 10:00.\"\n\
         transfer = \"Alias: seis.cabanas (Banco Nación, a nombre de Marta Díaz)\"\n",
    );
    for kind in ["Grande", "Chica"] {
        writeln!(
            file,
            "[[unit_types]]\nname = \"{kind}\"\ncapacity = 4\naccommodations = [\"{kind} 1\", \"{kind} 2\", \"{kind} 3\"]\n\
             [unit_types.rates]\nnight = \"85000\"\nincluded_guests = 4\n"
        )?;
    }
    std::fs::create_dir_all(&plan.run_dir).context("could not make the directory of the run")?;
    plan.property = plan.run_dir.join("six.toml");
    std::fs::write(&plan.property, file).context("could not write the place's file")?;
    Ok(plan)
}

impl Desk {
    /// At every `api` of the stack.
    pub(crate) async fn new(stack: &Stack) -> anyhow::Result<Self> {
        let ids = |rows: Vec<(String,)>| rows.into_iter().map(|(id,)| id).collect::<Vec<_>>();
        let (property, today) =
            sqlx::query_as("SELECT id::text, current_date FROM properties LIMIT 1")
                .fetch_one(&stack.database)
                .await
                .context("could not find the place")?;
        let types = sqlx::query_as("SELECT id::text FROM unit_types ORDER BY name")
            .fetch_all(&stack.database)
            .await
            .context("could not find the types")?;
        let cabins = sqlx::query_as("SELECT id::text FROM accommodations ORDER BY name")
            .fetch_all(&stack.database)
            .await
            .context("could not find the cabins")?;
        ensure!(!stack.api.is_empty(), "no api was started");
        Ok(Self {
            client: stack.client.clone(),
            api: stack.api.clone(),
            property,
            types: ids(types),
            cabins: ids(cabins),
            today,
        })
    }

    /// A price; the quote's id.
    pub(crate) async fn quote(&self, n: usize, want: &Want) -> anyhow::Result<String> {
        let check_in = self.day(want.first)?;
        let check_out = self.day(want.first + want.nights)?;
        let stays: Vec<_> = want
            .stays
            .iter()
            .map(|what| {
                let mut stay = what.clone();
                stay["check_in"] = json!(check_in);
                stay["check_out"] = json!(check_out);
                stay["party"] = json!({"adults": 2});
                stay
            })
            .collect();
        let body = json!({"property": self.property, "stays": stays});
        let answer = self.post(n, "/api/v1/quotes", &body, None).await?;
        ensure!(
            answer.status == 201,
            "no quote: {} {}",
            answer.status,
            answer.body
        );
        let id = answer.body.get("id").and_then(Value::as_str);
        id.map(str::to_owned).context("the quote has no id")
    }

    /// Nights, held. The same quote is the same request, whichever process it goes to.
    pub(crate) async fn hold(&self, n: usize, quote: &str, key: &str) -> anyhow::Result<Answer> {
        let guest = json!({"name": format!("Huésped {key}"), "phone": "+54 9 294 4550101"});
        let body = json!({"quote": quote, "guest": guest, "method": "transfer"});
        self.post(n, "/api/v1/reservations", &body, Some(key)).await
    }

    /// The `n`th guest goes to the `n`th process.
    async fn post(
        &self,
        n: usize,
        path: &str,
        body: &Value,
        key: Option<&str>,
    ) -> anyhow::Result<Answer> {
        let addr = self
            .api
            .get(n % self.api.len())
            .context("no api was started")?;
        let mut request = self
            .client
            .post(format!("http://{addr}{path}"))
            .timeout(ANSWER_WITHIN)
            .json(body);
        if let Some(key) = key {
            request = request.header("Idempotency-Key", key);
        }
        let began = Instant::now();
        let answer = request
            .send()
            .await
            .with_context(|| format!("no answer to {path}"))?;
        let status = answer.status().as_u16();
        let bytes = answer
            .bytes()
            .await
            .context("the answer broke off")?
            .to_vec();
        Ok(Answer {
            status,
            body: serde_json::from_slice(&bytes).unwrap_or(Value::Null),
            bytes,
            took: began.elapsed(),
        })
    }

    fn day(&self, ahead: u32) -> anyhow::Result<NaiveDate> {
        self.today
            .checked_add_days(Days::new(u64::from(ahead)))
            .context("no such day")
    }
}
