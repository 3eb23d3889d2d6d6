select id from customer_new union select id from customer_changed order by id
