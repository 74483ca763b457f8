"""Pure rules of the product: no input, no output, only dataclasses, scalars and arrays."""
