"""Forms of messaging, and its codes in words."""
