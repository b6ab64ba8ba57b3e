"""
The published supernet's side of `npm run bench -- searchStep`: its steps on the CPU, from weights, batches and width draws that our side wrote.

    python bench/peerStep.py --peer PATH_TO_PEER --dump FOLDER --phase pretrain|weight|architecture --threads 2

Speaks in lines of JSON: {"loss"} of the first pass over the dumped batch, then for every line read one step's {"seconds"}; at the end of the
input {"peakMiB"}. The steps are those of the published train_search.py: four forwards, backward, clip at 5, SGD; Architect.step with Adam.
"""
import argparse
import json
import os
import resource
import sys
import time
import warnings

ARGUMENTS = argparse.ArgumentParser()
for option in ('--peer', '--dump', '--phase'):
    ARGUMENTS.add_argument(option, required=True)
ARGUMENTS.add_argument('--threads', type=int, default=2)
options = ARGUMENTS.parse_args()
here = os.path.dirname(os.path.abspath(__file__))
folder = os.path.abspath(options.dump)
root = os.path.join(os.path.abspath(options.peer), 'fasterseg')
# The published code prints; our lines keep the standard output.
out = os.fdopen(os.dup(1), 'w')
os.dup2(2, 1)
sys.path[:0] = [os.path.join(here, '..', 'test', 'numeric', 'fixtures'), os.path.join(root, 'tools'), os.path.join(root, 'search')]
os.chdir(os.path.join(root, 'search'))
warnings.simplefilter('ignore')

import numpy as np
import torch
import torch.nn as nn
import model_search
from architect import Architect
from peer import published_layout, published_parameter
from seg_opr.loss_opr import ProbOhemCrossEntropy2d

torch.set_num_threads(options.threads)
with open(os.path.join(folder, 'meta.json')) as file:
    meta = json.load(file)
space, batch, height, width = meta['space'], meta['batch'], meta['height'], meta['width']


def say(message):
    out.write(json.dumps(message) + '\n')
    out.flush()


def array(name, kind):
    return torch.from_numpy(np.fromfile(os.path.join(folder, name), dtype=kind))


def load_model():
    criterion = ProbOhemCrossEntropy2d(ignore_label=255, thresh=0.7, min_kept=batch * height * width // (16 * 8 ** 2), use_weight=False)
    stem = space['studentStemWidth'] / 12
    model = model_search.Network_Multi_Path(
        space['classes'], space['layers'], criterion, Fch=space['baseWidth'], width_mult_list=[w / 12 for w in space['widths']],
        prun_modes=['max', 'arch_ratio'], stem_head_width=[(1, 1), (stem, stem)])
    weights, start = array('weights.bin', np.float32), 0
    for name, shape in meta['weights']:
        size = int(np.prod(shape))
        value = weights[start:start + size].reshape(shape)
        start += size
        published_parameter(model, space['widths'], name).data.copy_(published_layout(value))
    names = ['alpha_%d_0', 'alpha_%d_1', 'alpha_%d_2', 'beta_%d_1', 'beta_%d_2', 'ratio_%d_0', 'ratio_%d_1', 'ratio_%d_2']
    for index, role in enumerate(('teacher', 'student')):
        for name, table in zip(names, meta['logits'][role]):
            getattr(model, name % index).data.copy_(torch.tensor(table))
    return model.train()


draws = {'random': [], 'gumbel': []}
any_choice, any_gumbel = np.random.choice, model_search.sample_gumbel


def use_draws(step):
    """Width draws of a step as our side makes them; where the published code asks for more (its latency term), it gets its own."""
    pretrain, gumbel = meta['draws'][step % len(meta['draws'])]['pretrain'], meta['draws'][step % len(meta['draws'])][options.phase]
    draws['random'] = [space['widths'][index] / 12 for plan in pretrain for table in plan for index in table]
    draws['gumbel'] = [torch.tensor(row) for table in gumbel for row in table] if gumbel else []


np.random.choice = lambda values: draws['random'].pop(0) if draws['random'] else any_choice(values)
model_search.sample_gumbel = lambda shape: draws['gumbel'].pop(0) if draws['gumbel'] else any_gumbel(shape)


class Settings:
    momentum, weight_decay, arch_learning_rate, latency_weight = 0.9, 5e-4, 3e-4, [0, 1e-2]


model = load_model()
architect = Architect(model, Settings)
parts = ('stem', 'cells', 'refine32', 'refine16', 'head0', 'head1', 'head2', 'head02', 'head12')
optimizer = torch.optim.SGD([p for part in parts for p in getattr(model, part).parameters()], lr=0.02 if options.phase == 'pretrain' else 0.01,
                            momentum=0.9, weight_decay=5e-4)
images = array('images.bin', np.float32).reshape(batch, height, width, 3).permute(0, 3, 1, 2).contiguous()
labels = array('labels.bin', np.int32).reshape(batch, height // 8, width // 8).long()


def step(number):
    use_draws(number)
    began = time.perf_counter()
    optimizer.zero_grad()
    if options.phase == 'architecture':
        architect.step(images, labels, images, labels)
    else:
        model._loss(images, labels, options.phase == 'pretrain').backward()
        nn.utils.clip_grad_norm_(model.parameters(), 5)
        optimizer.step()
    return time.perf_counter() - began


use_draws(0)
model.arch_idx = 0
with torch.no_grad():
    say({'loss': float(model._loss(images, labels, options.phase == 'pretrain'))})
# The published pretraining never leaves architecture 0; the losses of the search have left it at 1.
model.arch_idx = 0
for number, _ in enumerate(sys.stdin):
    say({'seconds': step(number)})
say({'peakMiB': resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024})
