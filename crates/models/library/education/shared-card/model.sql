select account, coalesce(max(account_holder), '户名未填') as holder, count(distinct person) as students, sum(amount) as amount
from grants where account is not null group by account having count(distinct person) >= $least
