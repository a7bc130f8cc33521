#!/usr/bin/env python3
"""Out-of-fold masks and signatures of the cases that the networks are fitted on, for a combined model that may be fitted on them too.

  out_of_fold.py --data EXPORT --outcome sln --segmentation unet --classification resnet50 --folds 5 --preset small --out RUNS/out-of-fold

The patients of the `fit` cohorts are dealt into folds, both classes alike. For each fold a segmentation network and a classification network
are trained on the other folds with the same recipes and options, and give the held-out cases their masks and probabilities. What decides when
to stop are the `choose` cohorts, as in any other training. Cohorts that report are never read.

Writes signatures.csv (case_id, fold, probability, mask: what the workstation imports), masks.npz, folds.csv, out_of_fold.json and card.md.
A fold that is done is not done again; an interrupted training is resumed.
"""
from __future__ import annotations

import argparse
import csv
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import torch

sys.path.insert(0, str(Path(__file__).parent))
from common.classification_data import MaskStore
from common.dataset import Case, ExportError, load_image, read_export
from common.metrics import auc, patient_bootstrap
from common.preprocess import crop_roi
from common.presets import CLASSIFICATION, ENCODERS, SEGMENTATION, load_network

HERE = Path(__file__).parent
OUT_OF_FOLD = "out_of_fold"  # the mask's kind, as the workstation's import knows it


def parse() -> argparse.Namespace:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--data", required=True)
    p.add_argument("--outcome", required=True)
    p.add_argument("--positive", default="1")
    p.add_argument("--segmentation", default="unet", choices=["deeplabv3", "unet", "unetpp"])
    p.add_argument("--classification", required=True, choices=["resnet50", "resnet101", "densenet121"])
    p.add_argument("--preset", default="small", choices=[name for name in SEGMENTATION if name in CLASSIFICATION])
    p.add_argument("--encoder", default="residual", choices=ENCODERS, help="of the preset small")
    p.add_argument("--folds", type=int, default=5)
    p.add_argument("--out", type=Path, required=True)
    p.add_argument("--role", action="append", default=[], help="COHORT=fit|choose|report, over splits.json")
    p.add_argument("--segmentation-options", default="", help='further options of train_segmentation.py: --segmentation-options="--init random --iterations 2000"')
    p.add_argument("--classification-options", default="", help="further options of train_classification.py")
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--threads", type=int, default=2)
    return p.parse_args()


def deal_folds(cases: list[Case], outcome: str, positive: str, folds: int, seed: int) -> dict[str, int]:
    """Patient -> fold. A patient is positive where any of the cases is; the patients of either class are dealt out in a random order."""
    classes: dict[str, bool] = {}
    for case in cases:
        classes[case.patient_id] = classes.get(case.patient_id, False) or case.columns.get(outcome) == positive
    random, fold_of, next_fold = np.random.default_rng(seed), {}, 0
    for wanted in (True, False):
        patients = sorted(patient for patient, is_positive in classes.items() if is_positive == wanted)
        if len(patients) < folds:
            raise ExportError(f"the cohorts with the role fit hold {len(patients)} {'positive' if wanted else 'negative'} patients of {outcome!r}: too few for {folds} folds")
        for patient in random.permutation(patients):
            fold_of[str(patient)], next_fold = next_fold % folds, next_fold + 1
    return fold_of


def write_fold(data: Path, folder: Path, cases: list[Case], held_out: set[str]) -> None:
    """An export of the same files in which the held-out patients are a cohort that reports, so that the recipes themselves keep away from it."""
    folder.mkdir(parents=True, exist_ok=True)
    columns = list(cases[0].columns)
    with (folder / "manifest.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        for case in cases:
            cohort = "held-out" if case.patient_id in held_out else case.role
            writer.writerow({**case.columns, "image": str((data / case.columns["image"]).resolve()), "mask": str((data / case.columns["mask"]).resolve()), "cohort": cohort})
    (folder / "splits.json").write_text(json.dumps({"roles": {"fit": "fit", "choose": "choose", "held-out": "report"}}) + "\n")


def recipe(name: str, *arguments) -> None:
    command = [sys.executable, str(HERE / name), *map(str, arguments)]
    if subprocess.run(command).returncode != 0:
        raise ExportError(f"{' '.join(command)} failed; what was done before it is kept and is not done again")


@torch.no_grad()
def probability(network: torch.nn.Module, region: np.ndarray) -> float:
    """Of the positive class, for a region [3,224,224] in 0..1."""
    return float(torch.softmax(network(torch.from_numpy(region[None]))[0].float(), 1)[0, 1])


def run_fold(args, fold: int, cases: list[Case], held_out: set[str]) -> list[dict]:
    """Trains on the other folds and returns a row for each held-out case: its probability, or why it has none."""
    folder = args.out / f"fold-{fold}"
    export, masks = folder / "export", folder / "masks.npz"
    write_fold(Path(args.data), export, cases, held_out)
    common = ["--data", export, "--preset", args.preset, "--encoder", args.encoder, "--seed", args.seed, "--threads", args.threads, "--resume"]
    if not masks.exists():
        recipe("train_segmentation.py", *common, "--model", args.segmentation, "--out", folder / args.segmentation, *args.segmentation_options.split())
        recipe("automatic_masks.py", "--data", export, "--run", folder / args.segmentation, *(v for c in ("fit", "choose", "held-out") for v in ("--cohort", c)), "--to", masks, "--threads", args.threads)
    if not (folder / "done").exists():
        recipe("train_classification.py", *common, "--masks", masks, "--outcome", args.outcome, "--positive", args.positive, "--model", args.classification, "--out", folder / args.classification, *args.classification_options.split())
        (folder / "done").touch()
    kept = torch.load(folder / args.classification / "best.pt", map_location="cpu", weights_only=False)
    network, store, rows = load_network(kept), MaskStore(masks), []
    for case in (c for c in read_export(export) if c.cohort == "held-out"):
        row = {"case_id": case.case_id, "patient_id": case.patient_id, "image": case.image.name, "fold": fold + 1, "label": case.columns.get(args.outcome, ""), "probability": None}
        mask = store.mask(case)
        rows.append({**row, "area": int(mask.sum()), **({"probability": probability(network, crop_roi(load_image(case.image), mask))} if mask.any() else {})})
    return rows


def one_a_case(rows: list[dict]) -> list[dict]:
    """Of a case with several images the one with the largest mask, as the workstation takes it."""
    best: dict[str, dict] = {}
    for row in rows:
        if row["probability"] is not None and row["area"] > best.get(row["case_id"], {"area": 0})["area"]:
            best[row["case_id"]] = row
    return list(best.values())


def main() -> None:
    args = parse()
    torch.set_num_threads(args.threads)
    cases = [c for c in read_export(args.data, dict(role.split("=", 1) for role in args.role)) if c.role != "report"]
    fit = [c for c in cases if c.role == "fit" and c.columns.get(args.outcome) not in (None, "")]
    if args.folds < 2:
        raise ExportError("--folds takes 2 or more: with one there would be nothing to train on")
    fold_of = deal_folds(fit, args.outcome, args.positive, args.folds, args.seed)
    args.out.mkdir(parents=True, exist_ok=True)
    with (args.out / "folds.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["patient_id", "fold"])
        writer.writerows([patient, fold + 1] for patient, fold in sorted(fold_of.items()))
    rows: list[dict] = []
    for fold in range(args.folds):
        rows += run_fold(args, fold, cases, {patient for patient, own in fold_of.items() if own == fold})
        print(f"fold {fold + 1} of {args.folds}: {sum(r['fold'] == fold + 1 for r in rows)} images held out", flush=True)
    signatures = one_a_case(rows)
    if not signatures:
        raise ExportError("no lesion was found in any held-out case: train longer (--segmentation-options)")
    with (args.out / "signatures.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["case_id", "fold", "probability", "mask"])
        writer.writerows([row["case_id"], row["fold"], f"{row['probability']:.6f}", OUT_OF_FOLD] for row in signatures)
    kept: dict[str, np.ndarray] = {}
    for fold in range(args.folds):
        held = {f"{row['case_id']}:{row['image']}" for row in rows if row["fold"] == fold + 1}
        stored = np.load(args.out / f"fold-{fold}" / "masks.npz")
        kept.update({name: stored[name] for name in stored.files if name.rpartition(".")[0] in held})
    np.savez(args.out / "masks.npz", **kept)
    write_summary(args, rows, signatures)


def write_summary(args, rows: list[dict], signatures: list[dict]) -> None:
    labels, scores = np.array([row["label"] == args.positive for row in signatures], int), np.array([row["probability"] for row in signatures])
    if labels.min() == labels.max():
        figure = None
    else:
        low, high = patient_bootstrap([row["patient_id"] for row in signatures], lambda index: auc(labels[index], scores[index]))
        figure = {"auc": float(auc(labels, scores)), "ci95": [low, high]}
    without = len({row["case_id"] for row in rows}) - len(signatures)
    summary = {
        "outcome": args.outcome, "positive": args.positive, "folds": args.folds, "seed": args.seed, "preset": args.preset, "segmentation": args.segmentation, "classification": args.classification, "segmentation_options": args.segmentation_options,
        "classification_options": args.classification_options, "cases": len(signatures), "without_lesion": without, "patients": len({row["patient_id"] for row in rows}), "figure": figure, "torch": torch.__version__,
    }
    (args.out / "out_of_fold.json").write_text(json.dumps(summary, indent=2) + "\n")
    said = "not measured: one class only" if figure is None else f"{figure['auc']:.3f} (95 % interval by patient {figure['ci95'][0]:.3f} to {figure['ci95'][1]:.3f})"
    (args.out / "card.md").write_text("\n".join([
        "## Out-of-fold signatures",
        f"{args.folds} folds by patient inside the cohorts with the role fit (seed {args.seed}), {summary['patients']} patients, {len(signatures)} cases with a value, {without} without: no lesion was found.",
        f"In each fold {args.segmentation} made the masks and {args.classification} the probabilities (preset {args.preset}), both trained on the other folds and stopped by the choosing cohorts. "
        "They are other networks than the ones that ship or are installed: their values stand for how the recipe does on cases that it was not fitted on.",
        f"AUC of {args.outcome} over all folds: {said}.",
        "Masks come from one network at its working size, not from the fusion.", ""]))
    print(f"{len(signatures)} out-of-fold signatures in {args.out / 'signatures.csv'}; AUC {said}")


if __name__ == "__main__":
    try:
        main()
    except ExportError as error:
        sys.exit(f"error: {error}")
