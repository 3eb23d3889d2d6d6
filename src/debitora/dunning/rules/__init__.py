"""What the business says about dunning. Pure: frozen values in, values or faults out; no framework, no clock."""
