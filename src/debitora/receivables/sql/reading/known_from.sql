select min(i.effective_on) from receivables_item i where %(source)s::bigint is null or i.source_id = %(source)s
