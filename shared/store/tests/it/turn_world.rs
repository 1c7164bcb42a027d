//! Chats of a lodge's guests, and turns made by hand: what the dialogue would decide is the test's to say.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use posta_domain::{
    dialogue::{
        Booked, Content, Decision, Denied, Part, Quoted, Reply, Verdict, Wanted, World as _,
    },
    understand::PayBy,
};
use posta_store::{
    Store, StoreError,
    ids::{EntryId, OutboxId, QuoteId, ReservationId},
    testing::{self, Chat, Database, Lodge},
    turns::{self, Said, Taken, Turn},
};
use uuid::Uuid;

/// A lodge with a `WhatsApp` number.
pub(crate) struct Inn {
    pub(crate) database: Database,
    pub(crate) lodge: Lodge,
}

impl Inn {
    pub(crate) async fn open(cabins: usize) -> Self {
        let database = testing::database().await;
        let lodge = database.lodge(cabins).await;
        sqlx::query(
            "INSERT INTO channel_accounts (tenant_id, id, provider, external_id, secret_ref)
             VALUES ($1, $2, 'whatsapp', '1', 'WHATSAPP_ACCESS_TOKEN')",
        )
        .bind(lodge.tenant.uuid())
        .bind(Uuid::now_v7())
        .execute(database.pool())
        .await
        .unwrap();
        Self { database, lodge }
    }

    pub(crate) const fn store(&self) -> &Store {
        self.database.store()
    }

    /// A guest's chat.
    pub(crate) async fn guest(&self, number: u32) -> Chat {
        let phone = format!("54911{number:08}");
        self.database.chat("1", &phone).await
    }

    /// The guest says something: its turn is due.
    pub(crate) async fn says(&self, chat: &Chat, content: &Content) -> EntryId {
        let entry = EntryId::fresh();
        sqlx::query(
            "INSERT INTO mailbox (tenant_id, id, conversation_id, kind, payload, provider_time, received_at, dedupe_key)
             VALUES ($1, $2, $3, 'guest', $4, clock_timestamp(), clock_timestamp(), $5)",
        )
        .bind(chat.tenant.uuid())
        .bind(entry.uuid())
        .bind(chat.conversation.uuid())
        .bind(serde_json::to_value(content).unwrap())
        .bind(entry.to_string())
        .execute(self.database.pool())
        .await
        .unwrap();
        sqlx::query(
            "UPDATE conversations SET turn_due_at = clock_timestamp(), last_guest_at = clock_timestamp() WHERE id = $1",
        )
        .bind(chat.conversation.uuid())
        .execute(self.database.pool())
        .await
        .unwrap();
        entry
    }

    /// A tap; what it means is the test's to say.
    pub(crate) async fn taps(&self, chat: &Chat) -> EntryId {
        let tap = Content::Tap {
            id: "hold:…".to_owned(),
            title: "Sí, reservar".to_owned(),
        };
        self.says(chat, &tap).await
    }

    /// The turn that is due.
    pub(crate) async fn turn(&self) -> Turn {
        match turns::take(self.store()).await.unwrap() {
            Taken::Turn(turn) => *turn,
            Taken::Again | Taken::Nothing(_) => panic!("no turn is due"),
        }
    }

    /// Says something and takes its turn.
    pub(crate) async fn turn_of(&self, chat: &Chat) -> (Turn, EntryId) {
        let entry = self.taps(chat).await;
        let turn = self.turn().await;
        assert_eq!(turn.conversation, chat.conversation);
        (turn, entry)
    }

    /// A price for two adults in any cabin, given in the chat.
    pub(crate) async fn quoted(&self, chat: &Chat, from: u64, until: u64) -> Quoted {
        let (mut turn, _) = self.turn_of(chat).await;
        let quoted = turn.world().quote(&[self.wanted(from, until)]).await;
        commit(turn, "precio").await.unwrap();
        quoted.unwrap().unwrap()
    }

    pub(crate) fn wanted(&self, from: u64, until: u64) -> Wanted {
        let asked = self.lodge.any(from, until);
        Wanted {
            unit_type: self.lodge.kind,
            cabin: None,
            period: asked.period,
            party: asked.party,
        }
    }

    /// Quotes and holds in the chat.
    pub(crate) async fn held(&self, chat: &Chat, from: u64, until: u64) -> ReservationId {
        let quoted = self.quoted(chat, from, until).await;
        let (mut turn, entry) = self.turn_of(chat).await;
        let held = hold(&mut turn, quoted.id, entry).await.unwrap().unwrap();
        commit(turn, "reservado").await.unwrap();
        held.id
    }

    pub(crate) async fn count(&self, sql: &'static str) -> i64 {
        sqlx::query_scalar(sql)
            .fetch_one(self.database.pool())
            .await
            .unwrap()
    }

    pub(crate) async fn text(&self, sql: &'static str) -> Option<String> {
        sqlx::query_scalar(sql)
            .fetch_optional(self.database.pool())
            .await
            .unwrap()
    }

    /// What happened, in the chats' mailboxes: the events nobody has handled yet.
    pub(crate) async fn events(&self, chat: &Chat) -> Vec<String> {
        sqlx::query_scalar(
            "SELECT payload -> 'event' ->> 'what' FROM mailbox
             WHERE conversation_id = $1 AND kind = 'event' AND handled_at IS NULL ORDER BY stored_at",
        )
        .bind(chat.conversation.uuid())
        .fetch_all(self.database.pool())
        .await
        .unwrap()
    }

    /// How often `PostgreSQL` had to end a deadlock here.
    pub(crate) async fn deadlocks(&self) -> i64 {
        self.count("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
            .await
    }
}

/// Holds by transfer.
pub(crate) async fn hold(
    turn: &mut Turn,
    quote: QuoteId,
    entry: EntryId,
) -> Result<Result<Booked, Denied>, StoreError> {
    turn.world().hold(quote, PayBy::Transfer, entry).await
}

/// A decision that says this.
pub(crate) fn saying(turn: &Turn, words: &str) -> Decision {
    Decision {
        chat: turn.chat.clone(),
        verdict: Verdict::Replied,
        reply: Some(Reply {
            parts: vec![Part::Words(words.to_owned())],
            cause: turn.entries.last().map(|entry| entry.id),
            ..Reply::default()
        }),
        attention: Vec::new(),
    }
}

/// The words of it.
pub(crate) fn said(words: &str) -> Said {
    Said {
        payload: serde_json::json!({ "type": "text", "body": words, "preview_url": false }),
        body: words.to_owned(),
        kind: "text",
    }
}

/// Commits the turn with these words.
pub(crate) async fn commit(turn: Turn, words: &str) -> Result<Option<OutboxId>, StoreError> {
    let decision = saying(&turn, words);
    turn.commit(&decision, Some(said(words))).await
}
