//! Draws what may be seen, and proves that the rest is gone.
