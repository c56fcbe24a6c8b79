-- name: open
-- Opens compartments to viewers as the acting officer; how many of the pairs were allowed.
select access_open(%s::uuid[], %s::uuid[], %s::text[], %s::text[])

-- name: close
-- Ends openings as the acting officer; how many were theirs to end.
select access_close(%s::uuid[], %s::uuid[])
