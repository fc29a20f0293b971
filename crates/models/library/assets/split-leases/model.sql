with small as (
  select lease, owner, lessee, max(annual_rent) as annual_rent, min(starts_on) as starts_on from leases
  where annual_rent < $limit and lessee is not null group by lease, owner, lessee
)
select owner, lessee, count(*) as leases, sum(annual_rent) as total, days(min(starts_on), max(starts_on)) as length, $limit as limit
from small group by owner, lessee
having count(*) >= 2 and sum(annual_rent) >= $limit and days(min(starts_on), max(starts_on)) <= $window
