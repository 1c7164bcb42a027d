# What the API answers to people beside the refusals of refusals.ftl: problems (title- and detail- by code).

## Problems
title-refusal = No se puede reservar así

title-not-found = No existe
detail-not-found = No encontramos lo que pediste. Puede que el enlace o el código no sea correcto, o que ya no esté vigente.
title-invalid = Hay un dato que no es posible
detail-invalid = Revisá este dato: { $field }.
title-invalid-body = Faltan datos o no tienen la forma esperada
detail-invalid-body = Falta algún dato del pedido o no tiene la forma esperada.
title-malformed-body = El pedido no se puede leer
detail-malformed-body = El contenido del pedido no se puede leer.
title-malformed-query = La consulta no se puede leer
detail-malformed-query = Falta algún dato de la consulta o no tiene la forma esperada.
title-not-json = Se espera JSON
detail-not-json = El pedido tiene que venir como application/json.
title-too-slow = El pedido tardó demasiado en llegar
detail-too-slow = El pedido no terminó de llegar a tiempo. Volvé a intentar.
title-too-large = Pedido demasiado grande
detail-too-large = El pedido es más grande de lo que aceptamos.
title-property-needed = Falta decir cuál es el alojamiento
detail-property-needed = Hay más de un alojamiento: indicá cuál con su identificador.
title-unauthorized = Hay que ingresar
detail-unauthorized = Ingresá con tu usuario, o con un código de acceso vigente.
title-forbidden = Sin permiso
detail-forbidden = Tu usuario no tiene permiso para hacer esto.
title-method-not-allowed = Método no permitido
detail-method-not-allowed = Esta dirección no admite esa operación.
title-too-many-requests = Demasiados pedidos
detail-too-many-requests = Hubo demasiados pedidos seguidos. Esperá un momento y volvé a intentar.
title-too-many-holds = Demasiadas reservas sin pagar
detail-too-many-holds = Ya pediste varias reservas seguidas. Esperá un rato antes de pedir otra, o escribinos y lo vemos.
title-unavailable = No disponible por el momento
detail-unavailable = No podemos responder en este momento. Volvé a intentar en unos segundos.
title-busy = Hay otra operación en curso
detail-busy = Alguien está reservando esas mismas noches. Volvé a intentar en unos segundos.
title-internal = Error nuestro
detail-internal = Algo falló de nuestro lado. Ya quedó registrado; volvé a intentar en unos minutos.
title-idempotency-key-missing = Falta la clave de idempotencia
detail-idempotency-key-missing = El pedido tiene que traer un solo encabezado Idempotency-Key.
title-idempotency-key-invalid = Clave de idempotencia no válida
detail-idempotency-key-invalid = La clave Idempotency-Key tiene que tener entre 1 y 255 caracteres visibles.
title-key-reused = Clave de idempotencia ya usada
detail-key-reused = Esa clave Idempotency-Key ya se usó con otro pedido.
title-changed-meanwhile = La reserva cambió mientras tanto
detail-changed-meanwhile = La reserva cambió desde que la viste. Volvé a mirarla antes de seguir.
title-not-possible-now = Eso no es posible ahora
detail-not-possible-now = La reserva no está en un estado que lo permita.
title-hold-over = La reserva venció
detail-hold-over = Se cumplió el plazo para confirmar y las noches quedaron libres.
title-not-on-this-day = Hoy no es posible
detail-not-on-this-day = Eso no se puede hacer en esa fecha.
title-no-such-way = Así no se puede pagar
detail-no-such-way = Este alojamiento no recibe pagos por ese medio. Elegí otra forma de pago.
title-nothing-to-pay = No hay nada para pagar
detail-nothing-to-pay = La reserva no tiene ningún pago pendiente en este momento.

## Access
title-wrong-login = No pudimos ingresar
detail-wrong-login = El correo o la contraseña no son correctos.
title-login-slowed = Demasiados intentos
detail-login-slowed = { $seconds ->
    [one] Hubo varios intentos fallidos. Esperá un segundo y volvé a intentar.
   *[other] Hubo varios intentos fallidos. Esperá { $seconds } segundos y volvé a intentar.
}
title-csrf = Falta la confirmación de la página
detail-csrf = El pedido no trae la confirmación de esta sesión. Volvé a cargar la página.

## The owner's desk
title-edit-invalid = Hay datos que no son posibles
detail-edit-invalid = No se guardó nada. Revisá: { $fields }.
title-name-taken = Ese nombre ya existe
detail-name-taken = Ya hay otro con ese nombre. Elegí uno distinto.
title-chat-window-closed = Ya no se puede escribir en este chat
detail-chat-window-closed = Pasaron más de 24 horas desde el último mensaje del huésped: WhatsApp no acepta mensajes libres hasta que vuelva a escribir.
title-chat-muted = Este chat está silenciado
detail-chat-muted = El asistente no escribe en los chats silenciados. Quitale el silencio o escribile en persona.
title-quote-of-somebody-else = El presupuesto no es de este huésped
detail-quote-of-somebody-else = Ese presupuesto se hizo para otra persona, o sin decir para quién. Hacé uno a nombre de este huésped.
title-not-an-action = Eso no se puede hacer acá
detail-not-an-action = Esa acción no corresponde a este pendiente.

## Lines of a price
# What the guest reads beside what was taken off, where the owner gave no reason of her own.
discount-line = Descuento

## The pages on the way back from the checkout
# Whoever opens them may have paid or not: what is known is told in the chat.
pago-ok-title = ¡Gracias!
pago-ok = En cuanto Mercado Pago nos confirme el pago, te avisamos por el chat. Suele tardar unos segundos.
pago-pendiente-title = Tu pago está en camino
pago-pendiente = Mercado Pago todavía lo está procesando. Cuando nos confirme algo, te avisamos por el chat.
pago-error-title = El pago no se completó
pago-error = Podés volver a intentarlo con el mismo enlace o elegir otra forma de pago desde el chat.
pago-back = Ya podés cerrar esta página y volver al chat.
