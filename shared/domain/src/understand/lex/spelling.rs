//! How words are written on a phone: abbreviations and the usual slips, written out. Data only.

/// The word written out. What depends on its neighbours stands in [`super::context`].
pub(super) fn written_out(word: &str) -> &str {
    match word {
        "q" | "k" | "qe" | "ke" => "que",
        "xq" | "pq" | "porq" | "xke" => "porque",
        "d" => "de",
        "dl" => "del",
        "dsd" | "dde" | "dsde" | "dsds" | "dasde" | "desd" => "desde",
        "hta" | "hst" | "asta" | "hsta" | "ata" | "jasta" => "hasta",
        "xfa" | "xfavor" | "porfis" | "porfi" | "plis" | "pls" | "please" | "porfaa" => "porfa",
        "pa" | "xa" | "pra" => "para",
        "find" | "fnde" | "finde" | "fide" | "finnde" | "fds" | "weekend" | "findesemana" => {
            "finde"
        }
        "weekends" | "finds" => "findes",
        "tb" | "tmb" | "tbn" | "tmbn" => "tambien",
        "hrs" | "hora" | "horas" | "hs" => "hs",
        "pers" | "pax" | "perso" | "prs" | "persons" | "psnas" | "peronas" | "presonas" => {
            "personas"
        }
        "hab" => "habitacion",
        "dispo" | "disp" | "disponivilidad" | "disponiblidad" | "disponobilidad"
        | "dispinibilidad" => "disponibilidad",
        "kiero" | "qiero" | "quero" | "kero" => "quiero",
        "noch" | "nochs" | "noxes" | "nohes" | "nches" | "noites" | "nights" => "noches",
        "noite" | "night" | "noxe" => "noche",
        "sem" => "semana",
        "prox" | "pxmo" | "procsimo" | "proxmo" => "proximo",
        "kincena" | "qincena" | "quinsena" | "quicena" | "quinzena" | "kinsena" => "quincena",
        "manna" | "mnana" | "amanha" | "tomorrow" => "manana",
        "aver" => "ver",
        "bno" => "bueno",
        "anio" => "ano",
        "anios" => "anos",
        "ls" => "los",
        other => other,
    }
}

/// Numbers in words up to those that never form others; "un" and "una" stay words.
pub(super) fn number(word: &str) -> Option<u32> {
    Some(match word {
        "cero" => 0,
        "uno" | "one" => 1,
        "dos" | "dois" | "duas" | "two" => 2,
        "tres" | "three" => 3,
        "cuatro" | "cuatros" | "quatro" | "four" => 4,
        "cinco" | "sinco" | "five" => 5,
        "seis" | "six" => 6,
        "siete" | "sete" | "seven" => 7,
        "ocho" | "oito" | "eight" => 8,
        "nueve" | "nove" | "nine" => 9,
        "diez" | "dies" | "dez" | "ten" => 10,
        "once" | "onze" | "onse" | "eleven" => 11,
        "doce" | "doze" | "dose" | "twelve" => 12,
        "trece" | "treze" | "trese" | "thirteen" => 13,
        "catorce" | "quatorze" | "catorze" | "fourteen" => 14,
        "quince" | "quinze" | "fifteen" => 15,
        "dieciseis" | "diesiseis" | "diecisei" | "dezesseis" | "sixteen" => 16,
        "diecisiete" | "diesisiete" | "dezessete" | "seventeen" => 17,
        "dieciocho" | "diesiocho" | "dezoito" | "eighteen" => 18,
        "diecinueve" | "diesinueve" | "dezenove" | "nineteen" => 19,
        "veinte" | "beinte" | "vinte" | "twenty" => 20,
        "veintiuno" | "veintiun" | "ventiuno" | "veintiuna" => 21,
        "veintidos" | "ventidos" => 22,
        "veintitres" | "ventitres" => 23,
        "veinticuatro" | "venticuatro" => 24,
        "veinticinco" | "venticinco" => 25,
        "veintiseis" | "ventiseis" => 26,
        "veintisiete" | "ventisiete" => 27,
        "veintiocho" | "ventiocho" => 28,
        "veintinueve" | "ventinueve" => 29,
        "treinta" | "trinta" | "thirty" => 30,
        "cuarenta" | "quarenta" | "forty" => 40,
        "cincuenta" | "cinquenta" | "fifty" => 50,
        "sesenta" | "sixty" => 60,
        "setenta" | "seventy" => 70,
        "ochenta" | "eighty" => 80,
        "noventa" | "ninety" => 90,
        "cien" | "ciento" | "cem" => 100,
        "doscientos" => 200,
        "trescientos" => 300,
        "cuatrocientos" => 400,
        "quinientos" => 500,
        _ => return None,
    })
}

/// Ordinals in words. "cuarto" is a room.
pub(super) fn ordinal(word: &str) -> Option<u32> {
    Some(match word {
        "primero" | "primera" | "primer" | "1ero" | "primeiro" | "primeira" | "first" => 1,
        "segundo" | "segunda" | "second" => 2,
        "tercero" | "tercera" | "tercer" | "terceiro" | "terca" | "terceira" | "third" => 3,
        "cuarta" | "quarta" | "fourth" => 4,
        "quinta" | "quinto" | "fifth" => 5,
        "sexta" | "sexto" | "sixth" => 6,
        "seventh" => 7,
        "eighth" => 8,
        "ninth" => 9,
        "tenth" => 10,
        _ => return None,
    })
}

/// What makes an ordinal of the digits before it.
pub(super) fn is_ordinal_ending(word: &str) -> bool {
    matches!(
        word,
        "ro" | "er"
            | "ero"
            | "era"
            | "ra"
            | "do"
            | "da"
            | "to"
            | "ta"
            | "mo"
            | "ma"
            | "vo"
            | "va"
            | "no"
            | "na"
            | "st"
            | "nd"
            | "rd"
            | "th"
            | "°"
            | "ª"
    )
}
