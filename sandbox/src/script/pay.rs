//! Paying a link as a person does: she opens what the chat sent her, and clicks.

use std::time::Duration;

use anyhow::{Context as _, bail, ensure};
use tokio::time::Instant;

use super::player::words;
use crate::stack::Stack;
use crate::whatsapp::Entry;

/// How a link begins, whatever host it is on.
const LINK: &str = "/checkout/v1/redirect?pref_id=";

/// The newest link in these messages.
pub(crate) fn link<'e>(replies: impl Iterator<Item = &'e Entry>) -> Option<String> {
    let found = replies.filter_map(|entry| {
        let said = words(entry);
        let mut links = said.split_whitespace().filter(|word| word.contains(LINK));
        links.next_back().map(str::to_owned)
    });
    found.last()
}

/// The preference a link leads to.
pub(crate) fn preference(link: &str) -> anyhow::Result<String> {
    let (_, id) = link.split_once("pref_id=").context("no preference")?;
    Ok(id
        .trim_end_matches(|it: char| !it.is_ascii_alphanumeric())
        .to_owned())
}

/// Waits until the guest has been sent a link that is not one of `before`.
pub(crate) async fn sent(
    stack: &Stack,
    phone: &str,
    before: Option<&str>,
    patience: Duration,
) -> anyhow::Result<String> {
    let asked = Instant::now();
    loop {
        let chat = stack.simulator.chat(phone);
        if let Some(link) = link(chat.replies())
            && Some(link.as_str()) != before
        {
            return Ok(link);
        }
        if asked.elapsed() > patience {
            bail!("no link to pay came within {patience:?}");
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
}

/// Opens the page, chooses her card and clicks: one of the page's own buttons whose outcome begins with this (`approved`,
/// `rejected`, `in_process`).
pub(crate) async fn click(stack: &Stack, link: &str, outcome: &str) -> anyhow::Result<()> {
    let page = stack.client.get(link).send().await;
    let page = page.context("the checkout page does not answer")?;
    ensure!(
        page.status().is_success(),
        "the checkout page answered {}",
        page.status()
    );
    let page = page.text().await.context("the checkout page broke off")?;
    let button = page
        .split("value=\"")
        .filter_map(|rest| rest.split('"').next())
        .find(|value| value.starts_with(&format!("{outcome}:")))
        .with_context(|| format!("there is no button for {outcome}"))?;
    let form = [
        ("pref_id", preference(link)?),
        ("method", "visa".to_owned()),
        ("outcome", button.to_owned()),
    ];
    let (page_at, _) = link.split_once("redirect").context("no page")?;
    let form = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(form)
        .finish();
    let clicked = stack.client.post(format!("{page_at}pay")).body(form);
    let clicked = clicked.header("content-type", "application/x-www-form-urlencoded");
    let clicked = clicked.send().await.context("the click was not answered")?;
    ensure!(
        clicked.status().is_success(),
        "the click was answered with {}",
        clicked.status()
    );
    Ok(())
}
