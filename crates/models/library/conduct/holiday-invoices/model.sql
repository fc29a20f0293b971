select coalesce(traveller, '（未填）') as traveller, issued_on, coalesce(max(unit), '') as unit, max(place) as place, count(*) as invoices, sum(amount) as total, coalesce(min(content), '未填') as content
from invoices where holiday and place not like '%' || $home || '%' group by coalesce(traveller, '（未填）'), issued_on
