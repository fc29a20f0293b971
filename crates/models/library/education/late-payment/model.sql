with latest as (select max(coalesce(paid_on, arrived_on)) as today from applications)
select a.school, a.term, a.arrived_on, coalesce(cast(a.paid_on as varchar) || '发完', '数据截至' || cast(l.today as varchar) || '未发完') as paid,
  days(a.arrived_on, coalesce(a.paid_on, l.today)) as gap
from applications a cross join latest l where days(a.arrived_on, coalesce(a.paid_on, l.today)) > $limit
