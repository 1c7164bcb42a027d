//! The delivery-worker against a real database and a Graph API that is a real HTTP server.

mod graph_api;
mod hostile;
mod sending;
mod statuses;
mod support;
