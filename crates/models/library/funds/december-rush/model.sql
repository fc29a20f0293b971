with own as (
  select unit, sum(case when extract(month from paid_on) = 12 then amount else 0 end) as december, sum(amount) as total from spendings where paid_on is not null group by unit
), shares as (select unit, december, cast(december as double) / total as share from own),
middle as (select median(share) as middle, count(*) as units from shares),
spread as (select median(abs(s.share - m.middle)) as mad from shares s cross join middle m)
select s.unit, s.december, s.share, m.middle from shares s cross join middle m cross join spread d
where m.units >= $least and s.share > m.middle + $factor * greatest(d.mad, 0.01)
