"""What clarification means: reasons and whom they are put to, steps and what they come to, outcomes and what they do."""
