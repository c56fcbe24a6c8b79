"""What a file of a report shares with files of earlier reports, and with the lists that others keep."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce, Now

from abhaya.matching.sharing_models import ClockTimestamp, ListChange, Member, Poll, Share, Vote
from abhaya.matching.stack_models import Bundled, Crowd, Parting
from abhaya.shared.ids import uuid7

__all__ = [
    "Bundled",
    "Crowd",
    "ListChange",
    "Member",
    "Parting",
    "Poll",
    "Share",
    "Vote",
]  # Django looks for models here


class Match(models.Model):
    """One file that was here before: the same bytes, or only a hash that a sender claims."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    compartment = models.UUIDField()
    report_id = models.UUIDField()
    file_id = models.UUIDField()
    hash_kind = (
        models.TextField()
    )  # bytes: we hold both and computed both; claimed: somebody's word on one side at least
    hash_type = models.TextField()  # sha256, md5, photodna, …: by which hash they met
    selector_id = models.UUIDField()  # the hash as a selector
    digest = models.BinaryField(null=True)  # the hash itself; None for a kind of hash that is not bytes
    earlier_reports = models.IntegerField()  # not covert, not test; at most `actions.EARLIER_REPORTS_MAX`
    more = models.BooleanField()  # there are more than were counted
    first_report_id = models.UUIDField()

    class Meta:
        db_table = "matching_match"
        indexes = [
            models.Index(fields=["compartment"], name="matching_match_compartment"),
            models.Index(fields=["report_id"], name="matching_match_report"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(hash_kind__in=["bytes", "claimed"]), name="matching_match_kind_known"),
            models.CheckConstraint(condition=Q(earlier_reports__gte=1), name="matching_match_was_here"),
        ]


class HashList(models.Model):
    """A list of hashes that somebody keeps and hands on, under a compartment of its own: who may see it is an opening."""

    compartment = models.UUIDField(primary_key=True)
    name = models.TextField(unique=True)
    unit_id = models.UUIDField()  # answers for it here
    source = models.TextField()  # who keeps it
    licence = models.TextField()  # on which terms we hold it
    scheme = models.TextField()  # whose category codes stand in it (matching_category)
    purpose = (
        models.TextField()
    )  # material: what it names is sought; viral: known to everybody; harmless: ordinary files
    vouched = models.IntegerField(
        db_default=0
    )  # how many people verified each entry, by the source's word; 0: not said
    vouched_basis = models.TextField(db_default="")  # where the source says so
    made_at = models.DateTimeField(db_default=Now())
    ended_at = models.DateTimeField(null=True)
    end_reason = models.TextField(db_default="")

    class Meta:
        db_table = "matching_list"
        constraints = [
            models.CheckConstraint(
                condition=Q(purpose__in=["material", "viral", "harmless"]), name="matching_list_purpose_known"
            ),
        ]


class ListVersion(models.Model):
    """One file or page of a list as it was taken in, with what was not taken: the loss report."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    compartment = models.UUIDField()
    version = models.TextField()  # as the source calls it
    dated = models.DateField()  # of which day the source says it is
    form = models.TextField(db_default="")
    file_name = models.TextField()
    sha256 = models.BinaryField()
    item_id = models.UUIDField()  # the original, in the vault
    complete = models.BooleanField(db_default=True)  # the whole list; otherwise changes since another version
    state = models.TextField(db_default="reading")
    why = models.TextField(db_default="")  # of a broken one
    rows_read = models.BigIntegerField(db_default=0)  # so far: where the next try goes on
    taken = models.BigIntegerField(db_default=0)  # new entries, and corrected ones
    repeated = models.BigIntegerField(db_default=0)  # entries that said what was known
    withdrawn = models.BigIntegerField(db_default=0)
    set_aside = models.BigIntegerField(db_default=0)
    live = models.BigIntegerField(null=True)  # entries of the list that were live when this version was in
    unknown = models.JSONField(db_default={})  # fields nobody understood -> in how many entries
    begun_at = models.DateTimeField(db_default=Now())
    done_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "matching_list_version"
        indexes = [models.Index(fields=["compartment", "id"], name="matching_list_version_list")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["reading", "done", "broken"]), name="matching_list_version_state_known"
            ),
        ]


class ListAside(models.Model):
    """An item of a list that was not taken, and why. The first ones of each version are kept; all are counted."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    compartment = models.UUIDField()
    version_id = models.UUIDField()
    locator = models.TextField()
    why = models.TextField()
    text = models.TextField()

    class Meta:
        db_table = "matching_list_aside"
        indexes = [models.Index(fields=["version_id", "id"], name="matching_list_aside_version")]


class Entry(models.Model):
    """One entry of a list as it stands now. `position` is what the index knows it by; a corrected entry gets a new one,
    so that what an index holds under a position never changes.
    """

    position = models.BigIntegerField(primary_key=True)
    compartment = models.UUIDField()
    key = models.BinaryField()  # what makes it the same entry in the next version: see `rules.entry_key`
    ref = models.TextField()  # the list's own number of it
    locator = models.TextField()  # where it stands in the original of `last_version`
    category = models.TextField()  # the list's own code
    media = models.TextField()
    marks = ArrayField(models.TextField())
    vouched = models.SmallIntegerField()
    disputed = models.SmallIntegerField()
    dated = models.DateTimeField(null=True)
    quality = models.SmallIntegerField(null=True)
    md5 = models.BinaryField(null=True)
    sha1 = models.BinaryField(null=True)
    sha256 = models.BinaryField(null=True)
    pdq = models.BinaryField(null=True)
    frames = models.BinaryField(null=True)  # of a film, `kernels.film.FRAME`
    opaque = ArrayField(models.TextField())  # "photodna:…": as selectors spell them; equality only
    first_version = models.UUIDField()
    last_version = models.UUIDField()  # the newest that has it, or that took it back
    withdrawn_at = models.DateTimeField(null=True)
    withdraw_reason = models.TextField(db_default="")  # left out, taken back, corrected, voted, list ended
    # Given by the database under the lock of positions, never `now()`: partners read changes up to an instant.
    made_at = models.DateTimeField(db_default=ClockTimestamp())

    class Meta:
        db_table = "matching_entry"
        indexes = [
            models.Index(fields=["first_version", "position"], name="matching_entry_version"),
            models.Index(
                fields=["position"], condition=~Q(pdq=None), name="matching_entry_pdq"
            ),  # an index follows them
            models.Index(fields=["position"], condition=~Q(frames=None), name="matching_entry_frames"),
            GinIndex(fields=["opaque"], name="matching_entry_opaque"),
            models.Index("compartment", Coalesce("withdrawn_at", "made_at"), "position", name="matching_entry_changed"),
            *(
                models.Index(fields=[kind], condition=~Q(**{kind: None}), name=f"matching_entry_{kind}")
                for kind in ("md5", "sha1", "sha256")
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["compartment", "key"], condition=Q(withdrawn_at=None), name="matching_entry_once"
            ),
        ]


class ListMatch(models.Model):
    """A file of a report that an entry of a list names. What the list said then is kept with it, for the court."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    compartment = models.UUIDField()  # the report's, never the list's
    report_id = models.UUIDField()
    file_id = models.UUIDField()
    list_id = models.UUIDField()
    position = models.BigIntegerField()
    hash_kind = (
        models.TextField()
    )  # bytes: we hold the file and computed it; claimed: a sender's word; near: by picture
    hash_type = models.TextField()
    digest = models.BinaryField(null=True)  # the entry's hash; None for one that is not bytes
    distance = models.SmallIntegerField()  # bits that differ; 0 unless near
    mode = models.TextField(db_default="")  # of a near match: which variant and which turn of the picture met
    # Of a film: how many of its frames are near, of how many; then the same of the listed film, or the second of the nearest.
    # Of a picture that meets a listed film: how many of that film's frames are near, of how many, the second of the nearest.
    frames = ArrayField(models.IntegerField(), null=True)
    purpose = models.TextField()
    category = models.TextField()
    vouched = models.SmallIntegerField()
    list_name = models.TextField()
    list_version = models.TextField()
    list_dated = models.DateField()
    answer = models.TextField()  # known | looks-known: `rules.answer`
    found_by = models.TextField()  # arrival | re-check
    found_at = models.DateTimeField(db_default=Now())
    ended_at = models.DateTimeField(null=True)  # the entry was withdrawn or corrected: reopened
    end_reason = models.TextField(db_default="")

    class Meta:
        db_table = "matching_list_match"
        indexes = [
            models.Index(fields=["compartment"], name="matching_list_match_compart"),
            models.Index(fields=["report_id"], name="matching_list_match_report"),
            models.Index(fields=["list_id", "id"], name="matching_list_match_list"),
            models.Index(fields=["position"], condition=Q(ended_at=None), name="matching_list_match_entry"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["file_id", "position"], name="matching_list_match_once"),
            models.CheckConstraint(
                condition=Q(hash_kind__in=["bytes", "claimed", "near"]), name="matching_list_match_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(answer__in=["known", "looks-known"]), name="matching_list_match_answer_known"
            ),
        ]


class Category(models.Model):
    """What a code of a list means under one scheme, in words; a table each unit can change, never code."""

    pk = models.CompositePrimaryKey("scheme", "code")
    scheme = models.TextField()
    code = models.TextField()
    label = models.TextField()
    label_hi = models.TextField(db_default="")
    severity = models.SmallIntegerField(null=True)  # 0: nothing; higher is worse; null: the scheme does not grade
    unlawful = models.BooleanField(null=True)  # under the law of the scheme's country; null: not said
    source = models.TextField(db_default="")  # who says so; what a unit took in itself begins with "own: "

    class Meta:
        db_table = "matching_category"


class Recheck(models.Model):
    """Old files held against a list that came later ("re-check" on screen): how far it is. Hits are counted per viewer."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    compartment = models.UUIDField()  # the list's
    version_id = models.UUIDField()
    state = models.TextField(db_default="waiting")
    entries = models.BigIntegerField(null=True)  # how many entries of the version there are to hold old files against
    done = models.BigIntegerField(db_default=0)
    after = models.BigIntegerField(db_default=0)  # the last position that was
    asked_by = models.TextField()
    asked_at = models.DateTimeField(db_default=Now())
    begun_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "matching_recheck"
        indexes = [models.Index(fields=["id"], condition=Q(done_at=None), name="matching_recheck_open")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "running", "done"]), name="matching_recheck_state_known"
            ),
        ]


class FileHash(models.Model):
    """The fingerprints of one file of ours, or why it has none; until `hashed_at` it waits to be decoded.

    `position` is what the index knows these very bytes by: files with the same bytes share it, and officers do not read it.
    """

    file_id = models.UUIDField(primary_key=True)
    compartment = models.UUIDField()
    report_id = models.UUIDField()
    sha256 = models.BinaryField()
    position = models.BigIntegerField(null=True)
    pdq = models.BinaryField(null=True)
    pdq_512 = models.BinaryField(null=True)
    forms = models.BinaryField(null=True)  # `pictures.PictureHashes.forms`
    quality = models.SmallIntegerField(null=True)
    width = models.IntegerField(null=True)
    height = models.IntegerField(null=True)
    decoder = models.TextField(db_default="")
    mode = models.TextField(db_default="")
    how = models.TextField(db_default="")
    why_not = models.TextField(db_default="")  # a code of `near_reasons.SENTENCES`
    hashed_at = models.DateTimeField(null=True)
    # Its stack (`near_rules`): the file that was first, how many bits differ from that one, and in which form it is met; ""
    # where it has the very bytes of the first. Covert and test files are asked and stand in none. Officers see the stack's own id.
    stack_id = models.UUIDField(null=True)
    stack_first = models.UUIDField(null=True)
    stack_distance = models.SmallIntegerField(null=True)
    stack_form = models.TextField(db_default="")
    stack_asked = models.BooleanField(db_default=False)

    class Meta:
        db_table = "matching_file_hash"
        indexes = [
            models.Index(fields=["compartment"], name="matching_file_hash_compart"),
            models.Index(fields=["report_id"], name="matching_file_hash_report"),
            models.Index(fields=["sha256"], name="matching_file_hash_sha256"),
            models.Index(fields=["position"], condition=~Q(position=None), name="matching_file_hash_position"),
            models.Index(fields=["file_id"], condition=Q(hashed_at=None), name="matching_file_hash_waiting"),
            # A stack as its page reads it, and whether there are other bytes in it.
            models.Index(
                fields=["stack_id", "stack_distance", "file_id"],
                condition=~Q(stack_id=None),
                name="matching_file_hash_stack",
            ),
            models.Index(fields=["stack_id"], condition=~Q(stack_form=""), name="matching_file_hash_behind"),
            models.Index(fields=["stack_first"], condition=~Q(stack_first=None), name="matching_file_hash_first"),
            models.Index(
                fields=["position"],
                condition=~Q(position=None) & Q(stack_asked=False),
                name="matching_file_hash_unasked",
            ),
        ]


class FilmHash(models.Model):
    """The fingerprints of one film of ours, or why it has none; until `hashed_at` it waits to be decoded.

    A row of arrays for each file, not a row for each frame: 82 bytes a frame, at most 600 kB, read as a whole or not at all.
    """

    file_id = models.UUIDField(primary_key=True)
    compartment = models.UUIDField()
    report_id = models.UUIDField()
    sha256 = models.BinaryField()
    position = models.BigIntegerField(null=True)  # as of `FileHash`, in an index of its own
    frames = models.BinaryField(null=True)  # `kernels.film.FRAME`
    mirrored = models.BinaryField(null=True)  # the same frames as a mirror shows them
    frame_count = models.IntegerField(null=True)
    every_ms = models.IntegerField(null=True)
    width = models.IntegerField(null=True)
    height = models.IntegerField(null=True)
    reader = models.TextField(db_default="")
    mode = models.TextField(db_default="")  # how it was sampled, and why not to its end
    why_not = models.TextField(db_default="")  # a code of `near_reasons.SENTENCES` or of `custody.why_not`
    hashed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "matching_film_hash"
        indexes = [
            models.Index(fields=["compartment"], name="matching_film_hash_compart"),
            models.Index(fields=["report_id"], name="matching_film_hash_report"),
            models.Index(fields=["sha256"], name="matching_film_hash_sha256"),
            models.Index(fields=["position"], condition=~Q(position=None), name="matching_film_hash_position"),
            models.Index(fields=["file_id"], condition=Q(hashed_at=None), name="matching_film_hash_waiting"),
        ]


class Gone(models.Model):
    """A position whose hash was deleted from the database and is still in an index. Written by triggers."""

    pk = models.CompositePrimaryKey("index", "position")
    index = models.TextField()
    position = models.BigIntegerField()

    class Meta:
        db_table = "matching_gone"
