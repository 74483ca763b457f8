"""A make-believe city behind the platforms' own HTTP interfaces; imports nothing of the product, so that it can prove it wrong."""
