with own as (select distinct project, invoice, seller, amount from invoices where invoice is not null)
select invoice, coalesce(max(seller), '销售方未填') as seller, max(amount) as amount, count(distinct project) as projects, string_agg(distinct project, '、' order by project) as names
from own group by invoice having count(distinct project) > 1
