//! Texts that people write.

use crate::problem::Problem;

/// Trimmed, not empty, of at most so many characters, without control characters (a line break is none here).
pub fn words(field: &'static str, text: &str, most: usize) -> Result<String, Problem> {
    let text = text.trim();
    let refused = |c: char| c.is_control() && c != '\n';
    if text.is_empty() || text.chars().count() > most || text.contains(refused) {
        return Err(Problem::invalid(field));
    }
    Ok(text.to_owned())
}

/// Likewise, where nothing may be said.
pub fn words_or_none(
    field: &'static str,
    text: Option<&str>,
    most: usize,
) -> Result<Option<String>, Problem> {
    match text.map(str::trim) {
        None | Some("") => Ok(None),
        Some(text) => words(field, text, most).map(Some),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_database_could_not_keep_is_refused() {
        assert!(words("name", "Ana\0", 120).is_err());
        assert!(words("name", "  ", 120).is_err());
        assert!(words("name", &"a".repeat(121), 120).is_err());
        assert_eq!(words("name", " Ana Peña\n", 120).unwrap(), "Ana Peña");
        assert_eq!(words_or_none("phone", Some(" "), 40).unwrap(), None);
    }
}
