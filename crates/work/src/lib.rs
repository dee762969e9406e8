//! The runner: claims jobs by lease, rings deadlines, sends what waits.
