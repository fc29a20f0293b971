select lease, coalesce(max(owner), '（未填单位）') as owner, max(annual_rent) as annual_rent, max(method) as method, $limit as limit
from leases where method not like '%' || $words || '%' group by lease having max(annual_rent) >= $limit
