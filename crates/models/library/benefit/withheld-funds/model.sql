select programme, village, count(*) as payments, max(days(arrived_on, paid_on)) as gap, sum(amount) as amount
from payments where days(arrived_on, paid_on) > $limit group by programme, village
