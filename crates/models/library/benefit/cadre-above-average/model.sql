with own as (select village, household, sum(amount) as amount from payments where household is not null group by village, household),
means as (select village, avg(cast(amount as double)) as average, count(*) as households from own group by village)
select o.household, o.village, max(f.name) as official, o.amount, m.average, o.amount / m.average as times
from own o join means m on m.village = o.village join officials f on f.household = o.household
where m.households >= $least and o.amount / m.average >= $times group by o.household, o.village, o.amount, m.average
