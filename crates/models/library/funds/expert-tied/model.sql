with own as (select expert, applicant, count(distinct project) as projects from projects where expert is not null group by expert, applicant)
select o.expert, o.applicant, o.projects, case when e.legal_person = o.expert then '与企业法定代表人同名' else '反复评审同一企业' end as tie
from own o left join enterprises e on e.company = o.applicant where e.legal_person = o.expert or o.projects >= $least
