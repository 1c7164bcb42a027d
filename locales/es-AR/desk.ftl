# What the desk says around a booking: small talk, questions, a person. Voseo, short, no promises it cannot keep,
# absolute times. Limits: a text with buttons has 1024 characters at most, a button's title 20.

## Small talk

hello = ¡Hola! 👋
hello-again = ¡Hola de nuevo! Sigamos.
# $name is the property's.
welcome = ¡Hola! 👋 Soy el asistente automático de { $name }.
menu-hint = Decime las fechas y cuántos son y te paso precios, o tocá una opción.
courtesy = ¡De nada! Cualquier otra cosa, escribime.
as-you-like = ¡Dale, sin problema! Cualquier cosa, escribime.
sorry-for-the-wait = Disculpá la demora en responderte.
file-refused = No pude abrir el archivo que mandaste. ¿Me lo mandás de nuevo como foto o PDF?
please-type = No pude escuchar el audio. ¿Me lo escribís?
please-write = Por ahora solo puedo leer texto. ¿Me contás por escrito qué necesitás?
not-understood = Perdón, no te entendí bien. ¿Me lo decís con otras palabras? Por ejemplo: «del 10 al 15 de enero, 2 adultos y 1 nene».
# The question that is open comes after it.
not-understood-briefly = Perdón, no te entendí bien.
i-am-a-machine = Soy el asistente automático de { $name }: te paso precios, reservo y te cuento del lugar. Si preferís, te paso con una persona.
trouble = ¡Uy, disculpá! Esto lo tiene que ver una persona.
what-do-you-need = ¿En qué te puedo ayudar? Tocá una opción o escribime tu consulta.
opted-out = Listo, no te mandamos más avisos. Si tenés una reserva, solo te escribimos por lo que le pase. Si algún día querés volver a recibirlos, mandame ALTA.
opted-in = Listo, volvés a recibir nuestros avisos. Para dejar de recibirlos, mandame BAJA.

## A person
# $time is a clock time such as 21:00; $when says which day it is on.

person-will-answer = { $when ->
    [until-today] Le paso tu mensaje a una persona, que te responde por acá hoy, hasta las { $time }.
    [until-tomorrow] Le paso tu mensaje a una persona, que te responde por acá esta noche, hasta las { $time }.
    [from-today] Le paso tu mensaje a una persona, que te responde por acá hoy a partir de las { $time }.
    [from-tomorrow] Le paso tu mensaje a una persona, que te responde por acá mañana a partir de las { $time }.
   *[soon] Le paso tu mensaje a una persona, que te responde por acá en un rato.
}
person-will-look = { $when ->
    [until-today] Recibí tu archivo. Lo mira una persona y te responde por acá hoy, hasta las { $time }.
    [until-tomorrow] Recibí tu archivo. Lo mira una persona y te responde por acá esta noche, hasta las { $time }.
    [from-today] Recibí tu archivo. Lo mira una persona y te responde por acá hoy a partir de las { $time }.
    [from-tomorrow] Recibí tu archivo. Lo mira una persona y te responde por acá mañana a partir de las { $time }.
   *[soon] Recibí tu archivo. Lo mira una persona y te responde por acá en un rato.
}
person-told = { $when ->
    [until-today] Ya avisé: te responden por acá hoy, hasta las { $time }.
    [until-tomorrow] Ya avisé: te responden por acá esta noche, hasta las { $time }.
    [from-today] Ya avisé: te responden por acá hoy a partir de las { $time }.
    [from-tomorrow] Ya avisé: te responden por acá mañana a partir de las { $time }.
   *[soon] Ya avisé: te responden por acá en un rato.
}

## Questions

more-detail = Si necesitás más detalle, te paso con una persona.
check-in-hours = El ingreso es desde las { $from } y la salida, hasta las { $until }.
minimum-depends = El mínimo de noches depende de la fecha. Decime qué días pensás venir y me fijo.
# $kinds: each kind of cabin on a line of its own.
capacity =
    Entran:
    { $kinds }
capacity-line = { $guests ->
    [one] • { $name }: 1 persona
   *[other] • { $name }: hasta { $guests } personas
}
# How to get in: only for guests who have paid and arrive soon; the owner's words follow.
access = Para entrar (reserva { $code }):
access-when-paid = Cómo entrar te lo paso por acá 48 horas antes de llegar, con la estadía paga.
access-later = Cómo entrar te lo paso por acá desde 48 horas antes de llegar.
transfer-with-booking = Los datos para transferir te los paso cuando tengas la reserva hecha: así el pago queda asociado a tus noches.

## Discounts

discount-needs-dates = Un precio especial lo tenemos que ver nosotros. Decime primero las fechas y cuántos son, y lo consulto.
discount-asked = Lo consulto y te respondo por acá. El precio que te pasé sigue en pie.
discount-waits = Ya lo consulté: apenas tenga la respuesta te escribo por acá. El precio que te pasé sigue en pie.

## Buttons

button-search = Ver disponibilidad
button-my-bookings = Mis reservas
button-my-booking = Ver mi reserva
button-services = Servicios
button-location = ¿Dónde queda?
button-human = Hablar con alguien
button-book-as-is = Reservar así
