//! Builds the crate again when a built file of the page changes.

fn main() {
    println!("cargo::rerun-if-changed=page/dist");
    println!("cargo::rerun-if-changed=api/openapi.json");
}
