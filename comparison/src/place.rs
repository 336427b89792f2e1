//! Where the report goes: `target/pennyweight` of the workspace.

use std::{
    env, fs, io,
    path::{Path, PathBuf},
};

/// Returns the directory of the report, and makes it.
pub(crate) fn directory() -> io::Result<PathBuf> {
    let directory = target()?.join("pennyweight");
    fs::create_dir_all(&directory)?;
    Ok(directory)
}

/// Returns the target directory.
///
/// It is the one that this executable lies in, whatever it is called and whoever named it (an environment variable, a
/// configuration file, an option): cargo marks it with a `CACHEDIR.TAG`. An executable that was moved elsewhere falls back
/// on the workspace's `target`.
pub(crate) fn target() -> io::Result<PathBuf> {
    let executable = env::current_exe()?;
    let marked = marked_directory_of(&executable).map(Path::to_path_buf);
    Ok(marked.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../target")))
}

fn marked_directory_of(executable: &Path) -> Option<&Path> {
    executable.ancestors().find(|directory| directory.join("CACHEDIR.TAG").is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_marked_directory_above_the_executable_is_found() {
        let target = env::temp_dir().join(format!("pennyweight-place-{}", std::process::id()));
        let executable = target.join("release/deps/report");
        fs::create_dir_all(&target).unwrap();
        assert_ne!(marked_directory_of(&executable), Some(&*target));
        fs::write(target.join("CACHEDIR.TAG"), "").unwrap();
        assert_eq!(marked_directory_of(&executable), Some(&*target));
        fs::remove_dir_all(&target).unwrap();
    }
}
