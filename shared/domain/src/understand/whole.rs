//! The whole reading of a text: names, guests, dates, then what is wanted.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::{
    Context, Intent, Understanding,
    dates::{self, Found},
    guests,
    intents::{self, Facts},
    later, lex, names,
};

/// Builds the tables of words now (about 40 ms) instead of at the first message.
pub fn prepare() {
    let context = Context {
        today: NaiveDate::default(),
        holidays: &BTreeMap::new(),
        asked: None,
        check_in: None,
        names: &[],
    };
    // What it says is of no interest.
    let Understanding { .. } =
        understand("hola, hay lugar del 10 al 15 de enero para 4?", &context);
}

/// What a text says and wants.
///
/// Total and bounded: any text is answered, in time linear in its first four thousand characters. Certain things
/// stand in the fields, disputed ones in `alternatives`; what was not said, or not understood, is absent.
pub fn understand(text: &str, context: &Context<'_>) -> Understanding {
    let mut tokens = lex::lex(text);
    let name = names::name(&mut tokens, context);
    let pointer = names::pointer(&mut tokens, context);
    let guests = guests::guests(&mut tokens, context);
    later::set_aside(&mut tokens);
    let found = dates::dates(&mut tokens, context);
    let facts = Facts {
        when: found.check_in.is_some()
            || found.check_out.is_some()
            || found.nights.is_some()
            || found.vague.is_some(),
        who: guests.total.is_some() || guests.adults.is_some() || guests.children.is_some(),
        pets: guests.pets.is_some(),
        which: name.is_some() || pointer.is_some(),
        name: name.as_ref().map(|(_, at)| at.clone()).unwrap_or_default(),
    };
    let meaning = intents::intents(&tokens, context, &facts);
    let mut intents = meaning.intents.into_iter();
    Understanding {
        intent: intents.next().unwrap_or(Intent::Unknown),
        also: intents.collect(),
        topics: meaning.topics,
        check_in: found.check_in,
        check_out: found.check_out,
        nights: nights(&found),
        adults: guests.adults,
        children: guests.children,
        infants: guests.infants,
        ages: guests.ages,
        pets: guests.pets,
        guests_total: guests.total,
        accommodation: name.map(|(name, _)| name),
        cabins: guests.cabins,
        vague: found.vague,
        vague_month: found.vague_month,
        alternatives: found.alternatives,
        pointer,
        pay_by: meaning.pay_by,
        discount: meaning.discount,
        paid: meaning.paid,
        correction: meaning.correction || found.correction,
        opt_out: meaning.opt_out,
        opt_in: meaning.opt_in,
        greets: meaning.greets,
        thanks: meaning.thanks,
        denies: meaning.denies,
        affirms: meaning.affirms,
        unread: meaning.unread,
    }
}

/// Whether more words would hardly change the answer: the days and the party are there, or a known question is.
pub fn is_complete(text: &str, context: &Context<'_>) -> bool {
    let read = understand(text, context);
    let stay = read.check_in.is_some() && read.check_out.is_some() && read.guests_total.is_some();
    let question = !read.topics.is_empty() || read.wants(Intent::Human) || read.opt_out;
    stay || question && read.check_in.is_none() && read.vague.is_none() && read.unread <= 2
}

fn nights(found: &Found) -> Option<u32> {
    match (found.check_in, found.check_out) {
        (Some(check_in), Some(check_out)) => u32::try_from((check_out - check_in).num_days()).ok(),
        _ => found.nights,
    }
}
