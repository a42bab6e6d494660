//! Is the right person found, and nobody else? A made-up population, asked about end to end.

mod common;
mod estate;
mod growth;
mod nearby;
mod people;
mod pieces;
mod population;
mod standing;
mod tiers;
mod whose;
