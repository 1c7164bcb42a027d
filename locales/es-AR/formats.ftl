# How dates, amounts and lists are written wherever they appear.

weekday-mon = lunes
weekday-tue = martes
weekday-wed = miércoles
weekday-thu = jueves
weekday-fri = viernes
weekday-sat = sábado
weekday-sun = domingo

month-1 = enero
month-2 = febrero
month-3 = marzo
month-4 = abril
month-5 = mayo
month-6 = junio
month-7 = julio
month-8 = agosto
month-9 = septiembre
month-10 = octubre
month-11 = noviembre
month-12 = diciembre

date = { $day } de { $month }
date-with-year = { $day } de { $month } de { $year }
# $date is one of the above, or only the number where the month follows: "sábado 9".
day = { $weekday } { $date }
period = del { $from } al { $until }

clock = { $hour }:{ $minute }
at-clock = { $hour ->
    [1] a la { $clock }
   *[other] a las { $clock }
}
moment-today = hoy { $at }
moment-tomorrow = mañana { $at }
moment-yesterday = ayer { $at }
moment-on = el { $day } { $at }

number-thousands = { "." }
number-decimal = { "," }
money-ars = $ { $amount }
money-usd = US$ { $amount }
money-other = { $code } { $amount }
money-negative = -{ $amount }

list-and = { $first } y { $last }
list-and-before-i = { $first } e { $last }

party-adults = { $count ->
    [one] 1 adulto
   *[other] { $count } adultos
}
party-children = { $count ->
    [one] 1 menor
   *[other] { $count } menores
}
party-babies = { $count ->
    [one] 1 bebé
   *[other] { $count } bebés
}
party-pets = { $count ->
    [one] 1 mascota
   *[other] { $count } mascotas
}

## What is said where data leaves a gap
nothing-to-read = ¿En qué te puedo ayudar?
# Opens a list; 20 characters.
list-open = Ver opciones
# A button or row whose own title has nothing to read in it; 20 characters.
untitled-option = Opción { $number }
