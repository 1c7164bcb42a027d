//! Ordinary words that are no slip of a word we know, however near they come: "lugra" is "lugar", "jugar" is not.

/// One after the other, with a space between.
pub(in crate::understand) const COMMON: &str = "\
    jugar llamo dejas dentro adentro general generales contas contame contanos chiste santo chile perez lopez \
    gomez marta carla laura clara vendo venden compro seria cuero queso quiso pasta posta hasta basta pasamos \
    pasar pasaba pasado pasaron pase pasen pesos pesca peso pasear pesar cosas casas casos parte partes puerta \
    puerto fuerte fuera tarde tardes cuando cuadra cuadro tiempo templo verde grande grandes mucho mucha muchos \
    poco pocos primera primero segunda segundo tercera tercero mayor mayores menor menores adultos adulto \
    personas nenes nenas ninos ninas chica chicas chico amigos amigas pareja parejas familia familias padres \
    madre padre mama viejos suegros hijos hijas hermano hermana tio abuelos nietos sobrinos enero febrero marzo \
    abril mayo junio julio agosto septiembre setiembre octubre noviembre diciembre lunes martes miercoles jueves \
    viernes sabado domingo verano invierno otono primavera navidad pascua pascuas santa carnaval carnavales \
    largo larga feriado feriados puente quincena quincenas proximo proxima pasada viaje viajes viajar vuelo \
    vuelos micros avion coche autos ruedas norte leche carne parque bosques nieve lluvia llueve mejorar rapido \
    pronto favorito lindo linda hermosa tanto tanta ultimo ultima mismo misma medio media nuevo nueva viejo \
    vieja joven grupo grupos fuego juego jueguen cierto libro libros tengo tenemos tener teniamos salir subir \
    bajar vivir venis vienen viene vengan puedan espero esperar esperamos espera trabajo trabajar hacia haber \
    hubo dijo dijeron dicho mande entrada canto cantar contar cuento cuentos junto juntos punto cuenta gusta \
    gustan gusto marca barco banco blanco negro gastos gasto pasto tenga tengas venga vengas ponga traer traigo \
    cerca cerrar serio sirve salud sabes saben sabia sabor quizas acaso listos lista contra comer come numero \
    nombre hombre hombres mujer mujeres celular marido novio novia esposa esposo fecha cuatro cinco siete nueve \
    veinte treinta mejores peores terminar lleva llevo llevar llevamos llega pelota pelotas partido pensar paseo \
    vista visto viste tomar tomado tocar sacar secar jajaja jejeje jaja buscar puesto resto gente monte fondo \
    linea calle valle valles villa sierra nadar nadie noticia noticias oficina cocinero perdido pedido pedidos \
    prueba pruebas siendo cabeza cansado casado casada casarme pescado telescopio guitarra bailar people adults \
    children house night nights weekend week please from until january february march april june july august \
    september october november december monday tuesday wednesday thursday friday saturday sunday janeiro \
    fevereiro dezembro pessoas criancas crianca noites semanas sobre estaba estuve habla hablas";
