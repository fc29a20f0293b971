with own as (select visit, item, sum(quantity) as quantity from charges where item like '%' || $words || '%' group by visit, item)
select o.visit, o.item, days(s.admitted_on, s.discharged_on) as length, o.quantity, o.quantity - days(s.admitted_on, s.discharged_on) - $grace as surplus
from own o join stays s on s.visit = o.visit
where days(s.admitted_on, s.discharged_on) >= 0 and o.quantity > days(s.admitted_on, s.discharged_on) + $grace
