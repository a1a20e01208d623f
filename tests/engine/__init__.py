"""The engine as a state machine: histories that a seed draws, on both databases in lockstep, with every invariant after each."""
