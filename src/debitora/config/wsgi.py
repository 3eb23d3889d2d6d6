"""The WSGI application that granian serves."""

import os

from django.core.wsgi import get_wsgi_application

from debitora.kit.bodies import WholeBody

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "debitora.config.settings")
application = WholeBody(get_wsgi_application())
