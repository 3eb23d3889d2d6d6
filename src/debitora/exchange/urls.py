"""Addresses of exchange."""

from django.urls import path

from debitora.exchange.pages import deciding, folders, following, listing, reading, uploading

app_name = "exchange"
urlpatterns = [
    path("imports/", listing.imports, name="imports"),
    path("settings/folders/", folders.folders, name="folders"),
    path("imports/new/", uploading.upload, name="upload"),
    path("imports/<int:list_import>/", deciding.list_import, name="list_import"),
    path("imports/<int:list_import>/columns/", reading.columns, name="columns"),
    path("imports/<int:list_import>/codes/", deciding.codes, name="codes"),
    path("imports/<int:list_import>/confirmation/", deciding.confirmation, name="confirmation"),
    path("imports/<int:list_import>/discard/end/", deciding.resume, name="resume"),
    path("imports/<int:list_import>/discard/", deciding.discard, name="discard"),
    path("imports/<int:list_import>/progress/", following.progress, name="progress"),
    path("imports/<int:list_import>/retry/", following.retry, name="retry"),
    path("imports/<int:list_import>/undo/", following.undo, name="undo"),
    path("imports/<int:list_import>/faults.csv", following.faults_csv, name="faults_csv"),
]
