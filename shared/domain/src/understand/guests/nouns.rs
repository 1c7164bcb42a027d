//! What can be counted in a party: data only, as the lexer leaves it.

use std::{collections::HashMap, sync::LazyLock};

/// What can be counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Noun {
    /// Grown-ups.
    Adult,
    /// Children.
    Child,
    /// Those in arms.
    Infant,
    /// Anybody.
    Person,
    /// Friends: anybody, the writer not among them.
    Friend,
    /// Two grown-ups.
    Couple,
    /// Somebody of the family: so many grown-ups each.
    Relative(u32),
    /// Animals.
    Pet,
    /// Cabins.
    Cabin,
    /// Counted, but nobody: families, groups.
    Group,
}

static NOUNS: LazyLock<HashMap<&str, Noun>> = LazyLock::new(|| {
    [
        (ADULTS, Noun::Adult),
        (CHILDREN, Noun::Child),
        (INFANTS, Noun::Infant),
        (PERSONS, Noun::Person),
        (FRIENDS, Noun::Friend),
        (COUPLES, Noun::Couple),
        (RELATIVES, Noun::Relative(1)),
        (PAIRS_OF_RELATIVES, Noun::Relative(2)),
        (PETS, Noun::Pet),
        (CABINS, Noun::Cabin),
        (GROUPS, Noun::Group),
    ]
    .into_iter()
    .flat_map(|(words, noun)| words.split(' ').map(move |word| (word, noun)))
    .collect()
});

/// What a word counts.
pub(super) fn noun(word: &str) -> Option<Noun> {
    NOUNS.get(word).copied()
}

const ADULTS: &str = "\
    adulto adultos adulta adultas grandes mayores mayor adult adults ad adul adu mujer mujeres hombre hombres \
    varon varones jubilado jubilados jubilada jubiladas aduto adutos adlutos audltos aultos adultoss senores \
    senoras grandecitos ancianos";

const CHILDREN: &str = "\
    nene nenes nena nenas nenito nenitos nenita nenitas chico chicos chica chicas chiquito chiquitos chiquita \
    chiquitas chiquilin chiquilines nino ninos nina ninas ninito ninitos ninita ninitas menor menores pibe pibes \
    piba pibas pibito pibitos criatura criaturas hijo hijos hija hijas hijito hijitos hijita hijitas gurises \
    guris guri gurisa gurisas gurisito gurisitos peque peques pequeno pequenos pequena pequenas pequenin \
    changuito changuitos changos chango nieto nietos nieta nietas nietito nietitos sobrino sobrinos sobrina \
    sobrinas ahijado ahijada enano enanos adolescente adolescentes adolecente adolecentes adole teen teens kid \
    kids child children childs crianca criancas filho filhos filha filhas menino meninos menina meninas infante \
    infantes crio crios cria crias chicxs nenxs cabrito botija botijas cabros mellizos mellizas gemelos gemelas \
    boy girl boys girls daughter daughters nenens minor men minors";

const INFANTS: &str = "\
    bebe bebes bebito bebita bebitos bebitas beba bebas bebote baby babies infant infants bbe bb beb guagua \
    guaguas lactante lactantes neonato nenem";

const PERSONS: &str = "\
    persona personas personitas people person pessoa pessoas huesped huespedes pasajero pasajeros integrantes \
    integrante guest guests viajeros ocupantes almas invitados personass pesonas persoas perosnas presonas \
    persoans hermanos hermanas primos primas companeros companeras jovenes estudiantes cabezas comensales pasaj";

const FRIENDS: &str = "\
    amigos amigas amiguitos friends colegas amis amigues amigxs";

const COUPLES: &str = "\
    pareja parejas parejita parejitas matrimonio matrimonios couple couples casal casais parejja pareha novios";

const RELATIVES: &str = "\
    senora marido esposo esposa novio novia noviecita noviecito mama papa madre padre mami papi vieja viejo \
    viejita viejito suegra suegro hermana hermano cunada cunado tia tio abuela abuelo primo prima amiga amigo \
    companero companera jermu prometida prometido nuera yerno madrina padrino vecina vecino wife husband \
    girlfriend boyfriend mother father mom dad esposas marida patrona bruja socia socio sister brother friend \
    partner namorada namorado mulher abu nona nono";

const PAIRS_OF_RELATIVES: &str = "\
    viejos viejitos padres papas papis suegros abuelos parents pais abus nonos";

const PETS: &str = "\
    perro perra perros perras perrito perrita perritos perritas perrihijo perrihija perrazo pichicho pichichos \
    pichichus cachorro cachorra cachorros cachorrito cachorrita cachorritos caniche caniches bulldog labrador \
    labradora golden salchicha chihuahua yorkshire yorki ovejero gato gata gatos gatas gatito gatita gatitos \
    michi michis mascota mascotas mascotita mascotitas animal animales animalito peludo peludos peluda lomito \
    pet pets dog dogs cat cats puppy bicho bichos galgo galga beagle pug boxer rottweiler dogo pastor firulais \
    loro conejo hamster";

const CABINS: &str = "\
    cabana cabanas cabanitas cabanita unidades deptos departamentos depto departamento bungalows bungalow domos \
    domo cabins cabin casitas casas cabaas chales dptos apartamentos cavanas kabanas alojamientos duplex houses";

const GROUPS: &str = "\
    familia familias flia flias fam grupo grupos grupito family families contingente equipo";
