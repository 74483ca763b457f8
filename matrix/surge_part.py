"""A part of the detector is arrays: some with one column per series, some that all series share."""

from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray


class Part:
    """Whatever is an ndarray attribute is state; its last axis is the series unless the name stands in `SHARED`."""

    SHARED: ClassVar[tuple[str, ...]] = ()

    def arrays(self) -> dict[str, NDArray[Any]]:
        return {name: value for name, value in vars(self).items() if isinstance(value, np.ndarray)}

    def take(self, saved: dict[str, NDArray[Any]]) -> None:
        """Put saved arrays in place; raises KeyError when one is missing and ValueError when a shape differs."""
        for name, value in self.arrays().items():
            if saved[name].shape != value.shape:
                raise ValueError(f"保存的基线与当前程序不符（{name}），请从历史数据重新积累。")
            setattr(self, name, saved[name].astype(value.dtype, copy=True))

    def join(self, other: Self) -> None:
        """Add the columns of a part that holds other series; what is shared stays."""
        for name, value in self.arrays().items():
            if name not in self.SHARED:
                setattr(self, name, np.concatenate([value, getattr(other, name)], axis=-1))

    def keep(self, columns: NDArray[np.intp]) -> None:
        """Keep only these columns, in this order."""
        for name, value in self.arrays().items():
            if name not in self.SHARED:
                setattr(self, name, np.ascontiguousarray(value[..., columns]))
