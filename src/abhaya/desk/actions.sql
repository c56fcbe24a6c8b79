-- name: open_in_emergency
-- Opens the report that goes by this number to the acting officer; no row where it cannot be opened in this way.
select desk_open_in_emergency(%s, %s, %s)
