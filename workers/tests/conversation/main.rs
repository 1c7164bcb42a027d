//! The message- and audio-worker against a real database: webhooks go in as ingress would publish them, replies are
//! read from the outbox.

mod anything;
mod booking;
mod desk;
mod files;
mod golive;
mod guest;
mod guests;
mod happenings;
mod hostile;
mod large;
mod mailbox;
mod paying;
mod persons;
mod samples;
