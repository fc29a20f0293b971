with own as (select product, coalesce(spec, '规格未填') as spec, hospital, max(unit_price) as highest from purchases where unit_price is not null group by product, coalesce(spec, '规格未填'), hospital),
least as (select product, coalesce(spec, '规格未填') as spec, min(unit_price) as lowest from purchases group by product, coalesce(spec, '规格未填'))
select o.product, o.spec, o.hospital, o.highest, l.lowest, cast(o.highest as double) / l.lowest as times
from own o join least l on l.product = o.product and l.spec = o.spec where cast(o.highest as double) / l.lowest >= $times
