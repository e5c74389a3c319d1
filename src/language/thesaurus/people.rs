//! Words for the parts people play and for how they are reached. English,
//! German, French, Spanish.

use super::Topic;

#[rustfmt::skip]
pub(super) const TOPICS: &[Topic] = &[
    Topic {
        names: &["primary contact", "main contact", "project lead", "project manager", "project contact"],
        cues: &[
            "projektarbeit", "im alltag", "runs things day", "runs it day", "run it day", "runs it for us", "week in week out", "works with you", "working with you", "work with during the week", "be working with week", "daily contact", "everyday contact", "everyday questions", "look after it", "pilote", "c'est moi qui pilote", "suivi du projet", "coordina", "coordinará", "hablaréis con", 
            "running this", "running this end", "week-to-week", "week to week", "calling every day", "be dealing with", "you'll deal with", "dealing with me", "you'll be talking to", "you will be talking to", "se encarga", "se ocupa de", "se ocupa del", "hands-on", "on the ground", "i'm your guy", "your man for", "keep this moving", "steers the project", "übernimmt das projekt", "betreut", "suivra le projet", "suit le projet",
            "main contact", "primary contact", "point of contact", "contact person", "day to day", "day-to-day", "runs the project", "run the project", "running the project", "runs this", "run this", "lead the project", "leads the project", "project lead", "project manager", "looks after this", "looks after the project", "look after this", "looking after this", "in charge of the project", "in charge of this", "responsible for the project", "takes care of this", "handle this", "handles this", "handling this", "~coordinates", "~coordinating", "chasing this", "owns this", "drives this", "your contact", "go-to person", "go to person", "your person", "manages the project", "managing the project", "talk to me about", "all questions to", "questions go to", "write to me and not to",
            "ansprechpartner", "ansprechpartnerin", "projektleiter", "projektleiterin", "projektleitung", "projekt leite", "leite das projekt", "leitet das projekt", "~kümmert sich", "kümmere mich", "~zuständig", "~tägliche", "federführend",
            "interlocuteur", "interlocutrice", "chef de projet", "cheffe de projet", "pilote le projet", "s'occupe du projet", "s'occupe de", "m'occupe du projet", "responsable du projet", "~au quotidien",
            "persona de contacto", "contacto principal", "interlocutor", "interlocutora", "lleva el proyecto", "llevo el proyecto", "llevará el proyecto", "se encarga del", "me encargo del", "responsable del proyecto", "jefe de proyecto", "jefa de proyecto", "~día a día",
        ],
        ..Topic::NONE
    },
    Topic {
        names: &["executive sponsor", "sponsor", "exec sponsor"],
        cues: &[
            "sponsor à la direction", "pate für", "der pate", "patin", "schirmherr", "unser sponsor", "gerade steht", "notre sponsor", "nuestro sponsor", "en la dirección", "vouches for", "stands behind", "stands behind it", "behind it", "escalation", "has the final word", "goes to if it stalls", "if it stalls", "wenn es klemmt", "wenn es mal klemmt", 
            "carries the can", "buck stops with", "answerable", "final say", "last word", "holds the purse", "his baby", "her baby", "backing this", "champion", "responde de", "responde por", "da la cara", "steht dafür gerade", "trägt die verantwortung", "porte le projet", "au comité de direction",
            "executive sponsor", "exec sponsor", "sponsor", "sponsors", "sponsoring", "sponsored by", "steering committee", "escalate to", "answers for the project", "answers for it", "answers for this", "signs off on", "has the last word", "on the board for this", "accountable", "sponsorin", "verantwortet", "steht … gerade", "geschäftsleitung", "parrain", "commanditaire", "patrocinador", "patrocinadora",
        ],
        ..Topic::NONE
    },
    Topic {
        names: &["contact name", "contact", "lead contact", "best contact"],
        cues: &[
            "übernimmt ab hier", "übernimmt", "prend le relais", "that's me", "takes it from here", "will take it from here", "take over from me", "toma el relevo", "wird ihr ansprechpartner", "your best bet is", "you want to talk to",
            "best person", "right person", "speak to", "speak with", "talk to", "talking to", "~talk with", "point of contact", "contact is", "my name is", "reach out to", "get in touch with", "in touch with", "contact person", "the one to talk to", "the one to speak to", "the one you want", "person to call", "call me", "ring me", "phone me", "reach me", "contact me", "contact me directly", "write to me", "email me", "mail me", "text me", "me directly", "~ask for", "~my colleague", "hand you over to", "~deals with", "takes over from",
            "ansprechpartner", "ansprechpartnerin", "sprechen sie mit", "wenden sie sich an", "rufen sie mich", "schreiben sie mir", "mein name ist", "erreichen sie mich", "bei mir melden", "mich kontaktieren",
            "interlocuteur", "interlocutrice", "me contacter", "me recontacter", "m'appeler", "me joindre", "m'écrire", "adressez-vous à", "contactez", "je m'appelle", "parler à",
            "hablar con", "hablad con", "hable con", "contactarme", "llamarme", "llámame", "llámeme", "escribirme", "escríbame", "escríbeme", "me llamo", "mi nombre es", "persona de contacto",
        ],
        ..Topic::NONE
    },
    Topic {
        names: &["technical contact", "tech contact", "it contact"],
        cues: &[
            "work with", "please work with", "ask … he", "is our admin", "is the admin", "runs the servers", "manages the system", "look after the system", "looks after the system", "systems man", "systems woman", "systems person", "technical person", "knows the technical", 
            "does our systems", "does our it", "your people want", "take it with", "voyez avec", "directement avec", "voyez directement avec", "has built", "built it", "get hold of", "go through", "talk it through with", "wants to hear from you", "at your disposal", "steht ihnen zur verfügung", "hablad con", "hablen con", "pregunten por",
            "technical contact", "tech contact", "technical side", "technical questions", "work with", "works with you", "point of contact", "contact for this", "contact person", "reach out to", "our admin", "administrator", "send logs", "send you logs", "pull the logs", "pull logs", "get you the logs", "~can test", "~tests it", "does the technical", "~knows the", "~knows our", "~inside out", "~looks after the", "runs our it", "runs it for us", "our engineer", "best person", "right person", "speak to", "talk to", "~ask for", "your contact", "in charge of it", "deals with the technical", "will help you", "can help you", "with your people", "will work with", "liaise with", "coordinate with",
            "technischer ansprechpartner", "technische ansprechpartnerin", "ansprechpartner", "ansprechpartnerin", "für die technik", "administratorin", "~kümmert sich", "~zuständig", "contact technique", "interlocuteur technique", "interlocutrice technique", "administrateur", "administratrice", "s'occupe de la technique", "contacto técnico", "persona de contacto", "administrador", "administradora", "se encarga de la parte técnica", "lleva la parte técnica",
        ],
        ..Topic::NONE
    },
    Topic {
        names: &["delivery contact", "contact at delivery", "site contact", "receiving contact"],
        cues: &[
            "recoge", "lo recoge", "la recoge", "recogerá", "recogerlo", "para recogerlo", "estará allí", "estará para", "pregunten por", "preguntad por", "preguntar por", "firma la entrega", "lo firma", "signs", "signs for", "will sign", "let … in", "lets … in", "has the yard", "has the keys", "waiting for the driver", "takes care of the delivery", "handles the delivery", "deals with deliveries", "dort ist", "abnehmen", "entgegennehmen", "nimmt's", "unterschreibt", "réceptionner", "sera là", "sera sur place", "signe pour", 
            "will collect it from", "collects it from", "will be there to", "there to take", "will be waiting", "looks after the goods", "hand it to", "hand them to", "give it to", "deliver it to the hands", "receives you", "will take them in", "take them in", "takes them in", "nimmt die ware", "nimmt sie",
            "contact on site", "site contact", "delivery contact", "receiving contact", "~ask for", "asks for", "~goods-in", "~goods in", "will receive it", "receives it", "receive it", "receives the", "receive the goods", "take delivery", "takes delivery", "sign for it", "signs for it", "signs for the", "sign for the", "take it in", "takes it in", "takes it from there", "take … in", "takes … in", "take in the goods", "takes the goods", "unloads it", "will be there", "will unload", "meets the driver", "meet the driver", "meet the truck", "meets the truck", "waits for the", "be waiting", "expects the", "~at the gate", "~on the dock", "~at the dock", "~yard", "runs the dock", "runs the yard", "runs the warehouse", "~foreman", "storekeeper", "on our side that's", "~who's there", "~there from",
            "nimmt … an", "nimmt … entgegen", "wareneingang", "warenannahme", "annahme", "~vor ort", "fragen sie nach", "meldet sich … bei", "lagerleiter", "lagermeister", "empfängt", "réceptionne", "réceptionnera", "~réception", "~sur place", "~demander", "demandez", "~quai", "lo recibe", "la recibe", "recibe la mercancía", "recibirá", "~recepción", "preguntar por", "pregunte por", "~almacén",
        ],
        ..Topic::NONE
    },
    Topic {
        names: &["contact role", "contact's role", "role", "job title", "title", "position"],
        cues: &[
            "job title", "my role", "my title", "my job", "i am the", "i'm the", "i work as", "working as", "i head", "i lead", "head of", "responsible for", "in charge of", "~runs the", "~runs our", "heads the", "heads our", "~leads the", "leads our", "bin leiter", "ich leite", "leiterin", "leiter der", "verantwortlich für", "zuständig für", "responsable de", "responsable des", "responsable du", "je dirige", "directeur", "directrice", "soy responsable de", "soy la responsable", "soy el responsable", "jefe de", "jefa de", "dirijo", "director de", "directora de",
        ],
        ..Topic::NONE
    },
    Topic {
        names: &["preferred channel", "channel", "preferred contact channel"],
        cues: &[
            "best to", "best if you", "better to", "easiest to", "nicest by", "rufen sie lieber", "schreiben sie lieber", "c'est le mieux", "le plus simple", "lo mejor es", "lo más fácil", 
            "person", "only", "do it on", "do it by", "do it over", "kindly", "typing", "bitte", "rufen sie mich", "nur per", "lieber per",
            "best way to reach", "prefer", "prefers", "preferred", "~rather", "rather … than", "easiest to reach", "easiest", "~easier", "reach me", "reach us", "contact me", "~call me", "get hold of me", "~get in touch", "~in touch", "better by", "better on", "best by", "best on", "by phone", "by mail", "by e-mail", "by email", "~pick up", "~answer", "~please", "no calls", "am lieblichsten", "am liebsten", "lieber", "am besten", "bitte per", "erreichen", "erreichbar", "bevorzugt", "de préférence", "préfère", "plutôt", "joindre", "~s'il vous plaît", "le mieux", "mejor por", "prefiero", "preferimos", "~por favor", "localizarme",
        ],
        ..Topic::NONE
    },
    Topic {
        names: &["contact phone", "contact's phone", "phone of the technical contact", "phone", "delivery phone", "phone at delivery", "mobile"],
        cues: &[
            "móvil de", "el móvil", "su móvil", "su teléfono", "teléfono de", "le portable de", "son portable", "numéro de", "handynummer", "mobilnummer", "nummer von", "get them on", "get him on", "get her on", "call … on", "catch him on", "catch her on", 
            "phone", "phone number", "mobile", "cell", "cellphone", "direct line", "~direct", "number is", "number:", "my number", "his number", "her number", "the number", "call me on", "call me at", "call him on", "call him at", "call her on", "call her at", "call them on", "~call the", "ring me on", "ring him on", "ring her on", "reach me on", "reach me at", "reach him on", "reach him at", "reach her on", "reach her at", "try him on", "try her on", "try him at", "try her at", "try me on", "picks up", "~pick up", "pick up on", "picks up on", "answers on", "answer on", "gets him on", "gets her on", "driver can", "driver calls", "driver … call", "call ahead", "ring ahead", "on-call number", "whatsapp", "text him", "text her", "text me", "he's on", "she's on", "~is on",
            "telefon", "telefonnummer", "handy", "mobil", "durchwahl", "nummer", "erreichbar unter", "erreichen sie", "anrufen", "anrufen unter", "rufen sie … an", "tel", "téléphone", "portable", "numéro", "joindre au", "joignable au", "appeler au", "ligne directe", "teléfono", "móvil", "celular", "llamar al", "llamarle al", "llamarme al", "llame al", "localizar en", "número",
        ],
        ..Topic::NONE
    },
    Topic {
        names: &["contact email", "contact's e mail", "contact's e-mail", "e mail of the technical contact", "e-mail of the technical contact", "email", "e mail", "e-mail"],
        cues: &[
            "e-mail", "email", "~mail", "mail is", "mail address", "email address", "e-mail address", "~address is", "write to", "write to me at", "mail me at", "reach me at", "reach him at", "reach her at", "reach me on", "sits on", "~is on", "~send it to", "~send them to", "~send to", "to my inbox", "~inbox", "e-mail-adresse", "mailadresse", "schreiben sie", "schreiben an", "erreichbar unter", "mail an", "adresse mail", "courriel", "mél", "écrire à", "écrivez à", "correo", "correo electrónico", "escribir a", "escribid a", "escriba a",
        ],
        ..Topic::NONE
    },
];
