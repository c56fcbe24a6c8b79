-- name: leaf
select leaf_hash from ledger_leaf where index = %(index)s

-- name: leaves
select leaf_hash from ledger_leaf where index >= %(first)s and index < %(end)s order by index

-- name: blocks
select root from ledger_block where index >= %(first)s and index < %(end)s order by index
