select contract, max(coalesce(contractor, '（未填）')) as contractor, min(started_on) as started_on, max(awarded_on) as awarded_on,
  max(signed_on) as signed_on, days(min(started_on), coalesce(max(awarded_on), max(signed_on))) as lead
from contracts group by contract having days(min(started_on), coalesce(max(awarded_on), max(signed_on))) >= $least
