"""Django's database backend of Debitora: the company's wall around every transaction, and its migrations' words."""
