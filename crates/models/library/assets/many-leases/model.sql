select lessee, count(distinct lease) as leases, sum(annual_rent) as total,
  count(distinct case when company_key(sublet_to) <> company_key(lessee) then lease end) as sublet,
  coalesce(string_agg(distinct case when company_key(sublet_to) <> company_key(lessee) then sublet_to end, '、'), '无') as users
from leases where lessee is not null group by lessee
having count(distinct lease) >= $least or count(distinct case when company_key(sublet_to) <> company_key(lessee) then lease end) > 0
