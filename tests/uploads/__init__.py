"""What people upload: files that pretend, files that break off, files that come byte by byte (TRUST X04, X09)."""
