select s.person, s.visit, coalesce(s.hospital, '（未填机构）') as hospital, s.admitted_on, s.discharged_on, '入院时已登记死亡（' || cast(d.died_on as varchar) || '）' as matter
from stays s join deaths d on d.person = s.person and s.admitted_on > d.died_on
union
select a.person, b.visit, coalesce(b.hospital, '（未填机构）'), b.admitted_on, b.discharged_on, '与住院' || a.visit || '时间重叠'
from stays a join stays b on a.person = b.person and a.visit <> b.visit
where b.admitted_on > a.admitted_on and b.admitted_on < a.discharged_on
