//! Embeds the migrations: every pair `migrations/{sqlite,postgres}/NNNN_name.sql`, in order.

use std::{collections::BTreeSet, env, fs, path::Path};

fn names(folder: &Path) -> BTreeSet<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|e| e.file_name().to_string_lossy().into_owned()).filter(|n| n.ends_with(".sql")).collect()
}

fn main() {
    println!("cargo:rerun-if-changed=migrations/sqlite");
    println!("cargo:rerun-if-changed=migrations/postgres");
    let root = Path::new(&env::var("CARGO_MANIFEST_DIR").expect("set by cargo")).join("migrations");
    let (sqlite, postgres) = (names(&root.join("sqlite")), names(&root.join("postgres")));
    assert_eq!(sqlite, postgres, "every migration needs both engines");
    let mut out = String::from("&[\n");
    let mut last = 0;
    for name in &sqlite {
        let stem = name.trim_end_matches(".sql");
        let number = stem.get(..4).and_then(|n| n.parse::<u32>().ok());
        let number = number.unwrap_or_else(|| panic!("{name} does not begin with four digits"));
        assert!(number > last, "two migrations have the number {number}");
        last = number;
        let file = |engine: &str| format!("include_str!({:?})", root.join(engine).join(name));
        out += &format!(
            "Migration {{ number: {number}, name: {stem:?}, sqlite: {}, postgres: {} }},\n",
            file("sqlite"),
            file("postgres")
        );
    }
    out.push(']');
    let to = Path::new(&env::var("OUT_DIR").expect("set by cargo")).join("migrations.rs");
    fs::write(to, out).expect("the folder is cargo's own");
}
