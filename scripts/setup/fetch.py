"""Fetches one file over http(s) into PART, going on where an earlier try stopped. Usage: fetch.py URL PART

Prints the whole file's size in bytes first. Python and not Node, because Python follows the proxy and certificate variables.
Exit code 0: PART is complete (its hash is checked by the caller). 1: could not; PART keeps what has arrived.
"""
import os
import ssl
import sys
import urllib.error
import urllib.request


def main(url, part):
    have = os.path.getsize(part) if os.path.exists(part) else 0
    request = urllib.request.Request(url, headers={'Range': 'bytes=%d-' % have} if have else {})
    certificates = os.environ.get('PIP_CERT') or os.environ.get('SSL_CERT_FILE') or None
    context = ssl.create_default_context(cafile=certificates)
    try:
        answer = urllib.request.urlopen(request, timeout=60, context=context)
    except urllib.error.HTTPError as error:
        if error.code == 416:  # nothing is left to fetch
            print(have, flush=True)
            return 0
        raise
    goes_on = answer.status == 206
    total = int(answer.headers.get('Content-Length') or 0) + (have if goes_on else 0)
    print(total, flush=True)
    with open(part, 'ab' if goes_on else 'wb') as file:
        while True:
            piece = answer.read(1 << 20)
            if not piece:
                break
            file.write(piece)
    if total and os.path.getsize(part) < total:
        raise OSError('the connection closed after %d of %d bytes' % (os.path.getsize(part), total))
    return 0


if __name__ == '__main__':
    try:
        sys.exit(main(sys.argv[1], sys.argv[2]))
    except Exception as error:
        print('%s: %s' % (type(error).__name__, error), file=sys.stderr)
        sys.exit(1)
