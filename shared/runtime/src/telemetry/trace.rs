//! One trace from the webhook to the reply.
//!
//! The context travels as a W3C `traceparent`: in AMQP headers, and in rows where work waits in the database. Whoever
//! takes it up makes a span with [`message`]; work that has several causes (a turn) names them with [`link`].
//! What comes from outside is believed only if it has the exact form.

use opentelemetry::{
    Context,
    trace::{SpanContext, SpanId, TraceContextExt as _, TraceFlags, TraceId, TraceState},
};
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt as _;

/// The span of one message in work, continuing the trace that `traceparent` names (a new one without it).
pub fn message(queue: &str, message_id: &str, attempt: u32, traceparent: Option<&str>) -> Span {
    let span = tracing::info_span!(
        "message",
        otel.kind = "consumer",
        queue,
        message.id = message_id,
        attempt,
        trace.id = tracing::field::Empty,
    );
    continue_trace(&span, traceparent);
    span
}

/// Makes `span` a child of the remote span that `traceparent` names, and writes its trace id where it has declared
/// the field `trace.id`.
pub fn continue_trace(span: &Span, traceparent: Option<&str>) {
    if let Some(parent) = traceparent.and_then(parse) {
        // Fails only where tracing is not installed (tests): then there is nothing to continue.
        drop(span.set_parent(Context::new().with_remote_span_context(parent)));
    }
    let context = span.context();
    let trace_id = context.span().span_context().trace_id();
    if trace_id != TraceId::INVALID {
        span.record("trace.id", tracing::field::display(trace_id));
    }
}

/// Names another cause of `span`.
pub fn link(span: &Span, traceparent: &str) {
    if let Some(cause) = parse(traceparent) {
        span.add_link(cause);
    }
}

/// The `traceparent` to pass on from here; `None` outside of every span.
pub fn current() -> Option<String> {
    of(&Span::current())
}

/// The `traceparent` of a span.
pub fn of(span: &Span) -> Option<String> {
    let context = span.context();
    let context = context.span().span_context().clone();
    context.is_valid().then(|| {
        format!(
            "00-{}-{}-{:02x}",
            context.trace_id(),
            context.span_id(),
            context.trace_flags().to_u8()
        )
    })
}

fn parse(traceparent: &str) -> Option<SpanContext> {
    let lower_hex = |text: &str| {
        text.bytes()
            .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
    };
    let mut parts = traceparent.split('-');
    let (version, trace, span, flags) =
        (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let known = version == "00" && parts.next().is_none();
    if !known || trace.len() != 32 || span.len() != 16 || flags.len() != 2 {
        return None;
    }
    if ![trace, span, flags].iter().all(|part| lower_hex(part)) {
        return None;
    }
    let context = SpanContext::new(
        TraceId::from_hex(trace).ok()?,
        SpanId::from_hex(span).ok()?,
        TraceFlags::new(u8::from_str_radix(flags, 16).ok()?) & TraceFlags::SAMPLED,
        true,
        TraceState::NONE,
    );
    context.is_valid().then_some(context)
}

#[cfg(test)]
mod tests {
    use opentelemetry::trace::TracerProvider as _;
    use proptest::prelude::*;
    use tracing_subscriber::layer::SubscriberExt as _;

    use super::*;

    const PARENT: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    #[test]
    fn a_message_continues_the_trace_it_came_with() {
        let provider = opentelemetry_sdk::trace::SdkTracerProvider::builder().build();
        let layer = tracing_opentelemetry::layer().with_tracer(provider.tracer("test"));
        let subscriber = tracing_subscriber::registry().with(layer);
        tracing::subscriber::with_default(subscriber, || {
            let span = message("posta.messages.v1", "m1", 1, Some(PARENT));
            let passed_on = of(&span).unwrap();
            assert_eq!(passed_on[..36], PARENT[..36]);
            assert_ne!(passed_on[36..52], PARENT[36..52]);
            let alone = message("posta.messages.v1", "m2", 1, None);
            assert_ne!(of(&alone).unwrap()[..36], PARENT[..36]);
        });
    }

    #[test]
    fn only_the_exact_form_is_believed() {
        assert!(parse(PARENT).is_some());
        for wrong in [
            "",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
            "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-",
            "00-4bf92f3577b34da6a3ce929d0e0e473é-00f067aa0ba902b7-01",
        ] {
            assert!(parse(wrong).is_none(), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(text in ".*") {
            let _ = parse(&text);
        }
    }
}
