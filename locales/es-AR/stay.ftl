# What is said about bookings that exist: which there are, how to pay, cancel and change them, and what happened to them.
# Voseo, short, absolute times. $code is the booking's code, $cabins its kinds of cabin, $period "del sábado 9 al
# viernes 15 de enero", $until a moment ("hoy a las 15:40"), $status one of the status phrases below.

## Where it stands

booking-card =
    { "*" }Reserva { $code }*
    { $cabins }, { $period }
    { $party }

    { $status }
status-to-pay = Te la guardo hasta { $until }. Para confirmarla falta el pago de { $amount }.
status-verifying = Estamos verificando tu transferencia: tus noches quedan guardadas hasta { $until }.
# Her payment by link was made, and Mercado Pago still looks at it.
status-reviewing = Mercado Pago está revisando tu pago: tus noches quedan guardadas hasta { $until } y apenas se apruebe te confirmo por acá.
status-requested = La tenemos que confirmar nosotros: te respondemos por acá, a más tardar { $until }.
status-confirmed-paid = Está confirmada y paga. ✅
status-confirmed-open = Está confirmada. ✅ Pagaste { $paid } y queda un saldo de { $open }.
paid-wholly = Está todo pago. ✅
paid-and-open = Pagaste { $paid } y queda un saldo de { $open }.
status-completed = Ya fue: ¡gracias por venir!
status-expired = Se cumplió el plazo para pagarla y las noches quedaron libres.
status-yielded = No pudimos seguir guardándola: las noches se ocuparon por otro medio.
status-no-show = No se usó.
status-cancelled = Está cancelada.
status-cancelled-refund = Está cancelada y te tenemos que devolver { $amount }.

## My bookings

bookings-none = No encuentro reservas tuyas. ¿Querés que veamos fechas?
bookings-several = Estas son tus reservas. ¿De cuál me hablás?
booking-not-found = No encuentro esa reserva entre las tuyas.
list-bookings = Ver reservas
row-booking = { $code } · { $cabins }
row-booking-dates = { $period }
kept = Listo, tu reserva { $code } queda como está. { $status }
kept-all = Listo, dejo todo como está.

## Paying
# The owner's data for a transfer come after pay-transfer and pay-transfer-balance. $url is a link of Mercado Pago's. $kept
# is the sentence kept-until, or nothing. $other: whether money can be transferred, too.

pay-link =
    Para confirmar tu reserva { $code }, pagá { $amount } con este link de Mercado Pago:
    { $url }
    Te la guardo hasta { $until }.
pay-link-balance =
    Para pagar { $amount } de tu reserva { $code } ({ $cabins }, { $period }), este es el link de Mercado Pago:
    { $url }
pay-link-soon = Para confirmarla falta el pago de { $amount }: en un momento te paso por acá el link de Mercado Pago. Te la guardo hasta { $until }.
pay-link-soon-balance = Te queda pagar { $amount }: en un momento te paso por acá el link de Mercado Pago.
pay-link-late = Mercado Pago no nos está respondiendo: apenas vuelva te paso por acá el link para pagar { $amount } de tu reserva { $code }. { $other ->
    [transfer] Si preferís, podés transferir.
   *[person] Si te apura, hablá con nosotros.
} { $kept }
pay-link-failed = No pudimos hacer el link de Mercado Pago para pagar { $amount } de tu reserva { $code }; ya lo estamos viendo. { $other ->
    [transfer] Mientras tanto podés transferir.
   *[person] Mientras tanto podés hablar con nosotros.
} { $kept }
pay-cash = Te queda pagar { $amount } de tu reserva { $code }, en efectivo cuando llegues.
pay-here =
    Podés pagarla por acá:
    { $url }
# What there is, whatever was asked for.
pay-ways = { $ways ->
    [both] Acá la reserva se paga por Mercado Pago (tarjeta o dinero en cuenta) o por transferencia: al reservar te paso el importe, el link o los datos, y hasta cuándo te guardo las noches.
    [link] Acá la reserva se paga por Mercado Pago, con tarjeta o dinero en cuenta: al reservar te paso el importe, el link y hasta cuándo te guardo las noches.
   *[transfer] Acá la reserva se paga por transferencia: al reservar te paso el importe, los datos y hasta cuándo te guardo las noches.
}
# She says that she has paid by link, and nothing has come.
pay-not-seen = Gracias por avisar. Todavía no me figura el pago de { $amount } de tu reserva { $code }: lo estoy verificando con Mercado Pago y apenas entre te confirmo por acá.{ $other ->
    [transfer] {" "}Si fue una transferencia, mandame la foto del comprobante.
   *[none] {""}
} { $kept }
# The same when the hold has ended.
pay-looked-for = Se cumplió el plazo de tu reserva { $code } y no vi entrar el pago a tiempo. Lo estoy verificando con Mercado Pago: si entró, te aviso por acá si la pudimos confirmar o te lo devolvemos.

pay-transfer = Para confirmarla, transferí { $amount } a estos datos. Te la guardo hasta { $until }.
pay-transfer-balance = Te queda pagar { $amount }. Podés transferir a estos datos:
pay-send-receipt = Después mandame por acá la foto del comprobante (reserva { $code }).
pay-receipt-please = ¡Gracias! Mandame por acá la foto del comprobante de la reserva { $code }: apenas la recibo, tus noches quedan guardadas mientras lo verificamos. Si no, las guardo hasta { $until }.
pay-receipt-please-balance = ¡Gracias! Mandame por acá la foto del comprobante de la reserva { $code } y lo verificamos.
receipt-received = ¡Gracias! Recibí el comprobante de la reserva { $code }. Lo verificamos y te confirmo por acá; tus noches quedan guardadas hasta { $until }.
receipt-received-balance = ¡Gracias! Recibí el comprobante de la reserva { $code }. Lo verificamos y te aviso por acá.
receipt-waits = Ya tengo tu comprobante de la reserva { $code } y lo estamos verificando. Tus noches quedan guardadas hasta { $until }; apenas esté, te aviso por acá.
receipt-waits-balance = Ya tengo tu comprobante de la reserva { $code } y lo estamos verificando. Apenas esté, te aviso por acá.
deposit-of = Para reservar se paga una seña de { $deposit }, sobre un total de { $total }.

## Cancelling

cancel-which = ¿Cuál querés cancelar?
cancel-none = No tenés ninguna reserva hecha, así que no hay nada que cancelar.
cancel-about = Reserva { $code }: { $cabins }, { $period }. { $refund }
cancel-sure = ¿Confirmás que la cancelo?
refund-nothing-paid = Todavía no pagaste nada: cancelarla no tiene costo.
refund-all = Si la cancelás ahora te devolvemos todo lo que pagaste: { $amount }.
refund-withdrawal = Estás dentro del plazo de arrepentimiento: si la cancelás ahora te devolvemos todo lo que pagaste, { $amount }.
refund-part = Si la cancelás ahora, por la política de cancelación te devolvemos { $amount } de los { $paid } que pagaste.
refund-none = Si la cancelás ahora, por la política de cancelación no hay devolución de los { $paid } que pagaste.
cancel-done = Listo, la reserva { $code } ({ $cabins }, { $period }) quedó cancelada.
cancel-refund-follows = Te vamos a devolver { $amount }. Si necesitamos algún dato, te lo pedimos por acá.
cancel-already = La reserva { $code } ya estaba cancelada.
cancel-over = La reserva { $code } ya no se puede cancelar. { $status }

## Changing

change-which = ¿Cuál querés cambiar?
change-none = No tenés ninguna reserva para cambiar. Si querés, vemos fechas.
change-to-what = Tu reserva { $code } es { $cabins }, { $period }. ¿Qué fechas querés, o cuántos van a ser?
# More than fit where they are.
change-other-cabin = Ahí no entran { $guests } personas, pero sí en { $cabins }. Decime en cuál y te paso la diferencia.
change-other-dates = ¿Qué otras fechas te sirven?
change-one-of-these = ¿Te sirve alguna, o probamos otras fechas?
change-price =
    Tu reserva { $code } quedaría así:
    { $cabins }, { $period }
    { $party }
    Total: { $total }. { $difference }
difference-more = Son { $amount } más que ahora.
difference-less = Son { $amount } menos que ahora.
difference-none = Cuesta lo mismo que ahora.
difference-unknown = El precio está en otra moneda que el de ahora.
change-sure = ¿La cambio?
change-done = Listo, cambié tu reserva { $code }: { $cabins }, { $period }. El total es { $total }.
change-refund-follows = Te vamos a devolver { $amount } de lo que ya pagaste.
change-over = La reserva { $code } ya no se puede cambiar. { $status }
change-needs-owner = Ese cambio lo tenemos que ver nosotros; tu reserva queda como está hasta que te respondamos.
change-full = Esas noches ya están ocupadas.
change-full-near =
    Esas noches ya están ocupadas. Cerca hay lugar:
    { $dates }
change-free-line = • { $period }
stay-refused = { $refusal }
again-past = Esas fechas ya pasaron. ¿Vemos otras?

## What happened to a booking

event-hold-ending = Te recuerdo que te guardo la reserva { $code } ({ $cabins }, { $period }) hasta { $until }. Para confirmarla falta el pago de { $amount }. Si ya transferiste, mandame la foto del comprobante.
# Paid by link; pay-here comes after it where there is one.
event-hold-ending-link = Te recuerdo que te guardo la reserva { $code } ({ $cabins }, { $period }) hasta { $until }. Para confirmarla falta que se acredite el pago de { $amount }. Si ya lo hiciste, no pagues de nuevo: apenas entre te confirmo por acá.
event-hold-expired = Se cumplió el plazo de tu reserva { $code } y las noches quedaron libres: { $cabins }, { $period }. Si todavía querés venir, me fijo si sigue habiendo lugar. Y si ya habías pagado, decime y lo verifico.
event-hold-yielded = Lamento avisarte que no pudimos seguir guardando tu reserva { $code }: las noches { $period } se ocuparon por otro medio antes de confirmarla. No tenés que pagar nada.
event-confirmed =
    ¡Tu reserva { $code } está confirmada! 🎉
    { $cabins }, { $period }
    Ingreso desde las { $from }, salida hasta las { $until }.
    { $status }
event-agreed = ¡Buenas noticias! Aceptamos tu pedido: la reserva { $code } ({ $cabins }, { $period }) es tuya apenas la pagues.
# $status says what is still open.
event-paid = ¡Gracias! Recibimos { $amount } de tu reserva { $code }. { $status }
# $until is the sentence kept-until, or nothing.
event-receipt-refused = No encontramos en la cuenta la transferencia de { $amount } de tu reserva { $code }. Si la hiciste, mandame el comprobante de nuevo o hablá con nosotros. { $until }
# The same while Mercado Pago looks at her payment by link; $status says so.
receipt-of-a-review = Miramos lo que mandaste por tu reserva { $code }: el pago todavía no está acreditado. { $status }
kept-until = Te guardo las noches hasta { $until }.
event-payment-asked = Te escribo por tu reserva { $code } ({ $cabins }, { $period }): queda pagar { $amount }.
# $kept is kept-until, or nothing.
event-payment-pending = Tu pago de la reserva { $code } está pendiente en Mercado Pago: apenas se acredite te confirmo por acá. { $kept }
event-payment-review = Mercado Pago está revisando tu pago de la reserva { $code }. A veces tarda hasta dos días hábiles; no hace falta que pagues de nuevo y te aviso por acá. { $kept }
# The link comes after it, if there is something to pay by it.
event-payment-rejected = { $why ->
    [funds] El pago de tu reserva { $code } no pasó: no alcanzó el saldo o el límite. Probá con otra tarjeta o con dinero en cuenta.
    [data] El pago de tu reserva { $code } no pasó: algún dato de la tarjeta no coincidió (número, vencimiento o código). Revisalos y probá de nuevo.
    [call] El pago de tu reserva { $code } no pasó: el banco pide que lo autorices. Llamalos y probá de nuevo, o usá otra tarjeta.
    [card] El pago de tu reserva { $code } no pasó: esa tarjeta no está habilitada para este pago. Probá con otra.
    [risk] Mercado Pago no aprobó el pago de tu reserva { $code } por seguridad. Probá con otro medio de pago.
    [twice] Mercado Pago no tomó el pago de tu reserva { $code } porque hace un momento hubo otro igual. Si el primero entró, te confirmo por acá; si no, probá en un rato o con otra tarjeta.
    [tries] El pago de tu reserva { $code } no pasó: se llegó al máximo de intentos con esa tarjeta. Probá con otra.
    [instalments] El pago de tu reserva { $code } no pasó: esa tarjeta no acepta esa cantidad de cuotas. Probá con menos.
    [expired] El pago que habías empezado para tu reserva { $code } venció sin acreditarse. Podés pagarla de nuevo.
   *[other] El banco o Mercado Pago no aprobó el pago de tu reserva { $code } y no nos dice por qué. Probá con otro medio de pago.
}
event-paid-too-late = Recibimos { $amount } de tu reserva { $code } ({ $cabins }, { $period }), pero cuando llegó el pago la reserva ya no estaba vigente y no la pudimos confirmar. Te devolvemos todo: si pagaste por Mercado Pago vuelve solo, y con tarjeta puede tardar unos días en verse.
event-paid-too-much = Recibimos { $amount } de más por tu reserva { $code }: te lo devolvemos. Si pagaste por Mercado Pago vuelve solo, no tenés que hacer nada.
event-refunded = Te devolvimos { $amount } de tu reserva { $code }. Si habías pagado con tarjeta, puede tardar unos días en aparecer en el resumen.
# $day is the last day to use it.
event-credited = Te quedan { $amount } a favor de tu reserva { $code } para otra estadía. Los podés usar hasta el { $day }.
event-hold-prolonged = Mercado Pago no nos está respondiendo y no pude ver si ya pagaste la reserva { $code }. Por las dudas te guardo las noches hasta { $until }. Si ya pagaste, no pagues de nuevo: te confirmo por acá apenas lo vea.
event-cancelled = Tuvimos que cancelar tu reserva { $code } ({ $cabins }, { $period }). Disculpanos.
event-changed =
    Cambiamos tu reserva { $code }. Ahora es:
    { $cabins }, { $period }
    Total: { $total }. { $status }
event-offer = ¡Buenas noticias! Te podemos hacer este precio:
event-no-discount = Lo consulté y esta vez no podemos bajar el precio. El que te pasé sigue en pie.

## Buttons

button-pay = Cómo pagar
button-pay-link = Con Mercado Pago
button-pay-transfer = Por transferencia
button-change = Cambiar fechas
button-cancel = Cancelar reserva
button-cancel-yes = Sí, cancelarla
button-keep = No, dejarla así
button-change-yes = Sí, cambiarla
button-again = ¿Sigue libre?
button-other-options = Ver otras opciones
button-hold-offer = Reservar
