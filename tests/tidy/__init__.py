"""What the import contracts cannot say about the house, said as tests. Each rule is shown to bite a planted fault."""
