with own as (
  select lease, max(coalesce(lessee, '未填承租人')) as lessee, max(annual_rent) as annual_rent, max(appraised_rent) as appraised_rent, max(street) as street,
    max(use) as use, extract(year from min(starts_on)) as year, max(annual_rent) / max(area) / 100 as unit_rent
  from leases where annual_rent is not null and area is not null group by lease
), peers as (
  select street, use, year, median(unit_rent) as middle, count(*) as n from own where street is not null and use is not null
  group by street, use, year having count(*) >= $least
)
select o.lease, o.lessee, o.annual_rent, o.unit_rent,
  case when cast(o.annual_rent as double) < $appraised * o.appraised_rent then '为评估租金' else '为周边中位数' end as compared,
  case when cast(o.annual_rent as double) < $appraised * o.appraised_rent then cast(o.annual_rent as double) / o.appraised_rent else o.unit_rent / p.middle end as share
from own o left join peers p on p.street = o.street and p.use = o.use and p.year = o.year
where cast(o.annual_rent as double) < $appraised * o.appraised_rent or o.unit_rent < $peers * p.middle
