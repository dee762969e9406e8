//! House rules as a program. Each task is a file of its own; this is only the list of them.

mod data;

use anyhow::{Result, bail};

fn main() -> Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    match words.split_first() {
        Some((&"data", rest)) => data::run(rest),
        Some((task, _)) => bail!("there is no task `{task}`: write data"),
        None => bail!("name a task: data"),
    }
}
