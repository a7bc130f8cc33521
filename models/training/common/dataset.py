"""Reads a training export: manifest.csv, images/, masks/ and optionally splits.json.

manifest.csv holds `case_id, patient_id, image, mask, cohort` and any outcome columns; paths are relative to the file.
splits.json, where it is there, is `{"roles": {"<cohort>": "fit" | "choose" | "report"}}`.
"""
from __future__ import annotations

import csv
import json
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from PIL import Image

ROLES = ("fit", "choose", "report")
DEFAULT_ROLES = {"train": "fit", "fit": "fit", "validation": "choose", "choose": "choose"}


class ExportError(Exception):
    """The export cannot be trained on; the message says why."""


@dataclass(frozen=True)
class Case:
    case_id: str
    patient_id: str
    image: Path
    mask: Path
    cohort: str
    role: str
    columns: dict = field(compare=False)

    @property
    def key(self) -> str:
        """Names one image: a case may have several."""
        return f"{self.case_id}:{self.image.name}"


def read_roles(folder: Path, overrides: dict[str, str] | None = None) -> dict[str, str]:
    """Cohort name -> role. `overrides` (from the command line) wins over splits.json, which wins over the usual names."""
    roles = dict(DEFAULT_ROLES)
    splits = folder / "splits.json"
    if splits.exists():
        roles.update(json.loads(splits.read_text()).get("roles", {}))
    roles.update(overrides or {})
    for cohort, role in roles.items():
        if role not in ROLES:
            raise ExportError(f"cohort {cohort!r} has the role {role!r}; it must be one of {', '.join(ROLES)}")
    return roles


def check_leakage(cases: list[Case]) -> None:
    """Raises where a patient, or the very same image file, is in two cohorts."""
    for what, key in (("patient", lambda c: c.patient_id), ("image", lambda c: str(c.image))):
        seen: dict[str, str] = {}
        for case in cases:
            other = seen.setdefault(key(case), case.cohort)
            if other != case.cohort:
                raise ExportError(
                    f"LEAKAGE: {what} {key(case)!r} is in cohort {other!r} and in cohort {case.cohort!r} "
                    f"(case {case.case_id!r}); a {what} may be in one cohort only"
                )


def read_export(folder: str | Path, overrides: dict[str, str] | None = None) -> list[Case]:
    """The cases of an export that have an image and a mask, in the order of the manifest, after the leakage check."""
    folder = Path(folder)
    manifest = folder / "manifest.csv"
    if not manifest.exists():
        raise ExportError(f"{manifest} is missing: make the export with `sln export --format training`")
    roles = read_roles(folder, overrides)
    cases = []
    with manifest.open(newline="", encoding="utf-8-sig") as file:
        for row in csv.DictReader(file):
            missing = [name for name in ("case_id", "patient_id", "image", "mask", "cohort") if not row.get(name)]
            if missing == ["mask"] or row.get("excluded_reason"):
                continue  # no ground truth, or excluded by the study: nothing to learn from
            if missing:
                raise ExportError(f"{manifest}: row {len(cases) + 2} has no {', '.join(missing)}")
            cases.append(Case(row["case_id"], row["patient_id"], folder / row["image"], folder / row["mask"],
                              row["cohort"], roles.get(row["cohort"], "report"), row))
    if not cases:
        raise ExportError(f"{manifest} has no case with an image and a mask")
    check_leakage(cases)
    return cases


def load_image(path: Path) -> np.ndarray:
    """8-bit RGB, [H,W,3]; alpha is dropped and palettes are expanded."""
    with Image.open(path) as image:
        return np.asarray(image.convert("RGB"))


def load_mask(path: Path) -> np.ndarray:
    """Boolean [H,W]: any value above 127, or above 0 where the largest value is 1."""
    with Image.open(path) as image:
        mask = np.asarray(image.convert("L"))
    return mask > (0 if mask.max() <= 1 else 127)
