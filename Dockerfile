FROM python:3.13-slim-bookworm

# What results as PDFs need. Not pinned: Debian's security fixes take the place of what they mend.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends fonts-dejavu-core libpango-1.0-0 libpangoft2-1.0-0 \
    && rm -rf /var/lib/apt/lists/*

RUN useradd --uid 10001 --user-group --no-create-home --shell /usr/sbin/nologin skillmark
WORKDIR /srv/skillmark

COPY requirements/postgresql.txt requirements/
RUN pip install --no-cache-dir --require-hashes --requirement requirements/postgresql.txt

COPY asgi.py wsgi.py ./
COPY tracker tracker
COPY templates templates
COPY question_bank question_bank
RUN python -m compileall -q asgi.py wsgi.py tracker \
    && install --directory --mode=0700 --owner=10001 --group=10001 instance backups

# The root may be read-only: only the instance folder, /tmp and, by backups into it, `backups` are written to.
ENV HOME=/tmp TRACKER_LOG=json
USER 10001:10001
VOLUME ["/srv/skillmark/instance"]
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --start-period=60s --timeout=5s CMD ["python", "-c", "import urllib.request as web; web.urlopen('http://127.0.0.1:8000/livez', timeout=4)"]
CMD ["python", "-m", "tracker.launch", "serve", "--host", "0.0.0.0"]
