//! The photo of a transfer: whose it is, and what becomes of it.
//!
//! Guaranteed: a file confirms nothing; it asks the owner to look, and keeps the nights meanwhile. A file of somebody who
//! has nothing to pay is a person's.

use super::{payment, pick, speak_of, words};
use crate::{
    dialogue::{
        Booked, Content, Denied, Entry, FileFate, FileKind, Phrase, State, World, person,
        questions, turn::Turn,
    },
    refusal::Refusal,
    reservation::Reservation,
    understand::PayBy,
};

/// What became of the files of a turn.
pub(super) enum Registered {
    /// No file that could be a receipt, or nobody with something to pay.
    NoReceipt,
    /// The owner looks.
    Waits(Box<Booked>),
    /// Another one is being looked at already.
    Already(Box<Booked>),
}

/// Files in a chat that the bot answers.
pub(super) async fn sent<W: World>(
    turn: &mut Turn<'_, W>,
    files: &[&Entry],
) -> Result<(), W::Error> {
    if files.iter().all(|entry| entry.file == FileFate::Refused) {
        // Said with the small talk: there is nothing to look at.
        return Ok(());
    }
    match register(turn, files).await? {
        Registered::Waits(booked) => {
            speak_of(turn, booked.id);
            turn.stand(State::Held, None);
            turn.clear_menu();
            turn.say(received(&booked));
            payment::buttons(turn, &booked);
        }
        Registered::Already(booked) => {
            turn.say(payment::waits(&booked));
        }
        Registered::NoReceipt => person::hand_over(turn, person::Reason::File),
    }
    Ok(())
}

/// Asks the owner to look at them, if the guest has something to pay.
pub(super) async fn register<W: World>(
    turn: &mut Turn<'_, W>,
    files: &[&Entry],
) -> Result<Registered, W::Error> {
    let receipt = files.iter().find(|entry| could_be(entry));
    let Some(receipt) = receipt else {
        return Ok(Registered::NoReceipt);
    };
    let bookings = turn.world.bookings().await?;
    if let Some(waiting) = bookings
        .iter()
        .find(|booked| booked.receipt_waits && questions::is_living(booked))
    {
        return Ok(Registered::Already(Box::new(waiting.clone())));
    }
    let Some(booked) = pick::to_pay(&bookings, turn.chat.slots.booking) else {
        return Ok(Registered::NoReceipt);
    };
    Ok(match turn.world.receipt(booked.id, receipt.id).await? {
        Ok(booked) => {
            if booked.pay_by == Some(PayBy::MercadoPago) {
                // It may be of a payment by link: then the provider knows, and the owner need not look.
                turn.world.look_for_payment(booked.id).await?;
            }
            Registered::Waits(Box::new(booked))
        }
        Err(Denied::Refused(Refusal::ReceiptWaiting)) => {
            Registered::Already(Box::new(booked.clone()))
        }
        Err(_) => Registered::NoReceipt,
    })
}

fn could_be(entry: &Entry) -> bool {
    let picture = matches!(
        entry.content,
        Content::File {
            file: FileKind::Image | FileKind::Document,
            ..
        }
    );
    picture && entry.file == FileFate::Kept
}

fn received(booked: &Booked) -> Phrase {
    match booked.state {
        Reservation::Held(hold) => {
            words::naming(Phrase::new("receipt-received"), booked).with("until", hold.expires_at)
        }
        _ => words::naming(Phrase::new("receipt-received-balance"), booked),
    }
}
