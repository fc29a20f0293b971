with own as (select asset, owner, max(area) as area, max(status) as status from assets where owner is not null and area is not null group by asset, owner)
select owner, count(*) as assets, sum(area) as total, sum(case when status like '%闲置%' or status like '%空置%' then area else 0.0 end) as idle,
  sum(case when status like '%闲置%' or status like '%空置%' then area else 0.0 end) / sum(area) as share
from own group by owner
having sum(area) >= $floor and sum(case when status like '%闲置%' or status like '%空置%' then area else 0.0 end) / sum(area) > $share
