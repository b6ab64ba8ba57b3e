"""Unpacks from a wheel what the binding needs. Usage: unpack.py WHEEL FOLDER

TensorFlow's two libraries and NVIDIA's libraries go to FOLDER/lib, TensorFlow's headers to FOLDER/include.
"""
import os
import shutil
import sys
import zipfile

LIBRARIES = {'tensorflow/libtensorflow_cc.so.2', 'tensorflow/libtensorflow_framework.so.2'}


def destination(name):
    parts = name.split('/')
    if name in LIBRARIES:
        return 'lib/' + parts[-1]
    if parts[0] == 'nvidia' and len(parts) == 4 and parts[2] == 'lib' and '.so' in parts[3]:
        return 'lib/' + parts[-1]
    # Of 13,000 headers the binding reads a few, all of them in these folders.
    for folder in ('tensorflow/c/', 'tensorflow/core/platform/', 'tsl/platform/', 'xla/tsl/c/'):
        if name.startswith('tensorflow/include/' + folder):
            return name[len('tensorflow/'):]
    return None


def main(wheel, folder):
    with zipfile.ZipFile(wheel) as archive:
        for member in archive.infolist():
            target = destination(member.filename)
            if target is None or member.is_dir():
                continue
            path = os.path.join(folder, target)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with archive.open(member) as source, open(path, 'wb') as file:
                shutil.copyfileobj(source, file, 1 << 20)


main(sys.argv[1], sys.argv[2])
