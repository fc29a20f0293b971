select hospital, item, max(price) as price, max(cap) as cap, count(*) as charges, cast(round(sum((price - cap) * coalesce(quantity, 1.0))) as bigint) as surplus
from charges where price > cap group by hospital, item
