"""Reads texts: words in, judgements out; no I/O but the weights that ship beside the rules."""
