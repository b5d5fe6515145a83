"""The steps of a run, each `run(work, step)`: does what is left to do and keeps what it counted."""
