//! Route files: what loads, every mistake with its place and mend, the shipped
//! routes, and the JSON of a route.

use baton::route::{self, Asked, Expression, Requirement, SaidBy, Severity};

/// What `check` finds must be exactly these: `line:column part of the message or mend`.
#[track_caller]
fn check(yaml: &str, expected: &[&str]) {
    let mistakes = route::check("x.yaml", yaml);
    let found: Vec<String> =
        mistakes.iter().map(|m| format!("{}:{} {} | {}", m.line, m.column, m.message, m.mend)).collect();
    let fits = |(line, part): (&String, &&str)| {
        let (place, words) = part.split_once(' ').unwrap();
        line.starts_with(&format!("{place} ")) && line.contains(words)
    };
    let all = found.len() == expected.len() && found.iter().zip(expected).all(fits);
    assert!(all, "\n{yaml}\nexpected:\n  {}\nfound:\n  {}", expected.join("\n  "), found.join("\n  "));
    let is_usable = mistakes.iter().all(|mistake| mistake.severity == Severity::Hint);
    assert_eq!(route::load("x.yaml", yaml).is_ok(), is_usable, "\n{yaml}");
}

/// One field under a sound head; its first line is line 3 and begins at column 5.
#[track_caller]
fn check_field(lines: &str, expected: &[&str]) {
    check(&format!("id: a-to-b\nfields:\n  - {}\n", lines.replace('\n', "\n    ")), expected);
}

/// A rule on the value of a field; the expression's quote stands at 5:22.
#[track_caller]
fn check_rule(kind: &str, assert: &str, expected: &[&str]) {
    check_field(&format!("key: k\ntype: {kind}\nrules: [{{assert: \"{assert}\", message: m}}]"), expected);
}

/// A condition over some fields; the expression's quote stands at 4:41.
#[track_caller]
fn check_condition(condition: &str, expected: &[&str]) {
    check(
        &format!(
            "id: a-to-b\nfields:\n  - {{key: plan, type: enum, values: [{{id: basic}}, {{id: pro, aliases: [Professional]}}]}}\n\
             \x20 - {{key: k, type: text, required_when: \"{condition}\", question: q?}}\n\
             \x20 - {{key: seats, type: number}}\n  - {{key: price, type: money}}\n  - {{key: start, type: date}}\n\
             \x20 - {{key: signed, type: bool}}\n  - {{key: tools, type: text, list: true}}\n  - {{key: term, type: duration}}\n"
        ),
        expected,
    );
}

#[test]
fn sound_files_have_no_mistakes() {
    check("id: a\nfields: [{key: k, type: text}]", &[]);
    check("\u{feff}id: a\nfields: [{key: k, type: text}]", &[]);
    check("id: a\r\nfields:\r\n  - key: k\r\n    type: text\r\n", &[]);
    check("# why\n---\nid: a\nfields:\n- key: k\n  type: text\n...\n", &[]);
    check("{\"id\": \"a\", \"fields\": [{\"key\": \"k\", \"type\": \"text\"}]}", &[]);
    check("id: a\nx: 1\nfields: [{key: k, type: text}]", &["2:1 unknown key"]);
    check_field("key: k\ntype: text\nlabel: ~\nlist: ", &[]);
    check_field("key: k\ntype: text\nlabel: 2024\ncues: [30, 1.0]", &[]);
    check_field("key: k\ntype: enum\nvalues:\n  - {id: eu, aliases: [EU, Europe]}\n  - {id: us}", &[]);
    check(
        "id: a\nfields:\n  - &first {key: k, type: date}\n  - {key: l, type: text, cues: &c [x]}\n  - {key: m, type: url, cues: *c}",
        &[],
    );
    for kind in [
        "text",
        "long_text",
        "date",
        "datetime",
        "duration",
        "money",
        "number",
        "email",
        "phone",
        "url",
        "person",
        "team",
        "bool",
    ] {
        check_field(&format!("key: k\ntype: {kind}"), &[]);
        check_field(&format!("key: k\ntype: {kind}\nlist: true"), &[]);
    }
}

#[test]
fn yaml_that_cannot_be_read() {
    check("", &["1:1 the file is empty"]);
    check("# nothing\n", &["1:1 the file is empty"]);
    check("just words", &["1:1 the file: this is text, not a mapping"]);
    check("- id: a", &["1:1 the file: this is a list"]);
    check("id: a\nfields: [{key: k, type: text}]\n---\nid: b\n", &["4:1 a second document"]);
    check("id: a\ntitle: one: two\nfields: []", &["2:11 put quotes around text"]);
    check("id: a\ntitle: \"open\nfields: []\n", &["2:8 close the quotes"]);
    check("id: *nowhere\n", &["1:5 name a part (`&name`) above"]);
    check(&format!("id: a # {}\n", "x".repeat(1 << 20)), &["1:1 larger than"]);
}

#[test]
fn keys_that_stand_twice() {
    let twice = "this key stands twice";
    check("id: a\nid: b\nfields: [{key: k, type: text}]", &[&format!("2:1 {twice}")]);
    check(
        "id: a\ntitle: é\n\"title\": u\nfields:\n  - {key: k, type: text, type: date}\n  - key: l\n    type: text\n    label: x\n    label: y\n",
        &[&format!("3:1 {twice}"), &format!("5:26 {twice}"), &format!("9:5 {twice}")],
    );
    check("id: a\nfields: [{key: k, type: text, map: {crm: a, crm: b}}]", &[&format!("2:45 {twice}")]);
}

#[test]
fn hostile_files_end_soon() {
    let is_refused = |text: String| assert!(!route::check("x.yaml", &text).is_empty());
    is_refused("[".repeat(500_000));
    is_refused("{a: ".repeat(200_000));
    is_refused("{".repeat(250) + &"}".repeat(250));
    is_refused("[a: ".repeat(250) + &"]".repeat(250));
    is_refused("- ".repeat(400_000));
    is_refused("? ".repeat(400_000));
    is_refused("- ".repeat(49) + "x");
    is_refused((0..1_000).map(|depth| " ".repeat(depth) + "a:\n").collect());
    is_refused("\"".repeat(1_000_000));
    is_refused("&a ".repeat(300_000));
    is_refused("id: [\n".repeat(150_000));
    let laughs: String =
        (1..30).map(|n| format!("a{n}: &a{n} [*a{0}, *a{0}, *a{0}, *a{0}, *a{0}, *a{0}]\n", n - 1)).collect();
    is_refused(format!("a0: &a0 [x, x, x, x, x]\n{laughs}"));
    is_refused(format!(
        "id: a\nfields:\n{}",
        "  - {key: k, type: text, required_when: \"zz == 1\", x: 1}\n".repeat(8_000)
    ));
    is_refused(format!(
        "id: a\nfields:\n{}",
        (0..9_000)
            .map(|n| format!("  - {{key: k{n}, type: text, required_when: k{} == 'x'}}\n", n + 1))
            .collect::<String>()
    ));
    is_refused("id: a\n".to_string() + &"id: b\n".repeat(1_000));
}

#[test]
fn hostile_expressions_end_soon() {
    let is_refused = |text: String| assert!(Expression::compile(&text).is_err(), "{text:.60}");
    is_refused("(".repeat(900));
    is_refused("!-".repeat(400) + "x");
    is_refused("1+".repeat(400) + "1");
    is_refused("a?b:".repeat(200) + "c");
    is_refused("[".repeat(400) + &"]".repeat(400));
    is_refused("a".to_string() + &".a".repeat(400));
    is_refused("a".to_string() + &"[0]".repeat(300));
    is_refused("x".repeat(2_000));
    is_refused("[1].all(a, [1].all(b, [1].all(c, true)))".to_string());
    assert!(Expression::compile(&["a == 1"; 100].join(" || ")).is_ok());
}

#[test]
fn the_head_of_a_route() {
    let head = |lines: &str, expected: &[&str]| check(&format!("{lines}\nfields: [{{key: k, type: text}}]"), expected);
    head("title: x", &["1:1 id: the route has no id"]);
    head("id: Sales to Onboarding", &["1:5 write `id: sales-to-onboarding`"]);
    head("id: a_b", &["1:5 write `id: a-b`"]);
    head("id: é", &["1:5 is no id"]);
    head("id: [a]", &["1:5 id: this is a list, not text"]);
    head("id: true", &["1:5 put it in quotes: \"true\""]);
    head("id: ''", &["1:5 id: the text is empty"]);
    head("id: 7", &[]);
    head("idd: a", &["1:1 did you mean 'id'?", "1:1 the route has no id"]);
    head("id: a\nversion: 0", &["2:10 version"]);
    head("id: a\nversion: 1.5", &["2:10 version"]);
    head("id: a\nversion: two", &["2:10 version"]);
    head("id: a\nfrom: sales", &["2:7 write `from: {team: sales}`"]);
    head("id: a\nto: {teem: sales}", &["2:5 to: no team is named", "2:6 did you mean 'team'?"]);
    head("id: a\ntrigger: {evnt: x}", &["2:11 did you mean 'event'?"]);
    head("id: a\ntriggr: {event: x}", &["2:1 did you mean 'trigger'?"]);
    head("id: a\nowners: {next_action: recever}", &["2:23 did you mean 'receiver'?"]);
    head("id: a\nowners: {next_action: owner}", &["2:23 nobody who can be asked"]);
    head("id: a\nowners: {failure: ops@acme.example, next_action: sender}", &[]);
    head("id: a\nredact: [email, phone, iban, card, key]", &[]);
    head("id: a\nredact: []", &[]);
    head("id: a\nredact: [emails]", &["2:10 did you mean 'email'?"]);
    head("id: a\nredact: [card, names]", &["2:16 known: email, phone, iban, card, key"]);
    head("id: a\nredact: email", &["2:9 write `redact: [email]`"]);
    head("id: a\nredact: [card, card]", &["2:16 stands twice"]);
    head("id: a\nowners: [sender]", &["2:9 owners: this is a list, not a mapping"]);
    for (limit, words) in [
        ("24", "24 has no unit"),
        ("24 h", "no length of time"),
        ("1.5h", "no length"),
        ("0h", "no length"),
        ("-1h", "no length"),
        ("h", "no length"),
        ("1y", "no length"),
        ("99999999999999999999h", "no length"),
        ("[1h]", "a list"),
        ("²h", "no length"),
    ] {
        head(&format!("id: a\nlimits: {{accept: {limit}}}"), &[&format!("2:18 {words}")]);
    }
    for limit in ["90s", "15m", "8h", "30d", "2w"] {
        head(&format!("id: a\nlimits: {{accept: {limit}, model: \"{limit}\"}}"), &[]);
    }
    head("id: a\nretention: {sources: 24h, briefs: 730d}", &[]);
    head("id: a\nretention: {sources: 1s}", &["2:13 retention.sources: shorter than a day"]);
    head("id: a\nretention: {briefs: 23h}", &["2:13 retention.briefs: shorter than a day"]);
    head("id: a\nretention: {sources: 90d, briefs: 30d}", &["2:12 the briefs go before the sources"]);
    check("id: a", &["1:1 fields: the route asks for nothing"]);
    check("id: a\nfields: []", &["2:1 fields: the route asks for nothing"]);
    check("id: a\nfields: {key: k}", &["2:9 fields: this is a mapping, not a list"]);
    check("id: a\nfields: [k]", &["2:10 fields[0]: this is text, not a mapping"]);
}

#[test]
fn keys_and_types_of_fields() {
    check_field("type: text", &["3:5 fields[0]: the field has no key"]);
    check_field("key: k", &["3:5 fields.k: the field has no type"]);
    check_field("key: Go-Live Date\ntype: date", &["3:10 write `key: go_live_date`"]);
    check_field("key: goLive\ntype: date", &["3:10 write `key: go_live`"]);
    check_field("key: 1st\ntype: date", &["3:10 write `key: st`"]);
    check_field("key: _x\ntype: date", &["3:10 write `key: x`"]);
    check_field("key: é\ntype: date", &["3:10 cannot be a key"]);
    for key in ["value", "today", "now", "in", "as", "null", "true"] {
        check_field(&format!("key: \"{key}\"\ntype: date"), &["3:10 has its own meaning"]);
    }
    check("id: a\nfields:\n  - {key: k, type: text}\n  - {key: k, type: date}", &["4:11 two fields have the key 'k'"]);
    check_field("key: k\ntype: dat", &["4:11 did you mean 'date'?"]);
    check_field("key: k\ntype: colour", &["4:11 types are text, long_text, date"]);
    check_field("key: k\ntype: [text]", &["4:11 this is a list"]);
    check_field("key: k\ntype: text\nrequird: true", &["5:5 did you mean 'required'?"]);
    check_field("key: k\ntype: text\n1: x", &["5:5 unknown key"]);
    check_field("key: k\ntype: text\n[a]: x", &["5:5 a key must be a word"]);
    check_field("key: k\ntype: text\nlabel: {a: b}", &["5:12 fields.k.label: this is a mapping, not text"]);
    // Columns count characters, not bytes.
    check(
        "id: a\nfields: [{label: ünïcödé → 日本, key: k, typ: text}]",
        &["2:10 no type", "2:40 did you mean 'type'?"],
    );
}

#[test]
fn values_of_enums() {
    check_field("key: k\ntype: enum", &["4:11 an enum needs values"]);
    check_field("key: k\ntype: enum\nvalues: []", &["5:5 the list is empty"]);
    check_field("key: k\ntype: enum\nvalues: [a, b]", &["5:14 write {id: a}", "5:17 write {id: b}"]);
    check_field("key: k\ntype: enum\nvalues: a", &["5:13 write `values: [a]`"]);
    check_field("key: k\ntype: enum\nvalues: [{aliases: [x]}]", &["5:14 the value has no id"]);
    check_field("key: k\ntype: enum\nvalues: [{id: a, alias: [x]}]", &["5:22 did you mean 'aliases'?"]);
    check_field("key: k\ntype: enum\nvalues: [{id: a}, {id: A}]", &["5:28 'A' already stands for 'a'"]);
    check_field("key: k\ntype: enum\nvalues: [{id: a}, {id: a}]", &["5:28 'a' already stands for 'a'"]);
    check_field(
        "key: k\ntype: enum\nvalues: [{id: a, aliases: [X]}, {id: b, aliases: [x]}]",
        &["5:55 'x' already stands for 'a'"],
    );
    check_field("key: k\ntype: enum\nvalues: [{id: a, aliases: [b]}, {id: b}]", &["5:42 'b' already stands for 'a'"]);
    check_field("key: k\ntype: enum\nvalues: [{id: a, aliases: [x, x]}]", &["5:35 'x' stands twice"]);
    check_field("key: k\ntype: enum\nvalues: [{id: true}]", &["5:19 put it in quotes"]);
    check_field("key: k\ntype: text\nvalues: [{id: a}]", &["5:5 only an enum has values, this is text"]);
}

#[test]
fn the_other_keys_of_fields() {
    check_field("key: k\ntype: text\nrequired: \"yes\"\nquestion: q?", &["5:15 write `required: true` without quotes"]);
    check_field("key: k\ntype: text\nlist: no", &["5:11 write `list: false` without quotes"]);
    check_field("key: k\ntype: text\nspecific: 1", &["5:15 this is a number, not true or false"]);
    check_field("key: k\ntype: text\nsaid_by: their", &["5:14 did you mean 'theirs'?"]);
    check_field("key: k\ntype: text\nsaid_by: customer", &["5:14 write any, theirs (the other side) or ours"]);
    check_field("key: k\ntype: text\nask: sendr", &["5:10 did you mean 'sender'?"]);
    check_field("key: k\ntype: text\nask: '@'", &["5:10 nobody who can be asked"]);
    check_field("key: k\ntype: text\nask: a b@acme.example", &["5:10 nobody who can be asked"]);
    check_field("key: k\ntype: text\nask: ops@acme.example", &[]);
    check_field("key: k\ntype: text\nallow: unknown", &["5:12 write `allow: [unknown]`"]);
    check_field(
        "key: k\ntype: text\nallow: [unknwon, n/a]",
        &["5:13 did you mean 'unknown'?", "5:22 cannot be allowed"],
    );
    check_field("key: k\ntype: text\nstale_after: soon", &["5:18 no length of time"]);
    check_field("key: k\ntype: text\ncues: [a, [b]]", &["5:15 fields.k.cues[1]: this is a list"]);
    check_field("key: k\ntype: text\nmap: {crm: [a]}", &["5:16 fields.k.map.crm: this is a list"]);
    check_field("key: k\ntype: text\nmap: [a]", &["5:10 fields.k.map: this is a list"]);
    check_field("key: k\ntype: text\nrules: [{message: m}]", &["5:13 the rule has no assert"]);
    check_field("key: k\ntype: text\nrules: [{assert: value != ''}]", &["5:13 the rule has no message"]);
    check_field(
        "key: k\ntype: text\nrules: [{asert: value != '', message: m}]",
        &["5:13 no assert", "5:14 did you mean 'assert'?"],
    );
    check_field("key: k\ntype: text\nrules: value != ''", &["5:12 this is text, not a list"]);
}

#[test]
fn hints_do_not_stop_a_route() {
    check_field("key: k\ntype: text\nrequired: true", &["3:5 has no question"]);
    check_field("key: k\ntype: bool\nspecific: true", &["5:5 yes or no is never vague"]);
    check_field("key: k\ntype: text\ncues: [a, A]", &["5:15 'A' stands twice"]);
    let shared = |kind: &str, expected: &[&str]| {
        check(
            &format!(
                "id: a\nfields:\n  - {{key: k, type: {kind}, cues: [go live]}}\n  - {{key: l, type: date, cues: [Go live]}}"
            ),
            expected,
        )
    };
    shared("date", &["4:33 'Go live' is also a cue of k"]);
    shared("text", &[]);
}

#[test]
fn conditions() {
    for sound in [
        "plan == 'pro'",
        "plan in ['basic', 'pro']",
        "seats > 5",
        "price.amount >= 1000 && price.currency == 'EUR'",
        "signed",
        "!signed",
        "start < today + duration('720h')",
        "tools.exists(t, t == 'x')",
        "'x' in tools",
        "size(tools) > 2",
        "term > duration('24h')",
        "signed ? seats > 1 : plan == 'pro'",
        "plan.startsWith('p')",
        "seats * 2.0 > 10",
        "start - today < duration('48h')",
        "start.getFullYear() > 2026",
        "true",
    ] {
        check_condition(sound, &[]);
    }
    check_condition("plan == 'por'", &["4:50 did you mean 'pro'?"]);
    check_condition("plan == 'professional'", &["4:50 did you mean 'pro'?"]);
    check_condition("'nothing' != plan", &["4:42 write one of 'basic', 'pro'"]);
    check_condition("plan in ['pro', 'max']", &["4:58 'max' is no value of plan"]);
    check_condition("pln == 'pro'", &["4:42 did you mean 'plan'?"]);
    check_condition("seats > 1 && contract == 'x'", &["4:55 there is no field 'contract'"]);
    check_condition("plan == pro", &["4:50 there is no field 'pro'"]);
    check_condition("k == 'x'", &["4:42 the condition names its own field"]);
    check_condition("value == 'x'", &["4:42 a condition has no `value`"]);
    check_condition("price > 1000", &["4:41 write price.amount"]);
    check_condition("price == 'EUR'", &["4:41 write price.currency"]);
    check_condition("price.sum > 1", &["4:41 money has .amount and .currency"]);
    check_condition("plan.name == 'x'", &["4:41 text has no part `.name`"]);
    check_condition("seats == '5'", &["4:41 a number is never equal to text"]);
    check_condition("seats * 2 > 10", &["4:41 write numbers with a point"]);
    check_condition("seats", &["4:41 gives a number, not true or false"]);
    check_condition("plan", &["4:41 gives text, not true or false"]);
    check_condition("signed && seats", &["4:41 join conditions"]);
    check_condition("signed == 'yes'", &["4:41 true or false is never equal to text"]);
    check_condition("start > '2026-01-01'", &["4:41 write the date as timestamp("]);
    check_condition("start > 5", &["4:41 compare a date with today"]);
    check_condition("start > duration('1h')", &["4:41 today + duration("]);
    check_condition("term > duration('30d')", &["4:58 write duration('720h')"]);
    check_condition("term > duration('24h30d')", &["4:58 no length of time"]);
    check_condition("term > 5", &["4:41 write the length of time as duration("]);
    check_condition("plan == null", &["4:41 leave it out"]);
    check_condition("tools == 'x'", &["4:41 test the items"]);
    check_condition("5 in tools", &["4:41 a number is never in a list of text"]);
    check_condition("tools.exists(t, t == 5)", &["4:41 text is never equal to a number"]);
    check_condition("sizee(tools) > 2", &["4:41 did you mean size()?"]);
    check_condition("plan.startWith('p')", &["4:41 did you mean startsWith()?"]);
    check_condition("plan == 'pro", &["4:50 "]);
    check_condition("plan = 'pro'", &["4:47 compare with `==`"]);
    check_condition("plan == 'pro' and signed", &["4:56 join conditions with `&&`"]);
    check_condition("", &["4:41 the text is empty"]);
    // Short circuits hide nothing.
    check_condition("signed || seats == 'x'", &["4:41 never equal"]);
    check_condition("plan == 'max' || pln == 'x'", &["4:59 did you mean 'plan'?"]);
    check_field(
        "key: k\ntype: text\nrequired: true\nrequired_when: today > now\nquestion: q?",
        &["6:5 exclude each other"],
    );
    check_field("key: k\ntype: text\nrequired_when: true", &["5:20 write `required: true`"]);
    // In block text only the beginning can be told.
    check_field("key: k\ntype: text\nquestion: q?\nrequired_when: >\n  zz\n  == 1", &["7:7 there is no field 'zz'"]);
    check_field("key: k\ntype: text\nquestion: q?\nrequired_when: zz == 1", &["6:20 there is no field 'zz'"]);
    check_field("key: k\ntype: text\nquestion: q?\nrequired_when: 'zz == ''x'''", &["6:20 there is no field 'zz'"]);
}

#[test]
fn conditions_in_a_circle() {
    let fields = |pairs: &[(&str, &str)], expected: &[&str]| {
        let line = |(key, other): &(&str, &str)| {
            format!("  - {{key: {key}, type: bool, question: q?, required_when: {other}}}\n")
        };
        check(
            &format!("id: a\nfields:\n{}  - {{key: z, type: bool}}\n", pairs.iter().map(line).collect::<String>()),
            expected,
        );
    };
    fields(&[("a", "b"), ("b", "a")], &["3:55 circle: a → b → a"]);
    fields(&[("x", "a"), ("c", "a"), ("a", "b"), ("b", "c")], &["4:55 circle: c → a → b → c"]);
    fields(&[("a", "b || z"), ("b", "z")], &[]);
    fields(&[("a", "b"), ("b", "a"), ("c", "d"), ("d", "c")], &["3:55 a → b → a", "5:55 c → d → c"]);
    fields(&[("a", "b && c"), ("b", "c"), ("c", "z")], &[]);
}

#[test]
fn rules_by_type() {
    for (kind, sound) in [
        ("date", "value >= today"),
        ("datetime", "value >= now"),
        ("number", "value > 0"),
        ("number", "value in [1, 2, 3]"),
        ("number", "value == 5"),
        ("money", "value.amount > 0"),
        ("money", "value.currency in ['EUR', 'USD']"),
        ("bool", "value"),
        ("bool", "value == true"),
        ("text", "size(value) >= 3"),
        ("text", "value.matches('^[0-9]+$')"),
        ("email", "value.endsWith('@acme.example')"),
        ("duration", "value <= duration('8760h')"),
        ("person", "value != 'nobody'"),
        ("text\n    list: true", "value.all(v, v != 'x')"),
        ("money\n    list: true", "value.all(v, v.amount > 0)"),
    ] {
        if kind.contains('\n') {
            check_field(
                &format!(
                    "key: k\ntype: {}\nrules: [{{assert: \"{sound}\", message: m}}]",
                    kind.replace("\n    ", "\n")
                ),
                &[],
            );
        } else {
            check_rule(kind, sound, &[]);
        }
    }
    check_rule("money", "value >= 1000", &["5:22 write value.amount"]);
    check_rule("date", "value > 0", &["5:22 `>` cannot take a date or time and a number"]);
    check_rule("text", "value > 0", &["5:22 without quotes"]);
    check_rule("number", "value % 2 == 0", &["5:22 with a point"]);
    check_rule("text", "k != 'x'", &[]);
    check_rule("text", "vale != 'x'", &["5:23 did you mean 'value'?"]);
    check_rule("text", "value.matches('[')", &[]);
    check_rule("text", "'a'.matches('[')", &["5:22 cannot take"]);
    check_rule("text", "size(value)", &["5:22 gives a number"]);
    check_rule("text", "1 / 0 == 1", &[]);
    check_field(
        "key: k\ntype: enum\nvalues: [{id: a}]\nrules: [{assert: value == 'b', message: m}]",
        &["6:31 'b' is no value of value"],
    );
    // With a type that cannot be read nothing is said about types.
    check_rule("txt", "value > 0", &["4:11 unknown type"]);
}

#[test]
fn all_mistakes_come_at_once_in_file_order() {
    check(
        "id: A\ntitel: x\nfields:\n  - {key: k, type: dat, required_when: zz, question: q?}\n  - {key: K, type: text, ask: me, list: 'no'}\n",
        &[
            "1:5 is no id",
            "2:1 did you mean 'title'?",
            "4:20 unknown type",
            "4:40 no field 'zz'",
            "5:11 cannot be a key",
            "5:31 nobody",
            "5:41 not true or false",
        ],
    );
}

#[test]
fn defaults_are_filled_in() {
    let route = route::load("x.yaml", "id: sales-to-onboarding\nfields: [{key: go_live_date, type: date}]").unwrap();
    assert_eq!((route.title.as_str(), route.version), ("Sales to onboarding", 1));
    assert_eq!((route.from_team.as_str(), route.to_team.as_str()), ("sales", "onboarding"));
    assert_eq!(route.owners.next_action, Asked::Receiver);
    let field = route.field("go_live_date").unwrap();
    assert_eq!((field.label.as_str(), field.question.as_str()), ("Go live date", "What is the go live date?"));
    assert!(matches!(field.required, Requirement::Optional));
    assert_eq!((field.said_by, &field.ask, field.list, field.specific), (SaidBy::Any, &Asked::Sender, false, false));
}

/// As JSON, which fits the schema and says the same when it is loaded as a file.
#[track_caller]
fn check_json(name: &str, text: &str) {
    let json = route::to_json(&route::load(name, text).unwrap());
    let schema = jsonschema::validator_for(&route::json_schema()).unwrap();
    let errors: Vec<String> = schema.iter_errors(&json).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{name}: {errors:?}");
    for written in [serde_json::to_string(&json).unwrap(), serde_json::to_string_pretty(&json).unwrap()] {
        let again = route::load(name, &written).unwrap_or_else(|mistakes| panic!("{name}: {mistakes:?}"));
        assert_eq!(route::to_json(&again), json, "{name}");
    }
}

const EVERYTHING: &str = r#"
id: a-to-b
version: 7
title: "Ünï: code #1"
from: {team: "1"}
to: {team: b}
trigger: {event: e, description: "d \"quoted\" \\ back\tslash"}
owners: {next_action: sender, failure: ops@acme.example}
limits: {fill_gaps: 24h, accept: 90m, model: 61s}
redact: [key, email]
on_transfer:
  - {name: board, webhook: {url: "https://hooks.acme.example/x?y=1", body: {a: "{{title}}: {{fields.k}}", b: [1, true, ~, {c: 1.5}]}}}
  - {name: whole, webhook: {url: "https://hooks.acme.example/y"}}
  - {name: tell-receiver, email: {subject: "{{title}}", text: "Two\nlines, {{link}}"}}
  - {name: copy, email: {to: archive@acme.example}}
  - {name: room, slack: {channel: C024BE91L, text: "{{brief}}"}}
  - {name: one, slack: {person: U024BE7LH}}
  - {name: chat, slack: {}}
fields:
  - {key: plan, type: enum, values: [{id: basic, aliases: ["2", "true"]}, {id: pro}], required: true, question: q?}
  - key: k
    type: money
    list: true
    required_when: "plan == 'pro'"
    rules: [{assert: "value.all(v, v.amount > 0)", message: "no: {x}"}]
    specific: true
    said_by: theirs
    stale_after: 2w
    allow: [unknown, not_applicable]
    ask: owner
    cues: ["- a", "é", "yes"]
    map: {crm: "a: b", "other crm": c}
    question: "Which?\nTwo lines."
"#;

#[test]
fn shipped_routes_have_no_mistakes() {
    assert_eq!(route::shipped().len(), 4);
    for (name, text) in route::shipped() {
        let mistakes: Vec<String> = route::check(name, text).iter().map(|mistake| mistake.to_string()).collect();
        assert!(mistakes.is_empty(), "{}", mistakes.join("\n"));
        assert_eq!(format!("{}.yaml", route::load(name, text).unwrap().id), *name);
        check_json(name, text);
    }
}

#[test]
fn json_fits_the_schema_and_comes_back() {
    check_json("x.yaml", EVERYTHING);
    check_json("x.yaml", "id: a\nfields: [{key: k, type: text}]");
}

#[test]
fn the_schema_refuses_what_the_check_refuses() {
    let schema = jsonschema::validator_for(&route::json_schema()).unwrap();
    let sound = serde_json::json!({"id": "a", "fields": [{"key": "k", "type": "text"}]});
    assert!(schema.is_valid(&sound));
    for (pointer, value) in
        [("/id", "A"), ("/fields/0/key", "K"), ("/fields/0/type", "enum"), ("/fields/0/type", "dat")]
    {
        let mut broken = sound.clone();
        *broken.pointer_mut(pointer).unwrap() = value.into();
        assert!(!schema.is_valid(&broken), "{pointer} {value}");
        assert!(!route::check("x", &broken.to_string()).is_empty(), "{pointer} {value}");
    }
    for (key, value) in [
        ("labl", serde_json::json!("x")),
        ("list", "no".into()),
        ("stale_after", "soon".into()),
        ("values", serde_json::json!([{"id": "a"}])),
        ("ask", "me".into()),
        ("allow", serde_json::json!(["x"])),
    ] {
        let mut broken = sound.clone();
        broken["fields"][0][key] = value;
        assert!(!schema.is_valid(&broken), "{broken}");
        assert!(!route::check("x", &broken.to_string()).is_empty(), "{broken}");
    }
}

#[test]
fn a_mistake_reads_as_one_line_and_its_mend() {
    let mistakes = route::check("routes/x.yaml", "id: a\nfields: [{key: k, type: dat}]");
    let printed = mistakes.first().unwrap().to_string();
    assert!(
        printed
            .starts_with("routes/x.yaml:2:25: error: fields.k.type: unknown type 'dat'\n  mend: did you mean 'date'?"),
        "{printed}"
    );
}
