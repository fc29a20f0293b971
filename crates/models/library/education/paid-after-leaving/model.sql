with own as (select person, max(school) as school, max(left_on) as left_on from students group by person having count(*) = count(left_on))
select g.person, g.kind, o.school, o.left_on, max(days(o.left_on, g.paid_on)) as gap, sum(g.amount) as amount
from grants g join own o on o.person = g.person where days(o.left_on, g.paid_on) > $grace group by g.person, g.kind, o.school, o.left_on
