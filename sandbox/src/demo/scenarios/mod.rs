//! The scripted conversations. Those of a plain `make demo` are a question, a stay paid by link, and one paid by transfer; all of them are
//! played by `make demo SCENARIO=all`.

mod after;
mod asking;
mod booking;
mod paying;

use anyhow::bail;

use crate::script::Script;

/// All of them, in the order they are played.
const ALL: [&[Script]; 4] = [
    asking::SCRIPTS,
    booking::SCRIPTS,
    paying::SCRIPTS,
    after::SCRIPTS,
];
/// What is played when nobody says what.
const USUAL: [&str; 3] = ["welcome", "paid", "at-once"];

/// Those with this name, `all`, or the usual ones.
pub(crate) fn chosen(name: Option<&str>) -> anyhow::Result<Vec<Script>> {
    let all = || ALL.iter().copied().flatten();
    let wanted = |script: &&Script| match name {
        None => USUAL.contains(&script.name),
        Some("all") => true,
        Some(name) => script.name == name,
    };
    let found: Vec<Script> = all().filter(wanted).copied().collect();
    if found.is_empty() {
        let names: Vec<_> = all()
            .map(|script| format!("{} ({})", script.name, script.about))
            .collect();
        bail!(
            "there is no scenario `{}`; there are: all, {}",
            name.unwrap_or_default(),
            names.join(", ")
        );
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scenario_is_found_by_its_name_and_names_are_unique() {
        let all = chosen(Some("all")).unwrap();
        for script in &all {
            assert_eq!(
                chosen(Some(script.name)).unwrap().len(),
                1,
                "{}",
                script.name
            );
        }
        assert_eq!(chosen(None).unwrap().len(), USUAL.len());
        assert!(chosen(Some("nobody")).is_err());
    }
}
