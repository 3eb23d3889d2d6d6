"""Django's entry for the kit."""

from django.apps import AppConfig


class KitConfig(AppConfig):
    """The kit's tables: none; its first migration makes the function behind every refusal."""

    name = "debitora.kit"
    label = "kit"

    def ready(self) -> None:
        """Register the check that tells when the assets were not built."""
        from django.core import checks

        from debitora.kit.assets import assets_are_built

        checks.register(assets_are_built)
