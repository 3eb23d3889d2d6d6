"""Documents: bytes by hash, uploaded files, where lists come from, remembered column mappings, and faults."""
