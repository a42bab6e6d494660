//! Accounts of what was done: the search record.
