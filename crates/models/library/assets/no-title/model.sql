with own as (select asset, owner, max(title_no) as title_no, max(area) as area from assets where owner is not null group by asset, owner)
select owner, sum(case when title_no is null then 1 else 0 end) as missing, sum(case when title_no is null then coalesce(area, 0.0) else 0.0 end) as area,
  sum(case when title_no is null then 1.0 else 0.0 end) / count(*) as share
from own group by owner having sum(case when title_no is null then 1.0 else 0.0 end) / count(*) > $share
