//! `posta` as a process, against real services.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::{collections::HashMap, process::Output};

use posta_bus::testing::TestBus;
use posta_store::{
    dead_letters::{self, NewDeadLetter, Origin},
    testing::{Database, database, empty},
};
use secrecy::ExposeSecret as _;

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
            .contains("renewed, 1 types, 2 accommodations")
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
