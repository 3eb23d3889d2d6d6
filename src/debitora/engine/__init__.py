"""Engine: the bulk mathematics. Frames in, frames out; knows no database, no framework and no clock."""
