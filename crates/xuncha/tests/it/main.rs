//! The program as its users meet it: HTTP in-process, on the demonstration city, on either database.

mod access;
mod audit;
mod drafts;
mod house;
mod nonsense;
mod queries;
mod routes;
mod scope;
mod session;
mod stale;
mod support;
mod tables;
