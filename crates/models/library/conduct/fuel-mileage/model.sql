with filled as (select plate, coalesce(max(unit), '') as unit, sum(litres) as litres from fuel group by plate),
driven as (select plate, sum(kilometres) as kilometres from trips group by plate)
select f.plate, f.unit, f.litres, coalesce(d.kilometres, 0.0) as kilometres, coalesce(d.kilometres, 0.0) * v.consumption / 100 as expected,
  f.litres / greatest(coalesce(d.kilometres, 0.0) * v.consumption / 100, 1.0) - 1 as surplus
from filled f join vehicles v on v.plate = f.plate left join driven d on d.plate = f.plate
where f.litres > (1 + $share) * coalesce(d.kilometres, 0.0) * v.consumption / 100
