with one as (select tender, min(published_on) as published_on, max(opened_on) as opened_on from bids group by tender)
select tender, published_on, opened_on, days(published_on, opened_on) as length, $limit as limit
from one where days(published_on, opened_on) between 0 and $limit - 1
