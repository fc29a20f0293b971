with yearly as (
  select hospital, extract(year from month) as year, cast(sum(outpatient_income) as double) / sum(outpatient_visits) as a, cast(sum(outpatient_drug) as double) / sum(outpatient_visits) as b,
    cast(sum(inpatient_income) as double) / sum(discharges) as c, cast(sum(inpatient_drug) as double) / sum(discharges) as d
  from months where month is not null group by hospital, extract(year from month)
), long as (
  select hospital, year, '门诊次均费用' as measure, a as now from yearly where a is not null
  union all select hospital, year, '门诊次均药费', b from yearly where b is not null
  union all select hospital, year, '住院次均费用', c from yearly where c is not null
  union all select hospital, year, '住院次均药费', d from yearly where d is not null
), grown as (
  select x.hospital, x.year, x.measure, x.now, y.now as before, x.now / y.now - 1 as growth
  from long x join long y on y.hospital = x.hospital and y.measure = x.measure and y.year = x.year - 1 where y.now > 0
), peers as (select measure, year, median(growth) as peers, count(*) as hospitals from grown group by measure, year)
select g.hospital, g.measure, cast(g.year as bigint) as year, g.now, g.before, g.growth, p.peers, p.hospitals
from grown g join peers p on p.measure = g.measure and p.year = g.year
where g.growth > $limit and (p.hospitals < 3 or g.growth - p.peers >= $gap)
