//! The program as its users meet it: HTTP in-process, on the demonstration city, on either database.

mod access;
mod drafts;
mod nonsense;
mod routes;
mod support;
