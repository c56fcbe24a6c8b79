"""The commands of the `abhaya` program, one file for each group; `abhaya.cli` has the table of them."""
