"""One file per word of run.py: each has ABOUT, its one Chinese line, and main(argv), which answers with an exit code."""
