with own as (
  select card, cast(filled_at as date) as day, coalesce(max(unit), '') as unit, max(plate) as plate, count(*) as times, sum(litres) as litres, max(litres) as largest
  from fuel where filled_at is not null group by card, cast(filled_at as date)
)
select o.card, o.day, o.unit, coalesce(o.plate, '车牌未填') as plate, o.times, o.litres, v.tank
from own o left join vehicles v on v.plate = o.plate where o.times >= $times or o.largest > v.tank * 1.05
