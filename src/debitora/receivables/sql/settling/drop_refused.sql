delete from settle_payment where key = any(%(refused)s);
delete from settle_allocation where key = any(%(refused)s);
delete from settle_deduction where key = any(%(refused)s)
