//! `warbell`: parse, run, map to an exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    warbell::cli::main()
}
