with own as (select person, substr(cast(paid_on as varchar), 1, 7) as month, programme, amount from payments where paid_on is not null)
select person, month, $first as first, $second as second, sum(amount) as amount from own
where programme like '%' || $first || '%' or programme like '%' || $second || '%' group by person, month
having sum(case when programme like '%' || $first || '%' then 1 else 0 end) > 0 and sum(case when programme like '%' || $second || '%' then 1 else 0 end) > 0
