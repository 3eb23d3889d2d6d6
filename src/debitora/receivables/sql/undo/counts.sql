select count(*) from undo_entry union all select count(*) from undo_allocation
