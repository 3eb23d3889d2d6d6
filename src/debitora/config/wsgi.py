"""The WSGI application that the web processes serve."""

import gc
import os
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from debitora.kit.bodies import WholeBody
from debitora.kit.pg.base import bound_statements

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "debitora.config.settings")
application = WholeBody(get_wsgi_application())
bound_statements(seconds=settings.STATEMENT_SECONDS)  # of pages; jobs take the time that they need

import_module("debitora.config.urls")  # every page's code, so that no first visitor waits for it
gc.collect()
gc.freeze()  # what is loaded by now stays, so no later collection looks through it while somebody waits
