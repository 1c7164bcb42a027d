# Why a stay cannot be sold as it was asked for: one message for each posta_domain::refusal::Refusal, under
# refusal-<its code with dashes>. Voseo; says what would be possible instead. Dates come as «9 de enero».

# $text is what was written.
refusal-not-a-date = No entiendo la fecha «{ $text }». Escribila como año-mes-día, por ejemplo 2027-01-15.
refusal-no-such-date = El día { $text } no existe en el calendario. ¿Revisás la fecha?
refusal-inverted = La salida ({ $check_out }) tiene que ser después de la llegada ({ $check_in }).
refusal-past = La llegada ({ $check_in }) ya pasó. Elegí una fecha desde hoy ({ $today }) en adelante.
refusal-too-long = { $most ->
    [one] Por acá tomamos reservas de una noche como máximo. Si querés quedarte más, escribinos y lo vemos.
   *[other] Por acá tomamos reservas de hasta { $most } noches. Si querés quedarte más, escribinos y lo vemos.
}
refusal-beyond-horizon = Todavía no abrimos esas fechas: por ahora tomamos reservas con salida hasta el { $until }.
refusal-no-adult = Tiene que venir al menos una persona mayor de edad.
# $capacity is 0 where no cabin was named.
refusal-too-many-guests = { $capacity ->
    [0] Son { $guests } personas y no tenemos una cabaña para tantas. Podemos ver de repartirlas en dos.
    [one] Son { $guests } personas y ahí entra una sola. Podemos ver de repartirlas en dos cabañas.
   *[other] Son { $guests } personas y ahí entran hasta { $capacity }. Podemos ver de repartirlas en dos cabañas.
}
refusal-below-minimum = { $min_nights ->
    [one] La estadía mínima en esas fechas es de una noche.
   *[other] La estadía mínima en esas fechas es de { $min_nights } noches.
}
# $weekday is the day of $check_in; $allowed lists the days on which one can arrive.
refusal-arrival-day = En esa época las llegadas son los días { $allowed }, y el { $check_in } cae { $weekday }.
refusal-pets = { $most ->
    [0] Acá no podemos recibir mascotas.
    [one] Podemos recibir una sola mascota.
   *[other] Podemos recibir hasta { $most } mascotas.
}
refusal-unknown = { $what ->
    [property] No encontramos ese complejo.
    [accommodation] No encontramos esa cabaña.
    [unit_type] No encontramos ese tipo de cabaña.
    [quote] No encontramos ese presupuesto.
    [reservation] No encontramos esa reserva.
   *[other] No lo encontramos.
}
refusal-inactive = Esa cabaña no está disponible por el momento.
refusal-no-price = Esa cabaña todavía no tiene precio publicado. Escribinos y te lo pasamos.
# $possible lists what it could be instead; never empty.
refusal-wrong-currency = No podemos darte el precio en { $asked }, pero sí en { $possible }.
refusal-stale-quote = Ese presupuesto valía hasta { $valid_until }. Pedí uno nuevo y lo reservás al momento.
refusal-quote-used = Con ese presupuesto ya hay una reserva hecha. Si querés otra, pedí uno nuevo.
# $nights lists the taken nights, $count counts them; 0 where they cannot be named.
refusal-taken = { $count ->
    [0] Justo esas fechas ya no están disponibles.
    [one] La noche del { $nights } ya está reservada.
   *[other] Estas noches ya están reservadas: { $nights }.
}
refusal-price-impossible = Con esos ajustes el precio no da un importe posible.
refusal-stays-impossible = Una reserva lleva entre 1 y 10 cabañas, y ninguna puede estar dos veces en las mismas fechas.
refusal-receipt-waiting = Ya tenemos otro comprobante tuyo en revisión. Apenas lo veamos te avisamos y seguimos con este.
refusal-needs-owner = Ese cambio lo tenemos que confirmar nosotros. Escribinos y lo vemos.
