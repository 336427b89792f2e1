//! The versions of the peers, as Cargo.lock pins them.

const LOCK: &str = include_str!("../../Cargo.lock");
const BENCHES: &str = "pennyweight-benches";

/// Returns the version of the crate `name` that the benches depend on.
pub(crate) fn version(name: &str) -> Option<String> {
    version_in(LOCK, name)
}

fn version_in(lock: &str, name: &str) -> Option<String> {
    // Where several versions are in the lock, the dependency is written `name version`.
    let dependency = package(lock, BENCHES)
        .flat_map(|lines| lines.map(|line| line.trim_matches([' ', '"', ','])))
        .find(|line| line.split(' ').next() == Some(name))?;
    match dependency.split_once(' ') {
        Some((_, version)) => Some(version.into()),
        None => package(lock, name).next()?.find_map(|line| value(line, "version")),
    }
}

fn package<'a>(lock: &'a str, name: &'a str) -> impl Iterator<Item = core::str::Lines<'a>> {
    lock.split("[[package]]").map(str::lines).filter(move |lines| {
        lines.clone().find_map(|line| value(line, "name")).as_deref() == Some(name)
    })
}

fn value(line: &str, key: &str) -> Option<String> {
    let (found, value) = line.split_once(" = ")?;
    (found == key).then(|| value.trim_matches('"').into())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAMPLE: &str = r#"
[[package]]
name = "hashbrown"
version = "0.15.5"

[[package]]
name = "hashbrown"
version = "0.17.1"

[[package]]
name = "sux"
version = "0.15.3"
dependencies = [
 "anyhow",
]

[[package]]
name = "anyhow"
version = "1.0.0"

[[package]]
name = "pennyweight-benches"
version = "0.1.0"
dependencies = [
 "hashbrown 0.17.1",
 "sux",
]
"#;

    #[test]
    fn the_version_is_the_one_that_the_benches_use() {
        assert_eq!(version_in(SAMPLE, "sux").as_deref(), Some("0.15.3"));
        assert_eq!(version_in(SAMPLE, "hashbrown").as_deref(), Some("0.17.1"));
    }

    #[test]
    fn what_the_benches_do_not_use_has_no_version() {
        assert_eq!(version_in(SAMPLE, "anyhow"), None);
        assert_eq!(version_in(SAMPLE, "absent"), None);
    }

    #[test]
    fn the_workspace_has_its_peers_in_the_lock() {
        for peer in ["arrow-array", "bitpacking", "fixedbitset", "sux", "tantivy-bitpacker"] {
            assert!(version(peer).is_some(), "{peer}");
        }
    }
}
