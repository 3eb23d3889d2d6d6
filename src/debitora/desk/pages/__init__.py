"""Pages of the desk: today and the settings, the record of who did what."""
