select school, term, heads, on_roll, previous_heads,
  case when heads > on_roll then '多报' || cast(heads - on_roll as varchar) || '人' else '比上期突增' || cast(round((heads * 1.0 / previous_heads - 1) * 100) as varchar) || '%' end as matter
from applications where heads > on_roll or (previous_heads > 0 and heads * 1.0 / previous_heads - 1 > $jump)
