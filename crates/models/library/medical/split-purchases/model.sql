select hospital, supplier, product, count(*) as times, sum(amount) as total, days(min(bought_on), max(bought_on)) as length, $limit as limit
from purchases where amount < $limit group by hospital, supplier, product, extract(year from bought_on)
having count(*) >= $least and sum(amount) >= $limit and days(min(bought_on), max(bought_on)) <= $window
