with own as (select person, count(*) as months, avg(days) as presence from attendance where days is not null group by person having count(*) >= $months and avg(days) < $days),
paid as (select person, school, sum(amount) as amount from grants group by person, school)
select p.person, p.school, p.amount, o.months, o.presence from paid p join own o on o.person = p.person
