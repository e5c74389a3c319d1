//! Words of business that mean the same, in English, German, French and
//! Spanish, and those that mean the opposite. A route names its fields and
//! choices in one of these ways and people say them in another; a meaning
//! belongs to a field because one of its phrases stands in the field's own
//! words, so that a new route gets it for nothing.

/// Phrases that mean one thing, and phrases that mean its opposite. Words are in small letters; `our` stands for any
/// possessive, and a phrase that ends with `*` is the beginning of its last word.
pub(super) struct Meaning {
    pub same: &'static [&'static str],
    pub opposite: &'static [&'static str],
}

const fn same(same: &'static [&'static str]) -> Meaning {
    Meaning { same, opposite: &[] }
}

#[rustfmt::skip]
pub(super) const MEANINGS: &[Meaning] = &[
    // How goods travel.
    same(&["truck", "trucks", "lorry", "road freight", "haulier", "groupage", "ltl", "ftl", "lkw", "per spedition", "spedition", "stückgut", "camion", "camión",
        "par route", "par la route", "por carretera", "grupaje"]),
    same(&["air freight", "air cargo", "plane", "airplane", "aeroplane", "luftfracht", "flugzeug", "avion", "avión", "fret aérien", "flete aéreo", "carga aérea"]),
    same(&["sea freight", "ocean freight", "container vessel", "by boat", "the boat", "seefracht", "per schiff", "par bateau", "fret maritime", "en barco", "por barco",
        "flete marítimo"]),
    same(&["courier", "parcel", "parcel service", "paketdienst", "per paket", "als paket", "kurier", "par colis", "coursier", "mensajería", "paquetería", "por paquete"]),
    same(&["collect it ourselves", "will collect", "customer pickup", "pick it up ourselves", "we pick it up", "we'll pick it up", "we'll collect", "holen wir ab", "holen es selbst ab",
        "selbst ab", "selbstabholung", "venons le chercher", "viendrons le chercher", "lo recogemos", "lo recogeremos", "recogida en"]),
    // How often something is paid.
    same(&["monthly", "every month", "each month", "once a month", "monatlich", "jeden monat", "einmal im monat", "mensuel*", "mensuelle*", "tous les mois", "chaque mois", "mensual*",
        "cada mes", "una vez al mes"]),
    same(&["quarterly", "every quarter", "each quarter", "once a quarter", "every three months", "vierteljährlich", "quartalsweise", "jedes quartal", "pro quartal", "im quartal",
        "alle drei monate", "trimestriel*", "par trimestre", "chaque trimestre", "tous les trimestres", "tous les trois mois", "trimestral*", "cada trimestre", "al trimestre", "cada tres meses"]),
    same(&["yearly", "annually", "annual", "every year", "once a year", "each year", "once per year", "one invoice a year", "jährlich", "einmal im jahr", "jedes jahr", "annuel*", "une fois par an",
        "tous les ans", "chaque année", "anual*", "una vez al año", "cada año"]),
    // How somebody is reached.
    same(&["by phone", "on the phone", "over the phone", "phone call", "call me", "ring me", "call only", "telephone", "by telephone", "rufen sie mich", "telefonisch", "per telefon", "am telefon", "rufen sie mich an", "ruf mich an", "par téléphone",
        "au téléphone", "appelez-moi", "appelez moi", "m'appeler", "por teléfono", "llámame", "llámeme", "llamarme", "telefónicamente"]),
    same(&["by email", "by e-mail", "by mail", "in writing", "write to me", "per mail", "per e-mail", "per email", "schriftlich", "schreiben sie mir", "par mail", "par e-mail", "par email",
        "par courriel", "par écrit", "écrivez-moi", "por correo", "por mail", "por email", "por escrito", "escríbame", "escríbeme"]),
    same(&["video call", "on video", "over video", "videocall", "videokonferenz", "per video", "en visio", "par visio", "visioconférence", "videollamada", "por vídeo", "por video",
        "videoconferencia"]),
    // What is asked for.
    same(&["quote", "quotation", "price", "prices", "price list", "angebot", "kostenvoranschlag", "preisliste", "devis", "tarif", "tarifs", "presupuesto", "cotización", "lista de precios"]),
    same(&["demo", "demonstration", "walk us through", "walk me through", "show us", "vorführung", "vorführen", "démo", "démonstration", "nous montrer", "demostración", "enseñarnos", "mostrarnos"]),
    same(&["trial", "free trial", "test account", "testzugang", "probezugang", "testphase", "essai gratuit", "version d'essai", "compte de test", "prueba gratuita", "periodo de prueba",
        "cuenta de prueba"]),
    same(&["intro call", "first conversation", "just a chat", "just a talk", "erstgespräch", "kennenlerngespräch", "premier échange", "simple échange", "primera conversación", "una charla"]),
    // Where somebody came from.
    same(&["told me about you", "told us about you", "recommended by", "referred by", "word of mouth", "recommended you", "put us on to you", "put me on to you", "put us onto you", "put me onto you", "pointed us to you",
        "pointed me to you", "sent us to you", "sent me to you", "mentioned you", "empfohlen", "empfehlung", "parlé de vous", "recommandé", "recommandés", "recommandation", "bouche à oreille",
        "habló de vosotros", "habló de ustedes", "hablaron de vosotros", "hablaron de ustedes", "recomendado", "recomendó", "recomendación"]),
    same(&["trade fair", "trade show", "fair", "conference", "booth", "your stand", "messe", "messestand", "kongress", "salon", "foire", "votre stand", "feria", "congreso"]),
    same(&["googled", "web search", "found you online", "search engine", "gegoogelt", "über google", "bei google", "im internet gefunden", "sur google", "sur internet", "en google", "por google",
        "en internet"]),
    same(&["webinar", "web seminar", "online seminar", "web-seminar", "webinaire", "seminario web"]),
    same(&["white paper", "whitepaper", "guide", "newsletter", "blog", "leitfaden", "fachartikel", "livre blanc", "article de blog", "guía", "boletín"]),
    same(&["advert", "advertisement", "sponsored post", "werbeanzeige", "anzeige", "publicité", "anuncio"]),
    // What was signed.
    same(&["enterprise agreement", "enterprise contract", "master agreement", "master services agreement", "framework agreement", "framework contract", "rahmenvertrag", "rahmenvereinbarung",
        "contrat-cadre", "contrat cadre", "accord-cadre", "accord cadre", "contrato marco", "acuerdo marco"]),
    same(&["standard contract", "standard terms", "standard order form", "standardvertrag", "standardbedingungen", "contrat standard", "conditions standard", "contrato estándar",
        "condiciones estándar"]),
    same(&["paid pilot", "pilot contract", "pilot agreement", "proof of concept", "pilotvertrag", "bezahlter pilot", "contrat pilote", "contrato piloto"]),
    // Where it runs.
    same(&["production", "prod", "live system", "live environment", "live tenant", "live instance", "on live", "in live", "the live one", "live site", "livesystem", "live-system", "produktivsystem", "echtsystem", "im echtbetrieb",
        "in produktion", "en production", "en producción", "sistema real"]),
    same(&["staging", "uat", "pre-production", "acceptance environment", "abnahmeumgebung", "abnahmesystem", "préproduction", "environnement de recette", "preproducción"]),
    same(&["test system", "sandbox", "test tenant", "testsystem", "testumgebung", "environnement de test", "entorno de pruebas"]),
    // Places.
    same(&["uk", "united kingdom", "britain", "great britain", "großbritannien", "vereinigtes königreich", "royaume-uni", "grande-bretagne", "reino unido", "gran bretaña"]),
    same(&["united states", "usa", "u.s", "in the states", "vereinigte staaten", "états-unis", "estados unidos"]),
    same(&["european union", "eu", "europäische union", "europäischen union", "union européenne", "unión europea"]),
    same(&["australia", "australian region", "australien", "australie"]),
    same(&["canada", "canadian region", "kanada"]),
    // Signing in.
    Meaning {
        same: &["sso", "single sign-on", "single sign on", "saml", "authentification unique", "connexion unique", "inicio de sesión único"],
        opposite: &["username and password", "username and a password", "user name and password", "user name and a password", "usernames and passwords", "separate passwords", "separate password", "extra passwords", "extra password", "another password", "plain passwords", "plain password", "own password", "own passwords", "normal passwords",
            "ordinary passwords", "benutzername und passwort", "benutzername und kennwort", "identifiant et mot de passe", "usuario y contraseña", "usuario y su contraseña"],
    },
    // The goods.
    Meaning {
        same: &["dangerous goods", "hazardous", "hazmat", "gefahrgut", "gefahrgüter", "gefahrstoffe", "matières dangereuses", "marchandises dangereuses", "marchandise dangereuse",
            "produits dangereux", "mercancía peligrosa", "mercancías peligrosas", "materiales peligrosos"],
        opposite: &["non-hazardous", "harmless", "ungefährlich", "inoffensif", "inofensivo"],
    },
    same(&["tail lift", "tail-lift", "lift gate", "liftgate", "hebebühne", "ladebordwand", "hayon", "hayon élévateur", "trampilla elevadora", "plataforma elevadora", "rampa elevadora"]),
    Meaning {
        same: &["partial shipment", "partial shipments", "partial delivery", "partial deliveries", "part delivery", "part deliveries", "split delivery", "split shipment", "split deliveries",
            "split shipments", "split the order", "in parts", "in bits", "in two deliveries", "two deliveries", "two shipments", "several deliveries", "separate deliveries",
            "more than one delivery", "can follow", "may follow", "follow later", "teillieferung", "teillieferungen", "teilsendung", "in zwei lieferungen", "zwei lieferungen",
            "kann nachkommen", "können nachkommen", "livraison partielle", "livraisons partielles", "en plusieurs fois", "en deux fois", "en deux livraisons", "plusieurs livraisons",
            "entrega parcial", "entregas parciales", "en dos entregas", "dos entregas", "varias entregas", "medias entregas"],
        opposite: &["all in one go", "in one go", "ship complete", "all at once", "everything at once", "all together", "everything together", "in one delivery", "one single delivery",
            "a single delivery", "complete delivery", "in one shipment", "komplett liefern", "komplettlieferung", "alles zusammen", "alles auf einmal", "in einer lieferung", "in einem rutsch",
            "une seule livraison", "en une seule fois", "en une fois", "tout ensemble", "tout en même temps", "livraison complète", "una sola entrega", "una única entrega", "todo junto",
            "todo de una vez", "entrega completa"],
    },
    Meaning {
        same: &["payment cleared", "payment is in", "payment has come in", "released by finance", "released for shipping", "deposit received", "payment received", "payment arrived", "money arrived", "money is in", "transfer has landed", "payment has landed", "money has landed", "credit is good", "lifted the hold", "hold is lifted", "released",
            "freigegeben", "zahlung eingegangen", "zahlung ist eingegangen", "zahlung ist da", "geld ist da", "paiement reçu", "paiement est arrivé", "débloquée par la compta", "débloqué",
            "liberado", "liberada", "pago ha entrado", "pago recibido", "pago ha llegado"],
        opposite: &["credit hold", "on hold", "zahlung fehlt", "gesperrt", "bloquée", "bloqué", "bloqueado", "bloqueada", "retenido", "retenida"],
    },
    // Leave to do something.
    same(&["may contact me", "can contact me", "be contacted", "contact me", "contact us", "get in touch", "get onto me", "get onto us", "bei mir melden", "bei uns melden", "kontaktieren", "sich bei mir melden", "sich melden", "me contacter",
        "me recontacter", "nous contacter", "nous recontacter", "recontacter", "prendre contact", "contactarme", "contactarnos", "contactar conmigo", "ponerse en contacto", "poneros en contacto"]),
    same(&["log in to our account", "log into our account", "access to our account", "access our account", "sign in to our account", "go into our account", "go into our tenant", "log in to our tenant", "look in our tenant", "look in our account", "entrer dans notre compte", "entrar a nuestra cuenta", "zugriff auf unser konto",
        "auf unser konto zugreifen", "in unser konto", "accès à notre compte", "accéder à notre compte", "connecter à notre compte", "acceso a nuestra cuenta", "acceder a nuestra cuenta",
        "entrar en nuestra cuenta"]),
    same(&["workaround", "work-around", "another way", "way round it", "way around it", "umgehung", "umgehungslösung", "behelfslösung", "solution de contournement", "contournement",
        "solución provisional", "solución temporal"]),
    // People and what they do.
    same(&["users", "people would use", "would be using it", "would use it", "will use it", "using it", "logins", "seats", "nutzer", "nutzern", "benutzer", "benutzern", "anwender", "anwendern",
        "zugänge", "utilisateurs", "à l'utiliser", "en servir", "usuarios", "lo usarían", "lo usaríamos", "utilizarlo", "usarlo"]),
    same(&["users affected", "people affected", "are affected", "is affected", "betroffen", "touchés", "touchées", "impactés", "afectados", "afectadas"]),
    same(&["pallets", "skids", "paletten", "palettes", "palés", "palets"]),
    same(&["main contact", "primary contact", "point of contact", "your contact", "day to day", "day-to-day", "week to week", "week-to-week", "day in day out", "week in week out", "project lead", "run the project", "running the project", "runs the project",
        "lead the project", "leading the project", "go-to person", "ansprechpartner", "ansprechpartnerin", "projektleiter", "projektleiterin", "projektleitung", "das projekt leite", "leite das projekt",
        "votre interlocuteur", "votre interlocutrice", "chef de projet", "cheffe de projet", "pilote le projet", "persona de contacto", "dirijo el proyecto", "llevo el proyecto", "jefe de proyecto",
        "jefa de proyecto"]),
    same(&["executive sponsor", "sponsor", "sponsorin", "schirmherr", "parrain", "marraine", "patrocinador", "patrocinadora"]),
    same(&["technical contact", "tech contact", "technischer ansprechpartner", "technische ansprechpartnerin", "contact technique", "contacto técnico"]),
];
