select g.person, g.term, max(coalesce(g.school, '（未填学校）')) as school, sum(g.amount) as amount, min(g.paid_on) as paid_on, min(coalesce(j.employer, '某单位')) as employer
from grants g join jobs j on j.person = g.person and g.paid_on >= j.from_on and (j.to_on is null or g.paid_on <= j.to_on)
group by g.person, g.term
