//! Two databases, one code: the embedded SQLite of one office, and PostgreSQL for several servers.
//!
//! Everything that differs between the two stands in this crate: how a connection is opened, how a
//! writing transaction begins, how migrations are applied. Nobody else asks which database it is
//! (the full-text index in `kit` excepted).
//!
//! ```no_run
//! # async fn example() -> Result<(), db::DbError> {
//! let db = db::Db::open(&db::Target::folder("data")).await?;
//! db::migrate(&db).await?;
//! let tx = db.begin().await?;
//! tx.commit().await?;
//! # Ok(()) }
//! ```

mod migrate;
mod open;
pub mod portable;
mod sql;
#[cfg(feature = "testing")]
pub mod testing;

pub use migrate::{Migration, check_schema, migrate, migrate_apart, migrations};
pub use open::{Conn, Db, DbError, Target, Tx, broken_off};
pub use sea_orm::{ConnectionTrait, DatabaseExecutor, DbBackend, DbErr, QueryResult, Statement, Value};
pub use sql::Sql;
