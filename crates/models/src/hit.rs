//! What a model raises.

use serde::Serialize;
use serde_json::{Map, Value as Json};

use crate::recipe::Level;

/// One doubt that a model raises.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Hit {
    /// What it is about.
    pub keys: Map<String, Json>,
    /// The values that raised it; money in yuan.
    pub values: Map<String, Json>,
    /// How loudly it speaks.
    pub level: Level,
    /// One sentence with the values.
    pub explanation: String,
}
