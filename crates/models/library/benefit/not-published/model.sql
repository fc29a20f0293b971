select programme, village, count(*) as payments, sum(amount) as amount,
  case when max(published_on) is null then '没有公示记录' else '公示晚于发放' end as matter
from payments where published_on is null or published_on > paid_on group by programme, village
