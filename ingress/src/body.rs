//! Reads a body within its bounds: size, time, the bytes held by all bodies together, and the patience of
//! those who wait for its place.

use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt as _;
use hyper::body::{Body as _, Incoming};

use crate::admission::{Arriving, Held};
use crate::answer::Refusal;
use crate::app::Limits;

/// Read and thrown away behind a body that is too large, so that its sender is done sending and reads
/// our answer instead of finding the connection reset.
const MAX_DISCARDED: usize = 4 * 1024 * 1024;

/// The whole body with the permits it holds, or why not.
pub(crate) async fn read(
    body: Incoming,
    limits: Limits,
    arriving: Arriving<'_>,
) -> Result<(Bytes, Held), Refusal> {
    let reading = tokio::time::timeout(
        limits.body_timeout,
        collect(body, limits.max_body, &arriving),
    );
    let read = tokio::select! {
        read = reading => read.map_err(|_| Refusal::BodyTooSlow)??,
        () = arriving.gave_way() => return Err(Refusal::GaveWay),
    };
    let held = arriving.arrived().ok_or(Refusal::GaveWay)?;
    Ok((read, held))
}

async fn collect(
    mut body: Incoming,
    max: usize,
    arriving: &Arriving<'_>,
) -> Result<Bytes, Refusal> {
    let declared = body.size_hint().exact();
    if declared.is_some_and(|declared| declared > max as u64) {
        return discard(body, max).await;
    }
    let mut first = Bytes::new();
    let mut rest = BytesMut::new();
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.map_err(|_| Refusal::BodyCutOff)?.into_data() else {
            continue; // trailers
        };
        let length = first.len() + rest.len() + data.len();
        if length > max {
            drop((first, rest));
            return discard(body, max).await;
        }
        if !arriving.grow_to(length) {
            return Err(Refusal::TooManyBytes);
        }
        if length == data.len() {
            // Nearly always the whole body, which is then never copied.
            first = data;
        } else {
            rest.extend_from_slice(&std::mem::take(&mut first));
            rest.extend_from_slice(&data);
        }
    }
    Ok(if rest.is_empty() {
        first
    } else {
        rest.freeze()
    })
}

async fn discard(mut body: Incoming, max: usize) -> Result<Bytes, Refusal> {
    let mut left = max + MAX_DISCARDED;
    if body.size_hint().lower() > left as u64 {
        return Err(Refusal::BodyTooLarge);
    }
    while let Some(Ok(frame)) = body.frame().await {
        let read = frame.data_ref().map_or(0, Bytes::len);
        match left.checked_sub(read) {
            Some(less) => left = less,
            None => break,
        }
    }
    Err(Refusal::BodyTooLarge)
}
