with own as (
  select lease, max(coalesce(owner, '（未填单位）')) as owner, max(coalesce(lessee, '（未填）')) as lessee, max(coalesce(lessee_kind, '类型未填')) as lessee_kind,
    max(approval) as approval, days(min(starts_on), max(ends_on)) / 365.25 as years from leases group by lease
)
select lease, owner, lessee, lessee_kind, coalesce(approval, '（无）') as approval, round(years * 10) / 10 as years, $limit as limit,
  case when lessee_kind like '%个人%' then 'yellow' else 'orange' end as level
from own where years > $limit + 0.01 and (lessee_kind like '%个人%' or approval is null)
