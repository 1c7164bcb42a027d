//! The dialogue, turn by turn, over a world in memory.
