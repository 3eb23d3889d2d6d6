"""The WSGI application that granian serves."""

import gc
import os
from importlib import import_module

from django.core.wsgi import get_wsgi_application

from debitora.kit.bodies import WholeBody

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "debitora.config.settings")
application = WholeBody(get_wsgi_application())

import_module("debitora.config.urls")  # every page's code, so that no first visitor waits for it
gc.collect()
gc.freeze()  # what is loaded by now stays, so no later collection looks through it while somebody waits
