//! The assets are built by `make assets`, not here: a build of the program needs no network.
fn main() {
    println!("cargo:rerun-if-changed=assets/dist");
    if !std::path::Path::new("assets/dist/manifest.json").exists() {
        println!("cargo:warning=style sheets and scripts are not built: run `make assets` (pages will look bare)");
    }
}
