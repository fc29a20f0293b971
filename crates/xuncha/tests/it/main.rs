//! The program as its users meet it: HTTP in-process, on the demonstration city, on either database.
#![expect(clippy::expect_used, clippy::indexing_slicing, reason = "a test that cannot go on has failed")]

mod access;
mod apart;
mod audit;
mod authorisations;
mod avoidance;
mod bulk;
mod commands;
mod cooperations;
mod districts;
mod drafts;
mod exports;
mod figures;
mod files;
mod house;
mod intake;
mod models;
mod nonsense;
mod openapi;
mod own_statistics;
mod pages;
mod paperwork;
mod pipe;
mod queries;
mod reminders;
mod reports;
mod routes;
mod scope;
mod search;
mod second_factor;
mod session;
mod stale;
mod support;
mod tables;
mod told;
mod views;
