# What a guest reads on Mercado Pago's own pages. $purpose is deposit, balance, difference or extra.

link-title = { $purpose ->
    [deposit] Seña
    [balance] Saldo
    [difference] Diferencia
   *[extra] Adicional
} de la reserva { $code } · { $property } · { $period }
