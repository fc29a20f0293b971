select lease, coalesce(max(owner), '（未填单位）') as owner, max(noticed_on) as noticed_on, max(auction_on) as auction_on,
  days(max(noticed_on), max(auction_on)) as length, $limit as limit
from leases group by lease having days(max(noticed_on), max(auction_on)) between 0 and $limit - 1
