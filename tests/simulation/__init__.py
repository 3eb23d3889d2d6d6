"""Simulations: a company lives for a while, and after each step what must be true is true."""
