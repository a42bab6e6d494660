//! The page on loopback where a person decides, and the JSON API behind it.
