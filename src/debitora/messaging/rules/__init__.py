"""What the business says about messages: how they read and look, when they may go, what a reply means. Pure."""
