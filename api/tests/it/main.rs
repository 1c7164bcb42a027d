//! The server, over HTTP, with a database of its own for each test.

mod app;
mod availability;
mod document;
mod frame;
mod guest;
mod login;
mod people;
mod refusals;
mod reserve;
mod seed;
mod too_often;
