//! Meta's check that the callback address is ours: `GET ?hub.mode&hub.verify_token&hub.challenge`.
//!
//! The request is not signed; the token is its only protection. No token configured: always refused.

use secrecy::{ExposeSecret, SecretString};
use subtle::ConstantTimeEq as _;

use crate::answer::{self, Answer, Refusal};

/// The bare challenge, or a refusal.
pub(crate) fn answer(query: Option<&str>, token: Option<&SecretString>) -> Result<Answer, Refusal> {
    let (mut mode, mut given, mut challenge) = (None, None, None);
    for (name, value) in url::form_urlencoded::parse(query.unwrap_or_default().as_bytes()) {
        match &*name {
            "hub.mode" => mode = Some(value),
            "hub.verify_token" => given = Some(value),
            "hub.challenge" => challenge = Some(value),
            _ => {}
        }
    }
    let expected = token.map(ExposeSecret::expose_secret).unwrap_or_default();
    let given = given.unwrap_or_default();
    let right = !expected.is_empty() && bool::from(expected.as_bytes().ct_eq(given.as_bytes()));
    if right && mode.as_deref() == Some("subscribe") {
        challenge
            .map(|challenge| answer::plain(challenge.into_owned()))
            .ok_or(Refusal::WrongToken)
    } else {
        Err(Refusal::WrongToken)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http_body_util::BodyExt as _;

    fn token(token: &str) -> SecretString {
        token.into()
    }

    #[tokio::test]
    async fn the_challenge_comes_back_bare() {
        let query = "hub.mode=subscribe&hub.challenge=11%2058+x&hub.verify_token=s%C3%AD";
        let answer = answer(Some(query), Some(&token("sí"))).unwrap();
        assert_eq!(answer.status(), 200);
        assert!(
            answer.headers()["content-type"]
                .to_str()
                .unwrap()
                .starts_with("text/plain")
        );
        assert_eq!(
            answer.into_body().collect().await.unwrap().to_bytes(),
            "11 58 x"
        );
    }

    #[test]
    fn everything_else_is_refused() {
        let right = "hub.mode=subscribe&hub.challenge=1&hub.verify_token=";
        for (query, token) in [
            (Some(right), Some(token(""))),
            (Some(right), None),
            (Some("hub.mode=subscribe&hub.challenge=1"), Some(token(""))),
            (
                Some("hub.mode=subscribe&hub.challenge=1&hub.verify_token=b"),
                Some(token("a")),
            ),
            (
                Some("hub.mode=subscribe&hub.challenge=1&hub.verify_token=aa"),
                Some(token("a")),
            ),
            (
                Some("hub.mode=other&hub.challenge=1&hub.verify_token=a"),
                Some(token("a")),
            ),
            (
                Some("hub.mode=subscribe&hub.verify_token=a"),
                Some(token("a")),
            ),
            (Some("hub.challenge=1&hub.verify_token=a"), Some(token("a"))),
            (None, Some(token("a"))),
        ] {
            assert_eq!(
                answer(query, token.as_ref()).unwrap_err(),
                Refusal::WrongToken
            );
        }
    }
}
