"""The only way in: fetches from the platforms and from files, parses, and hands over nouns of the matrix."""
