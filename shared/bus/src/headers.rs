//! AMQP headers: the few that are ours, and the broker's that must not travel on.

use lapin::types::{AMQPValue, FieldTable};
use serde_json::{Map, Value};

/// Which attempt this is, from 1. Counted by us: what the broker counts includes crashes of others.
pub(crate) const ATTEMPT: &str = "attempt";
/// W3C trace context.
pub(crate) const TRACEPARENT: &str = "traceparent";
/// The routing key the message had before a retry queue replaced it.
pub(crate) const ROUTING_KEY: &str = "routing-key";

/// What the broker writes when a message is dead-lettered or redelivered. Older brokers believe these when a
/// client sends them: a message whose `x-death` names the queue it would return to is dropped as a cycle, or
/// stays in its retry queue for ever. So a copy never carries them.
const BROKERS_OWN: [&str; 5] = [
    "x-death",
    "x-first-death-",
    "x-last-death-",
    "x-delivery-count",
    "x-acquired-count",
];

pub(crate) fn first_attempt() -> FieldTable {
    let mut headers = FieldTable::default();
    headers.insert(ATTEMPT.into(), AMQPValue::LongInt(1));
    headers
}

/// The headers of a copy that is to be tried as attempt number `attempt`.
pub(crate) fn for_copy(original: &FieldTable, attempt: u32, routing_key: &str) -> FieldTable {
    let mut headers = FieldTable::default();
    for (name, value) in original {
        if !BROKERS_OWN.iter().any(|own| name.as_str().starts_with(own)) {
            headers.insert(name.clone(), value.clone());
        }
    }
    headers.insert(
        ATTEMPT.into(),
        AMQPValue::LongInt(i32::try_from(attempt).unwrap_or(i32::MAX)),
    );
    headers.insert(
        ROUTING_KEY.into(),
        AMQPValue::LongString(routing_key.into()),
    );
    headers
}

/// The attempt a message says it is; 1 where it says nothing sensible.
pub(crate) fn attempt(headers: &FieldTable) -> u32 {
    let number = match headers.inner().get(ATTEMPT) {
        Some(AMQPValue::ShortShortInt(n)) => i64::from(*n),
        Some(AMQPValue::ShortShortUInt(n)) => i64::from(*n),
        Some(AMQPValue::ShortInt(n)) => i64::from(*n),
        Some(AMQPValue::ShortUInt(n)) => i64::from(*n),
        Some(AMQPValue::LongInt(n)) => i64::from(*n),
        Some(AMQPValue::LongUInt(n)) => i64::from(*n),
        Some(AMQPValue::LongLongInt(n)) => *n,
        _ => 1,
    };
    u32::try_from(number.max(1)).unwrap_or(u32::MAX)
}

pub(crate) fn text(headers: &FieldTable, name: &str) -> Option<String> {
    match headers.inner().get(name)? {
        AMQPValue::LongString(value) => String::from_utf8(value.as_bytes().to_vec()).ok(),
        AMQPValue::ShortString(value) => Some(value.to_string()),
        _ => None,
    }
}

/// For people: what a dead letter shows.
pub(crate) fn to_json(headers: &FieldTable) -> Value {
    let entries = headers
        .into_iter()
        .map(|(name, value)| (name.to_string(), json(value)));
    Value::Object(entries.collect::<Map<_, _>>())
}

fn json(value: &AMQPValue) -> Value {
    match value {
        AMQPValue::Boolean(v) => (*v).into(),
        AMQPValue::ShortShortInt(v) => (*v).into(),
        AMQPValue::ShortShortUInt(v) => (*v).into(),
        AMQPValue::ShortInt(v) => (*v).into(),
        AMQPValue::ShortUInt(v) => (*v).into(),
        AMQPValue::LongInt(v) => (*v).into(),
        AMQPValue::LongUInt(v) => (*v).into(),
        AMQPValue::LongLongInt(v) => (*v).into(),
        AMQPValue::Timestamp(v) => (*v).into(),
        AMQPValue::Float(v) => f64::from(*v).into(),
        AMQPValue::Double(v) => (*v).into(),
        AMQPValue::DecimalValue(v) => format!("{}e-{}", v.value, v.scale).into(),
        AMQPValue::ShortString(v) => v.as_str().into(),
        AMQPValue::LongString(v) => String::from_utf8_lossy(v.as_bytes())
            .replace('\0', "\u{fffd}")
            .into(),
        AMQPValue::FieldArray(v) => v.as_slice().iter().map(json).collect(),
        AMQPValue::FieldTable(v) => to_json(v),
        AMQPValue::ByteArray(v) => format!("{} bytes", v.len()).into(),
        AMQPValue::Void => Value::Null,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_leaves_behind_what_the_broker_wrote() {
        let mut original = first_attempt();
        for name in [
            "x-death",
            "x-first-death-queue",
            "x-last-death-reason",
            "x-delivery-count",
            "traceparent",
        ] {
            original.insert(name.into(), AMQPValue::LongString("v".into()));
        }
        let copy = for_copy(&original, 3, "whatsapp.status");
        let names: Vec<_> = copy
            .inner()
            .keys()
            .map(|name| name.as_str().to_owned())
            .collect();
        assert_eq!(names, ["attempt", "routing-key", "traceparent"]);
        assert_eq!(attempt(&copy), 3);
    }

    #[test]
    fn a_senseless_attempt_counts_as_the_first() {
        let mut headers = FieldTable::default();
        assert_eq!(attempt(&headers), 1);
        headers.insert(ATTEMPT.into(), AMQPValue::LongLongInt(-4));
        assert_eq!(attempt(&headers), 1);
        headers.insert(ATTEMPT.into(), AMQPValue::LongString("2".into()));
        assert_eq!(attempt(&headers), 1);
        headers.insert(ATTEMPT.into(), AMQPValue::LongLongInt(i64::MAX));
        assert_eq!(attempt(&headers), u32::MAX);
    }
}
