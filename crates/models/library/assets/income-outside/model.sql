select lease, account, count(*) as payments, sum(received) as total, $right as right
from rents where account is not null and account not like '%' || $right || '%' and received > 0 group by lease, account
