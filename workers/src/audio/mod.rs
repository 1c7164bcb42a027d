//! The audio-worker: takes in messages that carry a file, and fetches it.
//!
//! A file's message has its place in the mailbox before anything is fetched; its turn waits a little for the file, and
//! goes on without it. Provider ids live seven days and their addresses five minutes, so files are fetched at once, by
//! id. Guaranteed: an item counts as done when its file is kept, refused or gone for good; until then a redelivery goes
//! on where the first attempt stopped. Not done yet: understanding what a voice note says; its guest is asked to type.

mod consume;
mod fetch;

use std::sync::Arc;

use posta_bus::Queue;
use posta_runtime::{
    config::{DialogueConfig, WhatsAppApiConfig},
    lifecycle::Shutdown,
};

pub use consume::Files;
pub use fetch::{GraphFiles, Source};

use crate::{
    compose::{Core, CoreConfig},
    message::windows,
};

/// What the audio-worker reads.
pub type Config = (CoreConfig, DialogueConfig, WhatsAppApiConfig);

/// The whole worker.
pub async fn run(config: Config, shutdown: Shutdown) -> anyhow::Result<()> {
    let (core, dialogue, api) = config;
    let core = Core::start("audio-worker", core, &shutdown)?;
    let source = Arc::new(GraphFiles::new(&api)?);
    let files = Files::new(core.store().clone(), windows(&dialogue), source);
    core.consume(Queue::Media, Arc::new(files)).run().await
}
