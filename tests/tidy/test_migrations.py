"""Models and migrations agree: what `makemigrations --check` says, without a database."""

from __future__ import annotations

from django.apps import apps
from django.apps.registry import Apps
from django.db import models
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ModelState, ProjectState

from tests.tidy.source import rooms


def missing_migrations(now: ProjectState) -> dict[str, list[str]]:
    """App -> what a new migration would do, for the rooms of the house."""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    changes = MigrationAutodetector(loader.project_state(), now).changes(graph=loader.graph)
    ours = {room.name for room in rooms()}
    return {
        app: [operation.describe() for migration in migrations for operation in migration.operations]
        for app, migrations in changes.items()
        if app in ours
    }


def test_models_and_migrations_agree() -> None:
    assert not missing_migrations(ProjectState.from_apps(apps))


def test_migrations_have_one_end() -> None:
    assert not MigrationLoader(None, ignore_no_migrations=True).detect_conflicts()


def test_a_planted_model_is_found() -> None:
    class Lottery(models.Model):
        class Meta:
            app_label = "dunning"
            apps = Apps()

    now = ProjectState.from_apps(apps)
    now.add_model(ModelState.from_model(Lottery))
    assert "Create model Lottery" in missing_migrations(now)["dunning"]
