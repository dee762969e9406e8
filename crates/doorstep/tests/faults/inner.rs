//! A trial that mounts: it is run once more as a process of its own, in mounts of its own that nobody else sees and that are
//! gone with it.

use std::path::Path;
use std::process::Command;

/// Tells the second run that it is the second.
const INNER: &str = "DOORSTEP_INNER";

/// Returns whether this is the inner run of `test`. Where it is not, it starts one and waits for it; where nobody may mount,
/// it says so.
pub fn enter(test: &str) -> bool {
    if std::env::var_os(INNER).is_some() {
        return true;
    }
    let own = ["-m", "--propagation", "private"];
    let mount = ["mount", "-t", "tmpfs", "none", "/mnt"];
    let can = Command::new("unshare").args(own).args(mount).output();
    if !can.is_ok_and(|output| output.status.success()) {
        eprintln!("skipped: only root may mount, and not everywhere (unshare -m, mount)");
        return false;
    }
    let mut again = Command::new("unshare");
    again.args(own).arg(std::env::current_exe().unwrap());
    again.args(["--exact", test, "--nocapture", "--test-threads", "1"]).env(INNER, "1");
    let output = again.output().unwrap();
    let told = [output.stdout, output.stderr].concat();
    let told = String::from_utf8_lossy(&told);
    assert!(output.status.success() && told.contains("1 passed"), "{told}");
    eprintln!("{told}");
    false
}

/// Runs a command that has to succeed.
pub fn run(program: &str, args: &[&str]) -> String {
    let output = Command::new(program).args(args).output().unwrap();
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    let why = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{program} {args:?}: {told}{why}");
    told
}

/// Mounts a disk of so many MB in memory over a folder.
pub fn mount_small(folder: &Path, megabytes: u32) {
    let options = format!("size={megabytes}m,mode=700");
    run("mount", &["-t", "tmpfs", "-o", &options, "none", folder.to_str().unwrap()]);
}
