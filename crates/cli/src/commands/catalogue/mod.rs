//! `ceralacca admin catalogue FILE` and `ceralacca admin catalogue-example DIR`.

mod example;
mod file;

use std::{collections::BTreeMap, path::Path};

use anyhow::{Result, anyhow, bail};
use app::{
    Cx,
    use_cases::catalogue::load::{Came, Loaded, load, look},
};

pub use self::example::write as write_example;
use super::words::in_words;

/// Loads a file, or tells what would come of it.
///
/// # Errors
/// When the file cannot be read or something in it is wrong: then nothing is written.
pub async fn run(cx: &Cx, file: &Path, check: bool) -> Result<()> {
    let catalogue = file::read(file)?;
    let came = if check { look(cx, &catalogue).await } else { load(cx, catalogue).await };
    match came.map_err(|p| in_words(cx, &p))? {
        Ok(loaded) => tell(&loaded, check),
        Err(complaints) => bail!(refused(file, &complaints)),
    }
    Ok(())
}

/// All complaints at once, each on a line.
fn refused(file: &Path, complaints: &[String]) -> anyhow::Error {
    anyhow!("{}: nothing was loaded\n  {}", file.display(), complaints.join("\n  "))
}

fn tell(loaded: &Loaded, check: bool) {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for line in &loaded.lines {
        let word = match line.came {
            Came::New => "new",
            Came::Changed => "changed",
            Came::There => "there already",
            Came::Kept => "kept",
        };
        *counts.entry(word).or_default() += 1;
        let more = if line.came == Came::Kept { ": another one is there, change it in the back office" } else { "" };
        if line.came != Came::There {
            println!("{}\t{word}{more}", line.what);
        }
    }
    let sums: Vec<String> = counts.iter().map(|(word, count)| format!("{count} {word}")).collect();
    println!("{}{}", if check { "nothing is written; would be: " } else { "" }, sums.join(", "));
    for lack in loaded.lacking.all() {
        println!("not for sale yet: {lack}");
    }
}
