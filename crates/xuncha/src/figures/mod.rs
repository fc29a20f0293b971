//! Figures (统计指标): named queries with provenance.
