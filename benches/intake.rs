//! How fast context of each format is read, in bytes a second: `cargo bench --bench intake`.

fn main() {
    divan::main();
}

mod calls {
    //! Captions of about the size and rhythm of real ones.

    use std::fmt::Write as _;

    use baton::intake::{Input, Options, read};
    use divan::Bencher;
    use divan::counter::BytesCount;

    const MEGABYTES: [usize; 2] = [1, 10];

    fn captions(bytes: usize) -> String {
        let mut text = "WEBVTT\n\n".to_owned();
        let mut cue = 0usize;
        while text.len() < bytes {
            let (minute, second) = (cue / 15 % 60, cue % 15 * 4);
            let speaker = if (cue / 3).is_multiple_of(2) { "Dana Whitfield" } else { "Marcus Lee" };
            let hour = cue / 900;
            let _ = writeln!(
                text,
                "{hour:02}:{minute:02}:{second:02}.000 --> {hour:02}:{minute:02}:{:02}.500\n<v {speaker}>We would like to start with forty seats in the first week.</v>\n",
                second + 3
            );
            cue += 1;
        }
        text
    }

    #[divan::bench(args = MEGABYTES, sample_count = 10)]
    fn webvtt(bencher: Bencher<'_, '_>, megabytes: usize) {
        let text = captions(megabytes * 1_000_000);
        let ours = ["acme.example".to_owned()];
        bencher
            .counter(BytesCount::of_str(&text))
            .with_inputs(|| {
                vec![Input {
                    name: "2026-02-24.vtt".to_owned(),
                    bytes: text.clone().into_bytes(),
                    kind: None,
                    format: None,
                }]
            })
            .bench_values(|inputs| read(inputs, &Options::of(&ours)));
    }
}
