//! What is alike: Chinese texts by the pairs of signs they share, pictures by their light and dark, PDFs by both, and
//! groups of like texts. Nothing here decides; every answer says by what two things are alike.
//!
//! ```
//! use likeness::text::{Sketch, similarity};
//! let (a, b) = (Sketch::of("办公用房长期闲置未盘活利用"), Sketch::of("办公用房长期闲置，未能盘活利用"));
//! assert!(similarity(&a, &b) > 0.3);
//! ```

pub mod groups;
pub mod pdf;
pub mod picture;
pub mod text;
