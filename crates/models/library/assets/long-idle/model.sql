select asset, coalesce(max(owner), '（未填单位）') as owner, coalesce(max(address), '坐落未填') as address, max(area) as area,
  min(idle_since) as idle_since, cast(floor(days(min(idle_since), max(as_of)) / 30.44) as bigint) as months
from assets where status like '%闲置%' or status like '%空置%'
group by asset having days(min(idle_since), max(as_of)) / 30.44 >= $months
