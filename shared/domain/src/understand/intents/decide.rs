//! Which of what was said is wanted first. The order of the rules is the order of harm: a person who is asked for, a
//! booking to be cancelled or changed, money; then what sells; then questions; then courtesy.

use super::{
    Facts, Meaning,
    courtesy::{small_talk, small_talk_wins},
    sense::Sense,
    senses::Senses,
};
use crate::understand::{Context, Intent, PayBy, Topic};

/// Something wanted, and where it is said first.
pub(super) struct Want {
    pub(super) intent: Intent,
    at: usize,
}

pub(super) fn decide(senses: &Senses<'_>, context: &Context<'_>, facts: &Facts) -> Meaning {
    let mut meaning = Meaning {
        pay_by: senses.pay_by().or(senses
            .has(Sense::Topic(Topic::Transfer))
            .then_some(PayBy::Transfer)),
        discount: senses.has(Sense::Discount),
        correction: senses.has(Sense::Correction),
        greets: senses.has(Sense::Hello),
        thanks: senses.has(Sense::Thanks),
        affirms: !senses.has(Sense::Leave) && (senses.yes() || senses.agrees()),
        denies: senses.plain_no() || senses.has(Sense::Leave),
        unread: senses.unread(),
        ..Meaning::default()
    };
    if senses.has(Sense::Injection) {
        meaning.intents.push(Intent::Unknown);
        return meaning;
    }
    meaning.opt_out = alone(senses, Sense::OptOut);
    meaning.opt_in = !meaning.opt_out && alone(senses, Sense::OptIn);
    meaning.paid = senses.has(Sense::Paid);
    meaning.topics = topics(senses, facts);

    let mut wants = first_of_all(senses);
    wants.extend(on_sale(senses, &meaning, facts));
    if wants.is_empty() || small_talk_wins(senses, context, facts, &wants, &meaning) {
        wants.insert(
            0,
            Want {
                intent: small_talk(senses, context, facts, &meaning),
                at: 0,
            },
        );
    }
    for want in wants {
        if !meaning.intents.contains(&want.intent) {
            meaning.intents.push(want.intent);
        }
    }
    meaning
}

/// One word says it only where there is hardly another: "temporada baja" unsubscribes nobody.
fn alone(senses: &Senses<'_>, sense: Sense) -> bool {
    senses.first_of_words(sense, 2).is_some() && !senses.has(Sense::Cancel)
        || senses.has(sense) && senses.len() <= 3
}

/// Known questions, in the order they were asked.
fn topics(senses: &Senses<'_>, facts: &Facts) -> Vec<Topic> {
    let asks = senses.has(Sense::Asks);
    let sells = senses.any(&[
        Sense::Room,
        Sense::Price,
        Sense::Reserve,
        Sense::Lodge,
        Sense::Have,
    ]) && facts.when;
    let mut topics = Vec::new();
    let mut add = |topic| {
        if !topics.contains(&topic) {
            topics.push(topic);
        }
    };
    for (topic, hit) in senses.topics() {
        let said_in_passing = match topic {
            // The dog comes along; whether it may is another question.
            Topic::Pets => facts.pets && !asks,
            Topic::Surroundings => hit.words == 1 && sells,
            _ => false,
        };
        if !said_in_passing {
            add(topic);
        }
    }
    // "La cocina está equipada": the kitchen, not everything.
    if topics.len() > 1
        && senses
            .topics()
            .all(|(topic, hit)| topic != Topic::Services || hit.words == 1)
    {
        topics.retain(|topic| *topic != Topic::Services);
    }
    let mut add = |topic| {
        if !topics.contains(&topic) {
            topics.push(topic);
        }
    };
    if senses.has(Sense::Policy) || senses.has(Sense::Refund) {
        add(Topic::Cancellation);
    }
    if senses.has(Sense::Discount) {
        add(Topic::Discounts);
    }
    topics
}

/// What comes before everything else.
fn first_of_all(senses: &Senses<'_>) -> Vec<Want> {
    let mut wants = Vec::new();
    let human = senses
        .hits()
        .find(|hit| hit.sense == Sense::Human && !senses.is_taken(hit));
    if let Some(hit) = human {
        wants.push(Want {
            intent: Intent::Human,
            at: hit.at,
        });
    }
    let changes = senses.first(Sense::Change);
    let cancels = senses
        .first(Sense::Cancel)
        .or(senses.first(Sense::Policy))
        .or(senses.first(Sense::NotGoing).filter(|_| changes.is_none()));
    if let Some(at) = cancels.filter(|_| !senses.has(Sense::NotCancel)) {
        wants.push(Want {
            intent: Intent::Cancel,
            at,
        });
        if let Some(at) = senses.first(Sense::Refund) {
            wants.push(Want {
                intent: Intent::Payment,
                at,
            });
        }
    }
    if let Some(at) = changes {
        wants.push(Want {
            intent: Intent::Change,
            at,
        });
    }
    if let Some(at) = senses.first(Sense::Paid) {
        wants.push(Want {
            intent: Intent::Payment,
            at,
        });
    }
    wants
}

/// Room, prices, bookings, money and questions, the first mentioned first, where nothing else decides.
fn on_sale(senses: &Senses<'_>, meaning: &Meaning, facts: &Facts) -> Vec<Want> {
    let mut wants = Vec::new();
    let mut want = |intent, at: Option<usize>| {
        if let Some(at) = at {
            wants.push(Want { intent, at });
        }
    };
    let price = senses.first(Sense::Price).or(senses.first(Sense::Discount));
    // "La reserva" is what is cancelled or changed; alone it asks for one.
    let noun = senses.first(Sense::Booking).filter(|_| {
        !senses.has(Sense::Mine)
            && !senses.any(&[
                Sense::Cancel,
                Sense::NotGoing,
                Sense::Change,
                Sense::Policy,
                Sense::Human,
            ])
    });
    let reserve = senses.first(Sense::Reserve).or(noun);
    want(Intent::Reserve, reserve);
    want(Intent::Price, price);
    want(Intent::Payment, money(senses, price.is_some()));
    want(Intent::MyReservations, senses.first(Sense::Mine));
    for (topic, hit) in senses
        .topics()
        .filter(|(topic, _)| meaning.topics.contains(topic))
    {
        want(topic.intent(), Some(hit.at));
    }
    let asked = !wants.is_empty();
    let mut want = |intent, at: Option<usize>| {
        if let Some(at) = at {
            wants.push(Want { intent, at });
        }
    };
    let room = senses.first(Sense::Room).or_else(|| {
        senses
            .have()
            .filter(|_| facts.when || facts.who || !asked && meaning.unread == 0)
    });
    want(Intent::Availability, room);
    if room.is_none() && reserve.is_none() && price.is_none() {
        let wish = senses.first(Sense::Lodge).filter(|_| facts.when || !asked);
        want(Intent::Availability, wish);
        if !asked && wish.is_none() && senses.has(Sense::Asks) && !facts.when && !facts.who {
            want(Intent::Services, senses.first(Sense::Asks));
        }
    }
    // What a stay needs goes before questions about the house, once there is a stay.
    let later =
        |want: &Want| facts.when && matches!(want.intent, Intent::Services | Intent::Location);
    wants.sort_by_key(|want| (later(want), want.at));
    // Said in passing, beside a stay: "cabaña con 3 camas del 14 al 17".
    let stated = !senses.question && !senses.any(&[Sense::Asks, Sense::Have]);
    let about_the_house = wants
        .iter()
        .all(|want| matches!(want.intent, Intent::Services | Intent::Location));
    let in_a_word = senses.topics().all(|(_, hit)| hit.words == 1);
    if stated && !wants.is_empty() && about_the_house && (facts.when || facts.who && in_a_word) {
        wants.insert(
            0,
            Want {
                intent: Intent::Availability,
                at: 0,
            },
        );
    }
    if facts.when
        && !wants.is_empty()
        && !wants
            .iter()
            .any(|want| sells(want.intent) || want.intent == Intent::MyReservations)
    {
        wants.push(Want {
            intent: Intent::Availability,
            at: usize::MAX,
        });
    }
    wants
}

fn sells(intent: Intent) -> bool {
    matches!(
        intent,
        Intent::Availability | Intent::Price | Intent::Reserve | Intent::Payment
    )
}

/// Where money is asked about. Beside a price, "pagar" and "en efectivo" only say how.
fn money(senses: &Senses<'_>, priced: bool) -> Option<usize> {
    let strong = [
        senses.first(Sense::Deposit),
        senses.first(Sense::Topic(Topic::Transfer)),
        senses.first(Sense::Topic(Topic::Payment)),
        senses.first(Sense::Refund),
        senses.first_of_words(Sense::Pay, 2),
    ];
    let weak = || {
        senses
            .hits()
            .find(|hit| matches!(hit.sense, Sense::By(_) | Sense::Pay))
            .map(|hit| hit.at)
    };
    strong
        .into_iter()
        .flatten()
        .min()
        .or_else(|| weak().filter(|_| !priced && !senses.has(Sense::Reserve)))
}
