//! A catalogue to begin with: that of the demonstration, in a file that explains itself.

use std::{fs::OpenOptions, io::Write, path::Path};

use anyhow::{Context, Result};

const FILE: &str = include_str!("example.toml");

/// Writes `catalogue.toml` and the texts that it names. What is there is not written over.
///
/// # Errors
/// When a file is there, or the folder cannot be written.
pub fn write(dir: &Path) -> Result<()> {
    std::fs::create_dir_all(dir.join("texts")).with_context(|| dir.display().to_string())?;
    put(&dir.join("catalogue.toml"), FILE)?;
    for (kind, locale, _, body) in app::fixtures::TEXTS {
        put(&dir.join(format!("texts/{kind}.{locale}.txt")), &format!("{body}\n"))?;
    }
    println!("{}", dir.join("catalogue.toml").display());
    println!("its plans, prices, domains and texts are invented: put yours in their place, then");
    println!("  ceralacca admin catalogue {} --check", dir.join("catalogue.toml").display());
    Ok(())
}

fn put(path: &Path, text: &str) -> Result<()> {
    let file = OpenOptions::new().write(true).create_new(true).open(path);
    let mut file = file.with_context(|| path.display().to_string())?;
    file.write_all(text.as_bytes()).with_context(|| path.display().to_string())
}

#[cfg(test)]
mod tests {
    use domain::time::Date;

    use super::*;
    use crate::commands::catalogue::file::read;

    #[test]
    fn it_can_be_read_and_is_not_written_over() {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path()).unwrap();
        let catalogue = read(&folder.path().join("catalogue.toml")).unwrap();
        assert_eq!(catalogue.plans.len(), 3);
        assert_eq!(catalogue.texts.len(), app::fixtures::TEXTS.len());
        assert!(catalogue.plans[0].on_sale(Date::parse_iso("2026-12-01").unwrap()));
        std::fs::write(folder.path().join("catalogue.toml"), "# mine").unwrap();
        assert!(write(folder.path()).is_err());
        assert_eq!(std::fs::read_to_string(folder.path().join("catalogue.toml")).unwrap(), "# mine");
    }

    fn complaints(text: &str) -> String {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("catalogue.toml");
        std::fs::write(&file, text).unwrap();
        format!("{:#}", read(&file).unwrap_err()).replace(&format!("{}/", folder.path().display()), "")
    }

    #[test]
    fn whatever_is_wrong_is_told_at_once() {
        let told = complaints(
            r#"
[[plan]]
code = "Gold!"
name = "G"
space_gb = 4
max_space_gb = 2
archive_extendable = true
sold_from = "01/12/2026"
[[addon]]
service = "fax"
name = "Fax"
sold_from = "2026-12-01"
[[domain]]
name = "PEC.Example"
on_sale = true
[[price_list]]
code = "retail"
name = "Retail"
channel = "shop"
addon_rule = "weekly"
[[price_list.price]]
product = "gold"
from = "2026-12-01"
net = "-1"
vat_percent = 220
[[price_list.offer]]
plan = "gold"
service = "sms_notice"
from = "2026-12-01"
max_gb = 2
[[text]]
kind = "rules"
version = "un due"
locale = "fr"
title = ""
file = "none.txt"
from = "2026-12-01"
"#,
        );
        for part in [
            "catalogue.toml: nothing was loaded",
            "plan `Gold!`: `code` has 3 to 24",
            "plan `Gold!`: `name` has 2 to 80",
            "`max_space_gb` is from `space_gb`",
            "without an archive none can be extended",
            "`sold_from` is a day like 2026-12-01, not `01/12/2026`",
            "add-on `fax`: `service` is one of extra_space,",
            "domain `PEC.Example`: a domain is written",
            "price list `retail`: `channel` is",
            "price list `retail`: `addon_rule` is",
            "price of `gold` in `retail`: `net` is an amount",
            "`vat_percent` is from 0 to 100",
            "`max_gb` is from 1 to 1",
            "`kind` is one of conditions,",
            "`version` has 1 to 32",
            "`locale` is `it` or `en`",
            "`title` has 1 to 200",
            "none.txt",
        ] {
            assert!(told.contains(part), "{part}: {told}");
        }
    }

    #[test]
    fn a_file_without_end_is_read_to_its_bound() {
        let told = format!("{:#}", read(Path::new("/dev/zero")).unwrap_err());
        assert!(told.contains("more than the 1048576 bytes"), "{told}");
    }

    #[test]
    fn a_key_that_nobody_knows_is_refused_with_its_line() {
        let told = complaints("[[domain]]\nname = \"pec.example.it\"\non_sale = true\nserved = true\n");
        assert!(told.contains("line 4") && told.contains("served"), "{told}");
    }
}
