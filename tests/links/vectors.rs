//! Five hundred texts that would run a script or fetch something if they stood
//! on a page as more than text, made from families: tags with handlers behind
//! whatever closes their place, quotes, foreign elements, templates, forms in
//! forms, addresses, encodings, and what changes when it is parsed twice.

/// One text, with its family.
pub struct Vector {
    pub family: &'static str,
    pub text: String,
}

pub const COUNT: usize = 500;

/// What closes the place in which a text stands.
const CLOSERS: [&str; 12] = [
    "",
    "\">",
    "'>",
    "</title>",
    "</textarea>",
    "</style>",
    "</script>",
    "-->",
    "</q></dd></dl>",
    "</option></select>",
    "]]>",
    "</blockquote>",
];

/// `N` stands for the vector's number, `C` in brackets for an address that nobody may ask for.
const ELEMENTS: [&str; 24] = [
    "<script>X(N)</script>",
    "<script src=[C]></script>",
    "<img src=x onerror=X(N)>",
    "<img src=[C]>",
    "<svg onload=X(N)>",
    "<svg><script>X(N)</script></svg>",
    "<svg><animate onbegin=X(N) attributeName=x dur=1s>",
    "<body onload=X(N)>",
    "<iframe srcdoc='<script>parent.X(N)</script>'>",
    "<iframe src=\"javascript:parent.X(N)\">",
    "<iframe src=[C]>",
    "<object data=[C]>",
    "<embed src=[C]>",
    "<details open ontoggle=X(N)>",
    "<input autofocus onfocus=X(N)>",
    "<video src=x onerror=X(N)>",
    "<audio src=[C] autoplay>",
    "<marquee onstart=X(N)>",
    "<math><mtext><img src=x onerror=X(N)></mtext></math>",
    "<a href=javascript:X(N) autofocus onfocus=X(N)>go</a>",
    "<form action=[C]><button autofocus onfocus=X(N)>go</button></form>",
    "<style>@import url([C]);</style>",
    "<link rel=stylesheet href=[C]>",
    "<base href=[C]>",
];

const QUOTES: [&str; 6] = ["\"", "'", "`", "", "\" /", "&quot;"];
const ATTRIBUTES: [&str; 8] = [
    "onfocus=X(N) autofocus",
    "onmouseover=X(N)",
    "style=background:url([C])",
    "onpointerenter=X(N)",
    "srcdoc=<script>X(N)</script>",
    "formaction=javascript:X(N)",
    "onanimationstart=X(N)",
    "href=javascript:X(N)",
];

/// What means one thing when it is parsed and another when it is written and parsed again.
const TWICE: [&str; 12] = [
    "<noscript><p title=\"</noscript><img src=x onerror=X(N)>\">",
    "<svg></p><style><a id=\"</style><img src=x onerror=X(N)>\">",
    "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=x onerror=X(N)&gt;\">",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=X(N)>",
    "<listing>&lt;img src=x onerror=X(N)&gt;</listing>",
    "<xmp><p title=\"</xmp><img src=x onerror=X(N)>\"></xmp>",
    "<noembed><p title=\"</noembed><img src=x onerror=X(N)>\">",
    "<noframes><p title=\"</noframes><img src=x onerror=X(N)>\">",
    "<select><template><style></select><img src=x onerror=X(N)>",
    "<svg><foreignobject><p><style><img title=\"</style><img src=x onerror=X(N)>\">",
    "<math><annotation-xml encoding=text/html><style><img src=x onerror=X(N)>",
    "<table><caption><svg><title><table><caption></caption></table><style></title><img src=x onerror=X(N)>",
];

const SVG: [&str; 10] = [
    "<svg><set onbegin=X(N) attributeName=x to=1>",
    "<svg><a xlink:href=\"javascript:X(N)\"><text y=20>go</text></a></svg>",
    "<svg><use href=\"data:image/svg+xml,<svg id=x onload=X(N)></svg>#x\">",
    "<svg><foreignObject><iframe srcdoc=\"<script>top.X(N)</script>\">",
    "<svg><image href=[C]>",
    "<svg><style>@import '[C]';</style>",
    "<svg><script href=[C] />",
    "<svg><desc><img src=x onerror=X(N)></desc></svg>",
    "<svg><feImage href=[C]>",
    "<svg><animate attributeName=href values=javascript:X(N) /><a><text>go</text></a>",
];

const MATHML: [&str; 6] = [
    "<math href=\"javascript:X(N)\">go</math>",
    "<math><maction actiontype=statusline xlink:href=javascript:X(N)>go</maction></math>",
    "<math><mi xlink:href=\"data:text/html,<script>X(N)</script>\">go</mi></math>",
    "<math><annotation-xml encoding=\"text/html\"><script>X(N)</script></annotation-xml></math>",
    "<math><mglyph src=[C]>",
    "<math><mtext><script>X(N)</script></mtext></math>",
];

const TEMPLATES: [&str; 14] = [
    "<template><script>X(N)</script></template>",
    "<div><template shadowrootmode=open><img src=x onerror=X(N)></template></div>",
    "<template><img src=[C]></template><svg onload=X(N)>",
    "{{constructor.constructor('X(N)')()}}",
    "{{7*N}}",
    "${X(N)}",
    "#{X(N)}",
    "<%= X(N) %>",
    "{% include \"[C]\" %}",
    "[[X(N)]]",
    "{{{X(N)}}}",
    "{{one|safe}}<img src=x onerror=X(N)>",
    "{{link}}\"><img src=x onerror=X(N)>",
    "@(X(N))",
];

const FORMS: [&str; 5] = [
    "</form><form action=[C]><input name=token autofocus onfocus=X(N)>",
    "<form id=test></form><button form=test formaction=javascript:X(N) autofocus onfocus=X(N)>go</button>",
    "<form><form><img src=x onerror=X(N)></form></form>",
    "<input type=image src=[C]>",
    "<isindex action=javascript:X(N) type=image>",
];

const ADDRESSES: [&str; 14] = [
    "javascript:X(N)",
    "JaVaScRiPt:X(N)",
    "java&#9;script:X(N)",
    "&#106;avascript:X(N)",
    "javascript&colon;X(N)",
    "\u{1}javascript:X(N)",
    "data:text/html,<script>X(N)</script>",
    "data:text/html;base64,PHNjcmlwdD5YKE4pPC9zY3JpcHQ+",
    "data:image/svg+xml,<svg onload=X(N)>",
    "vbscript:X(N)",
    "[C]",
    "//[C]",
    "blob:[C]",
    "view-source:[C]",
];
const AROUND: [(&str, &str); 3] = [("", ""), ("<a href=\"", "\">go</a>"), ("![go](", ")")];

const ENCODED: [&str; 14] = [
    "&lt;script&gt;X(N)&lt;/script&gt;",
    "&#x3C;img src=x onerror=X(N)&#x3E;",
    "&amp;lt;script&amp;gt;X(N)&amp;lt;/script&amp;gt;",
    "\\u003cscript\\u003eX(N)\\u003c/script\\u003e",
    "%3Cscript%3EX(N)%3C/script%3E",
    "+ADw-script+AD4-X(N)+ADw-/script+AD4-",
    "\u{ff1c}script\u{ff1e}X(N)\u{ff1c}/script\u{ff1e}",
    "<\u{200b}script>X(N)</script>",
    "<scr<script>ipt>X(N)</scr</script>ipt>",
    "<SCRIPT/x>X(N)</SCRIPT\u{a0}>",
    "<img/src=x/onerror=X(N)//",
    "<<img src=x onerror=X(N)//<",
    "\u{2028}<img src=x onerror=X(N)>",
    "\\\"-X(N)}//\\",
];

const COMMENTS: [&str; 8] = [
    "<!--><img src=x onerror=X(N)>-->",
    "<!--!><img src=x onerror=X(N)>",
    "--!><img src=x onerror=X(N)>",
    "<![CDATA[<img src=x onerror=X(N)>]]>",
    "<?xml-stylesheet href=\"[C]\"?><img src=x onerror=X(N)>",
    "<!DOCTYPE x [<!ENTITY y SYSTEM \"[C]\">]>&y;<svg onload=X(N)>",
    "<//><img src=x onerror=X(N)>",
    "<![if gte IE 4]><script>X(N)</script><![endif]>",
];

const EVENTS: [&str; 48] = [
    "onclick",
    "onload",
    "onerror",
    "onfocus",
    "onfocusin",
    "onblur",
    "onmouseenter",
    "onmousemove",
    "onwheel",
    "onscroll",
    "onscrollend",
    "onkeydown",
    "oninput",
    "onchange",
    "onsubmit",
    "onreset",
    "oninvalid",
    "onselect",
    "ontoggle",
    "onbeforetoggle",
    "oncut",
    "oncopy",
    "onpaste",
    "ondrag",
    "ondrop",
    "onplay",
    "oncanplay",
    "onended",
    "ontimeupdate",
    "onanimationend",
    "ontransitionend",
    "ontransitionrun",
    "onpointerdown",
    "onpointerover",
    "ongotpointercapture",
    "ontouchstart",
    "oncontextmenu",
    "onauxclick",
    "onpageshow",
    "onhashchange",
    "onpopstate",
    "onmessage",
    "onstorage",
    "onunhandledrejection",
    "onresize",
    "onslotchange",
    "oncontentvisibilityautostatechange",
    "onsecuritypolicyviolation",
];

/// All of them; `canary` is the address that nobody may ask for.
pub fn all(canary: &str) -> Vec<Vector> {
    let mut made: Vec<(&'static str, String)> = Vec::new();
    let twice = |family, list: &[&str], made: &mut Vec<(&'static str, String)>| {
        made.extend(list.iter().flat_map(|text| ["", "\">"].map(|closer| (family, format!("{closer}{text}")))));
    };
    for closer in CLOSERS {
        made.extend(ELEMENTS.iter().map(|element| ("tags and handlers", format!("{closer}{element}"))));
    }
    for quote in QUOTES {
        made.extend(ATTRIBUTES.iter().map(|attribute| ("quoting", format!("{quote} {attribute} x={quote}"))));
    }
    twice("parsed twice", &TWICE, &mut made);
    twice("SVG", &SVG, &mut made);
    twice("MathML", &MATHML, &mut made);
    made.extend(TEMPLATES.iter().map(|text| ("templates", (*text).to_owned())));
    twice("forms in forms", &FORMS, &mut made);
    for (before, after) in AROUND {
        made.extend(ADDRESSES.iter().map(|address| ("addresses", format!("{before}{address}{after}"))));
    }
    made.extend(ENCODED.iter().map(|text| ("encodings", (*text).to_owned())));
    made.extend(COMMENTS.iter().map(|text| ("comments", (*text).to_owned())));
    made.extend(EVENTS.iter().map(|event| ("events", format!("<x {event}=X(N) tabindex=1 autofocus>go</x>"))));
    made.truncate(COUNT);
    let numbered = made.into_iter().enumerate().map(|(number, (family, text))| {
        let text = text.replace("(N)", &format!("({number})")).replace("7*N", &format!("7*{number}"));
        // Without a scheme twice, and with the number at its end.
        let text = text.replace("//[C]", &format!("//{}/{number}", canary.trim_start_matches("http://")));
        Vector { family, text: text.replace("[C]", &format!("{canary}/{number}")) }
    });
    numbered.collect()
}
