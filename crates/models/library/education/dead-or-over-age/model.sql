select g.person, '已登记死亡' as matter, max(coalesce(g.school, '（未填学校）')) as school, max(g.paid_on) as paid_on, sum(g.amount) as amount
from grants g join deaths d on d.person = g.person and g.paid_on > d.died_on group by g.person
union all
select g.person, '年龄超过上限', max(coalesce(g.school, '（未填学校）')), max(g.paid_on), sum(g.amount)
from grants g join (select person, min(born_on) as born_on from students where born_on is not null group by person) s on s.person = g.person
where days(s.born_on, g.paid_on) / 365.25 > $age group by g.person
