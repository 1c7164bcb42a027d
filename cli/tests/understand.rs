//! `posta understand` as a process, with no environment at all.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::{
    io::{BufRead as _, BufReader, Write as _},
    process::{Child, Command, Output, Stdio},
};

use serde_json::{Value, json};

fn started(arguments: &[&str]) -> Child {
    Command::new(env!("CARGO_BIN_EXE_posta"))
        .arg("understand")
        .args(arguments)
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

fn ran(arguments: &[&str], input: &[u8]) -> Output {
    let mut process = started(arguments);
    process.stdin.take().unwrap().write_all(input).unwrap();
    process.wait_with_output().unwrap()
}

fn lines(output: &Output) -> Vec<Value> {
    String::from_utf8_lossy(&output.stdout)
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[test]
fn a_line_of_json_is_answered_by_a_line_of_json_with_every_field() {
    let input = json!({
        "text": "Hola! tenés lugar del 28 al 4 para 2 adultos y un bebé?",
        "reference_date": "2026-12-20",
        "tags": ["ignored"],
    });
    let output = ran(&[], input.to_string().as_bytes());
    assert!(output.status.success(), "{output:?}");
    let [read] = lines(&output).try_into().unwrap();
    for (field, value) in [
        ("intent", json!("availability")),
        ("check_in", json!("2026-12-28")),
        ("check_out", json!("2027-01-04")),
        ("nights", json!(7)),
        ("adults", json!(2)),
        ("children", json!(1)),
        ("infants", json!(1)),
        ("ages", json!([])),
        ("pets", json!(null)),
        ("guests_total", json!(3)),
        ("accommodation", json!(null)),
        ("vague", json!(null)),
        ("alternatives", json!([])),
    ] {
        assert_eq!(read.get(field), Some(&value), "{field} of {read}");
    }
}

#[test]
fn lines_stay_in_order_blank_ones_are_skipped_and_wrong_ones_are_answered_in_their_place() {
    let input = b"{\"text\":\"hola\"}\n\n  \nnonsense\n{\"words\":1}\n{\"text\":\"hola\",\"reference_date\":\"31/12\"}\n{\"text\":\"\xff\"}\n{\"text\":\"gracias\"}";
    let output = ran(&[], input);
    assert_eq!(output.status.code(), Some(1));
    let read = lines(&output);
    assert_eq!(read.len(), 6);
    assert_eq!(read[0]["intent"], "greeting");
    assert!(
        read[1..5].iter().all(|line| line["error"].is_string()),
        "{read:?}"
    );
    assert_eq!(read[5]["intent"], "thanks");
}

#[test]
fn the_day_of_the_command_line_counts_where_the_line_has_none() {
    let output = ran(&["--date", "2027-06-30"], b"{\"text\":\"para hoy\"}");
    assert_eq!(lines(&output)[0]["check_in"], "2027-06-30");
    assert_eq!(ran(&["--date", "mañana"], b"").status.code(), Some(2));
}

#[test]
fn each_line_is_answered_before_the_next_is_read() {
    let mut process = started(&[]);
    let mut input = process.stdin.take().unwrap();
    let mut output = BufReader::new(process.stdout.take().unwrap());
    for text in ["hola", "quiero reservar"] {
        writeln!(input, "{}", json!({ "text": text })).unwrap();
        let mut answer = String::new();
        output.read_line(&mut answer).unwrap();
        assert!(answer.contains("\"intent\""), "{answer}");
    }
    drop(input);
    assert!(process.wait().unwrap().success());
}
