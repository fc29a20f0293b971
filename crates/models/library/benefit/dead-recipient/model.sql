select p.person, p.programme, coalesce(max(p.village), '') as village, coalesce(max(p.name), '') as name, min(d.died_on) as died_on, count(*) as payments,
  sum(p.amount) as amount, max(p.paid_on) as last_on
from payments p join (select person, min(died_on) as died_on from deaths group by person) d on d.person = p.person and days(d.died_on, p.paid_on) > $grace
group by p.person, p.programme
