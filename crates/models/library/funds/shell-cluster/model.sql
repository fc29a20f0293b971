with young as (
  select e.company, e.phone, e.address, e.legal_person, sum(p.amount) as amount
  from projects p join enterprises e on e.company = p.applicant where days(e.founded_on, p.decided_on) between 0 and $days
  group by e.company, e.phone, e.address, e.legal_person
), ties as (
  select '联系电话' as kind, phone as shared, company, amount from young where phone is not null
  union all select '注册地址', address, company, amount from young where address is not null
  union all select '法定代表人', legal_person, company, amount from young where legal_person is not null
)
select kind, shared, count(*) as companies, sum(amount) as total, string_agg(company, '、' order by company) as names, $days as days
from ties group by kind, shared having count(*) >= $least
