select tender, coalesce(max(method), '公开招标') as method, string_agg(distinct bidder, '、') as names, count(distinct bidder) as bidders
from bids where coalesce(valid, true)
group by tender
having count(distinct bidder) < $least and coalesce(max(method), '公开招标') not like '%单一来源%'
  and coalesce(max(method), '') not like '%直接%'
