select programme, village, count(distinct person) as people, sum(case when amount < standard then standard - amount else 0 end) as short,
  sum(case when amount > standard then amount - standard else 0 end) as over
from payments where amount <> standard group by programme, village
