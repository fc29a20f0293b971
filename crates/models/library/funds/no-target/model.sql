select programme, count(*) as projects, sum(amount) as amount, sum(case when goal is null then 1 else 0 end) as missing, sum(case when self_only then 1 else 0 end) as selfs
from projects group by programme having sum(case when goal is null or self_only then 1.0 else 0.0 end) / count(*) > $share
