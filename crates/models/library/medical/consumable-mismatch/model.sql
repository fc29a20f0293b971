select hospital, product, sum(used) as used, sum(charged) as charged, sum(charged) - sum(used) as surplus, (sum(charged) - sum(used)) / sum(used) as share
from purchases where used is not null and charged is not null group by hospital, product
having sum(used) > 0 and (sum(charged) - sum(used)) / sum(used) > $share
