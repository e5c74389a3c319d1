//! Words of things that fail and of those who help. English, German, French,
//! Spanish.

use super::Topic;

#[rustfmt::skip]
pub(super) const TOPICS: &[Topic] = &[
    Topic {
        names: &["problem summary", "what goes wrong", "problem", "issue", "summary"],
        cues: &[
            "~wrong", "~returns", "~shows", "~stands on", "~comes up twice",
            "problem is", "issue is", "what happens is", "~what happens", "goes wrong", "~fails", "failing", "~failed", "stopped working", "stops working", "~instead", "~instead of", "we get", "keeps failing", "~broken", "freezes", "freeze", "frozen", "~hangs", "~hang", "crashes", "crash", "~stuck", "sits in", "sits at", "~stays", "never arrives", "never comes", "never gets", "does not arrive", "doesn't arrive", "comes out wrong", "~is wrong", "~are wrong", "shows the wrong", "~shows as", "~shows up", "~should", "~ought to", "~supposed to", "~duplicate", "duplicated", "~twice", "~missing", "disappears", "disappear", "vanish", "vanishes", "~empty", "~blank", "times out", "time out", "nothing happens", "won't open", "won't load", "won't save", "won't print", "can't open", "gets a fine", "~loses", "~lost", "~jumps", "~swaps", "mixes up", "something is odd",
            "~statt", "stattdessen", "geht nicht", "funktioniert nicht", "fehlerhaft", "hängt", "stürzt ab", "bleibt … stehen", "bleibt hängen", "kommt nicht an", "~müsste", "~sollte", "~doppelt", "verschwindet", "le problème", "au lieu de", "ne fonctionne", "ne marche", "se bloque", "se fige", "plante", "~devrait", "reste bloqué", "disparaît", "el problema", "en vez de", "en lugar de", "no funciona", "se bloquea", "se queda", "se cuelga", "~debería", "~falla", "desaparece",
        ],
        ..Topic::NONE
    },
    Topic {
        names: &["affected product", "product or part affected", "product", "product affected"],
        cues: &[
            "module", "integration", "connector", "product affected", "the affected product", "part of the product", "~feature", "component", "~app", "~screen", "plugin", "plug-in", "add-on", "problem with the", "problem with", "problems with the", "problems with", "trouble with the", "trouble with", "issue with the", "issue with", "issues with the", "~it's the", "~it is the", "wrong with the", "broken in the", "happens in the", "fails in the", "in the module", "odd in the", "bug in the", "error in the",
            "modul", "schnittstelle", "problem mit", "probleme mit", "fehler im", "fehler in der", "betrifft", "betroffen ist", "le module", "problème avec", "~concerne", "módulo", "problema con", "afecta a",
        ],
        ..Topic::NONE
    },
    Topic {
        names: &["severity", "priority"],
        cues: &[
            "putting it in as", "put it in as", "put this in as", "classe en", "je le classe", "classons", "clasificamos", "einordnen", "running it as", "opened as", "open it as", "filed as","severity", "priority", "sev", "how bad", "treat it as", "treat this as", "log it as", "logged as", "logged it as", "raise it as", "raised as", "classify", "class it as", "~call it", "~rate it", "~put it at", "put it down as", "~make it a", "~it's a", "~this is a", "schweregrad", "priorität", "einstufen", "~stufe", "gravité", "priorité", "gravedad", "prioridad"],
        ..Topic::NONE
    },
    Topic {
        names: &["environment", "tenant", "instance"],
        cues: &[
            "sur la", "sur le", "this one is", "it's on","environment", "tenant", "instance", "happens in", "happens on", "seeing it in", "see it in", "see it on", "only in", "only on", "which system", "occurs in", "shows in", "shows up in", "it's in", "umgebung", "mandant", "im system", "environnement", "en environnement", "entorno", "en el entorno"],
        ..Topic::NONE
    },
    Topic {
        names: &["users affected", "people affected", "affected users", "impacted users"],
        cues: &[
            "it hits", "this hits", "hits about", "hitting", "touche", "afecta a", "betrifft", 
            "drivers stuck", "people stuck", "are stuck", "hold up", "holds up", "held up", "can't do their work", "cannot do their work", "kolleginnen und kollegen", "betroffen sind", 
            "~can't", "~cannot", "~unable to", "~can no longer", "~ne peuvent", "~können nicht mehr", "~no pueden",
            "of us can't", "of us cannot", "coincés", "coincées", "arrêtés", "stehen", "sitzen fest", "atascados", "hit by", "does it hit", "can't use", "can't see", "cannot see", "can't trust", "are out", "have stopped", "no se puede",
            "users affected", "people affected", "affected", "affects", "impacted", "hit by it", "~hit", "users are", "people cannot", "people can't", "can't work", "cannot work", "can't do", "cannot do", "can't log in", "can't check", "can't get", "who can't", "who cannot", "unable to", "stand idle", "standing idle", "sit idle", "standing round", "standing around", "how many users", "how many people", "agents affected", "locked out", "blocked", "~stuck", "~waiting", "out of action", "without it", "~suffer", "~down", "lost access", "have the problem",
            "betroffen", "können nicht arbeiten", "~können nicht", "stehen still", "blockiert", "ausgesperrt", "touchés", "touchées", "concernés", "concernées", "bloqués", "bloquées", "ne peuvent pas", "ne peuvent plus", "impactés", "impactées", "afectados", "afectadas", "no pueden", "bloqueados", "bloqueadas", "parados", "paradas",
        ],
        ..Topic::NONE
    },
    Topic {
        names: &["started on", "first seen", "first seen on", "since", "start of the problem"],
        cues: &[
            "noticed it first", "noticed … first", "first spotted", "spotted it", "first showed", "first reported", "has been happening", "been happening", "saw it the first time", "the first time", "first came", "first one", "~first", "~première", "~primera", "~erste", "~came", "c'était", "date du", "fing an", "fängt … an",
            "started on", "started", "~start", "since", "first seen", "first saw", "first saw it", "first noticed", "~noticed it", "saw it first", "first time", "first wrong", "first happened", "first appeared", "appeared on", "began", "~begin", "ever since", "when did it start", "like this from", "like this since", "been like this", "going on since", "from the morning of", "as of", "dates from", "dates back to", "popped up",
            "seit", "angefangen", "begonnen", "begann", "aufgetreten", "zum ersten mal", "erstmals", "bemerkt", "depuis", "commencé", "première fois", "apparu", "constaté", "remarqué", "desde", "empezó", "comenzó", "primera vez", "apareció", "lo vimos", "detectamos",
        ],
        ..Topic::NONE
    },
    Topic {
        names: &["error message", "error code", "error", "error text"],
        cues: &[
            "error message", "error code", "error says", "error is", "the error", "message is", "message says", "message reads", "~it says", "~says", "~reads", "throws", "throwing", "returns an error", "returns error", "log shows", "log says", "~in the log", "~the log", "screen says", "~screen shows", "red box", "~pops up", "popup", "pop-up", "exact text", "word for word", "code is", "~shows",
            "fehlermeldung", "fehlercode", "meldung", "~meldet", "~im log", "es erscheint", "message d'erreur", "code d'erreur", "~affiche", "~s'affiche", "mensaje de error", "código de error", "~pone", "~aparece", "sale el error", "~sale",
        ],
        ..Topic::NONE
    },
    Topic {
        names: &["steps to reproduce", "steps to see it again", "steps", "reproduction"],
        cues: &[
            "steps to reproduce", "to reproduce", "reproduce it", "reproduce", "repro", "if you open", "when you click", "if you click", "step by step", "the steps", "steps", "what exactly do you click", "what do you click", "what you click", "how do i see it", "how to see it", "how can we see it", "how do we see it", "see it yourself", "see it again", "~open the", "~open any", "~click on", "~press", "~then press", "~go to", "~log in as", "schritte", "nachstellen", "reproduzieren", "~öffnen sie", "~klicken", "étapes", "reproduire", "~ouvrez", "~ouvrir", "~cliquez", "~cliquer", "pasos", "reproducir", "~abrir", "~abre", "~pulsar", "~pulsa", "~hacer clic",
        ],
        ..Topic::NONE
    },
    Topic {
        names: &["has workaround", "workaround exists", "workaround"],
        cues: &["workaround", "work around", "work-around", "another way", "way round it", "way around it", "way round", "by hand", "manually", "on paper", "for now we", "for now", "in the meantime", "meanwhile", "until then", "get by", "getting by", "make do", "umgehung", "workaround", "von hand", "manuell", "übergangsweise", "behelfen", "contournement", "solution de contournement", "à la main", "manuellement", "en attendant", "solución provisional", "a mano", "manualmente", "mientras tanto", "apaño"],
        yes: &[
            "für den moment … wir", "im moment … von hand", "tragen … von hand", "von hand ein", "machen … von hand", "schreiben … von hand", "por ahora lo", "por el momento lo", "faisons … à la main", "notons … à la main", 
            "in the meantime we", "in the meantime i", "meanwhile we", "meanwhile i", "until then we", "for now we", "for now i", "for the moment we", "for the time being we", "solange … wir", "vorerst … wir", "vorerst schreiben", "vorerst machen", "bis dahin … wir", "behelfsweise", "en attendant, nous", "en attendant nous", "en attendant on", "pour l'instant on", "mientras tanto lo", "mientras tanto los", "mientras tanto la", "de momento lo", "de momento los", "we get round it", "we get around it", "we work around it", "we can work around", 
            "on a printout", "pen and paper", "pencil and paper", "on a whiteboard for now", "tick them off", "cross … off on", "phone them through", "rufen … an und", "schreiben … auf zettel", "auf papier", "sur papier", "en papel",
            "there is a workaround", "there's a workaround", "have a workaround", "found a workaround", "got a workaround", "workaround works", "workaround is", "workaround:", "do it by hand", "does it by hand", "doing it by hand", "do them by hand", "doing them by hand", "by hand for now", "by hand at the moment", "by hand in the meantime", "one by one by hand", "keep a list by hand", "list by hand", "overnight by hand", "can do it manually", "doing it manually", "do it manually", "entering them manually", "enter them manually", "entering it manually", "manually for now", "on paper for now", "on paper in the meantime", "get by with", "getting by with", "gets by with", "make do with", "making do with", "manage with", "managing with", "we can still", "they can still", "it helps to", "it works if we", "works if you restart",
            "machen es von hand", "machen wir von hand", "machen das von hand", "behelfen uns", "wir behelfen", "es gibt einen workaround", "manuell geht", "on le fait à la main", "nous le faisons à la main", "on se débrouille", "nous contournons", "il y a un contournement", "lo hacemos a mano", "lo apuntamos a mano", "nos apañamos", "lo hacemos manualmente", "hay una solución provisional",
        ],
        no: &[
            "no workaround", "no way round", "no way around", "no other way", "no way to work", "not a workaround", "don't have a workaround", "haven't found a workaround", "have no workaround", "without a workaround", "there isn't a workaround", "there is none", "no plan b", "nothing else we can do", "can't do it by hand", "cannot do it by hand", "can't do it any other way", "cannot work at all", "everything stands still", "everything stopped",
            "kein workaround", "keinen workaround", "keine umgehung", "geht nicht von hand", "keine möglichkeit", "pas de contournement", "aucun contournement", "pas d'autre moyen", "aucune solution", "no hay alternativa", "no hay otra manera", "no hay otra forma", "no hay solución provisional", "sin alternativa",
        ],
    },
    Topic {
        names: &["needed by", "needed by date", "due date", "deadline"],
        cues: &[
            "brauchen … bis", "need … fixed by", "need … working by", "need … back by", "need … sorted by", "need … by", "need … before", "avons besoin … avant", "avons besoin … pour", "faut … avant", "necesitamos … antes", "necesitamos … para", "muss … bis", "müssen … bis", 
            "must settle", "be right by", "be right before", "in order by", "must be in order", "latest by", "by latest", "has to work by", "have to work by", "right before", "sorted out by", "gone by", "~must", "~latest", "~by", "~before", "~has to",
            "need it fixed", "need this fixed", "fixed by", "fixed before", "solved by", "resolved by", "working by", "working again", "working again by", "running again", "running by", "running again by", "back by", "back up by", "put right", "sorted by", "sorted before", "~done by", "need it by", "need this by", "needed by", "deadline", "at the latest", "at the very latest", "no later than", "~must be", "~has to be", "~have to have", "~before the",
            "behoben", "gelöst", "wieder laufen", "spätestens", "~bis zum", "bis spätestens", "~brauchen wir", "corrigé", "résolu", "réparé", "réglé", "au plus tard", "~d'ici le", "~avant le", "~besoin", "resuelto", "arreglado", "solucionado", "como muy tarde", "a más tardar", "~antes del", "~funcionando",
        ],
        ..Topic::NONE
    },
    Topic {
        names: &["support plan", "support tier", "plan"],
        cues: &["support plan", "support tier", "support level", "which plan", "~plan", "on the plan", "entitled to", "~they're on", "~they are on", "~are on", "~is on", "on premium", "on business", "on basic", "~have the", "~has the", "pay for", "paying for", "paid for", "support contract", "supportvertrag", "wartungsvertrag", "~tarif", "support-plan", "contrat de support", "niveau de support", "~formule", "plan de soporte", "contrato de soporte"],
        ..Topic::NONE
    },
    Topic {
        names: &["access granted", "consent to access the account", "support access", "account access"],
        cues: &["log in to your account", "log into our account", "log in to our account", "log in as", "log into", "access to our", "access to your", "access the account", "support access", "consent", "permission", "allowed to look", "go into our", "go in", "sign in to your account", "look into our account", "look at our data", "look around in", "zugriff", "zugreifen", "einloggen", "in unser konto", "accès à notre compte", "accéder à", "vous connecter", "acceso a nuestra cuenta", "acceder a", "entrar en"],
        yes: &[
            "dürft … einloggen", "könnt … einloggen", "kannst … einloggen", "darfst … einloggen", "dürfen gern rein", "darf sich … einloggen", "darf … einloggen", "dürfen … einloggen", "zugang … freigegeben", "zugang … freigeschaltet", "zugriff … freigeschaltet", "zugriff … freigegeben", "support access on", "switched support access on", "turned support access on", "accès … activé", "acceso … activado", "no problem to log in", "may log on", "can log on", 
            "go in and look", "just go in", "have my yes", "log in and", "poke about", "pouvez entrer", "entrer dans notre compte", "can log in", "can log in to", "have a look in our", "have a look around in", "come in and look", "help yourselves", "engineer can log", "dürfen rein", "dürfen hinein", "vous avez notre accord", "avez mon accord",
            "may log in", "may log into", "you can log in", "can log into", "you can log into", "feel free to log in", "have our permission", "have my permission", "you have our consent", "you have my consent", "have our ok", "permission granted", "access is granted", "access granted", "we grant you", "we give you access", "i give you access", "go ahead and log in", "may access", "you may look", "you can look at our", "may look at our", "may go into our", "can go into our", "happy for you to log in", "fine to log in", "okay to log in", "ok to log in", "you're welcome to log in", "allowed to log in", "may go in", "can go in", "you can access",
            "dürfen sich … einloggen", "dürfen auf … zugreifen", "dürfen … zugreifen", "können sich … einloggen", "zugriff ist erlaubt", "zugriff erlaubt", "erlauben ihnen den zugriff", "vous pouvez vous connecter", "vous pouvez accéder", "pouvez … vous connecter", "nous autorisons", "autorisons l'accès", "pueden entrar", "podéis entrar", "pueden acceder", "podéis acceder", "tienen permiso", "tenéis permiso", "damos permiso", "autorizamos",
        ],
        no: &[
            "may not log in", "must not log in", "can't let you in", "cannot let you in", "don't log in", "do not log in", "no access to our", "not allowed to log in", "can't give you access", "cannot give you access", "don't want anybody in our", "don't want anyone in our", "nobody logs in", "kein zugriff", "keinen zugriff", "dürfen nicht … zugreifen", "pas d'accès", "nous n'autorisons pas", "no autorizamos", "no pueden entrar", "sin acceso",
        ],
    },
    Topic {
        names: &["next update within", "next update promised within", "next update", "update interval"],
        cues: &[
            "next update from us", "inside the hour", "inside … hours", "within the hour", "back to you within", 
            "back to you inside", "word from us", "have word from us", "hear something from us", "hear something", "you'll hear", "you will hear", "inside the", "be back to you", "ring you within", "call you within", "reply within", "meldet sich","next update", "update within", "update every", "hear from us", "hear from me", "hear back", "news from me", "news from us", "get back to you", "get back to them", "back to you", "first response", "update you", "keep you posted", "come back to you", "come back to them", "report back", "~be in touch", "~within", "~every", "melden uns", "melde mich", "rückmeldung", "hören … von uns", "hören … von mir", "reviens vers vous", "revenons vers vous", "~nouvelles", "tiens informé", "te digo algo", "les digo algo", "os digo algo", "~noticias", "os informo", "le informo", "les informo"],
        ..Topic::NONE
    },
];
