FROM python:3.13-slim

RUN useradd --create-home skillmark
WORKDIR /srv/skillmark

COPY requirements/postgresql.txt requirements/
RUN pip install --no-cache-dir --require-hashes --requirement requirements/postgresql.txt

COPY asgi.py wsgi.py ./
COPY tracker tracker
COPY templates templates
COPY question_bank question_bank
RUN install --directory --mode=0700 --owner=skillmark --group=skillmark instance

USER skillmark
VOLUME ["/srv/skillmark/instance"]
EXPOSE 8000
HEALTHCHECK --start-period=30s CMD ["python", "-c", "import urllib.request as web; web.urlopen('http://127.0.0.1:8000/livez', timeout=5)"]
CMD ["python", "-m", "tracker.launch", "serve", "--host", "0.0.0.0"]
