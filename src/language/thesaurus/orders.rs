//! Words of orders, goods and trucks. English, German, French, Spanish.

use super::Topic;

#[rustfmt::skip]
pub(super) const TOPICS: &[Topic] = &[
    Topic {
        names: &["order number", "our order number", "sales order"],
        cues: &[
            "your order with us", "nuestro pedido", "notre commande", "unser auftrag", "order with us", "is your order", "is the order", "the order is",
            "order number", "order no", "order #", "our order", "~our number", "~our reference", "sales order", "booked as", "booked under", "entered as", "entered under", "in the system as", "in our system", "~in as", "runs as", "running as", "logged as", "goes out as", "~is order",
            "auftrag", "auftragsnummer", "auftrag nummer", "unsere nummer", "auftragsbestätigung", "angelegt als", "läuft als", "bei uns ist das", "numéro de commande", "commande n°", "~notre commande", "enregistrée sous", "bon de commande", "número de pedido", "el pedido es el", "el pedido es", "pedido número", "dado de alta", "registrado como",
        ],
        ..Topic::NONE
    },
    Topic {
        names: &["customer po", "customer's purchase order", "purchase order", "po number", "po"],
        cues: &[
            "nuestro número", "nuestro número de pedido", "nuestra orden", "notre numéro", "notre numéro de commande", "unsere bestellnummer", "our order number", "our reference is", "our ref is", 
            "on the docket", "on the delivery note", "on the box", "on the boxes", "on the pallets", "number for it", "our number", "auf die palette", "auf dem lieferschein", "sur le bon", "en el albarán", "has to be on the", "must be on the", "put on the",
            "purchase order", "po number", "po no", "po #", "our po", "your po", "customer po", "their po", "~our reference", "~our ref", "~your reference", "on the labels", "on the label", "on the packing slip", "on the paperwork", "quote … on the", "~reference is", "~reference number",
            "bestellnummer", "unsere bestellung", "bestellung nr", "bestell-nr", "auf das etikett", "auf dem etikett", "auf den lieferschein", "notre référence", "notre bon de commande", "sur l'étiquette", "numéro de bon", "nuestro pedido", "nuestra referencia", "en la etiqueta", "orden de compra",
        ],
        ..Topic::NONE
    },
    Topic {
        names: &["ship to address", "delivery address", "shipping address", "ship to", "address"],
        cues: &[
            "geliefert wird an", "wird geliefert an", "geliefert wird nach", "geliefert werden soll", "anliefern in", "à livrer à", "se livre à", 
            "entregarlo en", "entregarla en", "entregarlos en", "hay que entregar", "entrega en", "dirección es", "mándenlo a", "mandadlo a", "envíenlo a", "se entrega en", "es für", "livrez-le", "livrez-les", "livré à", "livrée à", "livrés à", "adresse est", "zu liefern an", "bitte an", "lieferung bitte", "wird geliefert", "deliver them to", "deliver everything to", "take it to", "send the lot to", "wants delivering to", "needs to go to", "come to our", "goes to our", "it's going to", 
            "where's it going", "where is it going", "where … going to", "where does it go", "where do we send", "where should it go", "where to", "wohin", "à quelle adresse", "adónde", "a dónde", "va para", "unload it at", "delivered at", "abladen bei", "entladestelle",
            "ship to", "shipped to", "ship it to", "ship them to", "deliver to", "deliver it to", "delivered to", "delivering to", "delivery to", "delivery is to", "delivery address", "shipping address", "send it to", "send them to", "send everything to", "the order goes to", "it goes to", "~goes to", "all goes to", "~to go to", "should go to", "has to go to", "the address is", "~address is", "address for the", "drop it at", "drop it off at", "unload at", "bring it to", "bring them to", "bring everything to", "~take it to", "should come to", "~comes to", "~come to", "truck comes to", "lorry should come to", "truck should go to", "~drive to", "goods-in is at", "warehouse is at", "~site is", "site is at", "~destination",
            "lieferadresse", "liefern an", "~geliefert an", "lieferung an", "lieferung geht an", "~geht an", "~gehen an", "ware geht", "anlieferung", "bitte liefern", "anfahren", "adresse ist", "anschrift",
            "adresse de livraison", "livrer au", "livrer à", "livrez", "livraison au", "à livrer", "l'adresse est", "la marchandise va", "est à livrer", "dirección de entrega", "la mercancía va a", "va a la calle", "~va a", "entregar en", "entregad en", "entréguenlo en", "enviar a", "enviadlo a", "la dirección es", "~destino",
        ],
        ..Topic::NONE
    },
    Topic {
        names: &["requested delivery date", "delivery date the customer asks for", "delivery date", "needed by date"],
        cues: &[
            "need … by", "need … here by", "need … before", "must have … by", "want … here by", "needs to be here", "needs to be with us", "needs to arrive", "has to be here", "have to be here", "have to have it", "brauchen … bis", "brauchen … am", "brauchen … spätestens", "brauchen … zum", "benötigen … bis", "benötigen … am", "müssen … ankommen", "muss … ankommen", "avons besoin … pour", "avons besoin … le", "il nous faut … pour", "faut … livrer", "necesitamos … para", "necesitamos … el", "necesitamos … antes", "hace falta … para", "tiene que llegar el", "nos hace falta", "lo queremos para", 
            "inside the door", "reach us", "let it reach us", "at our door", "on our doorstep", "with us by", "have it with us", "have them with us", "in the yard by", "on the floor by", "here for", "bei uns auf dem hof", "auf dem hof", "chez nous pour", "en casa el", "want it here", "want it in",
            "need it by", "need it on", "need it here", "need them by", "need them on", "need them here", "need everything by", "need the goods", "need this by", "needed by", "needed on", "~we need", "deliver by", "deliver on", "delivered by", "delivered on", "delivery on", "delivery by", "delivery date", "must arrive", "has to arrive", "have to arrive", "should arrive", "arrive by", "arrive on", "arrives by", "on site by", "on site on", "have it here", "have them here", "have everything here", "be here by", "be here on", "be with us", "be at our", "in our hands", "in house by", "here by", "here on", "here no later", "here before", "to us by", "at the latest", "no later than", "want it", "want them", "want everything", "expect it", "expecting it", "expect them", "~standing in", "~the date is", "deadline",
            "brauchen wir", "wir brauchen", "brauchen die ware", "benötigen wir", "wir benötigen", "liefertermin", "anliefern", "geliefert werden", "angeliefert", "muss … da sein", "müssen … da sein", "soll … da sein", "bei uns sein", "spätestens", "wunschtermin", "wunschlieferdatum", "~bis zum", "eintreffen",
            "il nous faut", "il nous les faut", "nous en avons besoin", "~avons besoin", "livré le", "livrés le", "livrée le", "être livr", "livraison le", "livraison pour le", "date de livraison", "au plus tard", "chez nous le", "lo necesitamos", "los necesitamos", "la necesitamos", "las necesitamos", "~necesitamos", "como muy tarde", "a más tardar", "entregado el", "entrega el", "fecha de entrega", "tiene que estar", "tienen que estar", "tiene que llegar", "debe llegar", "aquí el",
        ],
        ..Topic::NONE
    },
    Topic {
        names: &["ship date", "dispatch date", "shipping date", "planned ship date"],
        cues: &[
            "geht … von der rampe", "geht … los", "verlädt", "wird verladen", "laden wir", "geht ab", "fährt … ab", "lorry leaves", "van leaves", "truck leaves", "will leave", "leave the dock", "on the road", "we send it", "we're sending it", "we are sending it", "send it out", "goes on the truck", "cargamos", "sale del almacén", "salen el", "salen de", "enviaremos", "on l'expédie", "nous expédions", "nous chargeons", "chargement", 
            "leave our building", "leaves our building", "leaves the building", "von der rampe", "out of here", "off the ramp", "is collected", "goes off", "leaves bay", "goes from here", "verlässt uns", "geht bei uns raus", "geht … auf die reise", "quittera", "sale para",
            "ship on", "ships on", "ship it on", "shipped on", "ships out", "ship date", "shipping on", "leaves our dock", "leave our dock", "leaves the dock", "leaves the warehouse", "leave the warehouse", "leaves our warehouse", "leaves us", "leaves here", "leaves on", "leave on", "leaves our", "~leaving", "dispatch", "dispatched", "goes out", "~go out", "going out", "out the door", "out of the door", "off our dock", "truck is booked", "truck is ordered", "lorry is ordered", "lorry is booked", "is booked for", "is ordered for", "carrier collects", "carrier picks", "carrier comes", "forwarder collects", "collected on", "collects on", "collection on", "collection is", "pick up on", "pick-up is", "pickup is", "picked up on", "loads on", "loading on", "loaded on", "we load", "gets loaded", "sails on", "flies on",
            "verlässt unser", "verlässt das", "verlassen unser", "geht raus", "gehen raus", "geht … raus", "geht … vom hof", "versandtermin", "versand am", "versendet am", "~verladen", "verladung", "abholung", "wird … abgeholt", "holt … ab", "lkw ist bestellt", "lkw kommt",
            "part de chez nous", "part de notre", "partira", "part le", "départ le", "expédié le", "expédiée le", "expédition le", "enlèvement", "quitte notre", "camion est réservé", "sale de nuestro muelle", "sale de nuestro", "~sale de", "sale el", "saldrá", "salida el", "enviamos el", "se recoge", "recogida el", "camión está reservado",
        ],
        ..Topic::NONE
    },
    Topic {
        names: &["shipping method", "mode of transport", "transport", "shipping"],
        cues: &[
            "mando todo", "mandamos", "mando", "enviamos", "envío", "os lo mando", "se lo mando", "os lo envío", "os lo enviamos", "lo mandamos", "se manda", "verschicken", "versenden", "schicken wir", "wir schicken", "nous envoyons", "j'envoie", "on envoie", "on expédie", "nous expédions", "we send", "i'm sending", "we're sending", "sending it", "going by", "going as", "go out by", "go out with", "goes with", "booked it as", "booked as", 
            "given it to", "give it to", "it goes", "order goes", "is going on", "it's going on", "going on", "it's going", "fährt", "moves", "takes it", "handed to", "handed it to", "it's the usual", "comes with", "llevamos", "lleva", "fahren lassen",
            "ship by", "send it by", "~send it", "shipping method", "ship via", "goes by", "go by", "goes as", "go as", "~goes out", "~goes on", "~go on", "~goes with", "mode of transport", "travel", "travels", "moves as", "rides", "~carrier", "this one goes", "this order goes", "put it on", "~put on", "put … on", "~booked", "~leaves",
            "versandart", "geht per", "geht als", "geht mit", "versand per", "~schicken", "~transport", "mode de transport", "part par", "part en", "expédié par", "expédition par", "envoi par", "va en", "va por", "sale en", "se envía por", "enviamos por", "transporte",
        ],
        ..Topic::NONE
    },
    Topic {
        names: &["pallet count", "number of pallets", "pallets"],
        cues: &[
            "en palettes", "sur palettes", "pallet spots", "pallet positions", "pallet loads", "pallets", "pallet count", "number of pallets", "skids", "pallet spaces", "euro pallets", "paletten", "europaletten", "stellplätze", "palettes", "palés", "palets", "tarimas"],
        ..Topic::NONE
    },
    Topic {
        names: &["receiving hours", "goods in hours", "delivery window", "unloading hours"],
        cues: &[
            "lorries can", "lorry can", "lorries between", "trucks from", "deliveries between", "deliveries from", "deliveries are", "deliveries only", "accept lorries", "takes lorries", "take lorries", "take a lorry", "take a truck", "yard is open", "yard opens", "site is open", "gates open", "gates are open", "receiving dock", "lkw können", "anliefern … zwischen", "nehmen … ware an", "warenannahme ist", "geöffnet", "camions entre", "camions de", "ouvert de", "ouverts de", "acceptons les camions", "descargar", "abrimos de", "abierto", "camiones de", "camiones entre", 
            "receiving hours", "receiving is", "~receiving", "goods-in hours", "goods-in is open", "goods in is open", "~unload", "~unloads", "unload between", "unloading", "crew unloads", "dock is open", "dock's open", "dock opens", "dock hours", "dock open", "docks are open", "open for trucks", "we take trucks", "take trucks", "takes trucks", "accept trucks", "accept deliveries", "take deliveries", "takes deliveries", "delivery window", "delivery hours", "gate closes", "gate opens", "gate is open", "gate's open", "warehouse is open", "~somebody is there", "~someone is there", "~opening hours", "trucks can come", "truck can come", "trucks between", "~hours are",
            "annahmezeiten", "warenannahme", "wareneingang", "anlieferzeiten", "entladen", "entladung", "~abladen", "~anlieferung", "lkw nehmen wir", "rampe ist", "tor ist", "horaires de réception", "réceptionnons", "~réception", "déchargement", "décharger", "quai est ouvert", "horario de recepción", "descargan", "descargamos", "~descarga", "~recepción", "recibimos", "muelle abre", "abierto de",
        ],
        ..Topic::NONE
    },
    Topic {
        names: &["tail lift", "tail lift needed", "tail lift required", "lift gate"],
        cues: &["tail lift", "tail-lift", "taillift", "lift gate", "liftgate", "lift truck", "forklift", "fork lift", "loading dock", "ramp", "dock leveller", "unload by", "unload it", "hebebühne", "ladebordwand", "laderampe", "stapler", "hayon", "chariot élévateur", "quai de déchargement", "trampilla elevadora", "plataforma elevadora", "carretilla", "muelle de carga"],
        yes: &[
            "without a forklift", "nothing with forks",
            "needs a tail lift", "need a tail lift", "tail lift is needed", "tail lift please", "with a tail lift", "with tail lift", "must have a tail lift", "must bring a tail lift", "bring a tail lift", "needs a lift gate", "need a lift gate", "need a liftgate", "needs a liftgate", "liftgate please", "with a liftgate", "lift gate please", "no dock", "no loading dock", "no forklift", "don't have a dock", "don't have a forklift", "do not have a forklift", "haven't got a forklift", "have no forklift", "have no dock", "neither dock nor forklift", "nothing to unload with", "hand pallet truck only", "only a pallet jack", "only a hand truck",
            "mit hebebühne", "hebebühne brauchen", "brauchen … hebebühne", "brauchen eine hebebühne", "hebebühne ist nötig", "keine rampe", "kein stapler", "keinen stapler", "weder rampe noch", "avec hayon", "hayon obligatoire", "il faut un hayon", "il faudra un hayon", "besoin d'un hayon", "pas de quai", "ni quai ni", "pas de chariot", "traer trampilla", "con trampilla", "necesitamos trampilla", "hace falta trampilla", "no hay muelle", "muelle no hay", "ni muelle ni", "ni carretilla", "sin muelle", "no tenemos carretilla", "con plataforma elevadora",
        ],
        no: &[
            "have … forklift", "have … forklifts", "got … forklift", "haben … stapler", "hebebühne … keine", "hebebühne … nicht", "tenemos … carretilla", "avons … chariot", "there's a forklift", "there is a forklift", "forklift on site",
            "no tail lift", "no tail-lift", "don't need a tail lift", "tail lift isn't needed", "tail lift is not needed", "without a tail lift", "no lift gate", "no liftgate", "no need for a lift", "don't need a lift", "have a forklift", "have forklifts", "have two forklifts", "have our own forklift", "got a forklift", "got forklifts", "has a forklift", "have a dock", "have docks", "have a loading dock", "have a ramp", "have a proper dock", "own forklift", "unload ourselves", "unload it ourselves", "unload by ourselves", "ordinary lorry is perfect", "ordinary truck will do", "normal truck is fine",
            "keine hebebühne", "ohne hebebühne", "haben einen stapler", "haben stapler", "haben eine rampe", "rampe ist vorhanden", "stapler ist da", "pas besoin de hayon", "sans hayon", "avons un quai", "avons un chariot", "nous avons un quai", "no hace falta trampilla", "sin trampilla", "tenemos muelle", "tenemos carretilla", "hay muelle",
        ],
    },
    Topic {
        names: &["hazardous", "dangerous goods", "hazardous goods", "hazmat"],
        cues: &["hazardous", "hazmat", "dangerous goods", "dangerous", "classed as dangerous", "hazard class", "lithium batteries", "gefahrgut", "gefährliche güter", "matières dangereuses", "marchandises dangereuses", "mercancía peligrosa", "mercancías peligrosas", "peligroso", "peligrosa"],
        yes: &["is hazardous", "are hazardous", "counts as hazardous", "is classed as dangerous", "are classed as dangerous", "is dangerous goods", "are dangerous goods", "counts as dangerous goods", "goes as dangerous goods", "ist gefahrgut", "sind gefahrgut", "matière dangereuse", "es mercancía peligrosa", "son mercancía peligrosa", "va como mercancía peligrosa"],
        no: &[
            "mercancía peligrosa no hay", "mercancía peligrosa no", "peligrosa no hay ninguna", "matière dangereuse non", "aucune matière dangereuse", "aucune marchandise dangereuse", "keinerlei gefahrgut", "none of it is hazardous", "no fluids", "non-dangerous", "not classed as dangerous", "no aerosols", "no chemicals", 
            "gefahrgut … keine", "gefahrgut … nicht", "gefahrgut ist keines", "gefahrgut ist keins", "none of it dangerous", "nothing dangerous in it", "no batteries", "harmless",
            "no hazmat", "not hazmat", "nothing hazardous", "not hazardous", "non-hazardous", "non hazardous", "no dangerous goods", "not dangerous goods", "nothing dangerous", "nothing is classed as dangerous", "nothing classed as dangerous", "nothing in it is classed", "none of it is hazardous", "none of it is dangerous", "no hazardous", "isn't dangerous goods", "no lithium", "no adr", "nothing under adr",
            "kein gefahrgut", "keine gefahrgüter", "nichts gefährliches", "pas de matières dangereuses", "pas de marchandises dangereuses", "aucune matière dangereuse", "rien de dangereux", "nada de mercancía peligrosa", "no hay mercancía peligrosa", "nada peligroso", "no es mercancía peligrosa", "sin mercancía peligrosa",
        ],
    },
    Topic {
        names: &["un number", "un no"],
        cues: &["un number", "un no", "safety data sheet", "sds says", "classified as", "un-nummer", "numéro onu", "número onu"],
        ..Topic::NONE
    },
    Topic {
        names: &["declared value", "goods value", "shipment value", "insured value"],
        cues: &[
            "declared value", "~declare", "declared at", "declared as", "insured for", "insure it for", "insure for", "insurance value", "for the insurance", "for insurance", "for customs", "goods value", "value of the goods", "goods are worth", "~is worth", "~are worth", "shipment value", "~value is", "~value:", "commercial value", "~worth",
            "warenwert", "wert der ware", "versichert", "versicherungswert", "deklarieren", "deklarierter wert", "für die versicherung", "valeur déclarée", "valeur de la marchandise", "valeur des marchandises", "déclarer", "pour l'assurance", "valor declarado", "valor de la mercancía", "valor de la mercancia", "para el seguro", "~declarar",
        ],
        ..Topic::NONE
    },
    Topic {
        names: &["partial shipment", "partial shipment allowed", "partial delivery", "split delivery"],
        cues: &[
            "dos envíos", "dos entregas", "deux livraisons", "zwei lieferungen", "zwei sendungen", "two shipments", "partial", "partial shipment", "partial delivery", "part delivery", "part shipment", "split", "split delivery", "split shipment", "split the order", "split it", "two deliveries", "in parts", "in bits", "in two goes", "one go", "ship complete", "separately", "teillieferung", "teillieferungen", "livraison partielle", "livraisons partielles", "entrega parcial", "entregas parciales"],
        yes: &[
            "en dos envíos no hay problema", "en dos envíos está bien", "dos envíos no hay problema", "en dos envíos", "deux livraisons c'est bon", "in zwei lieferungen geht", "in zwei lieferungen ist", "zwei teilen ist", "two deliveries is", "two deliveries fine", "ok in two", "fine in two", "ten first is ok", 
            "don't mind if", "can come after", "come after", "send the rest later", "rest after", "follow after", "two lots is fine", "in two lots", "zwei lieferungen sind", "zwei lieferungen gehen", "en deux livraisons, pas de",
            "two deliveries are okay", "two deliveries are fine", "two deliveries is fine", "two shipments are fine", "in two deliveries is fine", "in two goes is fine", "in parts is fine", "can come in two", "can come in parts", "can come later", "can follow later", "can follow on their own", "can follow on its own", "the rest can follow", "rest can come later", "rest can follow", "send what you have", "send what you've got", "ship what you have", "ship what you've got", "split delivery is fine", "partial delivery is fine", "partial shipment is fine", "partials are fine", "partial is fine", "partial is ok", "partial is okay", "partial shipments are ok", "partial shipments are fine", "okay to split", "ok to split", "fine to split", "happy to take it in two", "you may split", "you can split", "feel free to split", "splitting is fine", "don't mind two deliveries", "don't mind a split",
            "teillieferung ist ok", "teillieferung ist in ordnung", "teillieferungen sind ok", "teillieferungen sind in ordnung", "teillieferung geht", "gerne in teilen", "livraison partielle acceptée", "en deux fois, c'est", "en deux fois ça va", "acceptons les livraisons partielles", "en dos entregas nos va bien", "podéis enviarlo en dos", "pueden enviarlo en dos", "aceptamos entregas parciales",
        ],
        no: &[
            "en dos entregas no", "en dos envíos no,", "en dos veces no", "tiene que llegar todo", "alles zusammen", "bitte alles zusammen", "alles in einer", "all together please", "tout d'un coup", "en un solo envío", "en una sola vez", 
            "all must come", "must all come", "everything must come", "has to come in one", "come in one go", "come on one truck", "not in pieces", "no dribs and drabs", "not piecemeal", "das muss zusammen", "muss komplett",
            "all in one go", "all at once", "in one go", "in one delivery", "in a single delivery", "one delivery only", "single delivery", "one shipment only", "ship complete", "complete only", "complete delivery only", "everything together", "all together", "must come complete", "has to come complete", "only complete", "in one lot", "in one piece", "no partial", "no partials", "no split", "no splitting", "no part deliveries", "no part shipments", "don't split", "do not split", "not in bits", "not in parts", "cannot handle it in bits", "can't handle it in bits", "can't take it in parts", "one lorry with everything", "one truck with everything", "everything on one truck", "everything on one lorry", "all on one truck",
            "nur komplett", "nur vollständig", "alles auf einmal", "alles zusammen", "in einer lieferung", "in einem rutsch", "keine teillieferung", "keine teillieferungen", "en une seule fois", "en une fois", "en une seule livraison", "tout en une", "pas de livraison partielle", "tout ensemble", "todo junto", "en una sola entrega", "de una sola vez", "todo de una vez", "sin entregas parciales", "nada de medias entregas", "nada de entregas parciales",
        ],
    },
    Topic {
        names: &["payment cleared", "released by finance", "payment", "payment received"],
        cues: &["payment", "payment cleared", "released", "release", "credit hold", "credit check", "finance", "accounts", "invoice", "paid", "prepayment", "money", "zahlung", "freigegeben", "freigabe", "geld", "paiement", "virement", "pago", "cobro", "liberado"],
        yes: &[
            "transfer has landed", "transfer landed", "transfer is in", "transfer arrived", "credit's good", "off credit hold", "hold is lifted", "is cleared", "has cleared", "may go", "good to go", "can go", "geld da", "bezahlt und freigegeben", "libre de salir",
            "payment is in", "payment's in", "payment has cleared", "payment cleared", "payment came in", "payment arrived", "payment landed", "payment received", "payment has arrived", "payment has landed", "payment went through", "money is in", "money's in", "money landed", "money came in", "money has arrived", "money arrived", "money is here", "funds are in", "funds have cleared", "funds cleared", "released from credit", "released by finance", "finance has released", "finance released", "finance gave the green light", "finance is happy", "finance said go", "finance ok", "green light from finance", "is released", "released it", "have released", "has been released", "is off hold", "credit is fine", "credit is good", "credit check passed", "cleared to ship", "cleared for shipping", "good to ship", "can let it out", "you can ship it", "paid in full", "is paid", "prepayment is in", "deposit is in and",
            "zahlung ist da", "zahlung ist eingegangen", "zahlung eingegangen", "geld ist da", "geld ist eingegangen", "ist freigegeben", "habe freigegeben", "von der buchhaltung freigegeben", "bonität ist ok", "paiement reçu", "paiement est arrivé", "le paiement est", "virement reçu", "virement est arrivé", "est débloqué", "est débloquée", "est libérée", "el pago ha entrado", "pago recibido", "pago ha llegado", "el pago está", "está liberado", "liberado", "cobrado",
        ],
        no: &[
            "credit hold", "on hold", "not released", "have not released", "haven't released", "not been released", "payment is not in", "payment isn't in", "payment has not", "payment hasn't", "no payment", "money is not in", "money isn't in", "money hasn't", "haven't seen the money", "haven't been paid", "not paid", "unpaid", "not cleared", "still waiting for the payment", "still waiting for the money", "waiting for the payment", "waiting for payment", "payment is outstanding", "is blocked", "gesperrt", "nicht freigegeben", "noch nicht bezahlt", "zahlung fehlt", "zahlung ist noch nicht", "paiement n'est pas", "pas encore payé", "bloqué", "no ha entrado", "no está liberado", "pendiente de pago", "bloqueado",
        ],
    },
];
