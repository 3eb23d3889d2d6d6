"""What people say about bank files, lines, and how bold matching may be."""
