"""Who is shown an actor of a group is not told the name or number of one whom another report calls a child or a victim."""

from django.db import migrations

from abhaya.shared.identity import APP_ROLE
from abhaya.shared.schema import SEEN, definer_function

# Of members of groups that the officer sees, those whose account, or the number they go by, is a victim's or a possible
# minor's in any report of the base, open to the officer or not: what the page of an account asks `linking_protected`.
_CHILD = "p.is_base and p.protected <> ''"
SHIELDED = f"""
    select k.id from unnest($1) as k (id)
    where exists (select 1 from linking_group_member mine where mine.person_id = k.id and {SEEN.format(table="mine")})
    and (
        exists (
            select 1 from linking_group_member m join linking_person p on p.account_id = m.account_id
            where m.person_id = k.id and {_CHILD}
        )
        or exists (
            select 1 from linking_evidence e join linking_person p on p.account_id = e.account_id
            where e.value_id = k.id and e.is_base and {_CHILD}
        )
    )
"""


class Migration(migrations.Migration):
    dependencies = [("linking", "0012_stirred")]

    operations = [definer_function("linking_shielded(uuid[])", "setof uuid", SHIELDED, roles=[APP_ROLE])]
