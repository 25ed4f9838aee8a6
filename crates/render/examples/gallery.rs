//! Writes every sample of every page, mail and short message as a file, to look at and to check:
//! `cargo run -p render --example gallery [FOLDER]` (default `test-output/gallery`).
//! `/assets/…` is expected beside the folder's server.

use std::{collections::HashMap, fs, path::Path, path::PathBuf};

use render::{Chrome, Drawn, Locale, Options, Registry, Renderer};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let root = PathBuf::from(std::env::args().nth(1).unwrap_or_else(|| "test-output/gallery".into()));
    let renderer = Renderer::new(Options { assets: assets(), ..Options::default() })?;
    let mut written = 0;
    for locale in Locale::ALL {
        for sample in Registry::all().samples {
            let stem = root.join(locale.code()).join(format!("{}-{}", sample.name.replace('/', "."), sample.index));
            match sample.draw(&renderer, &Chrome::sample(locale))? {
                Drawn::Page(html) => write(&stem, "html", &html)?,
                Drawn::Sms(text) => write(&stem, "sms.txt", &text)?,
                Drawn::Mail(letter) => {
                    write(&stem, "mail.html", &letter.html)?;
                    write(&stem, "mail.txt", &format!("{}\n\n{}", letter.subject, letter.text))?;
                }
            }
            written += 1;
        }
    }
    println!("{written} samples under {}", root.display());
    Ok(())
}

fn write(stem: &Path, ending: &str, text: &str) -> std::io::Result<()> {
    let path = PathBuf::from(format!("{}.{ending}", stem.display()));
    fs::create_dir_all(path.parent().expect("the stem has a folder"))?;
    fs::write(path, text)
}

/// The names of the built assets, if they are built.
fn assets() -> HashMap<String, String> {
    let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/../web/assets/dist/manifest.json");
    let text = fs::read_to_string(manifest).unwrap_or_else(|_| "{}".into());
    let names: HashMap<String, String> = serde_json::from_str(&text).unwrap_or_default();
    names.into_iter().map(|(k, v)| (k, format!("/assets/{v}"))).collect()
}
