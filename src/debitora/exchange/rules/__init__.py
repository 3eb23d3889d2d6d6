"""What the business says about lists: when a person must look first, what a list changes, how its columns are read. Pure."""
