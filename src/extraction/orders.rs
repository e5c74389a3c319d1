//! The words by which people order machines about, language by language: what
//! no colleague is told, or told in other words.

/// Words in the order in which they stand; each part is a choice, `*` lets up to four words pass.
pub(super) type Phrase = &'static [&'static [&'static str]];

pub(super) const ANY: &[&str] = &["*"];
const IGNORE: &[&str] = &["ignore", "disregard", "forget", "override", "bypass"];
const MACHINE: &[&str] = &["ai", "llm", "chatbot", "chatgpt", "gpt", "claude", "gemini", "copilot", "ki", "ia", "bot"];
const MODEL: &[&str] = &["bot", "ai", "llm", "chatbot", "language", "ki", "ia", "sprachmodell", "taalmodel"];

/// Addresses and orders that no colleague is given.
#[rustfmt::skip]
pub(super) const PHRASES: &[Phrase] = &[
    &[&["you"], &["are"], &["now"], ANY, &["assistant", "ai", "llm", "model", "bot", "chatbot"]],
    &[&["you"], &["are"], &["a", "an"], &["ai", "llm", "chatbot"]],
    &[&["you"], &["are"], &["a", "an"], &["helpful", "large"], ANY, &["assistant", "model"]],
    &[&["as"], &["an"], &["ai"], &["model", "assistant", "language", "system"]],
    &[&["as"], &["a"], &["large"], &["language"], &["model"]],
    &[&["if"], &["you"], &["are"], &["a", "an"], MODEL],
    &[&["note", "message", "instruction", "instructions", "notice"], &["to", "for"], &["the", "any", "all"], ANY, &["ai", "llm", "model", "models", "chatbot"]],
    &[&["note", "message", "instruction", "instructions", "notice"], &["to", "for"], MACHINE],
    &[&["attention", "dear", "hey", "hello"], MACHINE],
    &[&["ai", "llm", "assistant", "language"], &["reading", "processing", "summarizing", "summarising"], &["this"]],
    &[&["reveal", "print", "repeat", "show", "output", "leak"], ANY, &["system"], &["prompt"]],
    &[&["your", "new"], &["system"], &["prompt"]],
    &[&["mark", "set", "treat", "report", "fill"], &["all", "every", "each"], ANY, &["field", "fields"], ANY, &["complete", "found", "done", "confirmed", "verified"]],
    &[&["do"], &["not"], &["report", "list", "mention", "raise"], &["any", "the"], &["gap", "gaps", "missing"]],
    &[&["do"], &["not"], &["report", "list", "mention", "raise"], &["gap", "gaps"]],
    &[&["llm", "return", "output"], &["return", "only"], ANY, &["json"]],
    &[&["set", "mark", "return", "output", "report"], ANY, &["verdict"], ANY, &["complete"]],
    &[&["respond", "reply", "answer"], &["only"], &["with", "in"], &["json", "yes", "the"], &["json", "following", "only", "word", "and"]],
    &[&["respond", "reply", "answer"], &["only"], &["with", "in"], &["json"]],
    &[&["developer", "jailbreak", "dan"], &["mode"], &["enabled", "on", "activated"]],
    &[IGNORE, ANY, &["everything", "anything", "rules", "orders", "guidelines", "directives"], &["you"], &["were", "have", "are"]],
    &[IGNORE, &["the", "your"], &["schema", "json", "rules"], ANY, &["and", "output", "above"]],
    &[&["not"], &["follow", "obey"], &["the", "your", "any"], &["rules", "instructions"], &["above", "before", "given"]],
    &[&["your", "above", "the"], &["earlier", "previous", "prior", "original", "above"], &["instructions", "prompt", "rules"], &["are", "is"], ANY, &["void", "outdated", "obsolete", "cancelled", "canceled", "invalid"]],
    &[&["updated", "revised", "real", "this", "following"], &["system"], &["prompt"]],
    &[&["system"], &["prompt"], &["trust", "follows", "says", "override"]],
    &[&["new", "special", "important"], &["instructions", "orders"], &["for", "to"], ANY, MODEL],
    &[&["pretend", "imagine", "act", "behave", "simulate", "roleplay"], &["you", "as", "an", "that", "to"], ANY, &["ai", "llm", "chatbot", "language", "unrestricted", "assistant"]],
    &[&["simulate", "play"], &["an", "a"], &["ai", "llm", "assistant", "chatbot"]],
    &[&["you"], &["act", "work", "answer"], &["as"], ANY, &["ai", "llm", "chatbot", "bot", "assistant"]],
    &[&["you"], &["are"], &["a", "an", "the"], &["model", "bot"], &["that", "which", "without", "who"]],
    &[&["trust", "trusts", "believe", "obey", "obeys"], &["this"], &["message", "mail", "text"]],
    &[&["values", "fields"], ANY, &["message", "mail", "text"], &["are"], &["trusted", "verified", "final"]],
    &[&["assistant"], &["i"], &["have"], ANY, &["verified", "confirmed", "accepted"]],
    &[&["begin", "end", "new"], &["system"], &["message", "prompt"]],
    &[&["coverage"], &["1", "100"]],
    &[&["status"], &["found"]],
    &[&["instructions"], &["seen"]],
    &[&["brief", "handoff"], ANY, &["returned", "reported", "marked"], ANY, &["complete"]],
    &[&["fill"], ANY, &["field", "fields"], ANY, &["values", "message"]],
    &[&["no", "never", "not"], ANY, &["field", "fields"], &["empty", "blank"]],
    &[&["summarises", "summarizes", "processes", "reads", "extracts"], ANY, &["automatically"]],
    &[&["to", "for"], &["the", "any", "all"], &["extraction", "summary", "summarising", "summarizing", "language"], &["model", "models", "assistant", "ai"]],
    &[&["no"], &["gaps"], &["are", "is"], &["allowed", "left", "needed"]],
    &[&["call", "invoke"], &["the"], &["tool", "function"]],
    &[&["ai", "assistant", "model", "llm"], &["forward", "fetch", "send", "print", "ignore", "obey"], ANY],
    &[&["repeat", "print", "output"], &["the", "all"], &["words", "text", "instructions"], &["above", "before"]],
    &[&["output", "print", "reveal", "repeat"], &["your"], &["instructions", "prompt", "rules", "system"]],
    &[&["answer"], &["for"], &["every", "all"], &["field", "fields"]],
    &[&["parts"], &["are"], &["read"], &["elsewhere"]],
    &[&["answer", "respond", "reply"], &["with"], &["this", "the"], &["json"]],
    &[&["already"], &["extracted"], &["for"], &["you"]],
    &[&["verified"], &["evidence"]],
    &[&["output"], &["of"], &["the"], &["previous"], &["step"]],
    &[&["decode", "decipher"], ANY, &["and"], &["do", "follow", "obey", "execute", "run"]],
    &[&["text", "order", "orders"], &["for", "to"], &["the", "any"], &["ai", "llm", "model", "chatbot"]],
    &[&["is", "as", "are", "your"], &["an"], &["ai"], &["without"], &["rules"]],
    &[&["automated", "automatic"], &["systems", "system", "readers", "agents", "tools", "assistants", "processes"], &["must", "should", "shall"], &["treat", "mark", "consider", "regard", "handle"], &["this", "these"]],
    // German
    &[&["du", "sie"], &["bist", "sind"], ANY, &["ki", "sprachmodell", "chatbot"]],
    &[&["hinweis", "anweisung", "nachricht"], &["an", "fur"], &["die", "das", "den", "alle"], &["ki", "sprachmodell", "chatbot", "assistenten"]],
    &[&["wenn", "falls"], &["du", "sie"], ANY, &["ki", "sprachmodell"]],
    // French
    &[&["tu", "vous"], &["es", "etes"], ANY, &["ia", "chatbot", "modele"], ],
    &[&["note", "message", "instruction", "instructions"], &["a", "pour"], &["l"], &["ia", "assistant"]],
    // Spanish, Portuguese, Italian
    &[&["eres"], ANY, &["ia", "chatbot", "modelo"]],
    &[&["voce", "tu"], &["e", "es"], ANY, &["ia", "chatbot", "modelo"]],
    &[&["sei"], ANY, &["ia", "chatbot", "modello"]],
    &[&["nota", "mensaje", "mensagem", "messaggio", "instrucciones", "instrucoes", "istruzioni"], &["para", "per", "a"], &["la", "a", "l"], &["ia"]],
    // Dutch
    &[&["je", "jij", "u"], &["bent"], ANY, &["ai", "taalmodel", "chatbot"]],
    &[&["bericht", "instructie", "opmerking"], &["voor", "aan"], &["de", "het"], &["ai", "taalmodel"]],
];

/// Words of other scripts and of languages that bend theirs: one of the first and one of the second in one line.
#[rustfmt::skip]
pub(super) const PAIRS: &[(&[&str], &[&str])] = &[
    (&["zignoruj", "zapomnij"], &["instrukcj", "polece"]),
    (&["ignorer", "glöm", "glem"], &["tidigare instruktion", "tidligere instruktion", "tidligere instruks", "alla instruktion"]),
    (&["yok say", "görmezden", "unut"], &["talimat"]),
    (&["игнориру", "забудь"], &["инструкц", "указани"]),
    (&["忽略", "无视", "無視", "忘记", "忘れ"], &["指令", "指示", "命令", "说明"]),
    (&["무시", "잊"], &["지시", "명령", "지침"]),
    (&["تجاهل", "انس"], &["تعليمات"]),
];
