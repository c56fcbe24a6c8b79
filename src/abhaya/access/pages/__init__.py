"""The pages of this room, imported by `urls` only."""
