use super::*;

fn topics(text: &str) -> Vec<Topic> {
    read(text).topics
}

#[test]
fn known_questions_are_found_with_accents_typos_and_shouting() {
    for text in [
        "¿Dónde queda?",
        "donde quedannn",
        "me pasás la ubicación?",
        "ubicasion",
        "cual es la direcion",
        "como llego?",
        "DONDE ESTÁN UBICADOS",
        "a cuanto están del centro?",
        "where is it?",
        "onde fica?",
    ] {
        assert_eq!(topics(text), [Topic::Location], "{text}");
    }
    for text in [
        "Servicios",
        "tienen pileta?",
        "hay wi-fi",
        "aceptan mascotas?",
        "la cabaña tiene parrilla y cochera?",
        "que serbicios tiene",
        "incluye ropa blanca?",
    ] {
        assert_eq!(topics(text), [Topic::Services], "{text}");
    }
    for text in [
        "a qué hora es el check-in?",
        "horarios",
        "horario de salida",
        "hasta que hora es el check out",
        "what time is check in",
    ] {
        assert_eq!(topics(text), [Topic::CheckIn], "{text}");
    }
}

#[test]
fn two_questions_in_one_text_are_both_found() {
    let reading = read("Hola! dónde queda y qué servicios tiene? gracias");
    assert_eq!(reading.topics, [Topic::Location, Topic::Services]);
    assert!(reading.greeting && reading.thanks && !reading.other && reading.is_complete());
}

#[test]
fn a_bare_greeting_is_a_greeting_and_nothing_else() {
    for text in [
        "hola",
        "Holaaaa",
        "buenas!!",
        "Buen día, ¿cómo están?",
        "hi",
        "oi, bom dia",
        "Hola 👋",
    ] {
        let reading = read(text);
        assert!(
            reading.greeting && !reading.other && reading.topics.is_empty(),
            "{text}: {reading:?}"
        );
    }
    assert!(read("Hola! Quiero más información.").general);
    assert!(!read("Hola! Quiero más información.").other);
}

#[test]
fn whatever_is_about_a_stay_goes_to_a_person() {
    for text in [
        "Hola! ¿Tienen cabaña para 4 del 10 al 14 de enero?",
        "precio?",
        "hay lugar el finde",
        "somos 4",
        "quiero reservar",
        "cuánto sale",
        "Esa, la segunda",
        "ya te transferí",
        "how much is it",
        "tem vaga?",
        "se puede llevar un telescopio?",
        "hola, se puede llevar telescopio?",
    ] {
        assert!(read(text).other, "{text}: {:?}", read(text));
    }
    let both = read("tenés lugar para 4? y tiene pileta?");
    assert!(both.other && both.topics == [Topic::Services]);
}

#[test]
fn a_request_for_a_person_is_understood() {
    for text in [
        "quiero hablar con alguien",
        "una persona por favor",
        "me podés llamar?",
        "human please",
        "sos un bot?",
        "persona",
    ] {
        assert!(read(text).human, "{text}");
    }
    assert!(!read("somos 4 personas").human);
}

#[test]
fn courtesy_needs_no_answer_beyond_courtesy() {
    assert!(read("muchas gracias!!").thanks && !read("muchas gracias!!").other);
    for text in ["ok", "dale", "listo, joya", "👍", "🙌🏼", "jajaja"] {
        let reading = read(text);
        assert!(reading.nod && !reading.other, "{text}: {reading:?}");
    }
}

#[test]
fn signs_alone_are_blank() {
    for text in ["", "?", "...", " \u{0} ", "\u{200b}"] {
        assert!(read(text).is_blank(), "{text:?}");
    }
}

#[test]
fn every_own_button_title_would_also_be_understood_when_typed() {
    assert_eq!(topics("¿Dónde queda?"), [Topic::Location]);
    assert_eq!(topics("Servicios"), [Topic::Services]);
    assert_eq!(topics("Horarios"), [Topic::CheckIn]);
    assert!(read("Hablar con alguien").human);
}
