select person, term, $first as first, $second as second, sum(amount) as amount from grants
where kind like '%' || $first || '%' or kind like '%' || $second || '%' group by person, term
having sum(case when kind like '%' || $first || '%' then 1 else 0 end) > 0 and sum(case when kind like '%' || $second || '%' then 1 else 0 end) > 0
