"""What the business says about items, holds, customers, and what people type. Pure."""
