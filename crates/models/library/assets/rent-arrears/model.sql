with own as (
  select lease, sum(due) as due_total, sum(coalesce(received, 0)) as received_total,
    min(case when coalesce(received, 0) < due then due_on end) as oldest
  from rents group by lease
), names as (select lease, max(lessee) as lessee from leases group by lease)
select o.lease, coalesce(n.lessee, '未填承租人') as lessee, o.due_total, o.received_total, o.due_total - o.received_total as arrears, o.oldest
from own o left join names n on n.lease = o.lease where o.due_total - o.received_total >= $limit
