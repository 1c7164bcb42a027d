//! What is asked about the house, money and people.

use super::{
    super::{Intent, PayBy, Topic},
    read,
};

#[test]
fn known_questions_have_their_topics() {
    for (text, topic) in [
        ("donde quedan?", Topic::Location),
        ("como llego desde Bariloche", Topic::Location),
        ("a cuanto estan de la playa?", Topic::Surroundings),
        ("tienen pileta?", Topic::Pool),
        ("tiene cochera? vamos con 2 autos", Topic::Parking),
        ("hay wi-fi", Topic::Wifi),
        ("incluye ropa blanca?", Topic::Linen),
        ("aceptan perros?", Topic::Pets),
        ("hay cuna xa bebe?", Topic::Cot),
        ("se puede hacer un asado? hay parriya?", Topic::Grill),
        ("a que hora es el check in?", Topic::CheckIn),
        ("podemos llegar tipo 23hs?", Topic::CheckIn),
        ("se puede fumar adentro?", Topic::Rules),
        ("cual es la estadia minima?", Topic::MinimumStay),
        ("para cuantas personas es?", Topic::Capacity),
        ("tienen rampa para silla de ruedas?", Topic::Accessibility),
        ("q comodidades tiene", Topic::Services),
        ("pasame el cbu o alias", Topic::Transfer),
        ("como se paga?", Topic::Payment),
        ("que politica de cancelacion tienen?", Topic::Cancellation),
    ] {
        let read = read(text);
        assert!(read.topics.contains(&topic), "{text}: {read:?}");
        assert_eq!(read.intent, topic.intent(), "{text}: {read:?}");
        assert!(
            read.check_in.is_none() && read.guests_total.is_none(),
            "{text}: {read:?}"
        );
    }
}

#[test]
fn every_topic_is_found_again_by_its_key() {
    for topic in Topic::ALL {
        assert_eq!(Topic::of_key(topic.key()), Some(topic));
    }
}

#[test]
fn several_questions_are_all_kept_in_their_order() {
    let read = read("Hola! dónde queda? tiene pileta? y aceptan mascotas?");
    assert_eq!(read.intent, Intent::Location);
    assert_eq!(read.also, [Intent::Services]);
    assert_eq!(read.topics, [Topic::Location, Topic::Pool, Topic::Pets]);
}

#[test]
fn a_stay_goes_before_questions_about_the_house() {
    let read = read("tienen pileta? busco cabaña del 10 al 15 de enero para 4");
    assert_eq!(read.intent, Intent::Availability);
    assert!(read.wants(Intent::Services));
    let asked = super::read("aceptan mascotas? somos 2");
    assert_eq!(asked.intent, Intent::Services);
}

#[test]
fn a_person_is_asked_for_but_persons_are_counted() {
    for text in [
        "quiero hablar con una persona",
        "pasame con un humano",
        "me llaman?",
        "hay alguien?",
        "sos un bot?",
        "human please",
    ] {
        let read = read(text);
        assert_eq!(read.intent, Intent::Human, "{text}: {read:?}");
        assert_eq!(read.guests_total, None, "{text}");
    }
    for text in ["somos 4 personas", "es para una persona"] {
        assert_eq!(read(text).intent, Intent::Availability, "{text}");
    }
}

#[test]
fn ways_to_pay_discounts_and_payments_made_are_told_apart() {
    assert_eq!(
        read("te puedo pagar con transferencia?").pay_by,
        Some(PayBy::Transfer)
    );
    assert_eq!(
        read("aceptan mercado pago?").pay_by,
        Some(PayBy::MercadoPago)
    );
    assert_eq!(
        read("el saldo lo pago alla en efectivo puede ser?").pay_by,
        Some(PayBy::Cash)
    );
    for text in [
        "me hacés precio?",
        "algún descuento?",
        "cuanto menos en efectivo?",
        "me lo dejas en 50 mil?",
    ] {
        let read = read(text);
        assert!(
            read.discount && read.intent == Intent::Price,
            "{text}: {read:?}"
        );
    }
    for text in [
        "ya transferí",
        "te mandé el comprobante",
        "listo el pago",
        "ahi te deposite",
    ] {
        let read = read(text);
        assert!(
            read.paid && read.intent == Intent::Payment,
            "{text}: {read:?}"
        );
    }
    assert!(!read("cuando te pago?").paid);
}

#[test]
fn portuguese_and_english_route() {
    for (text, intent) in [
        ("how much for 4 people from January 4 to 11?", Intent::Price),
        ("quanto custa a diaria?", Intent::Price),
        ("do you have a cabin available?", Intent::Availability),
        (
            "tem vaga de 4 a 11 de janeiro para 2 adultos e 1 criança?",
            Intent::Availability,
        ),
        ("where are you located?", Intent::Location),
        ("onde fica?", Intent::Location),
        ("I want to book", Intent::Reserve),
        ("quero reservar", Intent::Reserve),
        ("quero falar com uma pessoa", Intent::Human),
        ("obrigado", Intent::Thanks),
        ("thanks!", Intent::Thanks),
        ("aceitam cachorro?", Intent::Services),
        ("i need to cancel my booking", Intent::Cancel),
    ] {
        assert_eq!(read(text).intent, intent, "{text}: {:?}", read(text));
    }
}
