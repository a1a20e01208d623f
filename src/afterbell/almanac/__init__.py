"""Pure time: spans, repeats, opening hours, closures and calendar files. No clock, no I/O."""
