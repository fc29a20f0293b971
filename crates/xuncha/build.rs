//! Leaves the names of functions out of the released program; they are a quarter of it. The profile says so too, but
//! cargo forgets that for a package with settings of its own, which this one has.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let is = |name: &str, value: &str| std::env::var(name).is_ok_and(|held| held == value);
    if is("PROFILE", "release") && is("CARGO_CFG_TARGET_OS", "linux") {
        println!("cargo::rustc-link-arg-bins=-Wl,--strip-all");
    }
}
