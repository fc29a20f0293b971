with own as (select applicant, count(*) as projects, sum(amount) as total, max(decided_on) as decided_on from projects group by applicant)
select e.company, o.projects, o.total,
  case when e.cancelled_on <= o.decided_on then '立项前已于' || cast(e.cancelled_on as varchar) || '注销' when e.tax = 0 and e.insured = 0 then '没有纳税，也没有参保人员' when e.insured = 0 then '没有参保人员' else '没有纳税' end as matter
from own o join enterprises e on e.company = o.applicant where e.cancelled_on <= o.decided_on or e.tax = 0 or e.insured = 0
