//! Other names of choices that many routes declare: how often, by which way,
//! how bad, where. Only names that mean the choice wherever they stand; what
//! only hints at it is no name.

/// Ids and the further names of what they mean.
pub(super) type Names = (&'static [&'static str], &'static [&'static str]);

#[rustfmt::skip]
pub(super) const NAMES: &[Names] = &[
    // How often
    (&["monthly", "month"], &["at the end of each month", "end of every month", "per month", "by the month", "every month", "each month", "once a month", "month by month", "monatlich", "jeden monat", "einmal im monat", "pro monat", "mensuel", "mensuelle", "mensuellement", "chaque mois", "tous les mois", "une fois par mois", "mensual", "mensualmente", "cada mes", "una vez al mes"]),
    (&["quarterly", "quarter"], &["each quarter", "every quarter", "once every three months", "by the quarter", "quarter by quarter", "every three months", "every 3 months", "four times a year", "four invoices a year", "vierteljährlich", "quartalsweise", "einmal im quartal", "pro quartal", "jedes quartal", "im quartal", "alle drei monate", "trimestriel", "trimestrielle", "trimestriellement", "par trimestre", "chaque trimestre", "tous les trois mois", "trimestral", "trimestralmente", "por trimestre", "cada trimestre", "cada tres meses"]),
    (&["yearly", "annual", "annually"], &["one invoice each year", "one invoice a year", "invoice once a year", "una factura al año", "une facture par an", "eine rechnung im jahr", "once each year", "one bill a year", "by the year", "one invoice per year", "a single invoice a year", "once annually", "jährlich", "einmal im jahr", "jedes jahr", "annuel", "annuelle", "annuellement", "une fois par an", "chaque année", "tous les ans", "anualmente", "una vez al año", "cada año"]),
    // Contracts
    (&["enterprise"], &["negotiated master agreement", "negotiated agreement", "negotiated contract", "framework agreement", "framework contract", "master contract", "master service agreement", "rahmenvertrag", "contrat-cadre", "contrat cadre", "accord-cadre", "accord cadre", "contrato marco", "acuerdo marco"]),
    (&["standard"], &["your order form", "our order form", "your standard", "our standard", "normal order form", "ordinary order form", "usual terms", "standardvertrag", "contrat standard", "contrato estándar", "bon de commande standard"]),
    (&["pilot"], &["paid trial", "pilot project", "pilot phase", "pilotvertrag", "pilotprojekt", "contrat pilote", "projet pilote", "contrato piloto", "proyecto piloto"]),
    // Places
    (&["eu"], &["eu countries", "inside the eu", "within the eu", "the eu", "in der eu", "in europa", "dans l'ue", "en europe", "en la ue", "en europa", "european data centre", "european data center", "european servers", "europäische union", "union européenne", "unión europea", "frankfurt", "dublin", "amsterdam"]),
    (&["uk"], &["britain", "great britain", "england", "british servers"]),
    (&["us", "usa"], &["the united states", "american servers"]),
    (&["any"], &["don't mind where", "doesn't matter where", "wherever you like", "ist uns egal", "peu importe", "nous est égal", "nos da igual", "da igual dónde"]),
    // Ways to reach somebody
    (&["phone", "telephone"], &["telephone person", "phone person", "call only", "only call", "by telephone only", "telephone", "rufen sie mich bitte an", "rufen sie mich an", "bitte anrufen", "ring ring", "by phone", "phone me", "call me", "ring me", "pick up the phone", "on my mobile", "on my cell", "by telephone", "telefonisch", "per telefon", "anrufen", "rufen sie mich", "am telefon", "par téléphone", "m'appeler", "appelez-moi", "por teléfono", "llamarme", "llámame", "llámeme", "llamada"]),
    (&["email", "e mail", "mail"], &["by mail", "mail me", "email me", "e-mail me", "by e-mail", "in writing", "over mail", "via e-mail", "via email", "write to me", "per mail", "per e-mail", "schriftlich", "par mail", "par e-mail", "par courriel", "par écrit", "por correo", "por e-mail", "por email", "por escrito"]),
    (&["video", "video call"], &["on teams", "over teams", "via teams", "on zoom", "over zoom", "via zoom", "video meeting", "videoconference", "per video", "videocall", "videoanruf", "en visio", "par visio", "visioconférence", "por videollamada", "videollamada", "videoconferencia"]),
    // What a lead asks for
    (&["demo", "demonstration"], &["live vorführen", "einmal zeigen", "walk us through it", "show it to us", "see it in the flesh", "nous montrer", "enseñarnos", "ver cómo funciona", "walk us through", "walk me through", "walk through it", "show us the", "show us how", "show me how", "see it live", "see it working", "look at it live", "vorführung", "vorführen", "präsentation", "démonstration", "démo", "demostración", "presentación"]),
    (&["pricing", "quote", "price"], &["quotation", "best quotation", "best price", "your rates", "rate card", "price it up", "put a price on", "what it costs", "what it would cost", "what would it cost", "how much it costs", "how much it would cost", "how much would it cost", "send us a price", "price for", "pricing", "angebot", "preise", "preisliste", "kostenvoranschlag", "un devis", "devis", "tarifs", "un presupuesto", "cotización", "precios"]),
    (&["trial"], &["play with it", "kick the tyres", "kick the tires", "have a go with it", "have a go at it", "try it", "try it ourselves", "trial account", "trial period", "testzugang", "probezugang", "ausprobieren", "compte d'essai", "version d'essai", "essayer", "cuenta de prueba", "período de prueba", "periodo de prueba", "probarlo"]),
    (&["talk", "chat", "call"], &["a natter", "quick call", "short call", "ten minutes on the phone", "a chat", "first talk", "first chat", "a talk first", "initial conversation", "erstgespräch", "kennenlernen", "premier échange", "un échange", "una primera charla", "una charla"]),
    // Where a lead comes from
    (&["event"], &["your booth at", "your stand at", "the show in", "the expo", "trade fair", "trade show", "the fair", "your booth", "your stand", "exhibition", "expo", "messe", "messestand", "stand auf der", "salon", "votre stand", "feria", "vuestro stand", "su stand"]),
    (&["webinar"], &["web seminar", "attended your webinar", "your online talk", "your webinar", "online session", "webinaire", "web-seminar", "seminario web"]),
    (&["referral"], &["put me onto you", "put us onto you", "mentioned you", "mentioned your name", "vouched for you", "nos habló de", "nos hablaron de", "recommended you", "recommended us", "told me about you", "told us about you", "told me to call", "referred me", "referred us", "put me on to you", "put us on to you", "pointed me to you", "pointed us to you", "spoke highly of you", "swears by you", "gave me your name", "gave us your name", "passed me your name", "empfohlen", "empfehlung", "parlé de vous", "recommandé", "recommandée", "nous a recommandé", "habló de vosotros", "habló de ustedes", "hablado de vosotros", "hablado de ustedes", "os recomendó", "recomendado", "recomendación"]),
    (&["search"], &["into a search engine", "a search engine", "on the internet", "on the web and found", "i googled", "we googled", "googled", "on google", "via google", "through google", "search engine", "typed in", "searched for", "gegoogelt", "über google", "im internet gesucht", "sur google", "en cherchant", "recherche google", "en google", "por google", "buscando en"]),
    (&["paid", "advert"], &["your ad", "an ad of yours", "your advert", "saw an ad", "google ad", "linkedin ad", "anzeige", "werbung", "votre publicité", "votre annonce", "vuestro anuncio", "su anuncio"]),
    (&["content"], &["your white paper", "your guide", "your newsletter", "your blog", "your article", "an article of yours", "your e-book", "your ebook", "ihr newsletter", "ihr leitfaden", "ihr artikel", "votre livre blanc", "votre article", "vuestro boletín", "vuestra guía", "su guía"]),
    // How goods travel
    (&["freight", "road freight", "road"], &["haulier", "haulier's lorry", "haulage", "die spedition", "pallet carrier", "carrier's truck", "transportista", "by road", "on a truck", "on the truck", "by lorry", "pallet network", "part load", "full load", "per spedition", "spedition", "per lkw", "stückgut", "als stückgut", "messagerie palettes", "par camion", "par transporteur", "en groupage", "groupage", "en camión", "por carretera", "grupaje"]),
    (&["parcel"], &["the courier", "given it to the courier", "courier service", "kurier", "parcel post", "as a parcel", "as parcels", "dhl parcel", "per paket", "paketdienst", "als paket", "en colis", "par colis", "colis express", "por mensajería", "paquetería", "como paquete"]),
    (&["air"], &["on the plane", "on a plane", "it flies", "this order flies", "airfreight", "flies out", "per luftfracht", "luftfracht", "per flugzeug", "par avion", "fret aérien", "por avión", "carga aérea", "vía aérea"]),
    (&["sea"], &["on the boat", "on a boat", "on the ship", "on the vessel", "by boat", "in a container", "seefracht", "per schiff", "par bateau", "fret maritime", "par mer", "por barco", "por mar", "carga marítima", "vía marítima"]),
    (&["pickup", "collection"], &["pick it up ourselves", "picks it up himself", "customer collects", "collects it himself", "collects it themselves", "selbstabholung", "selbstabholer", "holen es selbst ab", "holen wir selbst ab", "enlèvement par le client", "viennent le chercher", "recogida por el cliente", "lo recogemos nosotros", "pasamos a recoger"]),
    // How bad
    (&["critical"], &["prio 1", "priority 1", "priority one", "p1", "showstopper", "everything is down", "total outage", "kritisch", "prio eins", "crítico", "crítica", "prioridad 1"]),
    (&["high"], &["prio 2", "priority 2", "priority two", "p2", "priorität hoch", "priorité haute", "prioridad alta", "prioridad 2"]),
    (&["normal"], &["prio 3", "priority 3", "p3", "prioridad 3"]),
    (&["low"], &["prio 4", "priority 4", "p4", "priorität niedrig", "priorité faible", "prioridad baja", "prioridad 4"]),
    (&["production"], &["production system", "production environment", "productive system", "live environment", "on live", "in live", "the live one", "produktion", "produktivsystem", "produktivumgebung", "im livesystem", "echtsystem", "en production", "environnement de production", "en producción", "entorno de producción"]),
    (&["staging"], &["pre-prod", "staging environment", "acceptance system", "abnahmesystem", "préproduction", "pré-production", "preproducción"]),
    (&["test"], &["test environment", "testsystem", "testumgebung", "environnement de test", "entorno de pruebas"]),
    (&["premium"], &["formule premium", "on premium", "premium contract", "premium-tarif", "premium-support", "premium-vertrag", "contrat premium", "plan premium"]),
    (&["business"], &["formule business", "on business", "business contract", "business-support", "business-vertrag", "contrat business", "plan business"]),
    (&["basic"], &["formule basic", "on basic", "basic contract", "basic-support", "contrat basic", "plan básico", "plan basic"]),
];
