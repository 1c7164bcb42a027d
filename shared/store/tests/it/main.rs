//! The store against a real database: each test has one of its own. One binary, since linking is the slow part.

mod access;
mod after_elsewhere;
mod after_money;
mod after_races;
mod after_steps;
mod after_upkeep;
mod availability;
mod booking_hold;
mod booking_hold_expiry;
mod booking_hold_keys;
mod booking_hold_race;
mod booking_quotes;
mod booking_world;
mod catalog;
mod crossing;
mod desk;
mod hostile;
mod import;
mod migrations;
mod notebook;
mod outbox;
mod reviewed;
mod statuses;
mod support;
mod upkeep;
