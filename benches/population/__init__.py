"""A made-up population and how well Habeas finds people in it; see `benches/population.py`."""
