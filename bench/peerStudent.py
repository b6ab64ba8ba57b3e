"""
The published student's side of `npm run bench -- derivedNetwork`: PyTorch in eager mode on the CPU, evaluation, no auxiliary heads.

    python bench/peerStudent.py --peer PATH_TO_PEER --dump FOLDER --threads 2

Weights and image are those of the dump. Writes the logits of the first pass as FOLDER/peer-logits.bin, float32 [height, width, classes], and
says {"threads"}; then for every line read it runs once and says {"seconds"}; at the end of the input {"peakMiB"}.
"""
import argparse
import json
import os
import resource
import sys
import time
import warnings

ARGUMENTS = argparse.ArgumentParser()
for option in ('--peer', '--dump'):
    ARGUMENTS.add_argument(option, required=True)
ARGUMENTS.add_argument('--threads', type=int, default=2)
options = ARGUMENTS.parse_args()
here = os.path.dirname(os.path.abspath(__file__))
folder = os.path.abspath(options.dump)
# The published code prints; our lines keep the standard output.
out = os.fdopen(os.dup(1), 'w')
os.dup2(2, 1)
sys.path[:0] = [os.path.join(here, '..', 'test', 'numeric', 'fixtures')]
warnings.simplefilter('ignore')

import numpy as np
import torch
from peer import published_layout
from peerStudent import published_student, student_parameter

torch.set_num_threads(options.threads)
with open(os.path.join(folder, 'meta.json')) as file:
    meta = json.load(file)
height, width = meta['height'], meta['width']


def say(message):
    out.write(json.dumps(message) + '\n')
    out.flush()


def floats(name):
    return torch.from_numpy(np.fromfile(os.path.join(folder, name), dtype=np.float32))


def load_model():
    model = published_student(os.path.join(options.peer, 'fasterseg'), meta['baseWidth'], meta['classes'])
    weights, start = floats('weights.bin'), 0
    for name, shape in meta['weights']:
        size = int(np.prod(shape))
        student_parameter(model, name).data.copy_(published_layout(weights[start:start + size].reshape(shape)))
        start += size
    return model.eval()


@torch.inference_mode()
def seconds():
    began = time.perf_counter()
    model(image)
    return time.perf_counter() - began


model = load_model()
image = floats('image.bin').reshape(1, 3, height, width)
with torch.inference_mode():
    model(image)[0].permute(1, 2, 0).contiguous().numpy().tofile(os.path.join(folder, 'peer-logits.bin'))
say({'threads': torch.get_num_threads()})
for _ in sys.stdin:
    say({'seconds': seconds()})
say({'peakMiB': resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024})
