use chrono::TimeDelta;
use posta_bus::Verdict;
use serde_json::{Value, json};

use crate::desk::{Desk, OWNER_PHONE, field, now, webhook};

/// Six months of chats; the first `recent` were active last week.
fn history(chats: usize, recent: usize) -> Value {
    let threads: Vec<Value> = (0..chats)
        .map(|chat| {
            let phone = format!("54929445{chat:05}");
            let last = now() - TimeDelta::days(if chat < recent { 6 } else { 40 });
            let messages: Vec<Value> = (0..20)
                .map(|n| {
                    let at = (last - TimeDelta::days(n)).timestamp().to_string();
                    let id = format!("wamid.h{chat}.{n}");
                    if n % 2 == 0 {
                        json!({"from": phone, "id": id, "timestamp": at, "type": "text", "text": {"body": "hola, precio?"}})
                    } else {
                        json!({"from": OWNER_PHONE, "to": phone, "id": id, "timestamp": at, "type": "text", "text": {"body": "buenas"}})
                    }
                })
                .collect();
            json!({"id": phone, "messages": messages})
        })
        .collect();
    field(
        "history",
        json!({"messaging_product": "whatsapp", "history": [{"metadata": {"phase": 0, "chunk_order": 1, "progress": 50}, "threads": threads}]}),
    )
}

#[tokio::test]
async fn going_live_on_an_old_phone_writes_to_nobody() {
    let desk = Desk::open().await;
    let contacts: Vec<Value> = (0..300)
        .map(|n| json!({"type": "contact", "action": "add", "contact": {"full_name": format!("Contacto {n}"), "phone_number": format!("54929445{n:05}")}}))
        .collect();
    let contacts = field(
        "smb_app_state_sync",
        json!({"messaging_product": "whatsapp", "state_sync": contacts}),
    );
    let history = history(120, 20);
    for body in [&history, &contacts, &history, &contacts] {
        assert!(
            desk.deliver(body)
                .await
                .iter()
                .all(|verdict| matches!(verdict, Verdict::Done | Verdict::Duplicate))
        );
    }
    desk.settle().await;
    assert_eq!(desk.count("SELECT count(*) FROM outbox").await, 0);
    assert_eq!(desk.count("SELECT count(*) FROM mailbox").await, 0);
    assert_eq!(desk.count("SELECT count(*) FROM guests").await, 300);
    assert_eq!(
        desk.count("SELECT count(*) FROM guests WHERE display_name IS NOT NULL")
            .await,
        300
    );
    assert_eq!(
        desk.count("SELECT count(*) FROM messages WHERE kind = 'history'")
            .await,
        2400
    );
    assert_eq!(
        desk.count("SELECT count(*) FROM messages WHERE author = 'person'")
            .await,
        1200
    );
    assert_eq!(
        desk.count("SELECT count(*) FROM conversations WHERE mode = 'human'")
            .await,
        20
    );

    // Who was in the middle of something with the owner is left to her; who was not, is answered.
    for (phone, id) in [("5492944500003", "wamid.a"), ("5492944500100", "wamid.b")] {
        let body = webhook(
            &json!([{"from": phone, "id": id, "timestamp": now().timestamp().to_string(), "type": "text", "text": {"body": "donde queda?"}}]),
            &json!([]),
        );
        assert_eq!(desk.deliver(&body).await, [Verdict::Done]);
    }
    desk.settle().await;
    assert_eq!(desk.said().await.len(), 1);
}

#[tokio::test]
async fn a_chat_in_which_only_the_owner_wrote_opens_no_window() {
    let desk = Desk::open().await;
    let at = (now() - TimeDelta::days(3)).timestamp().to_string();
    let body = field(
        "history",
        json!({"history": [{"threads": [{"id": "5492944500001", "messages": [
            {"from": OWNER_PHONE, "to": "5492944500001", "id": "wamid.h", "timestamp": at, "type": "text", "text": {"body": "feliz cumple"}}
        ]}]}]}),
    );
    assert_eq!(desk.deliver(&body).await, [Verdict::Done]);
    assert!(
        desk.scalar::<bool>("SELECT last_guest_at IS NULL AND mode = 'human' FROM conversations")
            .await
    );
}

#[tokio::test]
async fn pieces_of_history_that_arrive_together_do_not_lock_each_other_out() {
    let desk = Desk::open().await;
    let pieces: Vec<Value> = (0..6)
        .map(|n| {
            let mut piece = history(10, 5);
            piece["entry"][0]["changes"][0]["value"]["history"][0]["metadata"]["chunk_order"] =
                n.into();
            let threads = piece["entry"][0]["changes"][0]["value"]["history"][0]["threads"]
                .as_array_mut()
                .unwrap();
            if n % 2 == 0 {
                threads.reverse();
            }
            piece
        })
        .collect();
    let verdicts =
        futures_util::future::join_all(pieces.iter().map(|piece| desk.deliver(piece))).await;
    assert!(
        verdicts
            .iter()
            .flatten()
            .all(|verdict| *verdict == Verdict::Done),
        "{verdicts:?}"
    );
    assert_eq!(desk.count("SELECT count(*) FROM messages").await, 200);
}

#[tokio::test]
async fn a_notice_about_the_account_is_shown_and_others_are_only_kept() {
    let desk = Desk::open().await;
    let restriction = json!({"object": "whatsapp_business_account", "entry": [{"id": "102290129340398", "time": 1_795_262_770,
        "changes": [{"field": "account_update", "value": {"event": "ACCOUNT_RESTRICTION"}},
                    {"field": "user_preferences", "value": {"a": 1}}]}]});
    assert_eq!(
        desk.deliver(&restriction).await,
        [Verdict::Done, Verdict::Done]
    );
    assert_eq!(
        desk.count("SELECT count(*) FROM inbound_events WHERE verdict = 'effected'")
            .await,
        2
    );
    assert_eq!(
        desk.count("SELECT count(*) FROM attention a JOIN channel_accounts c USING (tenant_id) WHERE a.kind = 'account_notice'").await,
        1
    );
}
