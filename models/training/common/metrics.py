"""Overlap of masks, AUC, Youden's threshold, and bootstrap intervals that resample patients."""
from __future__ import annotations

import numpy as np

METRICS = ("dice", "iou", "precision", "recall")


def overlap(found: np.ndarray, truth: np.ndarray) -> dict[str, float]:
    """Dice, IoU, precision and recall of two boolean masks. An empty mask where there is a lesion scores 0 in all four."""
    both, one, other = int((found & truth).sum()), int(found.sum()), int(truth.sum())
    if one == 0 and other == 0:
        return dict.fromkeys(METRICS, 1.0)
    return {"dice": 2 * both / (one + other), "iou": both / (one + other - both),
            "precision": both / one if one else 0.0, "recall": both / other if other else 0.0}


def auc(labels: np.ndarray, scores: np.ndarray) -> float:
    """Area under the ROC curve by ranks, ties counted half; NaN where one class is missing."""
    positive, negative = scores[labels == 1], scores[labels == 0]
    if not len(positive) or not len(negative):
        return float("nan")
    ordered = np.sort(negative)
    below = np.searchsorted(ordered, positive, "left") + np.searchsorted(ordered, positive, "right")
    return float(below.sum() / (2 * len(positive) * len(negative)))


def youden(labels: np.ndarray, scores: np.ndarray) -> float:
    """The threshold (call positive at or above it) with the largest sensitivity + specificity, midway between two scores; the lower of equals."""
    values = np.unique(scores)
    cuts = np.concatenate([[values[0]], (values[1:] + values[:-1]) / 2])
    sensitivity = np.array([(scores[labels == 1] >= cut).mean() for cut in cuts])
    specificity = np.array([(scores[labels == 0] < cut).mean() for cut in cuts])
    return float(cuts[int(np.argmax(sensitivity + specificity))])


def patient_bootstrap(patients: list[str], statistic, rounds: int = 2000, seed: int = 1) -> tuple[float, float]:
    """95 % percentile interval of `statistic(index)`, resampling patients with all their images."""
    groups: dict[str, list[int]] = {}
    for index, patient in enumerate(patients):
        groups.setdefault(patient, []).append(index)
    members = [np.array(group) for group in groups.values()]
    generator = np.random.default_rng(seed)
    values = []
    for _ in range(rounds):
        drawn = generator.integers(0, len(members), len(members))
        values.append(statistic(np.concatenate([members[i] for i in drawn])))
    low, high = np.nanpercentile(values, [2.5, 97.5])
    return float(low), float(high)


def mean_interval(patients: list[str], values: np.ndarray, rounds: int = 2000, seed: int = 1) -> tuple[float, float]:
    """patient_bootstrap of a mean, by patients' sums and counts."""
    _, group = np.unique(patients, return_inverse=True)
    sums, counts = np.bincount(group, values), np.bincount(group)
    drawn = np.random.default_rng(seed).integers(0, len(counts), (rounds, len(counts)))
    low, high = np.percentile(sums[drawn].sum(1) / counts[drawn].sum(1), [2.5, 97.5])
    return float(low), float(high)


def patient_folds(patients: list[str], folds: int, seed: int) -> np.ndarray:
    """Fold of every row; a patient's rows share one fold."""
    unique = sorted(set(patients))
    order = np.random.default_rng(seed).permutation(len(unique))
    fold = {unique[i]: int(place % folds) for place, i in enumerate(order)}
    return np.array([fold[patient] for patient in patients])
