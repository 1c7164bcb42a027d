//! Out of the bytes that a spreadsheet saved, rows with their line numbers.
//!
//! What Excel does is expected: a byte order mark, `;` or tabs between columns, a first line `sep=;`, Windows line ends,
//! quoted cells with line breaks in them, empty lines and empty columns at the end. What is not UTF-8 is refused, since
//! guessing would spoil every ñ of the guests' names.

use std::collections::BTreeMap;

use super::{MOST_LINES, columns::Column, problem};
use crate::import::FileProblem;

/// The notebook.
pub(super) struct Table {
    pub(super) rows: Vec<Row>,
}

/// One line that says something.
pub(super) struct Row {
    /// Where it begins, from 1.
    pub(super) line: usize,
    cells: BTreeMap<Column, String>,
}

impl Row {
    /// What is written there, without the spaces around it.
    pub(super) fn cell(&self, column: Column) -> Option<&str> {
        let cell = self.cells.get(&column).map(String::as_str);
        cell.map(str::trim).filter(|cell| !cell.is_empty())
    }
}

/// Reads the rows; nothing where the file as a whole cannot be read.
pub(super) fn read(bytes: &[u8], problems: &mut Vec<FileProblem>) -> Option<Table> {
    let text = text(bytes, problems)?;
    let (text, skipped) = match text.split_once('\n') {
        Some((first, rest)) if first.to_ascii_lowercase().starts_with("sep=") => (rest, 1),
        _ => (text, 0),
    };
    let lines = Lines::of(text, skipped);
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter(text))
        .from_reader(text.as_bytes());
    let mut columns: Option<Vec<Option<Column>>> = None;
    let mut rows = Vec::new();
    for record in reader.records() {
        // Nothing fails here: it is UTF-8 and may have any number of cells.
        let Ok(record) = record else { continue };
        let offset = record.position().map_or(0, csv::Position::byte);
        let line = lines.at(offset);
        if record.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        let Some(columns) = &columns else {
            columns = Some(headings(&record, line, problems)?);
            continue;
        };
        if rows.len() >= MOST_LINES {
            let text = format!("a notebook has at most {MOST_LINES} lines: split it");
            problems.push(problem(line, "", text));
            return None;
        }
        rows.push(row(&record, line, columns, problems));
    }
    if columns.is_none() {
        problems.push(problem(1, "", "the file is empty"));
        return None;
    }
    never_closed(text, &lines, &rows, problems);
    Some(Table { rows })
}

fn text<'b>(bytes: &'b [u8], problems: &mut Vec<FileProblem>) -> Option<&'b str> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    match std::str::from_utf8(bytes) {
        Ok(text) if !text.contains('\0') => Some(text),
        broken => {
            let good = broken.map_or_else(|error| error.valid_up_to(), |_| 0);
            let before = bytes.iter().take(good);
            let line = 1 + before.filter(|byte| **byte == b'\n').count();
            let text = "is not UTF-8: save it as \"CSV UTF-8\" and try again";
            problems.push(problem(line, "", text));
            None
        }
    }
}

/// What stands between columns: whichever is most often in the first line that says something.
fn delimiter(text: &str) -> u8 {
    let first = text.lines().find(|line| !line.trim().is_empty());
    let first = first.unwrap_or_default();
    let mut best = b',';
    for candidate in [b';', b'\t'] {
        let count = |mark: u8| first.bytes().filter(|byte| *byte == mark).count();
        if count(candidate) > count(best) {
            best = candidate;
        }
    }
    best
}

/// Which column each cell of a row is.
fn headings(
    record: &csv::StringRecord,
    line: usize,
    problems: &mut Vec<FileProblem>,
) -> Option<Vec<Option<Column>>> {
    let before = problems.len();
    let mut columns = Vec::new();
    for heading in record {
        let column = Column::named(heading);
        if column.is_none() && !heading.trim().is_empty() {
            let known: Vec<&str> = super::COLUMNS.into_iter().map(Column::name).collect();
            let text = format!("is no column of a notebook; those are {}", known.join(", "));
            problems.push(problem(line, &short(heading), text));
        }
        if column.is_some() && columns.contains(&column) {
            problems.push(problem(line, &short(heading), "is there twice"));
        }
        columns.push(column);
    }
    for needed in super::COLUMNS.into_iter().filter(|it| it.is_needed()) {
        if !columns.contains(&Some(needed)) {
            let text = format!(
                "this column is missing (or {})",
                needed.names().get(1..).unwrap_or_default().join(", ")
            );
            problems.push(problem(line, needed.name(), text));
        }
    }
    (problems.len() == before).then_some(columns)
}

fn row(
    record: &csv::StringRecord,
    line: usize,
    columns: &[Option<Column>],
    problems: &mut Vec<FileProblem>,
) -> Row {
    let mut cells = BTreeMap::new();
    for (n, cell) in record.iter().enumerate() {
        match columns.get(n).copied().flatten() {
            Some(column) => {
                cells.insert(column, cell.to_owned());
            }
            None if cell.trim().is_empty() => {}
            None => {
                let text = format!("{:?} is in no column", short(cell));
                problems.push(problem(line, "", text));
            }
        }
    }
    Row { line, cells }
}

/// A quotation mark that opens a cell and is never closed makes one cell of all that follows.
fn never_closed(text: &str, lines: &Lines<'_>, rows: &[Row], problems: &mut Vec<FileProblem>) {
    let Some(last) = rows.last() else { return };
    let from = lines.start_of(last.line);
    let rest = text.get(from..).unwrap_or_default();
    let marks = rest.bytes().filter(|byte| *byte == b'"').count();
    if marks % 2 == 1 && rest.trim_end().contains('\n') {
        let text = "a quotation mark opens here and is never closed";
        problems.push(problem(last.line, "", text));
    }
}

pub(super) fn short(text: &str) -> String {
    text.trim().chars().take(40).collect()
}

/// Where lines begin.
struct Lines<'t> {
    text: &'t str,
    starts: Vec<usize>,
    /// Lines before the text.
    skipped: usize,
}

impl<'t> Lines<'t> {
    fn of(text: &'t str, skipped: usize) -> Self {
        let breaks = text.match_indices('\n').map(|(at, _)| at + 1);
        Self {
            text,
            starts: std::iter::once(0).chain(breaks).collect(),
            skipped,
        }
    }

    /// The line of a record. Its offset may be that of the line ends before it.
    fn at(&self, offset: u64) -> usize {
        let offset = usize::try_from(offset).unwrap_or(self.text.len());
        let rest = self.text.as_bytes().iter().skip(offset);
        let ends = rest.take_while(|byte| matches!(byte, b'\r' | b'\n'));
        let offset = offset + ends.count();
        let line = self.starts.partition_point(|start| *start <= offset);
        line.max(1) + self.skipped
    }

    fn start_of(&self, line: usize) -> usize {
        let at = line.saturating_sub(1 + self.skipped);
        self.starts.get(at).copied().unwrap_or(self.text.len())
    }
}
