select tender, bidder, max(bid) as bid, max(base_price) as base_price, cast(max(bid) as double) / max(base_price) - 1 as gap
from bids where bid is not null and base_price is not null and coalesce(winner, true)
group by tender, bidder
having cast(max(bid) as double) / max(base_price) - 1 >= $above or 1 - cast(max(bid) as double) / max(base_price) >= $below
