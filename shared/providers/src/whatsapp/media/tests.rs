use std::{
    sync::{
        Arc, OnceLock,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use secrecy::SecretString;
use serde_json::json;
use sha2::{Digest as _, Sha256};

use super::*;
use crate::{
    fake::{Provider, Reply, Request},
    http::Timeouts,
    whatsapp::{
        client::{GraphClient, PhoneNumberId},
        errors::StopReason,
    },
};

const LIMITS: MediaLimits = MediaLimits {
    image: 4096,
    audio: 4096,
    video: 4096,
    document: 4096,
    sticker: 4096,
};
const PHOTO: &[u8] = b"\xff\xd8\xff not really a photo";

/// An API whose media are on itself: `/v26.0/<id>` says where, `/files/…` has them.
async fn api(
    info: serde_json::Value,
    file: impl Fn(&Request, usize) -> Reply + Send + Sync + 'static,
) -> Provider {
    let own: Arc<OnceLock<String>> = Arc::default();
    let (base, downloads) = (Arc::clone(&own), AtomicUsize::new(0));
    let provider = Provider::start(move |request| {
        if request.target.starts_with("/files/") {
            return file(request, downloads.fetch_add(1, Ordering::SeqCst));
        }
        let mut info = info.clone();
        if info.get("url").is_none() {
            info["url"] = format!("{}files/1", base.get().unwrap()).into();
        }
        Reply::json(200, &info)
    })
    .await;
    own.set(provider.url("/").to_string()).unwrap();
    provider
}

async fn fetch(provider: &Provider, kind: MediaKind) -> Result<Downloaded, MediaError> {
    let timeouts = Timeouts {
        connect: Duration::from_secs(1),
        request: Duration::from_secs(2),
    };
    let graph = GraphClient::new(provider.url(""), "v26.0", Vec::new(), timeouts).unwrap();
    let number = PhoneNumberId::parse("106540352242922").unwrap();
    graph
        .fetch_media(
            &number,
            &SecretString::from("EAAG"),
            "1479537139650973",
            kind,
            &LIMITS,
        )
        .await
}

fn photo() -> Reply {
    Reply::Http(
        200,
        vec!["content-type: image/jpeg".to_owned()],
        PHOTO.to_vec(),
    )
}

#[tokio::test]
async fn a_size_may_be_a_number_a_text_or_absent() {
    for size in [
        json!(PHOTO.len()),
        json!(PHOTO.len().to_string()),
        json!(null),
    ] {
        let info = json!({"mime_type": "image/jpeg", "file_size": size, "id": "1"});
        let provider = api(info, |_, _| photo()).await;
        let photo = fetch(&provider, MediaKind::Image).await.unwrap();
        assert_eq!(photo.bytes.as_ref(), PHOTO);
    }
}

#[tokio::test]
async fn a_photo_is_looked_up_and_downloaded_with_the_token() {
    let hex = hex::encode(Sha256::digest(PHOTO));
    let info =
        json!({"mime_type": "image/jpeg", "sha256": hex, "file_size": PHOTO.len(), "id": "1"});
    let provider = api(info, |_, _| photo()).await;
    let photo = fetch(&provider, MediaKind::Image).await.unwrap();
    assert_eq!(
        (
            photo.bytes.as_ref(),
            photo.mime.as_str(),
            photo.checksum_matches
        ),
        (PHOTO, "image/jpeg", Some(true))
    );
    let requests = provider.requests();
    assert_eq!(
        requests[0].target,
        "/v26.0/1479537139650973?phone_number_id=106540352242922"
    );
    assert!(
        requests
            .iter()
            .all(|request| request.header("authorization") == Some("Bearer EAAG"))
    );
}

#[tokio::test]
async fn a_url_that_is_gone_is_asked_for_once_more() {
    let provider = api(json!({"mime_type": "image/jpeg"}), |_, earlier| {
        if earlier == 0 {
            Reply::Http(404, Vec::new(), Vec::new())
        } else {
            photo()
        }
    })
    .await;
    assert!(fetch(&provider, MediaKind::Image).await.is_ok());
    assert_eq!(provider.requests().len(), 4);

    let gone = api(json!({"mime_type": "image/jpeg"}), |_, _| {
        Reply::Http(404, Vec::new(), Vec::new())
    })
    .await;
    let error = fetch(&gone, MediaKind::Image).await.unwrap_err();
    assert!(matches!(error, MediaError::Gone), "{error:?}");
    assert_eq!(gone.requests().len(), 4);
}

#[tokio::test]
async fn the_token_does_not_go_to_a_host_that_is_not_allowed() {
    let elsewhere = Provider::start(|_| photo()).await;
    let provider = api(
        json!({"url": elsewhere.url("/files/1").as_str()}),
        |_, _| photo(),
    )
    .await;
    assert!(matches!(
        fetch(&provider, MediaKind::Image).await,
        Err(MediaError::Host)
    ));

    let location = format!("location: {}", elsewhere.url("/files/1"));
    let provider = api(json!({"mime_type": "image/jpeg"}), move |_, _| {
        Reply::Http(302, vec![location.clone()], Vec::new())
    })
    .await;
    assert!(matches!(
        fetch(&provider, MediaKind::Image).await,
        Err(MediaError::Redirect)
    ));
    assert!(elsewhere.requests().is_empty());
}

#[tokio::test]
async fn a_redirect_within_the_origin_is_followed_but_not_for_ever() {
    let provider = api(json!({"mime_type": "image/jpeg"}), |request, _| {
        if request.target == "/files/2" {
            photo()
        } else {
            Reply::Http(302, vec!["location: /files/2".to_owned()], Vec::new())
        }
    })
    .await;
    assert!(fetch(&provider, MediaKind::Image).await.is_ok());
    let circle = api(json!({"mime_type": "image/jpeg"}), |_, _| {
        Reply::Http(302, vec!["location: /files/1".to_owned()], Vec::new())
    })
    .await;
    assert!(matches!(
        fetch(&circle, MediaKind::Image).await,
        Err(MediaError::Redirect)
    ));
}

#[tokio::test]
async fn too_much_is_refused_whether_announced_or_not() {
    let announced = api(
        json!({"mime_type": "image/jpeg", "file_size": 4097}),
        |_, _| photo(),
    )
    .await;
    assert!(matches!(
        fetch(&announced, MediaKind::Image).await,
        Err(MediaError::TooLarge(4096))
    ));
    assert_eq!(announced.requests().len(), 1, "not even downloaded");
    let silent = api(json!({"mime_type": "image/jpeg"}), |_, _| {
        Reply::Chunked(1024 * 1024)
    })
    .await;
    assert!(matches!(
        fetch(&silent, MediaKind::Image).await,
        Err(MediaError::TooLarge(4096))
    ));
}

#[tokio::test]
async fn types_are_checked_without_their_parameters() {
    let voice = api(json!({"mime_type": "audio/ogg; codecs=opus"}), |_, _| {
        photo()
    })
    .await;
    assert_eq!(
        fetch(&voice, MediaKind::Audio).await.unwrap().mime,
        "audio/ogg"
    );
    let page = api(json!({"mime_type": "text/html"}), |_, _| photo()).await;
    assert!(matches!(
        fetch(&page, MediaKind::Image).await,
        Err(MediaError::Type)
    ));
    let untold = api(json!({}), |_, _| photo()).await;
    assert_eq!(
        fetch(&untold, MediaKind::Image).await.unwrap().mime,
        "image/jpeg"
    );
}

#[tokio::test]
async fn another_checksum_is_reported_and_the_bytes_are_kept() {
    let info = json!({"mime_type": "image/jpeg", "sha256": "00".repeat(32)});
    let provider = api(info, |_, _| photo()).await;
    let photo = fetch(&provider, MediaKind::Image).await.unwrap();
    assert_eq!(
        (photo.checksum_matches, photo.bytes.as_ref()),
        (Some(false), PHOTO)
    );
}

#[tokio::test]
async fn what_can_be_done_depends_on_what_failed() {
    for (reply, disposition) in [
        (Reply::HangUp, MediaDisposition::Retry),
        (Reply::BreaksOff, MediaDisposition::Retry),
        (
            Reply::Http(503, Vec::new(), Vec::new()),
            MediaDisposition::Retry,
        ),
        (
            Reply::Http(401, Vec::new(), Vec::new()),
            MediaDisposition::StopAccount(StopReason::Token),
        ),
        (
            Reply::Http(400, Vec::new(), Vec::new()),
            MediaDisposition::GiveUp,
        ),
    ] {
        let words = format!("{reply:?}");
        let provider = api(json!({"mime_type": "image/jpeg"}), move |_, _| {
            reply.clone()
        })
        .await;
        assert_eq!(
            fetch(&provider, MediaKind::Image)
                .await
                .unwrap_err()
                .disposition(),
            disposition,
            "{words}"
        );
    }
}

#[tokio::test]
async fn an_expired_id_is_gone_and_an_expired_token_is_not() {
    let error = |code| json!({"error": {"code": code, "message": "x"}});
    let expired = Provider::start(move |_| Reply::json(400, &error(100))).await;
    assert!(matches!(
        fetch(&expired, MediaKind::Image).await,
        Err(MediaError::Gone)
    ));
    let token = Provider::start(move |_| Reply::json(401, &error(190))).await;
    let disposition = fetch(&token, MediaKind::Image)
        .await
        .unwrap_err()
        .disposition();
    assert_eq!(
        disposition,
        MediaDisposition::StopAccount(StopReason::Token)
    );
}

#[test]
fn checksums_are_read_in_hexadecimal_and_in_base64() {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    let bytes: [u8; 32] = Sha256::digest(b"a").into();
    assert_eq!(download::checksum(&hex::encode(bytes)), Some(bytes));
    assert_eq!(download::checksum(&STANDARD.encode(bytes)), Some(bytes));
    for wrong in ["", "abc", &"g".repeat(64), &"!".repeat(44)] {
        assert_eq!(download::checksum(wrong), None, "{wrong}");
    }
}
