select account, coalesce(max(account_holder), '户名未填') as holder, count(distinct person) as people, count(distinct coalesce(household, person)) as households, sum(amount) as amount
from payments where account is not null group by account
having count(distinct person) >= $least and count(distinct coalesce(household, person)) >= 2
