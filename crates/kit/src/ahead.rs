//! Statements that run while the unit of work goes on.
//!
//! Work that enters thousands of records spends half of its time with the database. While that stores what is done, the
//! next records are made: one piece of work at a time runs ahead, and whoever needs the transaction waits for its end.

use db::{Conn, Sql};
use sea_orm::ConnectionTrait as _;
use tokio::task::JoinHandle;

use crate::{Error, Result};

/// What runs ahead, if anything does.
#[derive(Default)]
pub(crate) struct Ahead(Option<JoinHandle<Result<()>>>);

impl Ahead {
    /// Starts `work` when what ran before has ended.
    ///
    /// # Errors
    /// When what ran before failed; `work` is not begun then.
    pub(crate) async fn start(
        &mut self,
        work: impl Future<Output = Result<()>> + Send + 'static,
    ) -> Result<()> {
        self.settle().await?;
        self.0 = Some(tokio::spawn(work));
        Ok(())
    }

    /// Whether nothing runs.
    pub(crate) fn is_idle(&self) -> bool {
        self.0.as_ref().is_none_or(JoinHandle::is_finished)
    }

    /// Waits until nothing runs any more.
    ///
    /// # Errors
    /// When what ran failed.
    pub(crate) async fn settle(&mut self) -> Result<()> {
        match self.0.take() {
            Some(running) => running.await.map_err(|error| Error::Fault(error.to_string()))?,
            None => Ok(()),
        }
    }
}

/// Runs statements in their order; while one runs, the next is written.
pub(crate) async fn execute_all(
    conn: &Conn,
    mut statements: impl ExactSizeIterator<Item = Sql> + Send,
) -> Result<()> {
    let mut ahead = Ahead::default();
    while let Some(sql) = statements.next() {
        let statement = sql.statement(conn.backend());
        if statements.len() == 0 {
            ahead.settle().await?;
            conn.executor().execute_raw(statement).await?;
        } else {
            let conn = conn.clone();
            let work = async move {
                conn.executor().execute_raw(statement).await?;
                Ok(())
            };
            ahead.start(work).await?;
        }
    }
    Ok(())
}
