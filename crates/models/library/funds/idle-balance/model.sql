select allocation, coalesce(programme, '') as programme, coalesce(level, '') as level, received_on, amount, spent,
  cast(floor(days(received_on, as_of) / 30.44) as bigint) as months, cast(spent as double) / amount as rate
from allocations where days(received_on, as_of) / 30.44 >= $months and cast(spent as double) / amount < $rate
