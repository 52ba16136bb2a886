"""A multinomial logistic model over named binary features: small, quick, and able to say why.

Trained by scikit-learn (`benchmarks/train_extract.py`), stored as a NumPy archive without pickles.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Linear:
    """`weights[i]` are the class weights of feature `i`; unknown features weigh nothing."""

    classes: tuple[str, ...]
    index: dict[str, int]
    weights: np.ndarray[Any, np.dtype[np.float32]]
    bias: np.ndarray[Any, np.dtype[np.float32]]

    def scores(self, features: Iterable[str]) -> np.ndarray[Any, np.dtype[np.float32]]:
        """Unnormalised class scores, shape (classes,)."""
        rows = [i for f in features if (i := self.index.get(f)) is not None]
        return self.weights[rows].sum(axis=0) + self.bias if rows else self.bias

    def probabilities(self, features: Iterable[str]) -> dict[str, float]:
        """Class probabilities; they sum to 1."""
        score = self.scores(features)
        exp = np.exp(score - score.max())
        return dict(zip(self.classes, (exp / exp.sum()).tolist(), strict=True))

    def best(self, features: Iterable[str]) -> Any:
        """The likeliest class; of equals the first by name."""
        chances = self.probabilities(features)
        return max(sorted(chances), key=chances.__getitem__)

    def reasons(self, features: Iterable[str], label: str, most: int = 5) -> list[tuple[str, float]]:
        """The features that speak most for a class, strongest first."""
        column = self.classes.index(label)
        weighed = [
            (f, float(self.weights[i, column])) for f in set(features) if (i := self.index.get(f)) is not None
        ]
        return sorted(weighed, key=lambda fw: (-fw[1], fw[0]))[:most]


def save(path: Path, models: dict[str, Linear]) -> None:
    """Write several models into one archive; the same models give the same bytes."""
    arrays: dict[str, Any] = {}
    for name in sorted(models):
        model = models[name]
        features = sorted(model.index, key=model.index.__getitem__)
        arrays[f"{name}.classes"] = _packed(model.classes)
        arrays[f"{name}.features"] = _packed(features)
        arrays[f"{name}.weights"] = model.weights.astype(np.float16)
        arrays[f"{name}.bias"] = model.bias.astype(np.float32)
    np.savez_compressed(path, **arrays)


def load(path: Path) -> dict[str, Linear]:
    """Read an archive written by `save`."""
    with np.load(path, allow_pickle=False) as data:
        names = sorted({key.rsplit(".", 1)[0] for key in data.files})
        return {
            name: Linear(
                tuple(_unpacked(data[f"{name}.classes"])),
                {f: i for i, f in enumerate(_unpacked(data[f"{name}.features"]))},
                data[f"{name}.weights"].astype(np.float32),
                data[f"{name}.bias"],
            )
            for name in names
        }


def _packed(words: Sequence[str]) -> Any:
    return np.frombuffer("\n".join(words).encode(), dtype=np.uint8)


def _unpacked(array: Any) -> list[str]:
    return str(array.tobytes().decode()).split("\n")
