//! Someone signed in over our own small client.

use std::{collections::BTreeMap, net::SocketAddr};

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

use crate::{
    form::Form,
    http::{self, Connection, Response},
    product::{self, Account},
};

/// A connection with the cookies it was given.
pub(crate) struct Session {
    address: SocketAddr,
    connection: Connection,
    cookies: BTreeMap<String, String>,
}

impl Session {
    /// Signs in through the form, as a person would.
    pub(crate) fn sign_in(address: SocketAddr, account: &Account) -> Result<Self> {
        let mut session = Self { address, connection: Connection::new(address), cookies: BTreeMap::new() };
        let page = session.get(product::SIGN_IN)?;
        let mut form =
            Form::find(&page.text(), &[product::LOGIN, product::PASSWORD]).context("no sign-in form")?;
        form.fill(product::LOGIN, &account.login);
        form.fill(product::PASSWORD, &account.password);
        let answer = session.submit(product::SIGN_IN, &form)?;
        ensure!(answer.status == 303, "{} could not sign in: status {}", account.login, answer.status);
        Ok(session)
    }

    /// The same person over another connection.
    pub(crate) fn clone_signed_in(&self) -> Self {
        let cookies = self.cookies.clone();
        Self { address: self.address, connection: Connection::new(self.address), cookies }
    }

    /// A page, whatever its status.
    pub(crate) fn get(&mut self, path: &str) -> Result<Response> {
        let request = self.request(path);
        self.send(&request)
    }

    /// A page that must be there.
    pub(crate) fn page(&mut self, path: &str) -> Result<Response> {
        let response = self.get(path)?;
        ensure!(response.status == 200, "{path} answers {}", response.status);
        Ok(response)
    }

    /// A JSON document that must be there.
    pub(crate) fn json(&mut self, path: &str) -> Result<Value> {
        serde_json::from_slice(&self.page(path)?.body).with_context(|| format!("{path} is not JSON"))
    }

    /// Sends a form that was served at `page`.
    pub(crate) fn submit(&mut self, page: &str, form: &Form) -> Result<Response> {
        let action = if form.action.is_empty() { page } else { &form.action };
        let request = http::post_form(self.address, action, &self.cookies(), &form.body());
        self.send(&request)
    }

    /// The bytes of a request for a page, for others to send.
    pub(crate) fn request(&self, path: &str) -> Vec<u8> {
        http::get(self.address, path, &self.cookies())
    }

    /// Sends a request with a body that comes in pieces, with the token of this session's forms; `None` when the connection is
    /// broken on purpose before the body's end.
    pub(crate) fn send_pieces(
        &mut self,
        (method, path): (&str, &str),
        (token, more): (&str, &[(&str, &str)]),
        length: usize,
        pieces: impl Iterator<Item = Vec<u8>>,
        breaks: bool,
    ) -> Result<Option<Response>> {
        let mut headers = vec![(product::TOKEN_HEADER, token)];
        headers.extend(more);
        let head = http::head_of(self.address, (method, path), &self.cookies(), &headers, length);
        self.connection.send_pieces(&head, pieces, breaks)
    }

    /// Sends bytes that [`Self::request`] made.
    pub(crate) fn send(&mut self, request: &[u8]) -> Result<Response> {
        let response = self.connection.send(request)?;
        let given: Vec<_> = response.header("set-cookie").filter_map(cookie).collect();
        self.cookies.extend(given);
        Ok(response)
    }

    fn cookies(&self) -> String {
        let pairs = self.cookies.iter().map(|(name, value)| format!("{name}={value}"));
        pairs.collect::<Vec<_>>().join("; ")
    }
}

fn cookie(header: &str) -> Option<(String, String)> {
    let (name, value) = header.split(';').next()?.split_once('=')?;
    Some((name.trim().to_owned(), value.trim().to_owned()))
}
