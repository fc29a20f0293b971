select allocation, coalesce(programme, '') as programme, coalesce(level, '') as level, amount, received_on,
  case when allotted_on is null then '至今未下达' else cast(allotted_on as varchar) || '下达' end as allotted, days(received_on, coalesce(allotted_on, as_of)) as gap, $limit as limit
from allocations where days(received_on, coalesce(allotted_on, as_of)) > $limit
