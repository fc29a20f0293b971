select asset, coalesce(owner, '（未填单位）') as owner,
  case when days(as_of, mortgage_until) between 0 and $ahead then '抵押将于' || cast(mortgage_until as varchar) || '到期' else '成新率' || cast(round(condition * 100) as varchar) || '%' end as matter
from assets where days(as_of, mortgage_until) between 0 and $ahead or (condition >= 0 and condition < $condition)
