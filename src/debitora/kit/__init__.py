"""Kit: helpers that know no business word: the server, the database backend, clock and ids, queue, tables, templates."""
