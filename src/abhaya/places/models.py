"""The gazetteer and what units know about address ranges. Reference data: nothing here is about a report or a person."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from abhaya.access.models import Unit


class Place(models.Model):
    """A country, state, district, sub-district or town. Never deleted: a place that ended has `valid_to`."""

    code = models.TextField(primary_key=True)  # IN, IN-27, IN-27-490, IN-27-490-4179, IN-27-T251518
    kind = models.TextField()
    name = models.TextField()
    name_hi = models.TextField(db_default="")
    parent_code = models.TextField(db_default="", db_index=True)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)  # exclusive
    source = models.TextField()

    class Meta:
        db_table = "places_place"
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["country", "state", "district", "subdistrict", "town"]),
                name="places_place_kind_known",
            ),
        ]


class Alias(models.Model):
    """Another name of a place: in use, former, of a town in it, abbreviated, in a local script."""

    id = models.BigAutoField(primary_key=True)
    place = models.ForeignKey(Place, models.PROTECT, db_column="place_code", related_name="+")
    name = models.TextField()
    use = models.TextField()
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)  # exclusive
    source = models.TextField()

    class Meta:
        db_table = "places_alias"
        constraints = [models.UniqueConstraint(fields=["place", "name"], name="places_alias_once")]


class Import(models.Model):
    """One file taken in, or the bundled data. The highest id is the generation that look-ups cache by."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(db_default=Now())
    what = models.TextField()  # networks, places, coverage, bundle
    file_name = models.TextField()
    sha256 = models.BinaryField()
    as_of = models.DateField()
    taken = models.IntegerField()
    repeated = models.IntegerField()
    set_aside = models.IntegerField()
    losses = models.JSONField(db_default=[])  # the first rows set aside: line, why, text
    by = models.TextField()

    class Meta:
        db_table = "places_import"


class Network(models.Model):
    """One range of addresses as a unit knows it. Rows are never changed: of two for one range the newer counts."""

    id = models.BigAutoField(primary_key=True)
    import_of = models.ForeignKey(Import, models.PROTECT, db_column="import_id", related_name="+")
    first = models.GenericIPAddressField()
    last = models.GenericIPAddressField()
    country = models.TextField()
    state = models.TextField(db_default="")
    district = models.TextField(db_default="")
    operator = models.TextField(db_default="")
    kind = models.TextField(db_default="unknown")
    valid_from = models.DateTimeField(null=True)
    valid_to = models.DateTimeField(null=True)  # exclusive
    source = models.TextField()
    as_of = models.DateField()

    class Meta:
        db_table = "places_network"
        indexes = [models.Index(fields=["first", "last"], name="places_network_range")]
        constraints = [
            models.CheckConstraint(condition=Q(first__lte=models.F("last")), name="places_network_in_order"),
        ]


class Coverage(models.Model):
    """A unit answers for a place, besides its own `place_code`. Police districts are not revenue districts: a unit may
    answer for several places, and a place may have several units.
    """

    id = models.BigAutoField(primary_key=True)
    import_of = models.ForeignKey(Import, models.PROTECT, db_column="import_id", related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    place = models.ForeignKey(Place, models.PROTECT, db_column="place_code", related_name="+")
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)  # exclusive

    class Meta:
        db_table = "places_coverage"
        constraints = [models.UniqueConstraint(fields=["unit", "place"], name="places_coverage_once")]
