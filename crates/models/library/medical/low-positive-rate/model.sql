with own as (
  select hospital, doctor, item, count(*) as checks, avg(case when positive then 1.0 else 0.0 end) as rate
  from charges where positive is not null group by hospital, doctor, item
), peers as (select hospital, item, avg(case when positive then 1.0 else 0.0 end) as peers from charges where positive is not null group by hospital, item)
select o.hospital, o.doctor, o.item, o.checks, o.rate, p.peers from own o join peers p on p.hospital = o.hospital and p.item = o.item
where o.checks >= $checks and o.rate < $share * p.peers
