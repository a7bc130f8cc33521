#!/usr/bin/env python3
"""Makes a tiny synthetic export and walks it through every recipe in both presets; also checks what must fail. Needs no pytest and no data; under 5 minutes on two free cores.

  selftest.py [--keep DIR] [--only small|paper]
"""
from __future__ import annotations

import argparse
import csv
import importlib
import json
import os
import runpy
import subprocess
import sys
import tempfile
import time
import traceback
from pathlib import Path
from typing import Callable

import numpy as np
from PIL import Image

HERE = Path(__file__).parent
SLOTS = {"segmentation": ["deeplabv3", "unet", "unetpp"], "classification": ["resnet50", "resnet101", "densenet121"]}
COHORTS = ["train"] * 8 + ["validation"] * 4 + ["test"] * 4


def make_export(folder: Path, seed: int = 5) -> None:
    """16 patients; a dark ellipse in speckle, round ones negative and wide ones positive."""
    generator = np.random.default_rng(seed)
    for name in ("images", "masks"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    rows = []
    for number, cohort in enumerate(COHORTS):
        height, width, positive = 80 + number, 112 - number, number % 2
        y, x = np.mgrid[0:height, 0:width]
        inside = ((x - width / 2) / (18 + 12 * positive)) ** 2 + ((y - height / 2) / 16) ** 2 < 1
        grey = np.clip(generator.gamma(4, 30, (height, width)) * np.where(inside, 0.3, 1), 0, 255).astype(np.uint8)
        Image.fromarray(grey).save(folder / f"images/{number}.png")
        Image.fromarray(inside.astype(np.uint8) * 255).save(folder / f"masks/{number}.png")
        rows.append({"case_id": f"c{number}", "patient_id": f"p{number}", "image": f"images/{number}.png", "mask": f"masks/{number}.png", "cohort": cohort, "sln": positive})
    with (folder / "manifest.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    (folder / "splits.json").write_text(json.dumps({"roles": {"train": "fit", "validation": "choose", "test": "report"}}))


def preload() -> None:
    """Imports what the recipes import, once; onnx before torch: the other way round Debian's builds of the two clash. Nothing is computed here, so that forks are safe."""
    os.environ.setdefault("MPLBACKEND", "Agg")
    for name in ("onnx", "torch", "torchvision", "onnxruntime", "xgboost", "matplotlib.pyplot"):
        try:
            importlib.import_module(name)
        except ImportError:
            pass  # the recipe that needs it says so


def become(work: Callable[[], None], environment: dict[str, str], output: int, faults: int) -> None:
    """In a fork: does the work in place of this program, and ends."""
    os.dup2(output, 1), os.dup2(faults, 2)
    os.environ.update(environment)
    code = 1
    try:
        work()
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 0 if end.code is None else 1
        if isinstance(end.code, str):
            print(end.code, file=sys.stderr)
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush(), sys.stderr.flush()
        os._exit(code)


def run_forked(work: Callable[[], None], environment: dict[str, str]) -> tuple[int, str, str]:
    """Work in a fork of this process: what it imports is there already. Returns exit code, output and faults."""
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as faults:
        sys.stdout.flush(), sys.stderr.flush()
        child = os.fork()
        if child == 0:
            become(work, environment, output.fileno(), faults.fileno())
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        output.seek(0), faults.seek(0)
        return code, output.read().decode(), faults.read().decode()


def recipe(words: list[str]) -> None:
    sys.argv = words
    runpy.run_path(words[0], run_name="__main__")


def run(*arguments, fails_with: str | None = None, environment: dict[str, str] | None = None) -> str:
    """Runs a recipe; where `fails_with` is given, it must fail and say that."""
    words = [str(HERE / arguments[0]), *map(str, arguments[1:])]
    if hasattr(os, "fork"):
        code, output, faults = run_forked(lambda: recipe(words), environment or {})
    else:
        done = subprocess.run([sys.executable, *words], capture_output=True, text=True, env={**os.environ, **(environment or {})})
        code, output, faults = done.returncode, done.stdout, done.stderr
    if fails_with is None and code != 0:
        raise AssertionError(f"{' '.join(words)}\n{output}\n{faults[-4000:]}")
    if fails_with is not None and (code == 0 or fails_with not in faults):
        raise AssertionError(f"{' '.join(words)} should have failed with {fails_with!r}; it ended with {code}:\n{faults[-2000:]}")
    return output


def check(condition: bool, message: str) -> None:
    if not condition:
        raise AssertionError(message)


def check_refusals(data: Path, work: Path) -> None:
    rows = (data / "manifest.csv").read_text().splitlines()
    leaking = work / "leaking"
    make_export(leaking)
    (leaking / "manifest.csv").write_text("\n".join([*rows[:-1], rows[-1].replace("p15", "p0")]) + "\n")
    run("train_segmentation.py", "--data", leaking, "--model", "unet", "--out", work / "never", fails_with="LEAKAGE")
    run("train_segmentation.py", "--data", work / "nowhere", "--model", "unet", "--out", work / "never", fails_with="is missing")
    run("train_segmentation.py", "--data", data, "--model", "unet", "--init", "torchvision", "--out", work / "never", fails_with="no torchvision weights")
    # As on a machine without access: an empty cache of weights and a proxy that nothing listens on.
    offline = {"TORCH_HOME": str(work / "no-weights"), "https_proxy": "http://127.0.0.1:9", "http_proxy": "http://127.0.0.1:9", "no_proxy": ""}
    run("train_segmentation.py", "--data", data, "--model", "unet", "--preset", "paper", "--init", "torchvision", "--out", work / "never", fails_with="cannot be fetched", environment=offline)
    check(not (work / "never" / "best.pt").exists(), "nothing is trained where a start was refused")
    run("train_segmentation.py", "--data", data, "--model", "unet", "--init", work / "nothing.onnx", "--out", work / "never", fails_with="is not there")
    print("refusals: a patient in two cohorts, a missing manifest, weights that do not exist or cannot be fetched")


def check_restoring(graph: Path, model: str, preset: str) -> None:
    """`--init GRAPH.onnx`: the network restored from an exported graph computes what the graph computes."""
    import onnx  # before torch: the other way round Debian's builds of the two clash
    import torch
    sys.path.insert(0, str(HERE))
    from common.graphs import SegmentationGraph
    from common.initialise import initialise
    from common.presets import SEGMENTATION, make_segmentation_network
    from common.runtime import open_graph
    from common.unfold import measure_statistics
    torch.manual_seed(3)
    network = make_segmentation_network(model, preset)
    initial = initialise(network, "segmentation", model, preset, str(graph))
    check(len(initial.waiting) > 0, "an exported graph holds folded batch normalisations")
    measure_statistics(network, initial.waiting, (torch.randn(2, 3, 64, 64) for _ in range(2)))
    x = torch.randn(1, 3, 70, 90)
    with torch.no_grad():
        own = SegmentationGraph([network], [(64, SEGMENTATION[preset]["oversample"])])(x).numpy()
    difference = float(np.abs(own - open_graph(graph).run(None, {"image": x.numpy()})[0]).max())
    check(difference < 1e-4, f"a network restored from its graph differs from it by {difference:.1e}")


def walk(preset: str, data: Path, work: Path) -> None:
    """Train, resume, export, fuse, evaluate, then the same for the classifiers."""
    graphs = work / "graphs"
    small = ["--init", "random", "--size", 64, "--batch", 2, "--evaluate-every", 2]
    for model in SLOTS["segmentation"]:
        out = work / model
        run("train_segmentation.py", "--data", data, "--model", model, "--preset", preset, "--out", out, *small, "--iterations", 2)
        if model == "unet":
            run("train_segmentation.py", "--data", data, "--model", model, "--preset", preset, "--out", out, *small, "--iterations", 4, "--resume")
            check([r["iteration"] for r in csv.DictReader((out / "log.csv").open())] == ["2", "4"], "a resumed run goes on in the same log")
        run("export_onnx.py", "--run", out, "--to", graphs / f"{model}.onnx", "--fixture", work / f"fixtures/{model}.json", *(["--mirror"] if model == "unetpp" else []))
    restore = lambda: check_restoring(graphs / "unet.onnx", "unet", preset)
    if hasattr(os, "fork"):  # the parent computes nothing: threads that it had started would be missing in its forks
        code, _, faults = run_forked(restore, {})
        check(code == 0, faults[-2000:])
    else:
        restore()
    run("train_segmentation.py", "--data", data, "--model", "unet", "--preset", preset, "--out", work / "unet-on", *small, "--iterations", 2, "--init", graphs / "unet.onnx")
    run("fit_fusion.py", "--data", data, "--graphs", graphs, "--to", graphs / "fusion.json", "--out", work / "fusion", "--quick", "--folds", 2, "--fixture", work / "fixtures/fusion.json")
    run("evaluate.py", "segmentation", "--data", data, "--graphs", graphs, "--fusion", graphs / "fusion.json", "--out", work / "evaluation")
    figures = json.loads((work / "evaluation/segmentation.json").read_text())
    check({f["cohort"] for f in figures} == {"train", "validation", "test"}, "every cohort is measured")
    use_true_masks(data, work / "evaluation/masks.npz")
    for model in SLOTS["classification"]:
        out = work / model
        run("train_classification.py", "--data", data, "--masks", work / "evaluation/masks.npz", "--outcome", "sln", "--model", model, "--preset", preset,
            "--init", "random", "--out", out, "--epochs", 1, "--batch", 4)
        said = run("export_onnx.py", "--run", out, "--to", graphs / f"{model}.onnx", "--fixture", work / f"fixtures/{model}.json")
        check("Grad-CAM closed form against autograd" in said, "the closed form is checked at every export")
    run("evaluate.py", "classification", "--data", data, "--masks", work / "evaluation/masks.npz", "--outcome", "sln",
        "--graphs", *[graphs / f"{model}.onnx" for model in SLOTS["classification"]], "--out", work / "evaluation")
    report = json.loads((work / "evaluation/signatures.json").read_text())
    check(report["signature"] in SLOTS["classification"], "one network is the signature")


def walk_out_of_fold(data: Path, work: Path) -> None:
    """Two folds of the cases to fit: every one of them gets one value, by networks that never saw its patient."""
    out = work / "out-of-fold"
    small = "--init random --size 64 --batch 4 --iterations 6 --evaluate-every 3"
    order = ["out_of_fold.py", "--data", data, "--outcome", "sln", "--classification", "resnet50", "--folds", 2, "--out", out, f"--segmentation-options={small}", "--classification-options=--init random --epochs 1 --batch 4"]
    run(*order)
    rows = list(csv.DictReader((out / "signatures.csv").open()))
    fold_of = {row["patient_id"]: row["fold"] for row in csv.DictReader((out / "folds.csv").open())}
    check({row["fold"] for row in rows} == {"1", "2"} and {row["mask"] for row in rows} == {"out_of_fold"}, "values of both folds, on out-of-fold masks")
    check(all(fold_of[row["case_id"].replace("c", "p")] == row["fold"] for row in rows) and len({row["case_id"] for row in rows}) == len(rows), "a case has one value, of its patient's fold")
    for fold in (0, 1):
        cohorts = {row["patient_id"]: row["cohort"] for row in csv.DictReader((out / f"fold-{fold}/export/manifest.csv").open())}
        check({p for p, c in cohorts.items() if c == "held-out"} == {p for p, f in fold_of.items() if f == str(fold + 1)}, "a fold's recipes read its held-out patients as cases to report on")
        check(set(cohorts.values()) == {"fit", "choose", "held-out"}, "cohorts that report are not there at all")
    check(run(*order).count("images held out") == 2, "a run that is done is not done again")
    run(*order[:8], 5, *order[9:], fails_with="too few for 5 folds")
    print("out of fold: two folds by patient, masks and signatures of networks that never saw the case")


def use_true_masks(data: Path, path: Path) -> None:
    """A network of two steps may find nothing; the classifiers' recipes are walked on the true masks."""
    masks = {}
    for number in range(len(COHORTS)):
        mask = np.asarray(Image.open(data / f"masks/{number}.png")) > 0
        masks[f"c{number}:{number}.png.size"], masks[f"c{number}:{number}.png.bits"] = np.array(mask.shape), np.packbits(mask)
    np.savez(path, **masks)


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--keep", type=Path)
    p.add_argument("--only", choices=["small", "paper"])
    args = p.parse_args()
    began = time.monotonic()
    if hasattr(os, "fork"):
        preload()
    with tempfile.TemporaryDirectory() as temporary:
        work = args.keep or Path(temporary)
        data = work / "export"
        make_export(data)
        check_refusals(data, work)
        walk_out_of_fold(data, work)
        for preset in [args.only] if args.only else ["small", "paper"]:
            walk(preset, data, work / preset)
            print(f"{preset}: trained, resumed, exported, fused, classified, evaluated ({time.monotonic() - began:.0f} s)", flush=True)
    print("selftest passed")


if __name__ == "__main__":
    main()
