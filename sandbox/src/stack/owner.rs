//! The owner of what is let, as she lets a program in: `posta user add`, log in, make a token.

use anyhow::Context as _;
use serde_json::{Value, json};

use super::Stack;

const EMAIL: &str = "marta@example.com";
const PASSWORD: &str = "una contraseña larga de Marta";

impl Stack {
    /// Where the first `api` answers.
    pub fn api_base(&self) -> anyhow::Result<String> {
        let api = self.api.first().context("no api was started")?;
        Ok(format!("http://{api}/api/v1"))
    }

    /// Adds an owner; a bearer token of hers.
    pub async fn owner_token(&self) -> anyhow::Result<String> {
        let add = [
            "user",
            "add",
            "--email",
            EMAIL,
            "--name",
            "Marta",
            "--role",
            "owner",
            "--password-stdin",
        ];
        self.posta_with(&add, PASSWORD).await?;
        let base = self.api_base()?;
        let answer = self
            .client
            .post(format!("{base}/login"))
            .json(&json!({"email": EMAIL, "password": PASSWORD}))
            .send()
            .await
            .context("could not log in")?
            .error_for_status()
            .context("could not log in")?;
        let cookie = answer
            .headers()
            .get("set-cookie")
            .and_then(|cookie| cookie.to_str().ok())
            .and_then(|cookie| cookie.split(';').next())
            .context("no session came back")?
            .to_owned();
        let session: Value = answer
            .json()
            .await
            .context("the login's answer is no JSON")?;
        let csrf = session
            .get("csrf_token")
            .and_then(Value::as_str)
            .context("no CSRF token came back")?;
        let made: Value = self
            .client
            .post(format!("{base}/tokens"))
            .header("Cookie", cookie)
            .header("X-CSRF-Token", csrf)
            .json(&json!({"name": "sandbox", "role": "owner"}))
            .send()
            .await
            .context("could not make a token")?
            .error_for_status()
            .context("could not make a token")?
            .json()
            .await
            .context("the token's answer is no JSON")?;
        let token = made.get("secret").and_then(Value::as_str);
        token.map(str::to_owned).context("no token came back")
    }
}
