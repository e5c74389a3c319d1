//! Words of selling and of starting with a customer: dates, money, terms,
//! systems, and what a lead asks for. English, German, French, Spanish.

use super::Topic;

#[rustfmt::skip]
pub(super) const TOPICS: &[Topic] = &[
    Topic {
        names: &["customer name", "company name", "customer", "company", "account name", "client", "client name", "organisation", "organization"],
        cues: &[
            "~who is it for", "~who's it for", "~which company", "~für wen", "~pour qui", "~para quién", 
            "company is", "our company", "client is", "the customer is", "the client is", "calling from", "writing from", "work for", "work at", "working for", "name of the company", "trading as", "company called",
            "signed by", "firma ist", "unsere firma", "kunde ist", "vertragspartner ist", "arbeite bei", "arbeite für", "unser unternehmen",
            "notre société", "notre entreprise", "la société", "le client est", "je travaille chez", "nuestra empresa", "la empresa es", "el cliente es", "trabajo en", "trabajo para",
        ],
        ..Topic::NONE
    },
    Topic {
        names: &["go live date", "go live", "launch date", "live date", "start date"],
        cues: &[
            "be up by", "up by", "be up on", "up and working", "be using it by", "be using it from", "in use on", "in use from", "müssen … arbeiten", "müssen … laufen", "muss … laufen", "soll … laufen", "loslegen am", "doit tourner", "doit fonctionner", "debe funcionar", "tiene que funcionar", 
            "working in it", "working with it", "working on it for real", "for real", "for good", "has to be working", "have to be working", "must be working", "need to be working", "has to be running", "needs to be live", "real work in it", "running … through it", "opening day", "the day we start", "start on it", "onto the new system", "changeover", "first day on it", "use it from", "in use from", "in service", "trabajando con ello", "trabajando con él", "estar funcionando", "estar trabajando", "muss laufen", "müssen laufen", "läuft produktiv", "produktiv", "être en service", "carrying the real", "open with it", "in earnest", "can't start … without it", "go over to", "have to be on it", "must be on it", "wollen … arbeiten", "live-start", "echtbetrieb",
            "go live", "goes live", "went live", "going live", "be live", "live by", "live on", "are live", "live from", "launch", "cut over", "cutover", "switch over", "switch on", "flip the switch", "up and running", "start working with it",
            "first day of use", "start date", "roll out", "rollout", "rolled out", "in production", "open the doors", "run on your system", "in use by", "want to be running", "need to be running", "must be running", "have to be running",
            "start with you", "start using", "first live day", "~turn it on", "~switched on", "day one is", "kick over",
            "live gehen", "gehen … live", "geht … live", "ging … live", "live sein", "live sind", "live schalten", "produktiv gehen", "gehen … produktiv", "produktivstart", "go-live", "live-gang", "livegang", "inbetriebnahme", "~startet", "start ist", "start am", "starten wir", "wir starten", "~umstellung", "loslegen",
            "mise en service", "mise en production", "démarrage", "démarrer", "démarrons", "~démarre", "lancement", "~lancer", "être opérationnel", "soit opérationnel", "en production", "bascule", "basculer",
            "puesta en marcha", "puesta en producción", "arrancar", "~arrancamos", "arranque", "salir en vivo", "salimos en vivo", "~en marcha", "empezar a usar", "~empezamos", "lanzamiento", "en producción", "poner en marcha",
        ],
        ..Topic::NONE
    },
    Topic {
        names: &["contract type", "type of contract", "agreement type"],
        cues: &[
            "signed", "contract", "agreement", "paperwork", "countersigned", "terms", "signature",
            "vertrag", "vertragsart", "rahmenvertrag", "unterschrieben", "unterzeichnet", "contrat", "signé", "contrato", "firmado",
        ],
        ..Topic::NONE
    },
    Topic {
        names: &["contract value", "deal value", "deal size", "annual value", "amount", "arr", "acv"],
        cues: &[
            "das erste jahr", "erste jahr", "ersten jahr", "jahr eins", "für ein jahr", "per jahr", "premier an", "pour l'année", "pour un an", "el primer año", "para el primer año", "primer año", "whole nut for", "for the first year", "the year comes", "on the contract", "it comes to", 
            "for year one", "year-one", "for the year", "in year one", "for the first twelve months", "all in for the year", "knocked down to", "landed on", "landed at", "discounted to", "after discount", "after the discount", "once the discount", "el primer año son", "se queda en", "bleibt es bei", "après remise", "unterm strich",
            "contract value", "first year", "year one", "per year", "a year", "per annum", "annual fee", "annual subscription", "yearly fee", "~subscription", "licence fee", "license fee", "comes to", "~come to", "came to", "total of", "total is", "total comes", "end up at", "ended up at", "ends up at", "settled on", "settled at", "agreed on", "agreed at", "signed at", "~signed for", "we pay", "they pay", "you pay", "they'll pay", "we'll pay", "pays us", "~price is", "price we agreed", "final price", "final figure", "deal is worth", "~worth", "net per year", "closed at", "bottom line",
            "im ersten jahr", "erstes jahr", "pro jahr", "im jahr", "~jährlich", "jahrespreis", "jahresgebühr", "vertragswert", "auftragswert", "auftragssumme", "zahlen wir", "wir zahlen", "kostet uns", "kunde zahlt", "~netto",
            "par an", "la première année", "première année", "montant annuel", "valeur du contrat", "nous payons", "~abonnement",
            "al año", "por año", "~anuales", "primer año", "el primer año", "valor del contrato", "pagamos", "importe anual", "~suscripción",
        ],
        ..Topic::NONE
    },
    Topic {
        names: &["billing cycle", "billing frequency", "invoicing", "invoice frequency", "billing"],
        cues: &[
            "facturez", "facturez-nous", "facturez-moi", "berechnen sie", "stellen sie … in rechnung", "rechnung bitte", "cóbrennos", "cobradnos", "the invoices", "invoices come", "pay monthly", "pay quarterly", "pay yearly", 
            "las facturas", "invoice each", "invoice us", "bill us", "send the bill", "die rechnung", "la factura", "charge",
            "bill", "bills", "billing", "invoice", "invoices", "invoicing", "charge us", "payment schedule", "~pay you", "~we pay", "~paid in", "~in advance", "~in arrears",
            "rechnung", "rechnungen", "abrechnung", "abgerechnet", "fakturiert", "in rechnung", "facture", "factures", "facturer", "facturation", "facturé", "factura", "facturas", "facturación", "facturar", "facturad",
        ],
        ..Topic::NONE
    },
    Topic {
        names: &["contract term", "term", "contract length", "duration", "initial term"],
        cues: &[
            "yours for", "with you for", "stay with you", "tied to you for", "year term", "years' term", "years term", "runs three", "laufzeit von", "laufzeit beträgt", "durée de", "d'une durée", "duración de", "plazo de", "por un plazo", "sobre", "for a term of", 
            "we commit", "commit ourselves", "comprometemos", "nos comprometemos", "then it rolls", "rolls over", "it rolls", "renews", "tied in for", "wir binden uns", "binden uns", "nous nous engageons", "engageons", "lasts", "for an initial", "signed us up for", "sign for",
            "~term", "contract runs", "runs for", "run for", "signed up for", "signed for", "signing for", "commit to", "committed for", "~commitment", "locked in for", "contract is for", "contract for", "agreement is for", "agreement runs", "~length of", "initial period", "minimum term", "initial term", "~go with", "~go for",
            "laufzeit", "vertragslaufzeit", "~läuft", "mindestlaufzeit", "durée", "~engagement", "duración", "plazo", "~dura",
        ],
        ..Topic::NONE
    },
    Topic {
        names: &["user count", "users", "seats", "number of users", "team size", "users at go live", "licences", "licenses"],
        cues: &[
            "set up … accounts", "set up … users", "set up … logins", "create … accounts", "create … users", "anlegen für", "créer … comptes", "crear … cuentas", "would be on the system", 
            "want a login", "need a login", "needs a login", "will want a login", "einen zugang", "brauchen … zugang", "brauchen … login", "brauchen … zugänge", "un accès", "auront un accès", "besoin d'un accès", "tendrán acceso", "necesitan acceso", "would be working with it", "will be working with it", 
            "of us would", "of us will", "of us on it", "of us in it", "of us in there", "of us using", "of us need", "of us who", "to begin with", "to start with", "at the start", "from the start", "accounts to begin", "cuentas", "para arrancar", "zum start", "pour commencer", "für den anfang", "would be in there", "will be in there", "be on it", "log into it", "need logins", "people need",
            "users", "~user", "seats", "licences", "licenses", "logins", "log-ins", "~accounts", "people would use", "people will use", "people using it", "people who would use", "of us would use", "of us will use", "of us would be using", "~of us", "~use it", "~using it", "would use it", "~work in it", "~work with it", "~work on it", "need access", "with access", "need a login", "have a login", "get a login", "named users", "head count on day one", "would work in it", "~planners", "~dispatchers", "~coordinators", "people in it", "people on it", "would log in", "will log in", "would be in it", "~on the first day", "~on day one",
            "nutzer", "nutzern", "benutzer", "benutzern", "anwender", "anwendern", "zugänge", "zugängen", "lizenzen", "logins", "arbeitsplätze", "leute nutzen", "damit arbeiten", "würden es nutzen", "würden damit arbeiten", "disponenten",
            "utilisateurs", "utilisatrices", "à nous en servir", "à l'utiliser", "s'en servir", "s'en serviraient", "l'utiliseraient", "licences", "~comptes", "~accès", "personnes l'utiliseraient",
            "usuarios", "usuarias", "licencias", "~cuentas", "lo usarían", "lo usaríamos", "usarlo", "lo van a usar", "lo utilizarían", "accesos",
        ],
        ..Topic::NONE
    },
    Topic {
        names: &["integrations", "systems to connect", "integration", "systems"],
        cues: &[
            "we connect", "need to connect", "have to connect", "please connect", "connect it", "connect it to", "link it to", "links to", "be linked", "pulls its", "reads from", "writes to", "send data to", "gets its data from", "is fed from", 
            "raccorder", "faut raccorder", "raccordés", "connecter", "reliés", "brancher", "conectar", "tiene que hablar con", "tiene que estar conectado", "need to talk to", "needs to talk to", "has to talk to", "have to talk to", "must talk to", "swap data with", "exchange with", "needs to reach", "should be hooked", "must be linked", "go across", "verbinden", "muss … sprechen mit", 
            "plumbed in", "plumbed into", "wired into", "wired in", "hang off", "fed by", "feeds from", "coupled with", "exchange data with", "verknüpft mit", "gekoppelt", "raccordé à", "branché sur", "enganchado", "enganchado a", "enchufado", "have to be connected", "must be connected", "needs to be connected",
            "integrate with", "integrate", "integration", "integrations", "connect to", "connected to", "connect with", "connected", "connection to", "connector", "hook up", "hooked up", "hook up to", "hook into", "sync with", "sync to", "synced with", "feed into", "interface to", "interface with", "interfaces", "talk to", "talks to", "plug into", "plugged into", "link to", "linked to", "link up with", "link it to", "pull … out of", "pull … from", "pulls … from", "push to", "read from", "wired up to", "tie into", "tied into", "bridge to",
            "angebunden", "anbinden", "anbindung", "anbindung an", "schnittstelle zu", "schnittstellen", "verbunden mit", "verbinden mit", "integriert", "integrieren",
            "connecter à", "connecté à", "relier à", "relié à", "interfacer avec", "interface avec", "brancher sur", "intégrer", "intégration",
            "conectar con", "conectado con", "conectado a", "conectarse con", "conectar a", "integrar con", "integración", "enlazar con",
        ],
        ..Topic::NONE
    },
    Topic {
        names: &["data residency", "data location", "hosting region", "data region"],
        cues: &[
            "not to leave", "stay in", "stays in", "stay inside", "remain in", "remain inside", "never leave", "verlassen", "dürfen … nicht verlassen", "ne doivent pas quitter", "quitter", "no pueden salir", "no salgan",
            "data residency", "data has to", "data must", "data stays", "data to stay", "data stored", "store our data", "store the data", "store data", "stored in", "~data in", "data lives", "data should live", "data kept", "kept in", "keep our data", "hosted", "hosting", "host our data", "servers in", "server in", "sit on servers", "~sit on", "data centre", "data center", "~leave the", "may not leave", "must not leave", "can't leave", "cannot leave", "~located in",
            "daten liegen", "daten … liegen", "daten müssen", "daten … bleiben", "daten bleiben", "gespeichert", "gehostet", "hosting", "rechenzentrum", "server in", "servern in", "datenhaltung",
            "données … hébergées", "hébergées", "hébergement", "hébergé", "données restent", "données doivent", "stockées", "serveurs en", "datos … alojados", "alojados", "alojamiento", "datos deben", "datos tienen que", "datos se quedan", "servidores en", "almacenados",
        ],
        ..Topic::NONE
    },
    Topic {
        names: &["sso required", "single sign on", "sso", "single sign on required"],
        cues: &[
            "sso", "single sign-on", "single sign on", "saml", "one login", "own passwords", "extra password", "another password", "second password", "einmalanmeldung", "authentification unique", "inicio de sesión único",
        ],
        yes: &[
            "brauchen … single sign-on", "brauchen … sso", "wollen … single sign-on", "benötigen … single sign-on", "faut … authentification unique", "faut … sso", "faut … single sign-on", "voulons … sso", "necesitamos … single sign-on", "necesitamos … inicio de sesión único", "queremos … sso", "single sign-on please", "single sign-on from", "single sign-on is a must", "sso please", "sso from the", 
            "has to come in through", "have to come in through", "come in through okta", "come in through entra", "signs in through", "sign in through", "no extra password", "one login for everything", "sso has to be there", "sso muss", "sso ist pflicht",
            "sso is a must", "sso is mandatory", "sso from day one", "need sso", "want sso", "require sso", "must have sso", "with sso", "sso is required", "sign in with single sign-on", "no separate passwords", "no extra passwords", "no passwords of your own", "no new passwords", "nobody gets another password", "single sign-on is a must", "everybody comes in through", "everyone comes in through", "everybody logs in through", "everyone logs in through", "everybody signs in through", "everyone signs in with", "everybody signs in with", "logs in with okta", "log in with okta", "log in through okta", "sign in through okta", "log in with entra", "sign in with entra", "through our identity provider",
            "single sign-on ist … pflicht", "sso ist … pflicht", "single sign-on brauchen wir", "sso brauchen wir", "nur mit single sign-on", "melden uns … mit entra", "sso obligatoire", "sso est obligatoire", "il nous faut le sso", "sso es obligatorio", "necesitamos sso",
        ],
        no: &[
            "nada de sso", "usuario y su contraseña", "su usuario y contraseña", "name and password", "each with their own password", "everybody has their own password", "passwords like everybody", "sso brauchen wir nicht", "ohne sso", "ohne single sign-on",
            "don't need sso", "do not need sso", "no sso", "without sso", "no need for sso", "sso isn't needed", "sso is not needed", "user name and password", "username and password", "username and a password", "user name and a password", "e-mail and password", "email and password", "ordinary passwords", "normal passwords", "plain passwords", "passwords are fine", "password is fine", "passwords will do", "kein single sign-on", "kein sso", "benutzername und passwort", "pas besoin de sso", "pas de sso", "identifiant et mot de passe", "no necesitamos sso", "sin sso", "usuario y contraseña",
        ],
    },
    Topic {
        names: &["identity provider", "idp"],
        cues: &["identity provider", "idp", "log in", "log in with", "log in through", "sign in", "sign in with", "sign-in", "signs in", "sign on", "come in through", "comes in through", "~directory", "melden uns … an", "anmelden", "~anmeldung", "~connexion", "se connecter", "nous connectons", "iniciar sesión", "entramos con", "~tile"],
        ..Topic::NONE
    },
    Topic {
        names: &["success criteria", "success", "success measure", "goal", "goals"],
        cues: &[
            "went well", "know it went well", "know whether it was worth", "measure it by", "measuring", "woran messen", "messen sie", "gelohnt", "se mesure", "mesurons", "medimos", "sabremos que", "know in the", "how will you know", "how do you know", "worthwhile", "tell whether it helped", 
            "please us", "make me happy", "make us happy", "would make me", "i'll be a happy", "we'll know it worked", "know it worked", "know that it worked", "salido bien", "ha salido bien", "worth every penny", "the proof", "then it worked", "then it has worked", "was a good buy", "zufrieden", "content si", "contents si", "contento",
            "success", "successful", "success for us", "success means", "call it a success", "a success if", "a success when", "worked if", "has worked if", "it worked", "was worth it", "worth it if", "paid off", "~measure", "target is", "~target", "our goal", "goal is", "the goal is", "kpi", "~win", "~judge", "bring down", "bring … down", "~cut from", "cut … from", "cut … to", "get … down", "~drop from", "~drop to", "~go from", "~goes from", "~fall from", "~falls to", "~down from", "~down to", "~reduce", "raise … to", "i'll be happy when", "we'll be happy when", "~happy if", "want that at", "instead of today's", "~by half",
            "erfolg", "erfolgreich", "ziel ist", "unser ziel", "gemessen", "messen wir", "gelungen", "wenn … sinkt", "~senken", "réussite", "succès", "objectif", "notre objectif", "réussi si", "mesurer", "éxito", "objetivo", "nuestro objetivo", "mediremos", "bajar de", "~reducir",
        ],
        ..Topic::NONE
    },
    Topic {
        names: &["current system", "system being replaced", "current solution", "what they use today", "uses today", "existing system"],
        cues: &[
            "~today", "~heute", "~aujourd'hui", "~hoy", "~right now", "~at the moment", "~currently", "~working with", "~work with today", "~womit", "~avec quoi", "~con qué", "planen sie", "what you plan with", 
            "been on", "we have now", "as of now we have", "what we have is", "rely on", "relying on", "lives on", "gets turned off", "turned off", "goes in the bin", "binned", "is going away", "goes away", "held together by", "gets switched off", "will be switched off", "wird abgeschaltet", "abgeschaltet", "sera remplacé", "se apaga", "vivimos en", "wir leben von", "it's all in", "all on paper in",
            "currently use", "currently using", "currently on", "currently run", "use today", "using today", "today we use", "at the moment we use", "at the moment we run it on", "at the moment we run", "at the moment we plan … in", "right now we use", "we use", "run it on", "run it in", "run it off", "do it on", "do it in", "do it off", "do it with", "~live in", "~lives in", "moving off", "move off", "moving away from", "move away from", "~come off", "coming off", "~get off", "replacing", "replaces", "~replace", "replaced", "switch off", "switched off", "switching off", "gets unplugged", "unplug", "retire", "retires", "retiring", "migrate from", "migrating from", "getting rid of", "get rid of", "say goodbye to", "phase out", "phasing out", "shut down", "~turn off", "these days it's", "today it's all", "until now",
            "heute nutzen wir", "bisher nutzen wir", "~bisher", "nutzen wir", "nutzen heute", "arbeiten wir mit", "arbeiten heute mit", "~derzeit", "~aktuell", "abgelöst wird", "abgelöst", "~ersetzt", "ablösen", "läuft … über", "läuft … in excel",
            "aujourd'hui tout passe par", "tout passe par", "aujourd'hui nous utilisons", "nous utilisons", "on utilise", "~actuellement", "on travaille avec", "remplacer", "remplace", "on le fait sur",
            "hoy usamos", "usamos", "utilizamos", "~actualmente", "ahora mismo usamos", "trabajamos con", "lo llevamos en", "lo hacemos en", "lo hacemos con", "sustituir", "sustituye", "reemplazar",
        ],
        ..Topic::NONE
    },
    Topic {
        names: &["commitments", "what we promised", "promises", "promised"],
        cues: &[
            "promised", "promise you", "as promised", "free of charge", "for free", "at no cost", "no extra cost", "at no charge", "no charge", "on the house", "throw in", "~thrown in", "~on us", "~included", "you have my word", "won't charge", "will not charge", "we'll waive", "we waive", "waived", "our treat", "without charge",
            "versprochen", "kostenlos", "kostenfrei", "~gratis", "ohne aufpreis", "geht auf uns", "promis", "gratuit", "gratuitement", "offert", "sans frais", "prometido", "prometimos", "sin coste", "sin cargo", "gratuito",
        ],
        ..Topic::NONE
    },
    Topic {
        names: &["need", "problem to solve", "pain", "pain point"],
        cues: &[
            "we keep having", "keeps happening", "~trips", "~jams", "shoots up", "goes up in smoke", "falls over", "stands still", "steht", "kippen", "kippt", "verloren", "pain point",
            "problem is", "our problem", "trouble is", "the trouble", "struggling with", "struggle with", "~pain", "~hurts", "what hurts", "costs us", "cost us", "costing us", "we lose", "lose about", "~losing", "we keep", "keep losing", "~takes us", "~take us", "fed up with", "~goes wrong", "~gets lost", "~get lost", "~nobody knows", "~nobody sees", "~every week", "~twice a week", "~times a week", "~times a month", "a week because", "~hours a week", "~hours a day", "~hours every", "driven twice", "~wrong", "~wasted", "we waste", "throw away", "thrown away", "~end up", "~too late", "~by hand", "retype", "type … twice", "~headache", "~nightmare", "sick of", "tired of", "bottleneck", "drives us",
            "problem ist", "unser problem", "verlieren wir", "wir verlieren", "kostet uns", "ärgert uns", "~schwierigkeit", "~doppelt", "~pro woche", "~von hand",
            "notre problème", "le problème", "on perd", "nous perdons", "on jette", "nous jetons", "nous coûte", "~par semaine", "~deux fois", "~à la main",
            "nuestro problema", "el problema", "perdemos", "nos cuesta", "tiramos", "~por semana", "~a la semana", "~dos veces", "~a mano",
        ],
        ..Topic::NONE
    },
    Topic {
        names: &["budget", "spend"],
        cues: &[
            "money-wise", "moneywise", "money side", "~for it this year", "is there a budget", "budgetär", "finanziell", 
            "put … aside", "set … aside", "have … to spend", "got … to spend", "put by", "legen … zurück", "beiseite gelegt", "zurückgelegt", "validé", "a validé", "ont validé", "aprobado", "han aprobado", "tenemos hasta", "nous avons prévu", "stretch to", "can go up to", "can pay up to", 
            "budget", "budgeted", "set aside", "put aside", "earmarked", "can spend", "could spend", "able to spend", "want to spend", "~to spend", "willing to spend", "prepared to pay", "~ceiling", "is in the plan", "in the plan for", "~approved", "~signed off", "allocated", "have got … for this", "~limit is", "~cap is", "not a penny more", "we can go up to", "~afford",
            "budget von", "eingeplant", "zur verfügung", "freigegeben", "ausgeben", "mis de côté", "enveloppe", "~prévu", "consacrer", "~dépenser", "presupuesto", "reservado", "apartado", "~gastar", "destinado",
        ],
        ..Topic::NONE
    },
    Topic {
        names: &["decision date", "decision by", "decision", "decide by"],
        cues: &[
            "picked someone", "picked somebody", "made our choice", "settled", "made up my mind", "festgelegt", "festlegen", "uns festgelegt", "arrêté notre", "habremos decidido", "tomar una decisión", "signing off", "go with somebody", "pull the trigger",
            "decide", "decided", "decides", "decide by", "decision", "decision by", "make a decision", "make up our minds", "made up our minds", "have made up", "choose", "chosen", "~choice", "choice made by", "~pick", "~picked", "have picked", "pick a vendor", "vendor by", "supplier by", "shortlist", "board meets", "board decides", "sign by", "sign off by", "settle on", "make the call", "final call", "verdict by", "go or no-go", "say yes or no", "~answer by",
            "entscheiden", "entschieden", "entscheidung", "entschluss", "beschließen", "auswahl", "décider", "décidé", "décision", "tranché", "trancher", "choisir", "choisi", "arrêter notre choix", "decidir", "decidido", "decisión", "elegir", "elegido", "escoger",
        ],
        ..Topic::NONE
    },
    Topic {
        names: &["next meeting", "agreed meeting", "meeting"],
        cues: &[
            "meeting", "works for me", "works for us", "works at my end", "suits me", "suits us", "see you on", "~see you", "speak on", "talk on", "speak then", "talk then", "booked", "~book", "calendar invite", "invite", "invite for", "slot", "in the diary", "in my diary", "in the calendar", "in my calendar", "is good for me", "is fine for me", "is fine", "is good", "is grand", "~let's say", "it's a date", "confirmed for", "~appointment", "~call on",
            "termin", "passt mir", "passt uns", "passt", "sehen uns", "sprechen uns", "bis dann", "rendez-vous", "me convient", "nous convient", "ça me va", "on se voit", "cita", "reunión", "me viene bien", "nos viene bien", "nos vemos", "me va bien",
        ],
        ..Topic::NONE
    },
    Topic {
        names: &["request type", "what they asked for", "request"],
        cues: &[
            "any chance", "kindly", "please share", "share your", "get a quote", "könnten sie … zeigen", "zeigen", "live vorführen", "montrer", "enseñar", "ver cómo funciona", "~please",
            "asked for", "ask for", "asking for", "would like", "'d like", "~want", "looking for", "~after", "interested in", "can you send", "could you send", "please send", "send us", "send me", "could we get", "could we have", "can we have", "~could you", "~can you", "~request", "~need", "show us", "~next step",
            "hätten gern", "~möchten", "~können sie", "~könnten sie", "bitte schicken", "schicken sie", "senden sie", "pourriez-vous", "~pouvez-vous", "nous voudrions", "je voudrais", "nous aimerions", "j'aimerais", "m'envoyer", "nous envoyer", "podrían", "podría", "podéis", "nos gustaría", "me gustaría", "quisiéramos", "~queremos", "enviarnos", "enviarme", "mandarnos",
        ],
        ..Topic::NONE
    },
    Topic {
        names: &["lead source", "source", "heard of us", "heard about us"],
        cues: &[
            "unterhalten", "auf der messe", "an ihrem stand", "besucht", "came past", "dropped by", "popped by", "visited", "sat in on", "joined your", "listened to", "nous nous sommes rencontrés", "nous sommes passés", "nos vimos", "pasamos por", "put us on to", "gave us your", "sent us your way", "sent me your way", 
            "put me onto", "put us onto", "put me on to", "stumbled", "popped up", "attended", "met your", "spoke to … at", "picked up your", "bei ihnen am", "habe sie … gefunden", "typed",
            "heard of you", "heard about you", "hear about us", "hear of us", "hear about you", "hear of you", "come across", "came across", "come across us", "came across you", "found you", "find us", "find you", "found us", "found out about you", "end up on", "ended up on", "ended up with", "came to us", "came to you", "come to us", "came through", "come through", "led you to us", "brought you here", "brought you to us", "got your name", "got your contact", "put me on to you", "put us on to you", "pointed me to", "pointed us to", "recommended", "met you", "met at", "met you at", "saw you at", "saw your", "stopped by", "told me about you", "told us about you", "spoke of you", "read your", "first contact", "first heard",
            "aufmerksam geworden", "auf sie gekommen", "auf euch gekommen", "gestoßen", "gefunden", "empfohlen", "kennengelernt", "gehört", "parlé de vous", "connu", "entendu parler", "trouvé", "tombé sur", "rencontré", "recommandé", "hablado de vosotros", "hablado de ustedes", "habló de vosotros", "conocido", "conocimos", "encontré", "encontramos", "oído hablar", "recomendado", "recomendó",
        ],
        ..Topic::NONE
    },
    Topic {
        names: &["country", "territory", "users' country", "location"],
        cues: &[
            "everybody's here in", "everybody is here in", "everyone's here in", "here in", "in india itself", "units are in", "plants are in", "depots are in", "shops are in", "all … are in", "our … are in", "our … is in", "users … in", "sind … in", "están … en", "sont … en", "sont … au",
            "based in", "located in", "office in", "offices in", "site in", "sites in", "depot in", "depots in", "plant in", "plants in", "warehouse in", "warehouses in", "branch in", "branches in", "shops in", "stores in", "kitchens in", "labs in", "clinics in", "headquartered in", "~country", "are all in", "~all in", "everybody sits in", "everyone sits in", "~sit in", "~sits in", "~work in", "~works in", "users are in", "people are in", "team is in", "from our office in", "~out of", "operate in", "we are in", "we're in", "the whole team is in", "in the north of", "in the south of",
            "sitzen in", "sitzt in", "arbeiten in", "standort in", "standorte in", "niederlassung in", "werk in", "werke in", "büro in", "sind in", "sitz in", "~alle in", "land ist",
            "sont à", "sommes à", "basés à", "basé à", "basée à", "situés à", "bureaux à", "site à", "travaillent en", "~est à", "tous en", "estamos en", "están en", "oficina en", "oficinas en", "trabajan en", "sede en", "planta en", "ubicados en", "todos en",
        ],
        ..Topic::NONE
    },
    Topic {
        names: &["consent to contact", "may be contacted", "consent", "sales contact consent"],
        cues: &[
            "consent", "contacted", "contact me", "contacts you", "get in touch", "in touch with me", "feel free to call", "okay to contact", "give me a call", "reach out", "be contacted", "talk to sales", "sales … call you", "sales … contact you", "sales … get in touch", "sich … melden", "kontaktieren", "recontacter", "contacter", "contactarme", "contactar", "ponerse en contacto",
        ],
        yes: &[
            "don't mind … if your sales", "don't mind … if sales", "no objection to", "nothing against a call", "nothing against your sales", "gerne anrufen", "habe nichts dagegen", "je suis d'accord", "estoy de acuerdo en que", 
            "happy for … to contact", "happy for … to get in touch", "happy for … to call", "happy for … to ring", "happy for … to reach out", "fine for … to contact", "fine for … to call", "okay for … to contact", "ok for … to contact", "happy if … contact", "happy if … call", "fine if … contact", "fine if … call", "he can contact me", "she can contact me", "they can contact me", "einverstanden, dass", "darf mich … anrufen", "darf mich … kontaktieren", "gerne bei mir melden", "gern bei mir melden", "d'accord pour être contact", "d'accord pour que", "pueden llamarme", "no me importa que", 
            "have your salespeople get in touch", "have your sales", "get onto me", "can very well contact", "sales team can", "salespeople can", "sales people can", "sales can", "can give me a call", "may give me a call", "darf sich … bei mir melden", "dürfen sich … bei mir melden", "can ring me", "may ring me", "can call me", "may call me",
            "can contact me", "may contact me", "can get in touch with me", "may get in touch", "can get in touch", "welcome to get in touch", "welcome to contact", "welcome to call", "happy to be contacted", "happy to talk", "happy to hear from", "fine to contact me", "fine to call me", "okay to contact me", "ok to contact me", "okay to call me", "feel free to contact", "feel free to call", "feel free to get in touch", "don't mind being contacted", "don't mind a call", "don't mind if sales", "fine with sales getting in touch", "fine with being contacted", "by all means get in touch", "sales can call", "sales may call", "sales can contact", "sales can reach", "sales may contact", "have my consent", "have my permission", "i agree to be contacted", "please have someone call me", "please have somebody call me", "have your sales people call me", "look forward to hearing from your sales",
            "dürfen mich … kontaktieren", "dürfen mich … anrufen", "dürfen sich … melden", "können mich … kontaktieren", "können sich … bei mir melden", "darf sich … melden", "kann sich … melden", "gern kontaktieren", "pouvez … me recontacter", "pouvez … me contacter", "peut me contacter", "peut me recontacter", "peuvent me contacter", "n'hésitez pas à me contacter", "pueden contactarme", "puede contactarme", "podéis contactarme", "pueden ponerse en contacto", "puede llamarme", "pueden llamarme", "podéis llamarme", "pueden llamar",
        ],
        no: &[
            "do not want to be contacted", "don't want to be contacted", "do not want sales", "don't want sales", "do not contact me", "don't contact me", "please don't call", "please do not call", "no sales calls", "no calls from sales", "not ready to talk to sales", "rather not be contacted", "prefer not to be contacted", "leave me off", "nicht kontaktieren", "nicht kontaktiert werden", "keine anrufe", "nicht anrufen", "ne pas me contacter", "ne souhaite pas être contact", "pas d'appel", "no quiero que me contacten", "no me llamen", "prefiero que no me",
        ],
    },
];
