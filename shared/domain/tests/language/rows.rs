//! Where the rows are.

use std::fs;
use std::path::{Path, PathBuf};

use crate::row::Row;

/// The examples this module was asked for with.
const GIVEN: &str = "given.jsonl";

fn here() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/language")
}

pub(crate) fn given() -> Vec<Row> {
    read(&here().join(GIVEN))
}

/// Rows of the same kind that are not the project's own, where somebody keeps them beside it.
pub(crate) fn beside_the_project() -> Option<Vec<Row>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared/corpus/language/utterances.jsonl");
    path.exists().then(|| read(&path))
}

/// All other files here, by name.
pub(crate) fn ours() -> Vec<(String, Vec<Row>)> {
    let mut paths: Vec<PathBuf> = fs::read_dir(here())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|it| it == "jsonl") && !path.ends_with(GIVEN))
        .collect();
    paths.sort();
    paths
        .into_iter()
        .map(|path| {
            (
                path.file_stem().unwrap().to_string_lossy().into_owned(),
                read(&path),
            )
        })
        .collect()
}

fn read(path: &Path) -> Vec<Row> {
    let text = fs::read_to_string(path).unwrap();
    let mut rows = Vec::new();
    for (index, line) in text.lines().enumerate() {
        match serde_json::from_str(line) {
            Ok(row) => rows.push(row),
            Err(error) => panic!("{}:{}: {error}", path.display(), index + 1),
        }
    }
    rows
}
