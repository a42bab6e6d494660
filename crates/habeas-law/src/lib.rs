//! What is owed and when: data and arithmetic, each with its citation.
