select lease, coalesce(max(owner), '（未填单位）') as owner, coalesce(max(lessee), '（未填）') as lessee, sum(relief) as relief,
  cast(sum(relief) as double) / max(annual_rent) as share
from leases where relief is not null and relief_basis is null group by lease
