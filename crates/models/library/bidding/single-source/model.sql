select contract, max(coalesce(owner, '（未填单位）')) as owner, max(coalesce(contractor, '（未填）')) as contractor, max(amount) as amount,
  max(method) as method, coalesce(max(reason), '（无）') as reason
from contracts where method like '%单一来源%' or method like '%直接%'
group by contract having coalesce(max(length(reason)), 0) < $words and coalesce(max(amount), $floor) >= $floor
