//! A migrated database of its own for each test, copied from a template that is made once per schema.
//!
//! Needs `DATABASE_URL` (its server is used, not its database). The database is dropped when [`Database`] is; what a
//! killed test leaves is dropped by a later run.
#![expect(
    clippy::expect_used,
    clippy::missing_panics_doc,
    reason = "tests stop at the first thing that is not as it must be"
)]

mod balance;
mod lodge;

use std::{str::FromStr as _, time::Duration};

use secrecy::SecretString;
use sqlx::{
    AssertSqlSafe, ConnectOptions as _, Connection as _, Executor as _, PgConnection, PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use uuid::Uuid;

use crate::{
    ids::{AccountId, ConversationId, GuestId, TenantId},
    migrate::MIGRATIONS,
    pool::Store,
};

pub use balance::assert_books_balance;
pub use lodge::Lodge;

/// Serialises making the template.
const TEMPLATE_LOCK: i64 = 0x706f_7374_6174_6d70;

/// A database that lives as long as this value.
#[derive(Debug)]
pub struct Database {
    admin: PgConnectOptions,
    name: String,
    url: String,
    store: Store,
}

/// Whose data a test writes: a tenant with one `WhatsApp` number, a guest and their conversation.
#[derive(Debug, Clone, Copy)]
pub struct Chat {
    /// The tenant.
    pub tenant: TenantId,
    /// Its number.
    pub account: AccountId,
    /// Who writes.
    pub guest: GuestId,
    /// The chat, with a window opened just now.
    pub conversation: ConversationId,
}

/// Makes one.
pub async fn database() -> Database {
    make(true).await
}

/// Makes one without any table.
pub async fn empty() -> Database {
    make(false).await
}

async fn make(migrated: bool) -> Database {
    let url = std::env::var("DATABASE_URL")
        .expect("DATABASE_URL names the server that test databases are made on");
    let given = PgConnectOptions::from_str(&url).expect("DATABASE_URL can be read");
    let admin = given
        .clone()
        .database("postgres")
        .log_statements(tracing::log::LevelFilter::Off);
    let mut connection = PgConnection::connect_with(&admin)
        .await
        .expect("the database server answers");
    let template = if migrated {
        template(&mut connection, &admin).await
    } else {
        "template0".to_owned()
    };
    let name = format!(
        "posta_test_{}_{}",
        epoch_minutes(&mut connection).await,
        Uuid::now_v7().simple()
    );
    run(
        &mut connection,
        format!("CREATE DATABASE {name} TEMPLATE {template}"),
    )
    .await;
    let options = admin.clone().database(&name);
    let pool: PgPool = PgPoolOptions::new()
        .max_connections(8)
        .acquire_timeout(Duration::from_secs(10))
        .connect_with(options)
        .await
        .expect("the test's database answers");
    let url = with_database(&url, &name);
    Database {
        admin,
        name,
        url,
        store: Store::over(pool),
    }
}

impl Database {
    /// The store.
    #[must_use]
    pub const fn store(&self) -> &Store {
        &self.store
    }

    /// Its pool.
    #[must_use]
    pub const fn pool(&self) -> &PgPool {
        self.store.pool()
    }

    /// Where it is, for a process or a pool of its own.
    #[must_use]
    pub fn url(&self) -> SecretString {
        SecretString::from(self.url.clone())
    }

    /// A tenant with a `WhatsApp` number of the given phone number id, and a guest who has just written from `phone`.
    pub async fn chat(&self, phone_number_id: &str, phone: &str) -> Chat {
        let mut tx = self.store.begin().await.expect("a transaction");
        let tenant = Uuid::now_v7();
        let chat = Chat {
            tenant: tenant.into(),
            account: AccountId::fresh(),
            guest: GuestId::fresh(),
            conversation: ConversationId::fresh(),
        };
        let known: Option<(Uuid, Uuid)> =
            sqlx::query_as("SELECT tenant_id, id FROM channel_accounts WHERE external_id = $1")
                .bind(phone_number_id)
                .fetch_optional(&mut *tx)
                .await
                .expect("the account is looked for");
        let (tenant, account) = if let Some(known) = known {
            known
        } else {
            sqlx::query("INSERT INTO tenants (id, name) VALUES ($1, 'Lago')")
                .bind(tenant)
                .execute(&mut *tx)
                .await
                .expect("a tenant");
            sqlx::query(
                "INSERT INTO channel_accounts (tenant_id, id, provider, external_id, secret_ref)
                 VALUES ($1, $2, 'whatsapp', $3, 'WHATSAPP_ACCESS_TOKEN')",
            )
            .bind(tenant)
            .bind(chat.account.uuid())
            .bind(phone_number_id)
            .execute(&mut *tx)
            .await
            .expect("an account");
            (tenant, chat.account.uuid())
        };
        sqlx::query("INSERT INTO guests (tenant_id, id) VALUES ($1, $2)")
            .bind(tenant)
            .bind(chat.guest.uuid())
            .execute(&mut *tx)
            .await
            .expect("a guest");
        sqlx::query(
            "INSERT INTO guest_aliases (tenant_id, account_id, kind, value, guest_id) VALUES ($1, $2, 'wa_id', $3, $4)",
        )
        .bind(tenant)
        .bind(account)
        .bind(phone)
        .bind(chat.guest.uuid())
        .execute(&mut *tx)
        .await
        .expect("an alias");
        sqlx::query(
            "INSERT INTO conversations (tenant_id, id, account_id, guest_id, last_guest_at)
             VALUES ($1, $2, $3, $4, now())",
        )
        .bind(tenant)
        .bind(chat.conversation.uuid())
        .bind(account)
        .bind(chat.guest.uuid())
        .execute(&mut *tx)
        .await
        .expect("a conversation");
        tx.commit().await.expect("the chat is committed");
        Chat {
            tenant: tenant.into(),
            account: account.into(),
            ..chat
        }
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let (admin, name) = (self.admin.clone(), self.name.clone());
        // Drop cannot wait on the test's runtime; a thread with one of its own can.
        let dropping = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .ok()?;
            runtime.block_on(async {
                let mut connection = PgConnection::connect_with(&admin).await.ok()?;
                let drop = AssertSqlSafe(format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
                connection.execute(drop).await.ok()
            })
        });
        // What cannot be dropped now is dropped by a later run.
        drop(dropping.join());
    }
}

/// The name of the migrated template, made if this schema has none yet.
async fn template(connection: &mut PgConnection, admin: &PgConnectOptions) -> String {
    let schema = MIGRATIONS
        .iter()
        .flat_map(|migration| migration.checksum.iter().copied());
    // FNV-1a: it only has to differ between schemas.
    let hash = schema.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    let name = format!("posta_template_{hash:016x}");
    sqlx::query("SELECT pg_advisory_lock($1)")
        .bind(TEMPLATE_LOCK)
        .execute(&mut *connection)
        .await
        .expect("the lock");
    let ready: bool =
        sqlx::query_scalar("SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)")
            .bind(&name)
            .fetch_one(&mut *connection)
            .await
            .expect("the list of databases");
    if !ready {
        drop_stale(connection).await;
        // Migrated under another name, so that a template that exists is a whole one.
        let raw = format!("{name}_raw");
        run(
            connection,
            format!("DROP DATABASE IF EXISTS {raw} WITH (FORCE)"),
        )
        .await;
        run(connection, format!("CREATE DATABASE {raw}")).await;
        let options = admin.clone().database(&raw);
        let pool = PgPoolOptions::new()
            .max_connections(1)
            .connect_with(options)
            .await
            .expect("the template answers");
        MIGRATIONS.run(&pool).await.expect("the migrations apply");
        pool.close().await;
        run(connection, format!("ALTER DATABASE {raw} RENAME TO {name}")).await;
    }
    sqlx::query("SELECT pg_advisory_unlock($1)")
        .bind(TEMPLATE_LOCK)
        .execute(connection)
        .await
        .expect("the unlock");
    name
}

/// Test databases older than an hour: their tests were killed.
async fn drop_stale(connection: &mut PgConnection) {
    let stale: Vec<String> = sqlx::query_scalar(
        r"SELECT datname FROM pg_database
          WHERE datname ~ '^posta_test_\d+_'
            AND split_part(datname, '_', 3)::bigint < extract(epoch FROM now())::bigint / 60 - 60",
    )
    .fetch_all(&mut *connection)
    .await
    .expect("the list of databases");
    for name in stale {
        run(
            connection,
            format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"),
        )
        .await;
    }
}

async fn epoch_minutes(connection: &mut PgConnection) -> i64 {
    sqlx::query_scalar("SELECT extract(epoch FROM now())::bigint / 60")
        .fetch_one(connection)
        .await
        .expect("the time")
}

async fn run(connection: &mut PgConnection, sql: String) {
    connection
        .execute(AssertSqlSafe(sql.clone()))
        .await
        .unwrap_or_else(|error| panic!("{sql}: {error}"));
}

/// The URL with another database.
fn with_database(url: &str, name: &str) -> String {
    let (base, query) = url
        .split_once('?')
        .map_or((url, None), |(base, query)| (base, Some(query)));
    let server = base
        .rfind('/')
        .filter(|at| *at > "postgres://".len())
        .map_or(base, |at| &base[..at]);
    query.map_or_else(
        || format!("{server}/{name}"),
        |query| format!("{server}/{name}?{query}"),
    )
}
