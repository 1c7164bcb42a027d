//! Links to pay: made, moved and taken back as the tables want them.
//!
//! Making one is not idempotent at the provider. So the attempt is noted before it is made, and whoever comes after an
//! attempt that was noted looks for what it may have made: of those that ask for the right amount the newest is taken,
//! the others are ended. Not guaranteed: that a search finds what was made a moment ago; then there is a second link of
//! the same request, which ends when the request does, since closing ends all there are.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use chrono::{DateTime, Days, NaiveTime, TimeDelta, Utc};
use posta_providers::mercadopago::{
    Disposition, ExternalReference, MercadoPagoError, NewPreference, NotAPreference, Preference,
    PreferenceHit, PreferenceId,
};
use posta_store::{
    Store, StoreError,
    ids::AccountId,
    payments::links::{self, ClaimedLink, LinkTask},
};

use super::{
    account::Account,
    gate::{Failure, Gate},
    page::Pages,
    policy,
    read::Trouble,
    reads::TOO_LONG,
    rounds::Work,
};
use crate::compose::chain;

/// Our clock and the provider's need not agree to the minute: a link is open from a little before it is made, and one
/// that is taken back ended a little ago.
const SKEW: TimeDelta = TimeDelta::minutes(2);
/// A request without an end can be paid until so long after the stay.
const AFTER_THE_STAY: Days = Days::new(30);

/// Sees to links.
pub struct Links {
    store: Store,
    gate: Arc<Gate>,
    pages: Pages,
}

impl Links {
    /// Through `gate`; `pages` say what a guest reads and where her browser goes.
    #[must_use]
    pub const fn new(store: Store, gate: Arc<Gate>, pages: Pages) -> Self {
        Self { store, gate, pages }
    }

    async fn carry_out(&self, link: &ClaimedLink) -> Result<&'static str, Trouble> {
        let reference = ExternalReference::parse(&link.reference)
            .ok_or_else(|| Trouble::Unfit("the reference is none that can be sent".to_owned()))?;
        match link.what {
            LinkTask::Make => self.make(link, &reference).await,
            LinkTask::Extend => self.extend(link).await,
            LinkTask::Close => self.close(link, &reference).await,
        }
    }

    async fn make(
        &self,
        link: &ClaimedLink,
        reference: &ExternalReference,
    ) -> Result<&'static str, Trouble> {
        let found = if link.tried {
            self.adopt(link, reference).await?
        } else {
            None
        };
        let (made, outcome) = if let Some(found) = found {
            (found, "found")
        } else if links::tried(&self.store, link).await? {
            (self.create(link, reference).await?, "made")
        } else {
            links::retry(&self.store, link, Duration::ZERO, "not wanted", false).await?;
            return Ok("not_wanted");
        };
        ours(link, &made)?;
        let lives = links::live(&self.store, link, made.id.as_str(), made.url.as_str()).await?;
        Ok(if lives { outcome } else { "not_wanted" })
    }

    async fn create(
        &self,
        link: &ClaimedLink,
        reference: &ExternalReference,
    ) -> Result<Preference, Trouble> {
        let now = self.gate.now();
        let new = self
            .new_preference(link, reference, now)
            .map_err(|error| Trouble::Unfit(chain(&error)))?;
        let (account, key) = (Account::from(link), link.id.uuid());
        let made = self.gate.ask(&account, "make_link", |client, token| {
            client.create_preference(token, &new, key)
        });
        Ok(made.await?)
    }

    fn new_preference(
        &self,
        link: &ClaimedLink,
        reference: &ExternalReference,
        now: DateTime<Utc>,
    ) -> Result<NewPreference, NotAPreference> {
        let title = self.pages.title(&link.title);
        let ends = ends(link, now);
        let new = NewPreference::new(reference.clone(), &title, link.amount, now - SKEW, ends)?;
        self.pages.dress(new, &link.title.property)
    }

    /// What an earlier attempt has made, if it has; what it made too often, or for another amount, is ended.
    async fn adopt(
        &self,
        link: &ClaimedLink,
        reference: &ExternalReference,
    ) -> Result<Option<Preference>, Trouble> {
        let account = Account::from(link);
        let mut fitting: Option<Preference> = None;
        for hit in self.search(&account, reference).await? {
            let one = self.gate.ask(&account, "link", |client, token| {
                client.preference(token, &hit.id)
            });
            let one = one.await?;
            if fitting.is_none() && one.fits(reference, link.amount) {
                fitting = Some(one);
            } else {
                self.end(&account, &hit.id).await?;
            }
        }
        if let Some(found) = &fitting {
            let until = ends(link, self.gate.now());
            if found.expires_at != Some(until) {
                self.move_end(&account, &found.id, until).await?;
            }
        }
        Ok(fitting)
    }

    async fn extend(&self, link: &ClaimedLink) -> Result<&'static str, Trouble> {
        let id = link.preference_id.as_deref().and_then(PreferenceId::parse);
        let id = id.ok_or_else(|| Trouble::Unfit("the link has no id".to_owned()))?;
        let until = ends(link, self.gate.now());
        self.move_end(&Account::from(link), &id, until).await?;
        links::extended(&self.store, link).await?;
        Ok("extended")
    }

    /// Ends every link of the reference, the one we know and those we do not.
    async fn close(
        &self,
        link: &ClaimedLink,
        reference: &ExternalReference,
    ) -> Result<&'static str, Trouble> {
        let account = Account::from(link);
        let known = link.preference_id.as_deref().and_then(PreferenceId::parse);
        let mut all: Vec<PreferenceId> = known.into_iter().collect();
        if link.tried {
            for hit in self.search(&account, reference).await? {
                if !all.contains(&hit.id) && still_open(&hit, self.gate.now()) {
                    all.push(hit.id);
                }
            }
        }
        for id in &all {
            self.end(&account, id).await?;
        }
        links::closed(&self.store, link).await?;
        Ok("closed")
    }

    async fn search(
        &self,
        account: &Account,
        reference: &ExternalReference,
    ) -> Result<Vec<PreferenceHit>, Trouble> {
        let hits = self.gate.ask(account, "search_links", |client, token| {
            client.search_preferences(token, reference)
        });
        Ok(hits.await?)
    }

    async fn move_end(
        &self,
        account: &Account,
        id: &PreferenceId,
        until: DateTime<Utc>,
    ) -> Result<(), Trouble> {
        let moved = self.gate.ask(account, "extend_link", |client, token| {
            client.extend_preference(token, id, until)
        });
        Ok(moved.await?)
    }

    /// One that the provider does not know has ended.
    async fn end(&self, account: &Account, id: &PreferenceId) -> Result<(), Trouble> {
        let past = self.gate.now() - SKEW;
        let ended = self.gate.ask(account, "end_link", |client, token| {
            client.expire_preference(token, id, past)
        });
        match ended.await {
            Err(Failure::No(error)) if error.disposition() == Disposition::NotFound => Ok(()),
            ended => Ok(ended?),
        }
    }

    async fn record(
        &self,
        link: &ClaimedLink,
        trouble: Trouble,
    ) -> Result<&'static str, StoreError> {
        let store = &self.store;
        let delay = policy::delay(link.attempts, None);
        let error = match trouble {
            Trouble::Store(error) if error.is_transient() => {
                let wait = policy::busy(link.attempts);
                links::retry(store, link, wait, &chain(&error), true).await?;
                return Ok("busy");
            }
            Trouble::Store(error) if error.is_unavailable() => return Err(error),
            Trouble::Store(error) => chain(&error),
            Trouble::Call(Failure::Held { after }) => {
                links::retry(store, link, after, "held back", false).await?;
                return Ok("held");
            }
            Trouble::Call(Failure::Refused(error)) => {
                links::retry(store, link, policy::OUTAGE, &error, false).await?;
                return Ok("account_refused");
            }
            Trouble::Call(Failure::Down {
                error,
                after,
                alone,
            }) => {
                if alone && link.what == LinkTask::Make && policy::is_hopeless(link.attempts) {
                    links::failed(store, link, &chain(&error)).await?;
                    return Ok("failed");
                }
                let wait = policy::outage(link.attempts, after, alone);
                links::retry(store, link, wait, &chain(&error), alone).await?;
                return Ok("down");
            }
            Trouble::Call(Failure::No(error)) => {
                let words = format!("{}: {}", error.disposition().as_str(), chain(&error));
                if link.what == LinkTask::Make && is_final(&error) {
                    links::failed(store, link, &words).await?;
                    return Ok("failed");
                }
                words
            }
            Trouble::Unfit(error) => error,
        };
        if link.what == LinkTask::Make && policy::is_last(link.attempts) {
            links::failed(store, link, &error).await?;
            return Ok("failed");
        }
        links::retry(store, link, delay, &error, true).await?;
        Ok("unclear")
    }
}

/// Whether it will never be made.
fn is_final(error: &MercadoPagoError) -> bool {
    match error.disposition() {
        Disposition::Refused { meaning, .. } => meaning.is_final(),
        Disposition::Auth(_) => true,
        _ => false,
    }
}

/// That what is paid by it is the account's. With another account's token it would be that one's, and here nobody's: then
/// no guest gets it.
fn ours(link: &ClaimedLink, made: &Preference) -> Result<(), Trouble> {
    match &made.collector {
        Some(other) if *other != link.account_external => {
            let ours = &link.account_external;
            let words = format!("the token makes links for account {other} and not for {ours}");
            Err(Trouble::Unfit(words))
        }
        _ => Ok(()),
    }
}

/// Until when it can be paid.
fn ends(link: &ClaimedLink, now: DateTime<Utc>) -> DateTime<Utc> {
    let after_the_stay = || {
        let day = link.title.check_out.checked_add_days(AFTER_THE_STAY);
        let end = day.map(|day| day.and_time(NaiveTime::MIN).and_utc());
        let least = now + TimeDelta::days(1);
        end.map_or(least, |end| end.max(least))
    };
    link.expires_at.unwrap_or_else(after_the_stay)
}

/// One without an end, or one that does not say, is open.
fn still_open(hit: &PreferenceHit, now: DateTime<Utc>) -> bool {
    hit.expires_at.is_none_or(|end| end > now - SKEW)
}

#[async_trait]
impl Work for Links {
    type Row = ClaimedLink;

    fn name(&self) -> &'static str {
        "link"
    }

    async fn claim(
        &self,
        limit: i64,
        lease: Duration,
        except: &[AccountId],
    ) -> Result<Vec<ClaimedLink>, StoreError> {
        links::claim(&self.store, limit, lease, except).await
    }

    fn subject(&self, link: &ClaimedLink) -> String {
        link.id.to_string()
    }

    async fn attempt(&self, link: &ClaimedLink) -> Result<&'static str, StoreError> {
        match self.carry_out(link).await {
            Ok(outcome) => Ok(outcome),
            Err(trouble) => self.record(link, trouble).await,
        }
    }

    async fn cut_off(&self, link: &ClaimedLink) -> Result<(), StoreError> {
        let trouble = Trouble::Unfit(TOO_LONG.to_owned());
        self.record(link, trouble).await.map(|_| ())
    }
}
