select lease, coalesce(max(asset), '（未填）') as asset, coalesce(max(owner), '（未填单位）') as owner, coalesce(max(lessee), '（未填）') as lessee,
  max(method) as method, max(annual_rent) as annual_rent, coalesce(max(approval), '（无）') as approval
from leases where method like '%协议%' or method like '%续租%' or method like '%指定%' or method like '%直接%' group by lease
