//! Two databases, one code.
