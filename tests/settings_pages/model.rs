//! The model on its page: what reads, within which limits, never its key; and
//! the button that has it read one made-up mail, once at a time.

use std::sync::Arc;

use baton::config::{ModelSettings, Settings};
use baton::llm::{Call, Failure, Model, Reader, Reply, Tokens};
use secrecy::SecretString;
use serde_json::json;

use crate::harness::{Service, settings};
use crate::stage::{begun, first, send};

const PATH: &str = "/settings/model";

async fn serve(
    model: ModelSettings,
    answer: impl Fn(&Call) -> Result<Reply, Failure> + Send + Sync + 'static,
) -> Service {
    let model = ModelSettings { name: Some("fake-7".to_owned()), ..model };
    let reader = Reader::new(Model::Generated(Arc::new(answer)), &model).expect("the shipped prompts");
    Service::start_with(Settings { model, ..settings() }, Some(reader)).await
}

/// What an honest model finds in the made-up mail.
fn honest(call: &Call) -> Result<Reply, Failure> {
    let quote = "we go live on July 15, 2026";
    assert!(call.user.contains(quote) && !call.user.contains("northwind"), "{}", call.user);
    let records = json!([{"key": "go_live_date", "evidence": [{"msg": "m1", "quote": quote}], "raw_value": "July 15, 2026",
                          "value": "2026-07-15", "status": "found", "note": ""}]);
    let text = json!({"records": records, "instructions_seen": []}).to_string();
    Ok(Reply { text, tokens: Tokens { input: 1_000, cached: 0, output: 200 } })
}

#[tokio::test]
async fn without_a_model_rules_are_tried() {
    let (_service, mut dana) = begun().await;
    let page = dana.get(PATH).await.expect(200).text;
    assert!(page.contains("Rules alone") && page.contains("nothing leaves this machine"), "{page}");
    assert!(page.contains("<code>model.name</code> · <code>BATON_MODEL__NAME</code>"), "{page}");
    let page = send(&mut dana, PATH, &[]).await.expect(200).text;
    assert!(page.contains("It works.") && page.contains("read one date out of one mail"), "{page}");
}

#[tokio::test]
async fn a_model_is_shown_without_its_secrets_and_its_trial_is_accounted_for() {
    let model = ModelSettings {
        key: Some(SecretString::from("sk-very-secret-key")),
        base_url: "https://me:s3cret@llm.acme.example/v1".to_owned(),
        headers: [("api-key".to_owned(), SecretString::from("s3cret-header"))].into(),
        tokens_per_day: Some(20_000),
        ..ModelSettings::default()
    };
    let service = serve(model, honest).await;
    let mut dana = first(&service).await;
    let page = dana.get(PATH).await.expect(200).text;
    assert!(page.contains("fake-7") && page.contains("https://llm.acme.example/v1"), "{page}");
    assert!(page.contains("api-key") && page.contains("0 of 20000"), "{page}");
    let page = send(&mut dana, PATH, &[]).await.expect(200).text;
    assert!(page.contains("It works.") && page.contains("its quote is true"), "{page}");
    assert!(page.contains("1200 of 20000"), "what it cost counts: {page}");
    for (_, answer) in &dana.seen {
        assert!(!answer.text.contains("s3cret") && !answer.text.contains("sk-very"), "{}", answer.text);
    }
}

#[tokio::test]
async fn what_does_not_work_comes_with_its_mend() {
    for (failure, words, mend) in [
        (Failure::NotAllowed(401), "the endpoint refuses the key", "OPENAI_API_KEY"),
        (Failure::Unreachable("nobody answers".to_owned()), "cannot be reached", "model.base_url"),
    ] {
        let service = serve(ModelSettings::default(), move |_| Err(failure.clone())).await;
        let mut dana = first(&service).await;
        let page = send(&mut dana, PATH, &[]).await.expect(422).text;
        assert!(page.contains("It does not work.") && page.contains(words) && page.contains(mend), "{page}");
    }
    // One that answers and finds nothing does not work either.
    let empty = |_: &Call| {
        let text = json!({"records": [], "instructions_seen": []}).to_string();
        Ok(Reply { text, tokens: Tokens::default() })
    };
    let service = serve(ModelSettings::default(), empty).await;
    let mut dana = first(&service).await;
    let page = send(&mut dana, PATH, &[]).await.expect(422).text;
    assert!(page.contains("did not quote one date") && page.contains("more capable model"), "{page}");
    // Beyond its limit nothing is sent.
    let capped = ModelSettings { tokens_per_day: Some(1), ..ModelSettings::default() };
    let service = serve(capped, |_| panic!("nothing may be sent")).await;
    let mut dana = first(&service).await;
    let page = send(&mut dana, PATH, &[]).await.expect(422).text;
    assert!(page.contains("raise the limit in the settings"), "{page}");
}
