"""
The plain side of `npm run bench -- data`: one process that opens picture and mask of an image with PIL, scales, mirrors, cuts and normalises
them with PIL and numpy, and keeps nothing.

    python bench/peerData.py --data FOLDER --crop 256x320 --batch 8

FOLDER as SegNet's CamVid: train.txt names pictures and masks. Says {"images"}, then for every line read makes a batch and says {"seconds"}; at
the end of the input {"peakMiB"}.
"""
import argparse
import json
import os
import random
import resource
import sys
import time

import numpy as np
from PIL import Image

ARGUMENTS = argparse.ArgumentParser()
ARGUMENTS.add_argument('--data', required=True)
ARGUMENTS.add_argument('--crop', default='256x320')
ARGUMENTS.add_argument('--batch', type=int, default=8)
options = ARGUMENTS.parse_args()
height, width = map(int, options.crop.split('x'))
MEAN, DEVIATION = np.float32([0.485, 0.456, 0.406]), np.float32([0.229, 0.224, 0.225])
SCALES = [0.75, 1, 1.25, 1.5]
random.seed(1)
folder = os.path.join(options.data, 'train')
names = sorted(os.listdir(folder))


def sample(name):
    picture = Image.open(os.path.join(folder, name)).convert('RGB')
    mask = Image.open(os.path.join(options.data, 'trainannot', name))
    scale = random.choice(SCALES)
    size = (round(picture.width * scale), round(picture.height * scale))
    image = np.asarray(picture.resize(size, Image.Resampling.BILINEAR), dtype=np.float32)
    label = np.asarray(mask.resize(size, Image.Resampling.NEAREST))
    if random.random() < 0.5:
        image, label = image[:, ::-1], label[:, ::-1]
    top, left = random.randint(0, max(0, image.shape[0] - height)), random.randint(0, max(0, image.shape[1] - width))
    image, label = image[top:top + height, left:left + width], label[top:top + height, left:left + width]
    padding = ((0, height - image.shape[0]), (0, width - image.shape[1]))
    image = (image / 255 - MEAN) / DEVIATION
    return np.pad(image, (*padding, (0, 0))), np.pad(label, padding, constant_values=255)


def say(message):
    print(json.dumps(message), flush=True)


say({'images': len(names)})
order = []
for _ in sys.stdin:
    began = time.perf_counter()
    chosen = []
    for _ in range(options.batch):
        order = order or random.sample(names, len(names))
        chosen.append(sample(order.pop()))
    np.stack([image for image, _ in chosen]), np.stack([label for _, label in chosen])
    say({'seconds': time.perf_counter() - began})
say({'peakMiB': resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024})
