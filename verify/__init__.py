"""The court's verifier: checks an exported ledger without trusting, or needing, the program that wrote it."""
