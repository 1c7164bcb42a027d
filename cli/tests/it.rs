//! `posta` as a process, against real services.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::{
    collections::HashMap,
    process::{Output, Stdio},
};

use posta_bus::testing::TestBus;
use posta_store::{
    dead_letters::{self, NewDeadLetter, Origin},
    testing::{Database, database, empty},
};
use secrecy::ExposeSecret as _;
use tokio::io::AsyncWriteExt as _;

const PROPERTY: &str = r#"
[property]
name = "Cabañas del Lago"
zone = "America/Argentina/Buenos_Aires"
currency = "ARS"
check_in_from = "15:00"
check_out_until = "10:00"
answers_from = "09:00"
answers_until = "21:00"

[property.texts]
welcome = "Hola"

[[unit_types]]
name = "Cabaña"
capacity = 4
accommodations = ["Uno", "Dos"]
"#;

struct Posta {
    environment: HashMap<String, String>,
}

impl Posta {
    fn over(database: &Database) -> Self {
        let environment = HashMap::from([
            (
                "DATABASE_URL".to_owned(),
                database.url().expose_secret().to_owned(),
            ),
            ("TENANT_NAME".to_owned(), "Lago".to_owned()),
            ("WHATSAPP_PHONE_NUMBER_ID".to_owned(), "1001".to_owned()),
        ]);
        Self { environment }
    }

    fn with(mut self, name: &str, value: &str) -> Self {
        self.environment.insert(name.to_owned(), value.to_owned());
        self
    }

    async fn run(&self, arguments: &[&str]) -> Output {
        tokio::process::Command::new(env!("CARGO_BIN_EXE_posta"))
            .args(arguments)
            .env_clear()
            .envs(&self.environment)
            .output()
            .await
            .unwrap()
    }

    /// With something on its standard input.
    async fn run_with(&self, arguments: &[&str], stdin: &str) -> Output {
        let mut process = tokio::process::Command::new(env!("CARGO_BIN_EXE_posta"))
            .args(arguments)
            .env_clear()
            .envs(&self.environment)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut pipe = process.stdin.take().unwrap();
        // A process that has said no does not read.
        pipe.write_all(stdin.as_bytes()).await.unwrap_or_default();
        drop(pipe);
        process.wait_with_output().await.unwrap()
    }

    /// What it printed; it must have succeeded.
    async fn ok(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments).await;
        assert!(output.status.success(), "{arguments:?}: {}", words(&output));
        String::from_utf8(output.stdout).unwrap()
    }
}

fn words(output: &Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

async fn number(database: &Database, sql: &'static str) -> i64 {
    sqlx::query_scalar(sql)
        .fetch_one(database.pool())
        .await
        .unwrap()
}

#[tokio::test]
async fn an_empty_database_is_migrated_and_a_second_time_changes_nothing() {
    let database = empty().await;
    let posta = Posta::over(&database);
    let first = posta.ok(&["migrate"]).await;
    assert!(
        first.contains("applied 1, 2") && first.contains("account whatsapp 1001: made"),
        "{first}"
    );
    let second = posta.ok(&["migrate"]).await;
    assert!(
        second.contains("up to date") && second.contains("there already"),
        "{second}"
    );
    assert_eq!(number(&database, "SELECT count(*) FROM tenants").await, 2);
    assert_eq!(
        number(&database, "SELECT count(*) FROM channel_accounts").await,
        1
    );
}

#[tokio::test]
async fn a_database_that_is_not_there_is_waited_for_and_named() {
    let database = empty().await;
    let posta =
        Posta::over(&database).with("DATABASE_URL", "postgres://posta:hunter2@127.0.0.1:1/none");
    let output = posta.run(&["migrate", "--wait", "300ms"]).await;
    assert!(!output.status.success());
    let words = words(&output);
    assert!(
        words.contains("gave up waiting") && words.contains("DATABASE_URL"),
        "{words}"
    );
    assert!(!words.contains("hunter2"), "{words}");
}

#[tokio::test]
async fn the_templates_are_printed_to_be_read_or_one_by_one_to_be_submitted() {
    let posta = Posta {
        environment: HashMap::new(),
    };
    let read: serde_json::Value = serde_json::from_str(&posta.ok(&["templates"]).await).unwrap();
    let lines = posta.ok(&["templates", "--waba"]).await;
    let submitted: Vec<serde_json::Value> = lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(read, serde_json::Value::Array(submitted));
    assert_eq!(read[0]["name"], "hold_ending");
}

#[tokio::test]
async fn a_property_is_imported_by_its_names() {
    let database = database().await;
    let posta = Posta::over(&database);
    posta.ok(&["migrate"]).await;
    let file = std::env::temp_dir().join(format!("posta-{}.toml", uuid::Uuid::now_v7()));
    let path = file.display().to_string();
    std::fs::write(&file, PROPERTY).unwrap();
    assert!(
        posta
            .ok(&["property", "import", &path])
            .await
            .contains("made")
    );
    std::fs::write(&file, PROPERTY.replace("Hola", "¡Bienvenidos!")).unwrap();
    assert!(
        posta
            .ok(&["property", "import", &path])
            .await
            .contains("renewed, 1 types, 2 accommodations, 0 seasons")
    );
    assert_eq!(
        number(&database, "SELECT count(*) FROM accommodations").await,
        2
    );
    assert_eq!(
        number(
            &database,
            "SELECT count(*) FROM property_texts WHERE body = '¡Bienvenidos!'"
        )
        .await,
        1
    );
    std::fs::write(&file, PROPERTY.replace("15:00", "half past")).unwrap();
    let refused = posta.run(&["property", "import", &path]).await;
    assert!(!refused.status.success() && words(&refused).contains("half past"));
    std::fs::write(
        &file,
        PROPERTY.replace("America/Argentina/Buenos_Aires", "Patagonia"),
    )
    .unwrap();
    assert!(words(&posta.run(&["property", "import", &path]).await).contains("not a time zone"));
    std::fs::remove_file(file).unwrap();
}

#[tokio::test]
async fn the_books_fail_while_there_is_a_residue() {
    let database = database().await;
    let posta = Posta::over(&database);
    posta.ok(&["books"]).await;
    database.chat("1001", "5491155550001").await;
    sqlx::query("UPDATE conversations SET turn_due_at = now() - interval '1 hour'")
        .execute(database.pool())
        .await
        .unwrap();
    let output = posta.run(&["books", "--json"]).await;
    assert_eq!(output.status.code(), Some(1));
    assert!(
        words(&output).contains(r#""residue":1"#),
        "{}",
        words(&output)
    );
    posta.ok(&["books", "--within", "2h"]).await;
}

#[tokio::test]
async fn the_ledger_is_right_until_something_contradicts_itself() {
    let database = database().await;
    let posta = Posta::over(&database);
    assert!(
        posta
            .ok(&["ledger", "--check"])
            .await
            .contains("the ledger is right")
    );
    let lodge = database.lodge(1).await;
    let account = uuid::Uuid::now_v7();
    sqlx::query(
        "INSERT INTO channel_accounts (tenant_id, id, provider, external_id, secret_ref)
         VALUES ($1, $2, 'mercadopago', '77', 'MERCADOPAGO_ACCESS_TOKEN')",
    )
    .bind(lodge.tenant.uuid())
    .bind(account)
    .execute(database.pool())
    .await
    .unwrap();
    // Approved there, and not in the ledger.
    sqlx::query(
        "INSERT INTO payments (tenant_id, id, account_id, provider_id, status, standing, verdict, currency, amount,
                               created_at, approved_at, updated_at, read_from)
         VALUES ($1, $2, $2, '1', 'approved', 'paid', 'orphan', 'ARS', 12345, now(), now(), now(), now())",
    )
    .bind(lodge.tenant.uuid())
    .bind(account)
    .execute(database.pool())
    .await
    .unwrap();
    posta.ok(&["ledger"]).await;
    let output = posta.run(&["ledger", "--check"]).await;
    assert_eq!(output.status.code(), Some(1));
    let said = words(&output);
    assert!(
        said.contains("wrong: payment 1") && said.contains("ARS"),
        "{said}"
    );
    let output = posta
        .run(&["ledger", "--check", "--json", "--days", "2"])
        .await;
    assert_eq!(output.status.code(), Some(1));
    let said: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(said["ok"], false);
    assert_eq!(said["days"][0]["theirs"], 12345);
    assert_eq!(said["days"][0]["agrees"], false);
}

#[tokio::test]
async fn a_dead_letter_is_listed_shown_and_sent_again() {
    let database = database().await;
    let bus = TestBus::start(&[posta_bus::Queue::Messages]).await;
    let config = bus.config();
    let posta = Posta::over(&database)
        .with("AMQP_URL", config.url.expose_secret())
        .with("AMQP_NAMESPACE", &config.namespace.to_string())
        .with("BUS_RETRY_TIERS", &config.tiers.to_string());
    let queue = posta_bus::Queue::Messages.name(&config.namespace);
    let letter = NewDeadLetter {
        queue: queue.clone(),
        message_id: Some("0198-message".to_owned()),
        key: Some("wa:1001:wamid.A".to_owned()),
        account: None,
        routing_key: "whatsapp.message.text".to_owned(),
        body: b"{\"v\":1,\"text\":\"\x1b[2J\"}".to_vec(),
        headers: serde_json::json!({ "attempt": 8 }),
        origin: Origin::Handler,
        error: "could not store the message".to_owned(),
        attempts: 8,
    };
    dead_letters::record(database.store(), &letter)
        .await
        .unwrap();
    let id = dead_letters::list(database.store(), 1).await.unwrap()[0]
        .id
        .to_string();
    assert!(posta.ok(&["dead-letters", "list"]).await.contains(&id));
    let shown = posta.ok(&["dead-letters", "show", &id]).await;
    assert!(
        shown.contains("could not store the message") && !shown.contains('\x1b'),
        "{shown}"
    );
    posta.ok(&["dead-letters", "replay", "--all"]).await;
    assert!(
        posta
            .ok(&["dead-letters", "list"])
            .await
            .contains("no dead letters")
    );
    let taken = bus
        .take(&queue)
        .await
        .unwrap()
        .expect("the message is in its queue again");
    assert_eq!(
        (taken.body, taken.message_id.as_str()),
        (letter.body, "0198-message")
    );
    assert_eq!(taken.routing_key, queue);
    bus.delete().await.unwrap();
}

#[tokio::test]
async fn a_reply_nobody_knows_is_an_error_in_words() {
    let database = database().await;
    let output = Posta::over(&database).run(&["trace", "wamid.none"]).await;
    assert_eq!(output.status.code(), Some(1));
    assert!(words(&output).contains("nothing is known of \"wamid.none\""));
}

#[tokio::test]
async fn the_doctor_names_everything_that_is_wrong_at_once_and_no_secret() {
    let database = database().await;
    let posta = Posta::over(&database)
        .with("AMQP_URL", "amqp://guest:hunter2@127.0.0.1:1/%2f")
        .with("REDIS_URL", "redis://:hunter3@127.0.0.1:1/0")
        .with("WHATSAPP_ACCESS_TOKEN", "EAAhunter4")
        .with("WHATSAPP_API_URL", "http://127.0.0.1:1/whatsapp")
        .with("QUIET_WINDOW", "soon");
    let output = posta.run(&["doctor"]).await;
    assert_eq!(output.status.code(), Some(1));
    let words = words(&output);
    for wrong in ["QUIET_WINDOW", "broker", "redis", "whatsapp", "→"] {
        assert!(words.contains(wrong), "{wrong}: {words}");
    }
    assert!(words.contains("ok     database"), "{words}");
    assert!(!words.contains("hunter"), "{words}");
}

/// A file that is there as long as this value.
struct File(std::path::PathBuf);

impl File {
    fn of(text: &str) -> Self {
        let path = std::env::temp_dir().join(format!("posta-{}", uuid::Uuid::now_v7()));
        std::fs::write(&path, text).unwrap();
        Self(path)
    }

    fn path(&self) -> &str {
        self.0.to_str().unwrap()
    }
}

impl Drop for File {
    fn drop(&mut self) {
        std::fs::remove_file(&self.0).unwrap_or_default();
    }
}

fn demo(name: &str) -> String {
    format!("{}/../sandbox/demo/{name}", env!("CARGO_MANIFEST_DIR"))
}

#[tokio::test]
async fn a_file_with_problems_is_refused_with_all_their_lines() {
    let database = database().await;
    let posta = Posta::over(&database);
    posta.ok(&["migrate"]).await;
    let wrong = PROPERTY
        .replace("capacity = 4", "capacity = 0")
        .replace("15:00", "half past");
    let file = File::of(&wrong);
    for arguments in [
        &["property", "import", file.path()][..],
        &["property", "import", "--check", file.path()],
    ] {
        let refused = posta.run(arguments).await;
        assert_eq!(refused.status.code(), Some(1));
        let words = words(&refused);
        assert!(
            words.contains("line 6: property.check_in_from")
                && words.contains("line 16: unit_types[1].capacity"),
            "{words}"
        );
    }
    assert_eq!(
        number(&database, "SELECT count(*) FROM properties").await,
        0
    );
}

#[tokio::test]
async fn a_file_nobody_can_read_and_a_database_without_tables_say_what_to_do() {
    let database = empty().await;
    let posta = Posta::over(&database);
    for arguments in [
        &["property", "import", &demo("property.toml")][..],
        &["reservations", "list"],
        &["user", "list"],
    ] {
        let refused = posta.run(arguments).await;
        assert_eq!(refused.status.code(), Some(1));
        assert!(
            words(&refused).contains("run `posta migrate` first"),
            "{}",
            words(&refused)
        );
    }
    let file = File::of("");
    std::fs::write(file.path(), b"[property]\nname = \"Caba\xf1as\"\n").unwrap();
    let refused = posta.run(&["property", "import", file.path()]).await;
    assert!(words(&refused).contains("UTF-8"), "{}", words(&refused));
    std::fs::write(file.path(), vec![b'#'; 2 << 20]).unwrap();
    let refused = posta.run(&["property", "import", file.path()]).await;
    assert!(words(&refused).contains("too large"), "{}", words(&refused));
}

#[tokio::test]
async fn the_demos_place_and_notebook_are_imported_and_listed() {
    let database = database().await;
    let posta = Posta::over(&database);
    posta.ok(&["migrate"]).await;
    let none = posta
        .run(&["reservations", "import", &demo("notebook.csv")])
        .await;
    assert!(words(&none).contains("there is no property yet"));
    assert!(
        posta
            .ok(&["property", "import", "--check", &demo("property.toml")])
            .await
            .contains("nothing is wrong")
    );
    posta
        .ok(&["property", "import", &demo("property.toml")])
        .await;
    let notebook = demo("notebook.csv");
    let dry = posta
        .ok(&["reservations", "import", "--dry-run", &notebook])
        .await;
    assert!(dry.contains("5 would be imported"), "{dry}");
    assert!(
        posta
            .ok(&["reservations", "list"])
            .await
            .contains("no bookings")
    );
    let made = posta.ok(&["reservations", "import", &notebook]).await;
    assert!(
        made.contains("5 imported, 0 skipped") && made.contains("line 2: imported as "),
        "{made}"
    );
    let again = posta.ok(&["reservations", "import", &notebook]).await;
    assert!(
        again.contains("0 imported, 5 skipped") && again.contains("line 2: imported before, as "),
        "{again}"
    );
    let list = posta
        .ok(&[
            "reservations",
            "list",
            "--from",
            "2027-01-01",
            "--to",
            "2027-02-01",
        ])
        .await;
    assert_eq!(list.lines().count(), 1, "{list}");
    assert!(
        list.contains(
            "2027-01-16 → 2027-01-23  Lenga (6)  Familia Rossi  ARS 1.850.000,50, paid ARS 900.000"
        ),
        "{list}"
    );
    let json = posta
        .ok(&["reservations", "list", "--json", "--text", "rossi"])
        .await;
    let booking: serde_json::Value = serde_json::from_str(json.trim()).unwrap();
    assert_eq!(
        (&booking["total"], &booking["paid"], &booking["check_in"]),
        (
            &serde_json::json!(185_000_050),
            &serde_json::json!(90_000_000),
            &serde_json::json!("2027-01-16")
        )
    );
    let few = posta.run(&["reservations", "list", "--limit", "2"]).await;
    assert!(words(&few).contains("there are more"));
}

#[tokio::test]
async fn a_notebook_with_problems_is_refused_with_all_their_lines() {
    let database = database().await;
    let posta = Posta::over(&database);
    posta.ok(&["migrate"]).await;
    posta
        .ok(&["property", "import", &demo("property.toml")])
        .await;
    let file = File::of(
        "guest;cabin;check_in;check_out;total\n\u{1b}[2J;Coihue;31/02/2027;1/3/2027;1000\nAna;Ombú;1/3/2027;2/3/2027;mil\n",
    );
    let refused = posta.run(&["reservations", "import", file.path()]).await;
    assert_eq!(refused.status.code(), Some(1));
    let words = words(&refused);
    for expected in [
        "line 2: guest",
        "line 2: check_in",
        "line 3: cabin",
        "line 3: total",
        "4 problems",
        "nothing was imported",
    ] {
        assert!(words.contains(expected), "{expected}: {words}");
    }
    assert!(!words.contains('\u{1b}'), "{words}");
    assert_eq!(
        number(&database, "SELECT count(*) FROM reservations").await,
        0
    );
    let help = posta.ok(&["reservations", "import", "--help"]).await;
    assert!(help.contains("check_in (ingreso)"), "{help}");
}

#[tokio::test]
async fn a_user_is_added_with_a_password_that_nobody_can_read() {
    let database = database().await;
    let posta = Posta::over(&database);
    posta.ok(&["migrate"]).await;
    let add = [
        "user",
        "add",
        "--email",
        "Marta@Example.com",
        "--name",
        "Marta",
        "--role",
        "owner",
    ];
    let stdin = [&add[..], &["--password-stdin"]].concat();
    let short = posta.run_with(&stdin, "short\n").await;
    assert!(words(&short).contains("at least"), "{}", words(&short));
    let added = posta.run_with(&stdin, "correct horse battery\n").await;
    assert!(added.status.success(), "{}", words(&added));
    assert!(words(&added).contains("marta@example.com may log in as owner"));
    assert!(!words(&added).contains("correct horse"));
    let again = posta.run_with(&stdin, "correct horse battery\n").await;
    assert!(words(&again).contains("logs in with this e-mail address already"));
    let asked = posta.run_with(&add, "correct horse battery\n").await;
    assert!(
        words(&asked).contains("--password-stdin"),
        "{}",
        words(&asked)
    );
    assert_eq!(
        number(
            &database,
            "SELECT count(*) FROM users WHERE password_hash LIKE '$argon2id$%'"
        )
        .await,
        1
    );
    assert!(
        posta
            .ok(&["user", "list"])
            .await
            .contains("owner     marta@example.com  Marta")
    );
}

#[tokio::test]
async fn an_owner_who_lost_her_password_has_a_way_back() {
    let database = database().await;
    let posta = Posta::over(&database);
    posta.ok(&["migrate"]).await;
    let marta = ["--email", "marta@example.com"];
    let add = [
        &["user", "add", "--name", "Marta", "--role", "staff"][..],
        &marta,
        &["--password-stdin"],
    ]
    .concat();
    let added = posta.run_with(&add, "the one she forgets\n").await;
    assert!(added.status.success(), "{}", words(&added));
    let hash = async || -> String {
        sqlx::query_scalar("SELECT password_hash FROM users")
            .fetch_one(database.pool())
            .await
            .unwrap()
    };
    let old = hash().await;
    sqlx::query(
        "INSERT INTO sessions (tenant_id, token_hash, user_id, csrf_hash, expires_at)
         SELECT tenant_id, 'x', id, 'y', now() + interval '1 day' FROM users",
    )
    .execute(database.pool())
    .await
    .unwrap();
    let edit = |more: &[&'static str]| [&["user", "edit"], &marta[..], more].concat();

    let nothing = posta.run(&edit(&[])).await;
    assert_eq!(nothing.status.code(), Some(2), "{}", words(&nothing));
    assert!(words(&nothing).contains("--password-stdin"));
    let both = posta.run(&edit(&["--active", "--inactive"])).await;
    assert_eq!(both.status.code(), Some(2), "{}", words(&both));
    let typo = posta
        .run(&["user", "edit", "--email", "mrta@example.com", "--inactive"])
        .await;
    assert!(words(&typo).contains("posta user list"), "{}", words(&typo));
    let short = posta
        .run_with(&edit(&["--password-stdin"]), "short\n")
        .await;
    assert!(words(&short).contains("at least"), "{}", words(&short));
    assert_eq!(hash().await, old);
    assert_eq!(number(&database, "SELECT count(*) FROM sessions").await, 1);

    let new = posta
        .run_with(&edit(&["--password-stdin"]), "correct horse battery\n")
        .await;
    assert!(
        words(&new).contains("marta@example.com may log in as staff, with the new password"),
        "{}",
        words(&new)
    );
    assert_ne!(hash().await, old);
    assert_eq!(number(&database, "SELECT count(*) FROM sessions").await, 0);
    let owner = posta.ok(&edit(&["--role", "owner"])).await;
    assert!(owner.contains("may log in as owner"), "{owner}");
    let off = posta.ok(&edit(&["--inactive"])).await;
    assert!(off.contains("may not log in"), "{off}");
    assert!(posta.ok(&["user", "list"]).await.contains("switched off"));
    posta.ok(&edit(&["--active"])).await;
    assert_eq!(
        number(
            &database,
            "SELECT count(*) FROM users WHERE active AND role = 'owner'"
        )
        .await,
        1
    );
}
