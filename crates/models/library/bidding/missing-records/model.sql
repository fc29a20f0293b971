with own as (
  select tender, max(coalesce(owner, '（未填招标人）')) as owner, max(committee) as committee,
    max(case when vote_recorded then 1 else 0 end) as voted, max(case when cleared then 1 else 0 end) as cleared
  from candidates group by tender having max(case when chosen then 1 else 0 end) = 1
)
select tender, owner, trim(
  case when voted = 0 then '无表决记录 ' else '' end || case when cleared = 0 then '无清标报告 ' else '' end ||
  case when committee is null then '无定标委员会名单 ' when committee < $least then '定标委员会人数不足 '
    when committee % 2 = 0 then '定标委员会人数为双数 ' else '' end) as gaps
from own where voted = 0 or cleared = 0 or committee is null or committee < $least or committee % 2 = 0
