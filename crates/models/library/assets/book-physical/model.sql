with last as (
  select *, row_number() over (partition by asset order by visited_on desc nulls last, measured) as place from visits
)
select a.asset, coalesce(a.owner, '（未填单位）') as owner, a.area, coalesce(a.status, '状态未填') as status, v.visited_on, v.measured,
  coalesce(v.found_status, '状态未填') as found_status, abs(v.measured - a.area) / a.area as gap
from assets a join last v on v.asset = a.asset and v.place = 1
where a.area is not null and (abs(v.measured - a.area) / a.area > $gap or (a.status is not null and v.found_status is not null and a.status <> v.found_status))
