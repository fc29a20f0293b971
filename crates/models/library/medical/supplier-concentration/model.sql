with own as (select hospital, supplier, sum(amount) as amount from purchases group by hospital, supplier),
totals as (select hospital, sum(amount) as total, count(*) as suppliers from own group by hospital),
hhi as (select o.hospital, sum(cast(o.amount as double) / t.total * cast(o.amount as double) / t.total) as hhi from own o join totals t on t.hospital = o.hospital group by o.hospital)
select o.hospital, o.supplier, t.total, cast(o.amount as double) / t.total as share, h.hhi
from own o join totals t on t.hospital = o.hospital join hhi h on h.hospital = o.hospital
where t.suppliers >= $suppliers and cast(o.amount as double) / t.total >= $share
