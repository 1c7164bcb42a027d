//! What a phrase means, taken by itself. What the whole message wants follows from which senses it has, in what order.

use crate::understand::{PayBy, Topic};

/// The meaning of one phrase.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(in crate::understand) enum Sense {
    /// "hola".
    Hello,
    /// "¿cómo va?", "me pasaron tu número": small talk.
    Courtesy,
    /// "info", "una consulta": asks in general.
    General,
    /// "gracias".
    Thanks,
    /// "chau".
    Bye,
    /// "si": a yes, or an if.
    Si,
    /// A yes that is nothing else.
    Yes,
    /// "ok", "listo": a yes, or only courtesy.
    Nod,
    /// "esa": what was pointed at.
    That,
    /// "no": a no, or part of a sentence.
    No,
    /// A no in more words: "lo dejo ahí", "muy caro".
    Leave,
    /// "mejor", "perdón": takes back.
    Correction,
    /// No more messages.
    OptOut,
    /// Messages again.
    OptIn,
    /// "hay lugar".
    Room,
    /// "tenés", "hay": of room or of a pool, as what follows says.
    Have,
    /// "busco cabaña", "queremos ir".
    Lodge,
    /// "cabaña", "noche", "fecha": what it is about, not what is wanted.
    Cabin,
    /// "cuánto sale".
    Price,
    /// A lower price.
    Discount,
    /// "quiero reservar", "guardámela".
    Reserve,
    /// "la quiero": a booking, or a yes.
    Take,
    /// "… para reservar": names the purpose of a question.
    Purpose,
    /// "mi reserva".
    Mine,
    /// "la reserva": a new one, or one that is to be changed.
    Booking,
    /// "cambiar la fecha".
    Change,
    /// "cancelar": a booking; of debts it is [`Sense::Pay`].
    Cancel,
    /// "no vamos a poder ir": cancels, unless a change is asked for.
    NotGoing,
    /// "no quiero cancelar".
    NotCancel,
    /// "me devuelven".
    Refund,
    /// "si cancelo", "política de cancelación": asks for the rule.
    Policy,
    /// "cómo pago".
    Pay,
    /// "la seña".
    Deposit,
    /// "ya transferí".
    Paid,
    /// "por transferencia", "en efectivo".
    By(PayBy),
    /// A person.
    Human,
    /// A person, if nothing else was said: "¿hay alguien?".
    Somebody,
    /// Orders to the machine rather than a question to the house.
    Injection,
    /// A known question.
    Topic(Topic),
    /// "¿aceptan …?", "¿incluye …?": makes a question of what follows.
    Asks,
    /// Asks for nothing by itself.
    Filler,
}
