"""A make-believe city behind the platforms' HTTP interfaces; imports nothing of the product, so it can prove it wrong."""
