//! The folder of the demo: replaced if an earlier demo made it, refused otherwise.

use std::fs;
use std::path::Path;

use anyhow::{Context, bail};

/// Tells a folder that a demo made from one that somebody needs.
const MARK: &str = ".warbell-demo";

/// Makes the folder, empty but for its mark.
pub fn prepare(out: &Path) -> anyhow::Result<()> {
    let shown = out.display();
    match fs::symlink_metadata(out) {
        Ok(found) if !found.is_dir() => {
            bail!("{shown} is not a folder. Name another one with --out.")
        }
        Ok(_) if out.join(MARK).is_file() => {
            fs::remove_dir_all(out).with_context(|| format!("cannot replace {shown}"))?;
        }
        Ok(_) if fs::read_dir(out).is_ok_and(|mut entries| entries.next().is_none()) => {}
        Ok(_) => bail!(
            "{shown} exists, and no demo made it, so it stays as it is. Name another folder with --out."
        ),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
        Err(error) => return Err(error).with_context(|| format!("cannot look at {shown}")),
    }
    fs::create_dir_all(out).with_context(|| format!("cannot make {shown}"))?;
    fs::write(
        out.join(MARK),
        "Made by `warbell demo`; the next demo replaces this folder.\n",
    )
    .with_context(|| format!("cannot write into {shown}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_that_no_demo_made_is_left_alone() {
        let dir = std::env::temp_dir().join(format!("warbell-out-{:016x}", rand::random::<u64>()));
        prepare(&dir).unwrap();
        fs::write(dir.join("INC-1-review.md"), "x").unwrap();
        prepare(&dir).unwrap();
        assert!(
            !dir.join("INC-1-review.md").exists(),
            "an earlier demo's folder is replaced"
        );
        fs::remove_file(dir.join(MARK)).unwrap();
        fs::write(dir.join("thesis.txt"), "x").unwrap();
        assert!(prepare(&dir).is_err());
        assert!(dir.join("thesis.txt").exists());
        fs::remove_dir_all(&dir).unwrap();
    }
}
