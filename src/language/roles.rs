//! Words for what people are at work, by which a line of a signature or an
//! apposition is told to be a role and not a name.

/// Whether a folded word names a role or its rank. English, German, French, Spanish.
#[rustfmt::skip]
pub fn is_role_word(word: &str) -> bool {
    let known = matches!(
        word,
        "manager" | "director" | "head" | "lead" | "leader" | "vp" | "chief" | "officer" | "ceo" | "cto" | "cfo" | "coo" | "cio" | "ciso" | "engineer" | "executive" | "analyst"
            | "coordinator" | "specialist" | "president" | "owner" | "founder" | "co-founder" | "partner" | "consultant" | "administrator" | "admin" | "buyer" | "planner" | "supervisor"
            | "controller" | "assistant" | "architect" | "developer" | "technician" | "foreman" | "dispatcher" | "purchaser" | "superintendent" | "principal" | "secretary" | "accountant" | "clerk" | "editor" | "trainer" | "nurse" | "matron" | "steward" | "bursar" | "registrar" | "broker" | "adviser" | "advisor" | "designer" | "scientist" | "researcher" | "treasurer" | "chair" | "chairman" | "chairwoman" | "trustee" | "captain" | "estimator" | "scheduler" | "representative" | "associate" | "auditor" | "surveyor" | "inspector" | "foreperson" | "librarian" | "curator" | "warden" | "dean" | "teacher" | "headteacher" | "dgm" | "agm" | "gm" | "md" | "avp" | "svp" | "evp" | "pm" | "cpo" | "cmo" | "cro" | "cdo" | "cso"
            | "storekeeper" | "bookkeeper" | "housekeeper" | "conductor" | "producer" | "caretaker"
            | "purchasing" | "procurement" | "operations" | "logistics" | "planning"
            | "leiter" | "leiterin" | "leitung" | "geschäftsführer" | "geschäftsführerin" | "geschäftsführung" | "vorstand" | "einkauf" | "einkäufer" | "einkäuferin" | "disponent" | "disponentin" | "prokurist" | "prokuristin" | "assistenz" | "sachbearbeiter" | "sachbearbeiterin" | "referent" | "referentin" | "inhaber" | "inhaberin"
            | "responsable" | "directeur" | "directrice" | "chef" | "cheffe" | "gérant" | "gérante" | "acheteur" | "acheteuse" | "ingénieur" | "ingénieure" | "adjoint" | "adjointe" | "président" | "présidente" | "fondateur" | "fondatrice" | "achats"
            | "directora" | "gerente" | "jefe" | "jefa" | "encargado" | "encargada" | "compras" | "comprador" | "compradora" | "coordinador" | "coordinadora" | "ingeniero" | "ingeniera" | "fundador" | "fundadora" | "logística"
    );
    // `Versandleiterin`, `Produktionsleitung`
    known || word.len() > 8 && ["leiter", "leiterin", "leitung", "leitung", "chef", "chefin"].iter().any(|end| word.ends_with(end))
}
