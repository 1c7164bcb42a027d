//! What a preference is made of, within the provider's limits.

use posta_domain::money::Money;
use url::Url;

/// Documented for preferences; the specification says 22, which other pages contradict.
const MAX_DESCRIPTOR: usize = 13;

/// Why a preference cannot be asked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotAPreference {
    /// Nothing, or less.
    #[error("{0:?} cannot be asked for")]
    Amount(Money),
    /// An empty title.
    #[error("it has no title")]
    Title,
    /// It would end before it begins.
    #[error("it expires before it begins")]
    Window,
    /// More than the provider takes, or not a web address.
    #[error("the notification URL is no web address of at most 248 characters")]
    NotificationUrl,
    /// The provider drops other addresses silently.
    #[error("addresses to come back to must be https")]
    BackUrl,
    /// From 1 to 36.
    #[error("{0} instalments cannot be offered")]
    Installments(u8),
    /// `a-z`, `0-9` and `_`, beginning with a letter.
    #[error("metadata keys are snake_case")]
    MetadataKey,
}

/// Where the guest's browser goes after paying. Whatever it brings along proves nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackUrls {
    pub(super) success: Url,
    pub(super) pending: Url,
    pub(super) failure: Url,
}

/// What stands on the guest's card statement: at most 13 plain capitals.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatementDescriptor(String);

// === impl BackUrls ===

impl BackUrls {
    /// All of them https.
    pub fn new(success: Url, pending: Url, failure: Url) -> Result<Self, NotAPreference> {
        let secure = |url: &Url| url.scheme() == "https";
        if [&success, &pending, &failure].into_iter().all(secure) {
            Ok(Self {
                success,
                pending,
                failure,
            })
        } else {
            Err(NotAPreference::BackUrl)
        }
    }
}

// === impl StatementDescriptor ===

impl StatementDescriptor {
    /// What is left of a name in plain capitals: `Cabañas Los Álamos` is `CABANAS LOS A`. `None` if that is nothing.
    pub fn fit(name: &str) -> Option<Self> {
        let plain: String = name.chars().filter_map(plain_capital).collect();
        let words: Vec<&str> = plain.split_whitespace().collect();
        let mut fitted = words.join(" ");
        fitted.truncate(MAX_DESCRIPTOR);
        let fitted = fitted.trim_end();
        (!fitted.is_empty()).then(|| Self(fitted.to_owned()))
    }

    /// The words.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn plain_capital(c: char) -> Option<char> {
    Some(match c {
        'á' | 'Á' | 'à' | 'ã' | 'â' | 'ä' => 'A',
        'é' | 'É' | 'ê' => 'E',
        'í' | 'Í' => 'I',
        'ó' | 'Ó' | 'õ' | 'ô' | 'ö' => 'O',
        'ú' | 'Ú' | 'ü' | 'Ü' => 'U',
        'ñ' | 'Ñ' => 'N',
        'ç' | 'Ç' => 'C',
        c if c.is_ascii_alphanumeric() => c.to_ascii_uppercase(),
        c if c.is_whitespace() || matches!(c, '-' | '.' | '/' | '&') => ' ',
        _ => return None,
    })
}
