with own as (
  select equipment, coalesce(max(hospital), '（未填机构）') as hospital, coalesce(max(name), '设备') as name, max(cost) as cost, min(bought_on) as bought_on,
    max(uses) as uses, days(min(bought_on), max(as_of)) / 30.44 as span from equipment group by equipment
)
select equipment, hospital, name, cost, bought_on, uses, cast(floor(span) as bigint) as months from own where span >= $months and uses / span < $uses
