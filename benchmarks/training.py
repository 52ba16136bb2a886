"""Fitting a linear model to named features, and parting readings for cross-validation."""

from __future__ import annotations

from collections import Counter
from typing import TypeVar

import numpy as np
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from tracker.extract.linear import Linear
from tracker.extract.reading import Reading

T = TypeVar("T")
Sample = tuple[list[str], str, float]
"""Features, label, weight."""


def fit(samples: list[Sample], c: float, min_count: int = 3) -> Linear:
    """Multinomial logistic regression, L2 penalty, without features in fewer than `min_count` samples."""
    counts = Counter(f for features, _, _ in samples for f in set(features))
    index = {f: i for i, f in enumerate(sorted(f for f, n in counts.items() if n >= min_count))}
    classes = sorted({label for _, label, _ in samples}) or ["none"]
    if len(classes) == 1:
        return Linear(tuple(classes), {}, np.zeros((0, 1), np.float32), np.zeros(1, np.float32))
    rows, columns = [], []
    for row, (features, _, _) in enumerate(samples):
        for i in {index[f] for f in features if f in index}:
            rows.append(row)
            columns.append(i)
    x = sparse.csr_matrix((np.ones(len(rows), np.float64), (rows, columns)), shape=(len(samples), len(index)))
    y = [classes.index(label) for _, label, _ in samples]
    weight = [w for _, _, w in samples]
    model = LogisticRegression(C=c, max_iter=400, tol=1e-3).fit(x, y, sample_weight=weight)
    coefficients, bias = model.coef_, model.intercept_
    if len(classes) == 2:
        coefficients, bias = (
            np.vstack([-coefficients[0] / 2, coefficients[0] / 2]),
            np.array([-bias[0] / 2, bias[0] / 2]),
        )
    keep = np.abs(coefficients).max(axis=0) > 1e-3
    kept = [f for f in index if keep[index[f]]]
    return Linear(
        tuple(classes),
        {f: i for i, f in enumerate(kept)},
        coefficients[:, keep].T.astype(np.float32),
        bias.astype(np.float32),
    )


def others(parts: list[list[T]], number: int) -> list[T]:
    """All but one of the parts."""
    return [one for n, part in enumerate(parts) if n != number for one in part]


def folds(readings: list[Reading], n: int) -> list[list[Reading]]:
    ordered = sorted(readings, key=lambda r: r.document.id)
    return [ordered[i::n] for i in range(n)]
