"""Pages of people: sign-in's surroundings, who may do what, and saved views."""
