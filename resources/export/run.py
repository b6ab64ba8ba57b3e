"""Segments one picture: python run.py IMAGE MASK.png (needs onnxruntime, numpy and pillow)."""
import json
import sys
from pathlib import Path

import numpy as np
import onnxruntime
from PIL import Image

FOLDER = Path(__file__).resolve().parent


def main(image_path, mask_path):
    classes = json.loads((FOLDER / "classes.json").read_text(encoding="utf-8"))
    normalisation = json.loads((FOLDER / "normalisation.json").read_text(encoding="utf-8"))
    session = onnxruntime.InferenceSession(str(FOLDER / "model.onnx"), providers=["CPUExecutionProvider"])
    height, width = session.get_inputs()[0].shape[2:]

    picture = Image.open(image_path).convert("RGB")
    # A picture that lacks less than 32 pixels is padded, as in training; any other is scaled.
    padded = all(0 <= missing < 32 for missing in (height - picture.height, width - picture.width))
    fitted = picture if padded else picture.resize((width, height), Image.Resampling.BILINEAR)

    mean = np.array(normalisation["mean"], np.float32)
    deviation = np.array(normalisation["deviation"], np.float32)
    network_input = np.zeros((1, 3, height, width), np.float32)
    normalised = (np.asarray(fitted, np.float32) / 255 - mean) / deviation
    network_input[0, :, : fitted.height, : fitted.width] = normalised.transpose(2, 0, 1)

    (logits,) = session.run(["logits"], {"image": network_input})
    mask = Image.fromarray(logits[0].argmax(axis=0).astype(np.uint8))
    if padded:
        mask = mask.crop((0, 0, picture.width, picture.height))
    else:
        mask = mask.resize(picture.size, Image.Resampling.NEAREST)
    mask.putpalette([value for entry in classes for value in entry["colour"]])
    mask.save(mask_path)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("Usage: python run.py IMAGE MASK.png")
    main(sys.argv[1], sys.argv[2])
