"""Fetches one file of a Python package index, going on where an earlier try stopped. Usage: fetch.py PROJECT FILE PART

pip (before 25.1) starts a broken download from its beginning; 270 MB over a poor line then never arrive. So the index that pip is
configured for is asked for the file's address, and the file is fetched into PART with a Range. Python and not Node, because Python
follows the proxy and certificate variables.

Exit code 0: PART is complete (the caller checks its hash). 1: broke off; PART keeps what has arrived. 2: not for us, let pip do it.
"""
import html.parser
import os
import re
import ssl
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request


def indexes():
    """The http(s) indexes of pip's settings; empty when pip also looks into local folders, which it does better alone."""
    listing = subprocess.run([sys.executable, '-m', 'pip', 'config', 'list'], capture_output=True, text=True).stdout
    settings = dict(re.findall(r"^[\w:-]*\.([\w-]+)='(.*)'$", listing, re.MULTILINE))
    more = settings.get('extra-index-url', '').replace('\\n', ' ').split()
    if settings.get('find-links') or any(not address.startswith('http') for address in more):
        return []
    if 'index-url' in settings:
        return [settings['index-url']] + more
    from pip._internal.models.index import PyPI  # pip's own default

    return [PyPI.simple_url] + more


class Links(html.parser.HTMLParser):
    """Collects the links of an index page (PEP 503)."""

    def __init__(self):
        super().__init__()
        self.links = []

    def handle_starttag(self, tag, attributes):
        if tag == 'a':
            self.links.append(dict(attributes).get('href') or '')


def open_url(url, headers, timeout):
    certificates = os.environ.get('PIP_CERT') or os.environ.get('SSL_CERT_FILE') or None
    context = ssl.create_default_context(cafile=certificates)
    return urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=timeout, context=context)


def find_address(project, name):
    for index in indexes():
        page = index.rstrip('/') + '/' + project + '/'
        try:
            with open_url(page, {'Accept': 'text/html'}, 15) as answer:
                links = Links()
                links.feed(answer.read().decode('utf-8', 'replace'))
                base = answer.url
        except (OSError, ValueError):
            continue
        for link in links.links:
            address = urllib.parse.urldefrag(urllib.parse.urljoin(base, link)).url
            if urllib.parse.unquote(address).endswith('/' + name):
                return address
    return None


def fetch(address, part):
    have = os.path.getsize(part) if os.path.exists(part) else 0
    try:
        answer = open_url(address, {'Range': 'bytes=%d-' % have} if have else {}, 60)
    except urllib.error.HTTPError as error:
        if error.code == 416:  # nothing is left to fetch
            return
        raise
    with answer, open(part, 'ab' if answer.status == 206 else 'wb') as file:
        expected = int(answer.headers.get('Content-Length') or 0) + file.tell()
        while True:
            piece = answer.read(1 << 16)
            if not piece:
                break
            file.write(piece)
        if file.tell() < expected:
            raise OSError('the connection closed after %d of %d bytes' % (file.tell(), expected))


def main(project, name, part):
    try:
        address = find_address(project, name)
    except Exception as error:
        print(error, file=sys.stderr)
        return 2
    if address is None:
        return 2
    try:
        fetch(address, part)
        return 0
    except Exception as error:
        print('%s: %s' % (type(error).__name__, error), file=sys.stderr)
        return 1


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:4]))
