//! Works one request: its subject, findings, and decisions in a chained ledger.
