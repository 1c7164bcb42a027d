# Lo que lee un huésped de una reserva que vino del cuaderno de la dueña.

# La línea que lleva el precio de lista al que se acordó.
agreed-price = Precio acordado
