//! The HTML brief in a real browser: a click on a value lights up its words,
//! with and without script; hostile text runs nothing and fetches nothing; the
//! page fits narrow and wide windows, light and dark.

#[path = "../pages/hostile.rs"]
mod hostile;

mod chromium;

use std::fs;
use std::path::PathBuf;

use baton::brief::Brief;
use baton::conversation::Conversation;
use baton::rendering::{BriefView, brief_html};
use baton::route::{self, Route};
use chromium::{Chromium, FAINT, misdeeds};
use serde_json::{Value as Json, json};

/// A folder of this test's own.
fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("browser").join(name);
    fs::create_dir_all(&folder).expect("a folder for the test");
    folder
}

/// Writes a brief as a file and gives its address.
fn page(name: &str, (brief, route, conversation): &(Brief, Route, Conversation)) -> String {
    let path = folder("pages").join(format!("{name}.html"));
    fs::write(&path, brief_html(&BriefView { brief, route, conversation })).expect("the page is written");
    format!("file://{}", path.display())
}

fn sample() -> (Brief, Route, Conversation) {
    let brief = serde_json::from_str(include_str!("../pages/brief.json")).expect("the sample brief");
    let conversation =
        serde_json::from_str(include_str!("../pages/conversation.json")).expect("the sample conversation");
    (brief, route::load("route.yaml", include_str!("../pages/route.yaml")).expect("the sample route"), conversation)
}

/// The text of what is lit, and whether it is in view.
fn lit(browser: &mut Chromium) -> Json {
    browser.ask(
        "(() => { const lit = document.querySelector(':target'); if (!lit) return null; \
         const box = lit.getBoundingClientRect(); \
         return [lit.firstChild.textContent, box.top >= 0 && box.bottom <= innerHeight]; })()",
    )
}

#[test]
fn a_click_on_a_value_lights_up_its_words() {
    let mut browser = Chromium::start(&folder("click"));
    let url = page("click", &sample());
    for (width, script) in [(1440, true), (390, true), (1440, false), (390, false)] {
        browser.call("Emulation.setScriptExecutionDisabled", json!({"value": !script}));
        let reduced = json!({"features": [{"name": "prefers-reduced-motion", "value": "reduce"}]});
        browser.call("Emulation.setEmulatedMedia", reduced);
        browser.open(&url, width, 700);
        browser.click("#field-1 a.value");
        browser.arrive();
        let words = json!(["we go live on July 1 now", true]);
        assert_eq!(lit(&mut browser), words, "{width} px, script {script}");
        let colour = "getComputedStyle(document.querySelector('mark:target')).backgroundColor";
        assert_eq!(browser.ask(colour), json!("rgb(255, 212, 59)"));
        // The page's own listener is called before one that is added now.
        let marked = match script {
            true => "marked() || new Promise((done) => addEventListener('hashchange', () => done(marked())))",
            false => "marked()",
        };
        let marked = format!(
            "(() => {{ const marked = () => !!document.querySelector('main a[aria-current]'); return {marked}; }})()"
        );
        assert_eq!(browser.ask(&marked), json!(script), "only the script marks the link that was followed");

        // The old value has its own words, reached with the keyboard alone.
        browser.ask("document.querySelector('#field-1 s a').focus()");
        browser.press("Enter", 13);
        browser.arrive();
        assert_eq!(lit(&mut browser), json!(["we plan to go live on June 1", true]), "{width} px, script {script}");

        // The record's line is marked for a value of the CRM.
        browser.click("#field-2 a.value");
        browser.arrive();
        let line = browser.ask("document.querySelector(':target').textContent");
        assert_eq!(line, json!("amount86400"));
        assert_eq!(misdeeds(&browser, &url), Vec::<String>::new());
    }
}

#[test]
fn overlapping_words_light_up_whole() {
    let (mut brief, route, conversation) = sample();
    let field = brief.fields.iter().next().map(|(_, field)| field.clone()).expect("a field");
    let text = "Sorry for the change: we go live on July 1 now.";
    let mut longer = field.evidence[0].clone();
    (longer.start, longer.end, longer.quote) = (Some(6), Some(32), text[6..32].to_owned());
    brief.gaps[0].nearest = Some(longer);
    let mut browser = Chromium::start(&folder("overlap"));
    let url = page("overlap", &(brief, route, conversation));
    browser.open(&url, 1440, 700);
    // Every part whose own colour is the lit one, in order.
    let all_lit = "[...document.querySelectorAll('#m2 mark')].filter((mark) => !mark.querySelector('mark') \
                   && getComputedStyle(mark).backgroundColor === 'rgb(255, 212, 59)') \
                   .map((mark) => mark.textContent).join('')";
    browser.click("#question-1 .closest a.words");
    browser.arrive();
    assert_eq!(browser.ask(all_lit), json!(&text[6..32]));
    browser.click("#field-1 a.value");
    browser.arrive();
    assert_eq!(browser.ask(all_lit), json!("we go live on July 1 now"));
}

#[test]
fn hostile_text_does_nothing() {
    let mut browser = Chromium::start(&folder("hostile"));
    for (index, attack) in hostile::ATTACKS.iter().enumerate() {
        let url = page(&format!("hostile-{index}"), &hostile::hostile(attack));
        browser.open(&url, 1440, 900);
        browser.click("#m2 .name");
        assert_eq!(misdeeds(&browser, &url), Vec::<String>::new(), "{attack}");
        let made = "[...document.querySelectorAll('script, style, iframe, img, svg, form, input, base, link, object')] \
                    .map((made) => made.localName).join(' ')";
        assert_eq!(browser.ask(made), json!("style script"), "{attack}");
        let outside = "[...document.links].filter((link) => !link.href.startsWith('mailto:') \
                       && !(link.getAttribute('href') || '').startsWith('#')).length";
        assert_eq!(browser.ask(outside), json!(0), "{attack}");
        assert_eq!(browser.ask("document.location.href"), json!(url), "{attack}");
    }
}

#[test]
fn the_policy_alone_stops_what_escaping_would_miss() {
    let (brief, route, conversation) = sample();
    let html = brief_html(&BriefView { brief: &brief, route: &route, conversation: &conversation });
    let broken = html.replace("<main", "<script>document.title = 'owned'</script><main");
    let path = folder("pages").join("broken.html");
    fs::write(&path, broken).expect("the page is written");
    let mut browser = Chromium::start(&folder("policy"));
    browser.open(&format!("file://{}", path.display()), 800, 600);
    assert_ne!(browser.ask("document.title"), json!("owned"));
    assert!(!browser.told("Log.entryAdded").is_empty(), "the browser says what it stopped");

    // Without the policy the same look at the page sees a request.
    let open = html.replace("Content-Security-Policy", "nothing").replace("<main", "<img src='no.png'><main");
    fs::write(&path, open).expect("the page is written");
    let url = format!("file://{}", path.display());
    browser.open(&url, 800, 600);
    let found = misdeeds(&browser, &url);
    assert!(found.iter().any(|found| found.starts_with("asked for") && found.ends_with("no.png")), "{found:?}");
}

#[test]
fn the_page_fits_every_window_and_reads_well_in_light_and_dark() {
    let mut browser = Chromium::start(&folder("fit"));
    let url = page("fit", &hostile::hostile(&"x".repeat(2000)));
    for (width, scheme) in
        [(320, "light"), (390, "dark"), (768, "light"), (1099, "dark"), (1440, "light"), (1440, "dark")]
    {
        let scheme_feature = json!({"features": [{"name": "prefers-color-scheme", "value": scheme}]});
        browser.call("Emulation.setEmulatedMedia", scheme_feature);
        browser.open(&url, width, 800);
        let sideways = "Math.max(...[document.documentElement, document.querySelector('main'), \
                        document.querySelector('aside')].map((part) => part.scrollWidth - part.clientWidth))";
        assert_eq!(browser.ask(sideways), json!(0), "{width} px, {scheme}");
        assert_eq!(browser.ask(FAINT), json!([]), "{width} px, {scheme}");
    }
}
