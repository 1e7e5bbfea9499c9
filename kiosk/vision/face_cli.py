"""`kiosk face evaluate DIR`: what an engine makes of people whose pictures somebody has."""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path

from kiosk.vision.settings import EngineChoice, models_folder

NO_LABEL = "no label: say with --label what the pictures are"


def run(argv: list[str]) -> int:
    """`evaluate DIR [--engine NAME] [--fmr RATE] [--label TEXT] [--out DIR]`: prints JSON, writes det.png and JSON.

    0: measured; 1: the engine is not installed; 2: the folder cannot be used.
    """
    parser = argparse.ArgumentParser(prog="kiosk face")
    commands = parser.add_subparsers(dest="command", required=True)
    evaluate = commands.add_parser("evaluate", help="error rates of an engine on folders of people")
    evaluate.add_argument("folder", type=Path, help="DIR/PERSON/*.jpg or DIR/GROUP/PERSON/*.jpg")
    evaluate.add_argument(
        "--engine", choices=[c.value for c in EngineChoice if c is not EngineChoice.NONE], default="dlib"
    )
    evaluate.add_argument(
        "--fmr", type=float, action="append", help="a wished rate of false matches; may be repeated"
    )
    evaluate.add_argument(
        "--label", default=NO_LABEL, help="what the pictures are; stands on the plot and in the result"
    )
    evaluate.add_argument("--models", type=Path, default=models_folder(os.environ))
    evaluate.add_argument("--out", type=Path, help="a folder for det.png and evaluation.json")
    asked = parser.parse_args(argv)
    return _evaluate(
        asked.folder, EngineChoice(asked.engine), asked.fmr or [0.01, 0.001], asked.label, asked.models, asked.out
    )


def _evaluate(
    folder: Path, choice: EngineChoice, wished: list[float], label: str, models: Path, out: Path | None
) -> int:
    # OpenCV is a matter of this command alone: the terminal's own imports stay light.
    from kiosk.vision.comparison import load_engine
    from kiosk.vision.detection import face_finder
    from kiosk.vision.evaluation import evaluate, listed, plot, samples_in
    from kiosk.vision.picture import encode_png

    engine = load_engine(choice, face_finder(models), models)
    if engine is None:
        print(f"the engine {choice.value} is not installed", file=sys.stderr)
        return 1
    try:
        samples = samples_in(folder)
    except (OSError, ValueError) as unusable:
        print(str(unusable), file=sys.stderr)
        return 2
    results = evaluate(engine, samples, wished)
    text = json.dumps(
        {"label": label, "engine": engine.name, "results": listed(results)}, ensure_ascii=False, indent=1
    )
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        (out / "evaluation.json").write_text(text + "\n", "utf-8")
        (out / "det.png").write_bytes(encode_png(plot(results, f"{engine.name}: {label}")))
    print(text)
    return 0
