-- name: entries_size
-- How many live hashes of pictures a list has that say anything.
select count(*) from matching_entry
where compartment = %(list)s and pdq is not null and withdrawn_at is null and coalesce(quality, 100) >= %(quality)s

-- name: entries_page
-- The next of them after a position, packed, each as 8 bytes of its position and 32 of the hash; and the last position.
select string_agg(int8send(position) || pdq, ''::bytea order by position), max(position) from (
  select position, pdq from matching_entry
  where compartment = %(list)s and position > %(after)s and pdq is not null and withdrawn_at is null
    and coalesce(quality, 100) >= %(quality)s
  order by position limit %(limit)s
) page

-- name: pictures_size
-- How many pictures of ours have hashes that say anything.
select count(distinct position) from matching_file_hash where position is not null and quality >= %(quality)s

-- name: pictures_page
-- As `entries_page`: each picture once, with the hashes of all its forms.
select string_agg(int8send(position) || forms, ''::bytea order by position), max(position) from (
  select distinct on (position) position, forms from matching_file_hash
  where position > %(after)s and quality >= %(quality)s order by position limit %(limit)s
) page
