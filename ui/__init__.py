"""Furnishes the pages: the gate before them, the frame around them, and the pieces they are put together from."""
