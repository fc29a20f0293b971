with own as (
  select person, school, min(registered_on) as from_on, coalesce(max(left_on), cast('2199-12-31' as date)) as to_on from students
  where person is not null group by person, school
)
select a.person, a.school || '、' || b.school as schools,
  least(days(greatest(a.from_on, b.from_on), least(a.to_on, b.to_on)), 1500) as overlap
from own a join own b on a.person = b.person and a.school < b.school
where days(greatest(a.from_on, b.from_on), least(a.to_on, b.to_on)) > $overlap
