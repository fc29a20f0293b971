select reception, coalesce(unit, '（未填单位）') as unit, held_on, guests, hosts, amount, cast(amount as double) / (guests + coalesce(hosts, 0)) as each, $limit as limit
from receptions where cast(amount as double) / (guests + coalesce(hosts, 0)) > $limit
  or hosts > case when guests <= 10 then 3 else floor(guests / 3.0) end
