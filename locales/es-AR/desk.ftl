# What the desk says. Voseo, short, no promises it cannot keep, absolute times.
# Limits: a text with buttons has 1024 characters at most, a button's title 20.

## Paragraphs

hello = ¡Hola! 👋
welcome = ¡Hola! 👋 Gracias por escribirnos. Soy el asistente automático.
menu-hint = ¿Qué querés saber? Tocá una opción o escribime tu consulta.
sorry-for-the-wait = Disculpá la demora en responderte.

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
meanwhile = Mientras tanto te puedo contar sobre:
file-refused = No pude abrir el archivo que mandaste. ¿Me lo mandás de nuevo como foto o PDF?
please-type = Por ahora no puedo escuchar audios. ¿Me lo escribís?
please-write = Por ahora solo puedo leer texto. ¿Me contás por escrito qué necesitás?
what-do-you-need = ¿En qué te puedo ayudar? Tocá una opción o escribime tu consulta.
courtesy = ¡De nada! Cualquier otra cosa, escribime.

## Buttons

button-location = ¿Dónde queda?
button-services = Servicios
button-check-in = Horarios
button-human = Hablar con alguien
