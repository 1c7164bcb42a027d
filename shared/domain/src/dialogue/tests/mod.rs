//! The dialogue, turn by turn, over a world in memory.

mod booked;
mod booking;
mod change;
mod discount;
mod events;
mod link;
mod modes;
mod moments;
mod paid;
mod payment;
mod person;
mod questions;
mod random;
mod shopper;
mod small;
mod stay;
mod talk;
mod world;
