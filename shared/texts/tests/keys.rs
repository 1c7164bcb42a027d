//! The dialogue's keys and the catalogues' are the same: nothing is said that has no words, no words are kept that nobody
//! says, and every gap is filled.

#![expect(
    clippy::unwrap_used,
    reason = "tests stop at the first thing that is not as it must be"
)]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use fluent_syntax::{
    ast::{Entry, Expression, InlineExpression, Pattern, PatternElement, VariantKey},
    parser,
};
use posta_texts::Texts;

/// A message of a catalogue: the values it needs, the messages it is made of.
#[derive(Debug, Default)]
struct Message {
    gaps: BTreeSet<String>,
    parts: BTreeSet<String>,
    /// Names of what is chosen between.
    variants: BTreeSet<String>,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn catalogue(name: &str) -> BTreeMap<String, Message> {
    let text = fs::read_to_string(root().join(format!("locales/es-AR/{name}.ftl"))).unwrap();
    let resource = parser::parse(text).unwrap_or_else(|(_, errors)| panic!("{name}: {errors:?}"));
    let messages = resource.body.into_iter().filter_map(|entry| match entry {
        Entry::Message(message) => {
            let mut found = Message::default();
            if let Some(value) = &message.value {
                of_pattern(value, &mut found);
            }
            Some((message.id.name, found))
        }
        _ => None,
    });
    messages.collect()
}

fn of_pattern(pattern: &Pattern<String>, found: &mut Message) {
    for element in &pattern.elements {
        match element {
            PatternElement::Placeable {
                expression: Expression::Inline(inline),
            } => of_inline(inline, found),
            PatternElement::Placeable {
                expression: Expression::Select { selector, variants },
            } => {
                of_inline(selector, found);
                for variant in variants {
                    if let VariantKey::Identifier { name } = &variant.key {
                        found.variants.insert(name.clone());
                    }
                    of_pattern(&variant.value, found);
                }
            }
            PatternElement::TextElement { .. } => {}
        }
    }
}

fn of_inline(inline: &InlineExpression<String>, found: &mut Message) {
    match inline {
        InlineExpression::VariableReference { id } => {
            found.gaps.insert(id.name.clone());
        }
        InlineExpression::MessageReference { id, .. } => {
            found.parts.insert(id.name.clone());
        }
        _ => {}
    }
}

/// The sources under a folder, without their tests.
fn sources(folder: &str) -> Vec<(PathBuf, String)> {
    let mut folders = vec![root().join(folder)];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            if path.is_dir() && name != "tests" {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") && name != "tests.rs" {
                let text = fs::read_to_string(&path).unwrap();
                let code = text
                    .split("#[cfg(test)]\nmod tests {")
                    .next()
                    .unwrap_or_default();
                let lines = code
                    .lines()
                    .filter(|line| !line.trim_start().starts_with("//"));
                let code: Vec<&str> = lines.collect();
                files.push((path, code.join("\n")));
            }
        }
    }
    files
}

/// The string literals of a source, with where each ends.
fn literals(code: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let mut start = None;
    let mut escaped = false;
    for (at, c) in code.char_indices() {
        match (start, c) {
            _ if escaped => escaped = false,
            (Some(_), '\\') => escaped = true,
            (None, '"') => start = Some(at + 1),
            (Some(from), '"') => {
                found.push((at + 1, &code[from..at]));
                start = None;
            }
            _ => {}
        }
    }
    found
}

/// Written as the catalogues write keys: `two-words`.
fn looks_like_a_key(text: &str) -> bool {
    text.contains('-')
        && text.split('-').all(|word| {
            !word.is_empty()
                && word
                    .bytes()
                    .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
        })
}

/// The names given by `.with("name", …)` directly after a position.
fn given(mut code: &str) -> Vec<&str> {
    let mut names = Vec::new();
    loop {
        code = code.trim_start().trim_start_matches(')').trim_start();
        let Some(rest) = code.strip_prefix(".with(") else {
            return names;
        };
        if let Some(name) = rest
            .trim_start()
            .strip_prefix('"')
            .and_then(|rest| rest.split('"').next())
        {
            names.push(name);
        }
        let mut depth = 1;
        let mut quoted = false;
        let end = rest.char_indices().find(|(_, c)| {
            match c {
                '"' => quoted = !quoted,
                '(' if !quoted => depth += 1,
                ')' if !quoted => depth -= 1,
                _ => {}
            }
            depth == 0
        });
        let Some((end, _)) = end else {
            return names;
        };
        code = &rest[end..];
    }
}

#[test]
fn everything_the_dialogue_says_has_words_and_every_gap_is_filled() {
    let texts = Texts::es_ar().unwrap();
    let all: BTreeMap<_, _> = ["formats", "refusals", "desk", "booking", "stay"]
        .into_iter()
        .flat_map(catalogue)
        .collect();
    let variants: BTreeSet<_> = all.values().flat_map(|message| &message.variants).collect();
    let sources = sources("shared/domain/src/dialogue");
    let mut wrong = Vec::new();
    for (path, code) in &sources {
        // The ids of buttons are written like keys, and are none.
        if path.ends_with("choice.rs") {
            continue;
        }
        let file = path.file_name().unwrap_or_default().to_string_lossy();
        for (end, literal) in literals(code) {
            let before = code[..end - literal.len() - 2].trim_end();
            let phrase = before.ends_with("Phrase::new(");
            let variant = variants.contains(&literal.to_owned());
            if !phrase && (variant || !looks_like_a_key(literal)) {
                continue;
            }
            if !texts.has(literal) {
                wrong.push(format!("{file}: no catalogue has {literal:?}"));
                continue;
            }
            let Some(message) = all.get(literal) else {
                wrong.push(format!("{file}: {literal:?} is not the dialogue's"));
                continue;
            };
            let given = if phrase {
                given(&code[end..])
            } else {
                Vec::new()
            };
            for gap in &message.gaps {
                // Some values are given by a helper for several messages.
                let name = format!("\"{gap}\"");
                let elsewhere = sources.iter().any(|(_, code)| code.contains(&name));
                if !given.contains(&gap.as_str()) && !elsewhere {
                    wrong.push(format!("{file}: {literal:?} is not given ${gap}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_words_are_kept_that_nobody_says() {
    let code: Vec<_> = [
        "shared/domain/src/dialogue",
        "shared/texts/src",
        "workers/src/message",
    ]
    .into_iter()
    .flat_map(sources)
    .collect();
    let mut used: BTreeSet<&str> = code
        .iter()
        .flat_map(|(_, code)| literals(code).into_iter().map(|(_, literal)| literal))
        .collect();
    let all: BTreeMap<_, _> = ["formats", "desk", "booking", "stay"]
        .into_iter()
        .flat_map(catalogue)
        .collect();
    used.extend(
        all.values()
            .flat_map(|message| message.parts.iter().map(String::as_str)),
    );
    // Said by number.
    let unused: Vec<_> = all
        .keys()
        .filter(|key| !used.contains(key.as_str()) && !key.starts_with("month-"))
        .collect();
    assert!(unused.is_empty(), "nobody says {unused:?}");
}

#[test]
fn titles_of_buttons_fit() {
    let texts = Texts::es_ar().unwrap();
    let all = ["desk", "booking", "stay", "formats"]
        .into_iter()
        .flat_map(catalogue);
    let mut wrong = Vec::new();
    for (key, message) in all {
        let title = key.starts_with("button-") || key.starts_with("open-") || key == "list-open";
        if title && message.gaps.is_empty() {
            let shown = texts.say(&key);
            if shown.encode_utf16().count() > 20 {
                wrong.push(format!("{key} = {shown}"));
            }
        }
    }
    assert!(wrong.is_empty(), "longer than 20: {wrong:#?}");
}
