with own as (select distinct person, programme, substr(cast(paid_on as varchar), 1, 7) as month, village from payments where village is not null and paid_on is not null),
twice as (select person, programme, month, string_agg(village, '、' order by village) as villages from own group by person, programme, month having count(*) > 1)
select t.person, t.programme, t.month, t.villages, sum(p.amount) as amount
from twice t join payments p on p.person = t.person and p.programme = t.programme and substr(cast(p.paid_on as varchar), 1, 7) = t.month
group by t.person, t.programme, t.month, t.villages
