with panel as (select tender, expert, max(expert_unit) as expert_unit from scores group by tender, expert),
field as (select distinct tender, bidder from scores)
select p.tender, p.expert, f.bidder, '工作单位相同' as tie
from panel p join field f on f.tender = p.tender and company_key(f.bidder) = company_key(p.expert_unit)
union
select p.tender, p.expert, f.bidder, '本人是' || coalesce(r.role, '关系人') as tie
from panel p join field f on f.tender = p.tender join parties r on r.company = f.bidder and r.person = p.expert
