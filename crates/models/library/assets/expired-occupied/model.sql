with own as (
  select lease, asset, max(ends_on) as ends_on, max(as_of) as as_of, max(coalesce(lessee, '承租人')) as lessee,
    max(case when still_occupied = false then 0 else 1 end) as occupied
  from leases where asset is not null group by lease, asset
), latest as (select asset, max(ends_on) as until from own group by asset)
select o.lease, o.asset, o.lessee, o.ends_on, days(o.ends_on, o.as_of) as overdue
from own o join latest l on l.asset = o.asset
where o.ends_on = l.until and o.occupied = 1 and days(o.ends_on, o.as_of) > $grace
