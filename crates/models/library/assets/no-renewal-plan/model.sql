with own as (
  select lease, asset, max(coalesce(owner, '（未填单位）')) as owner, max(ends_on) as ends_on, max(as_of) as as_of, min(starts_on) as starts_on
  from leases group by lease, asset
), notices as (select asset, max(noticed_on) as noticed_on, max(ends_on) as until from leases group by asset)
select o.lease, o.asset, o.owner, o.ends_on, days(o.as_of, o.ends_on) as left
from own o join notices n on n.asset = o.asset
where days(o.as_of, o.ends_on) between 0 and $ahead and o.ends_on = n.until
  and (n.noticed_on is null or n.noticed_on <= coalesce(o.starts_on, n.noticed_on))
