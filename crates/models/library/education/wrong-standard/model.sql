select school, kind, count(distinct person) as students, sum(case when amount < standard then standard - amount else 0 end) as short,
  sum(case when amount > standard then amount - standard else 0 end) as over
from grants where amount <> standard group by school, kind
