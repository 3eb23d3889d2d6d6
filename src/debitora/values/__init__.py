"""Values: money, days, numbers and addresses. Pure; knows no database, no framework and no clock."""
