"""What identifies a citizen is hidden before it reaches a screen: the door of the pages to `matrix.masking`."""

from matrix.masking import mask_name, mask_phone, mask_text

__all__ = ["mask_name", "mask_phone", "mask_text"]
