select unit, item, sum(case when amount > standard then 1 else 0 end) as people, sum(case when amount > standard then amount - standard else 0 end) as over,
  sum(case when standard is null then 1 else 0 end) as without
from allowances where amount is not null group by unit, item having sum(case when amount > standard or standard is null then 1 else 0 end) > 0
