with yearly as (
  select hospital, extract(year from month) as year, cast(sum(coalesce(outpatient_income, 0) + coalesce(inpatient_income, 0)) as double) as income,
    sum(coalesce(outpatient_drug, 0) + coalesce(inpatient_drug, 0)) as drug, sum(consumable_income) as consumable, sum(check_income) as checks
  from months where month is not null group by hospital, extract(year from month)
), long as (
  select hospital, year, '药品收入' as measure, drug / income as share from yearly where income > 0 and drug > 0
  union all select hospital, year, '耗材收入', consumable / income from yearly where income > 0 and consumable is not null
  union all select hospital, year, '检查化验收入', checks / income from yearly where income > 0 and checks is not null
), peers as (select measure, year, median(share) as peers from long group by measure, year having count(*) >= $least)
select l.hospital, l.measure, cast(l.year as bigint) as year, l.share, p.peers, l.share - p.peers as gap
from long l join peers p on p.measure = l.measure and p.year = l.year where l.share - p.peers >= $gap
