select contract, max(coalesce(owner, '（未填单位）')) as owner, max(amount) as amount, max(method) as method, $limit as limit
from contracts where method is not null and method not like '%公开%' group by contract having max(amount) >= $limit
