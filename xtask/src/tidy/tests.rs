//! Each rule finds a fault planted for it, and leaves the innocent twin alone.

use super::{Tree, check};

fn tree(files: &[(&str, &str)]) -> Tree {
    Tree { texts: files.iter().map(|(p, t)| ((*p).to_owned(), (*t).to_owned())).collect(), others: Vec::new() }
}
fn found(files: &[(&str, &str)]) -> Vec<String> {
    check(&tree(files)).iter().map(ToString::to_string).collect()
}
/// Exactly one breach, of this rule at this place.
fn one(files: &[(&str, &str)], start: &str) {
    let all = found(files);
    assert_eq!(all.len(), 1, "{all:#?}");
    assert!(all[0].starts_with(start), "{} is not {start}", all[0]);
}
fn none(files: &[(&str, &str)]) {
    assert_eq!(found(files), Vec::<String>::new());
}

#[test]
fn edges_follow_the_table() {
    let store = ("crates/store/Cargo.toml", "[package]\nname = \"store\"\n");
    one(
        &[store, ("crates/web/Cargo.toml", "[dependencies]\nstore.workspace = true\n")],
        "crates/web/Cargo.toml:2 depends ",
    );
    none(&[store, ("crates/app/Cargo.toml", "[dependencies]\nstore.workspace = true\n")]);
    one(&[("crates/app/Cargo.toml", "[dependencies]\nreqwest.workspace = true\n")], "crates/app/Cargo.toml:2 depends ");
    one(&[("crates/extra/Cargo.toml", "[dependencies]\n")], "crates/extra/Cargo.toml:1 depends ");
    let kit = ("crates/testkit/Cargo.toml", "[package]\n");
    none(&[kit, ("crates/web/Cargo.toml", "[dev-dependencies]\ntestkit.workspace = true\n")]);
    one(
        &[kit, ("crates/web/Cargo.toml", "[dependencies]\ntestkit.workspace = true\n")],
        "crates/web/Cargo.toml:2 depends ",
    );
}

#[test]
fn versions_come_from_the_root() {
    one(&[("crates/web/Cargo.toml", "[dependencies]\nbytes = \"1\"\n")], "crates/web/Cargo.toml:2 manifest ");
    one(&[("crates/web/Cargo.toml", "[dependencies\n")], "crates/web/Cargo.toml:1 manifest ");
}

#[test]
fn each_dependency_has_its_reason() {
    none(&[("Cargo.toml", "[workspace.dependencies]\n# Bytes of the driver.\nbytes = \"1\"\n")]);
    one(
        &[("Cargo.toml", "[workspace.dependencies]\n# Bytes of the driver.\nbytes = \"1\"\nhex = \"1\"\n")],
        "Cargo.toml:4 reason ",
    );
    one(&[("Cargo.toml", "[workspace.dependencies]\n# b\nbytes = \"1\"\n")], "Cargo.toml:3 reason ");
}

#[test]
fn statements_live_in_the_store() {
    let code = "const A: &str = \"SELECT id\n FROM mailboxes\";\n";
    one(&[("crates/app/src/a.rs", code)], "crates/app/src/a.rs:1 sql ");
    none(&[("crates/store/src/a.rs", code)]);
    none(&[("crates/app/src/a.rs", "const A: &str = \"Select a name\"; // SELECT id FROM x\n")]);
    one(&[("crates/app/src/a.rs", "use rusqlite::Row;\n")], "crates/app/src/a.rs:1 sql ");
    none(&[(
        "crates/cli/src/a.rs",
        "// tidy: allow(sql) the mail server runs this query itself\nconst A: &str = \"SELECT a FROM b\";\n",
    )]);
    one(
        &[("crates/cli/src/a.rs", "// tidy: allow(sql)\nconst A: &str = \"SELECT a FROM b\";\n")],
        "crates/cli/src/a.rs:2 sql ",
    );
}

#[test]
fn a_whole_file_is_excused_in_its_head() {
    let head = "//! Files of the mail servers.\n// tidy: allow(sql) the mail servers run them\n\nuse x;\n";
    none(&[("crates/cli/src/a.rs", &format!("{head}const A: &str = \"SELECT a FROM b\";\n"))]);
    let later = "use x;\n// tidy: allow(sql) too late for the rest\nuse y;\nconst A: &str = \"SELECT a FROM b\";\n";
    one(&[("crates/cli/src/a.rs", later)], "crates/cli/src/a.rs:4 sql ");
}

#[test]
fn layers_of_the_code() {
    one(&[("crates/web/src/a.rs", "fn a() { store::x() }\n")], "crates/web/src/a.rs:1 layers ");
    none(&[("crates/web/src/a.rs", "fn a() { restore::x(); let store = 1; }\n")]);
    one(&[("crates/app/src/a.rs", "use reqwest::Client;\n")], "crates/app/src/a.rs:1 outgoing ");
    one(&[("crates/web/src/a.rs", "use minijinja::Value;\n")], "crates/web/src/a.rs:1 templates ");
}

#[test]
fn time_is_an_argument() {
    one(
        &[("crates/app/src/a.rs", "fn a() {\n  let t = std::time::Instant::now();\n}\n")],
        "crates/app/src/a.rs:2 clock ",
    );
    none(&[(
        "crates/app/src/a.rs",
        "fn a() {\n  // tidy: allow(clock) measures the queue\n  let t = Instant::now();\n}\n",
    )]);
    one(&[("crates/app/tests/a.rs", "fn a() { tokio::time::sleep(d); }\n")], "crates/app/tests/a.rs:1 sleep ");
    none(&[("crates/app/src/a.rs", "fn a() { tokio::time::sleep(d); }\n")]);
}

#[test]
fn lengths_are_limited() {
    let long = format!("fn a() {{\n{}}}\n", "  b();\n".repeat(70));
    one(&[("crates/app/src/a.rs", &long)], "crates/app/src/a.rs:1 length function `a` has 72");
    none(&[("crates/app/src/a.rs", &format!("fn a() {{\n{}}}\n", "  b();\n".repeat(68)))]);
    let file = "struct A;\n".repeat(501);
    one(&[("crates/app/src/a.rs", &file)], "crates/app/src/a.rs:1 length 501");
    none(&[("crates/app/tests/a.rs", &file)]);
    let tested = format!("{}#[cfg(test)]\nmod tests {{\n{}}}\n", "struct A;\n".repeat(450), "struct B;\n".repeat(200));
    none(&[("crates/app/src/a.rs", &tested)]);
    one(&[("crates/app/tests/a.rs", &"struct A;\n".repeat(901))], "crates/app/tests/a.rs:1 length 901");
}

#[test]
fn words_and_unwraps() {
    one(&[("crates/app/src/mail_helper.rs", "")], "crates/app/src/mail_helper.rs:1 names ");
    one(&[("crates/app/src/a.rs", "fn a() { b().unwrap() }\n")], "crates/app/src/a.rs:1 unwrap ");
    none(&[("crates/app/src/a.rs", "#[cfg(test)]\nmod tests {\n fn a() { b().unwrap() }\n}\n")]);
}

#[test]
fn texts_hold_no_trace_of_a_machine() {
    let path = concat!("see /wo", "rk/notes/x\n");
    one(&[("docs/a.md", path)], "docs/a.md:1 machine ");
    none(&[("docs/a.md", "see network/notes and {x}/work/y\n")]);
    one(&[("package-lock.json", concat!("registry.", "npmjs", "/x\n"))], "package-lock.json:1 machine ");
}

#[test]
fn documents_name_what_exists() {
    one(&[("docs/a.md", "see `crates/app/src/none.rs`\n")], "docs/a.md:1 document ");
    one(&[("docs/a.md", "see [b](b.md)\n")], "docs/a.md:1 document ");
    none(&[
        ("docs/a.md", "see [b](b.md#x), [c](../README.md), `docs/b.md`, `crates/<name>/src`\n"),
        ("docs/b.md", ""),
        ("README.md", ""),
    ]);
}

#[test]
fn migrations_come_in_pairs() {
    let (l1, p1) =
        (("crates/store/migrations/sqlite/0001_a.sql", ""), ("crates/store/migrations/postgres/0001_a.sql", ""));
    none(&[l1, p1]);
    one(&[l1], "crates/store/migrations/sqlite/0001_a.sql:1 migrations ");
    one(&[p1], "crates/store/migrations/postgres/0001_a.sql:1 migrations ");
    let (l3, p3) =
        (("crates/store/migrations/sqlite/0003_c.sql", ""), ("crates/store/migrations/postgres/0003_c.sql", ""));
    one(&[l1, p1, l3, p3], "crates/store/migrations/sqlite/0003_c.sql:1 migrations ");
}
