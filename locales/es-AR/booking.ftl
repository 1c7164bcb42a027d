# From dates to a hold: what the desk asks, shows and says. Voseo, short, one question at a time.
# Limits: a text with buttons has 1024 characters at most; a button's title 20, a row's title 24, its second line 72.

## What is missing
ask-dates = ¿Para qué fechas sería? Decime llegada y salida, por ejemplo «del 10 al 15 de enero».
# $month is the number of a month.
ask-dates-in-month = { $month ->
    [1] ¿Qué días de enero serían? Decime llegada y salida.
    [2] ¿Qué días de febrero serían? Decime llegada y salida.
    [3] ¿Qué días de marzo serían? Decime llegada y salida.
    [4] ¿Qué días de abril serían? Decime llegada y salida.
    [5] ¿Qué días de mayo serían? Decime llegada y salida.
    [6] ¿Qué días de junio serían? Decime llegada y salida.
    [7] ¿Qué días de julio serían? Decime llegada y salida.
    [8] ¿Qué días de agosto serían? Decime llegada y salida.
    [9] ¿Qué días de septiembre serían? Decime llegada y salida.
    [10] ¿Qué días de octubre serían? Decime llegada y salida.
    [11] ¿Qué días de noviembre serían? Decime llegada y salida.
   *[other] ¿Qué días de diciembre serían? Decime llegada y salida.
}
ask-dates-for-nights = { $nights ->
    [one] ¿Qué noche sería?
   *[other] ¿Desde qué día serían las { $nights } noches?
}
ask-dates-in-month-for-nights = { $month ->
    [1] ¿Desde qué día de enero serían las { $nights } noches?
    [2] ¿Desde qué día de febrero serían las { $nights } noches?
    [3] ¿Desde qué día de marzo serían las { $nights } noches?
    [4] ¿Desde qué día de abril serían las { $nights } noches?
    [5] ¿Desde qué día de mayo serían las { $nights } noches?
    [6] ¿Desde qué día de junio serían las { $nights } noches?
    [7] ¿Desde qué día de julio serían las { $nights } noches?
    [8] ¿Desde qué día de agosto serían las { $nights } noches?
    [9] ¿Desde qué día de septiembre serían las { $nights } noches?
    [10] ¿Desde qué día de octubre serían las { $nights } noches?
    [11] ¿Desde qué día de noviembre serían las { $nights } noches?
   *[other] ¿Desde qué día de diciembre serían las { $nights } noches?
}
# $until is the day of departure.
ask-check-in = Con salida el { $until }, ¿qué día llegarían?
# $from is the day of arrival.
ask-check-out = Llegando el { $from }, ¿hasta qué día se quedarían?
ask-other-dates = ¿Querés que me fije en otras fechas? Decime cuáles.
ask-guests = ¿Cuántas personas serían? Contame si vienen chicos o mascotas.
# The children are known, the adults are not.
ask-adults = { $children ->
    [one] Un menor, anotado. ¿Y cuántos adultos vienen?
   *[other] { $children } menores, anotado. ¿Y cuántos adultos vienen?
}
ask-ages = { $children ->
    [one] ¿Qué edad tiene el menor? Así te paso el precio justo.
   *[other] ¿Qué edades tienen los { $children } menores? Así te paso el precio justo.
}
# So many pets at most; 0: none.
ask-fewer-pets = { $most ->
    [0] ¿Querés que te pase los precios sin mascotas?
    [one] ¿Querés que te pase los precios con una sola?
   *[other] ¿Querés que te pase los precios con { $most }?
}

## What there is
free = ¡Sí! Tenemos lugar { $period } ({ $nights ->
    [one] una noche
   *[other] { $nights } noches
}).
# $price is the cheapest for $party.
free-from-price = Tenemos lugar { $period } ({ $nights ->
    [one] una noche
   *[other] { $nights } noches
}), desde { $price } en total para { $party }.
price-depends = El precio depende de las fechas y de cuántos sean.
options-for = Esto tenemos { $period } ({ $nights ->
    [one] una noche
   *[other] { $nights } noches
}), para { $party }:
options = { $lines }
option = { $n }. *{ $name }*: { $price } en total, hasta { $capacity ->
    [one] una persona
   *[other] { $capacity } personas
}
option-with-photos = { $n }. *{ $name }*: { $price } en total, hasta { $capacity ->
    [one] una persona
   *[other] { $capacity } personas
}. Fotos: { $photos }
option-together = { $n }. *{ $name }*: { $price } en total
option-other-nights = { $n }. *{ $name }*, { $period }: { $price } en total
options-more = Hay más: si ninguna te convence, decime qué buscás.
options-open = Ver opciones
ask-option = ¿Cuál te gusta?
ask-option-one = ¿Te sirve?
two-alike = 2 × { $name }
name-of = { $name }
row-title = { $n }. { $name }
row-price = { $price } en total
row-name-price = { $name } · { $price }
# Short dates for buttons: 9 al 15/1, 30/12 al 3/1.
dates-in-month = Del { $day } al { $until }/{ $month }
dates-across = { $day }/{ $month } al { $until }/{ $until_month }
dates-from = Desde el { $day }/{ $month }
many-cabins = Para { $cabins } cabañas juntas lo vemos con vos en persona.
two-cabins-two-adults = Para dos cabañas tiene que haber al menos un adulto en cada una.
no-two-cabins = No me quedan dos cabañas { $period }, pero en una entran todos:

## It cannot be as asked
# $why is a whole sentence.
refused = { $why }
refused-for = { $why }
instead = Lo más parecido que tenemos:
instead-together = En una sola reserva serían:
nothing-near = Y en las fechas cercanas tampoco me queda lugar.

## The price
price = *{ $name }*, { $period } ({ $nights ->
    [one] una noche
   *[other] { $nights } noches
}), para { $party }:
    { $lines }
    { $total }
price-total = *Total: { $total }*
# $list is the same in the currency of the price list.
price-total-converted = *Total: { $total }* ({ $list } al cambio de hoy)
line-nights = { $nights ->
    [one] Una noche
   *[other] { $nights } noches
}: { $amount }
line-extra-guests = Personas adicionales: { $amount }
line-pets = Mascotas: { $amount }
line-cleaning = Limpieza: { $amount }
line-long-stay = Descuento por estadía larga: { $amount }
line-adjustment = { $reason }: { $amount }
photos = Fotos: { $photos }
# $due says what confirms the booking, $how who has to agree.
price-terms = { $how ->
    [request] Esta reserva la confirma la dueña: si la pedís, te responde por acá.
   *[instant] { $due ->
        [nothing] No hace falta seña.
        [all] Se reserva con el pago total.
       *[part] Se reserva con una seña de { $deposit }.
    }
} El precio vale hasta { $until }.
ask-confirm = ¿Te la reservo?
ask-confirm-again = ¿Te reservo *{ $name }* { $period }, por { $total }?
no-hurry = Dale, sin problema. Cualquier cosa, acá estoy: decime otras fechas o lo que necesites.
price-was-old = El precio que te había pasado ya venció. Hoy es así:
price-is-gone = Ese presupuesto ya no está vigente.
just-taken = Uy, justo se ocuparon esas noches.
hold-was-over = Esa reserva ya no está vigente y las noches quedaron libres. Hoy es así:

## The hold
held = ¡Listo! Te guardo *{ $name }* { $period }, para { $party }. Tu código es *{ $code }*. Total: { $total }.
held-already = Ya la tenés guardada: *{ $name }* { $period }, para { $party }. Tu código es *{ $code }*. Total: { $total }.
held-for-owner = Ahora la tiene que confirmar la dueña, que te responde por acá. Hasta { $until } nadie más puede tomar esas noches.

# So many are held for the guest and wait for her money.
holds-enough = Ya te estoy guardando { $holds } reservas sin pagar. Para guardarte otra, primero pagá o cancelá una de estas:

## Buttons
button-book = Reservar
button-other-dates = Otra fecha
button-other-cabins = Otras cabañas
button-fewer-pets = { $most ->
    [0] Sin mascotas
    [one] Con una sola
   *[other] Con { $most } mascotas
}
button-both = Las dos cabañas
button-person = Hablar con alguien
