"""What Granian loads: the app of wsgi.py, behind the buffer that keeps slow clients from its threads."""

from tracker.web.buffered import Buffered
from wsgi import app as wsgi_app

app = Buffered(wsgi_app)
